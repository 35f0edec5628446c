// What was meant by a word that is nearly one of those it could be.

/// How far two words are from each other.
public enum EditDistance {
    /// Insertions, deletions, replacements and swaps of neighbours that make one of the other (optimal string alignment).
    public static func between<Letter: Equatable>(_ left: [Letter], _ right: [Letter]) -> Int {
        var former: [Int] = []
        var row = Array(0...right.count)
        for (i, a) in left.enumerated() {
            var next = [i + 1]
            for (j, b) in right.enumerated() {
                var least = min(row[j + 1] + 1, next[j] + 1, row[j] + (a == b ? 0 : 1))
                if i > 0, j > 0, a == right[j - 1], left[i - 1] == b { least = min(least, former[j - 1] + 1) }
                next.append(least)
            }
            (former, row) = (row, next)
        }
        return row[right.count]
    }

    /// How many letters may be wrong in a word of so many.
    public static func most(of letters: Int) -> Int { max(1, letters / 3) }
}

extension Sequence where Element: StringProtocol {
    /// The word that was perhaps meant by `typed`: the one of the fewest letters between, of two the one that begins with
    /// it; nil where none is near. The dashes of an option are no letters.
    public func nearest(to typed: some StringProtocol) -> Element? {
        let wanted = typed.letters
        guard !wanted.isEmpty else { return nil }
        let near = map { word in
            (word: word, distance: EditDistance.between(wanted, word.letters), rank: word.hasPrefix(typed) ? 0 : 1)
        }.min { ($0.distance, $0.rank) < ($1.distance, $1.rank) }
        return near.flatMap { $0.distance <= EditDistance.most(of: wanted.count) ? $0.word : nil }
    }
}

extension StringProtocol {
    fileprivate var letters: [Unicode.Scalar] {
        Array(String(self).folded().unicodeScalars.drop { $0 == "-" }.prefix(64))
    }
}
