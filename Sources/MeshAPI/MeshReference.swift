// Which mesh a word means: the one rule for `--mesh`, `CLAUDEMESH_MESH` and the arguments of commands. And what was meant by
// a word that is nearly one of those it could be.

extension Sequence where Element == Mesh {
    /// The meshes that `text` names: by id, else by a slug or a whole name; case and accents do not count. More than one
    /// is not guessed between.
    public func meant(by text: String) -> [Mesh] {
        if let mesh = first(where: { $0.id == text }) { return [mesh] }
        let folded = text.folded()
        return filter { $0.slug == folded || $0.name.folded() == folded }
    }

    /// The mesh that was perhaps meant by a word that names none: the one of the fewest letters between, else one whose
    /// slug or name begins with it or has it within. Of a long list the first thousand are compared.
    public func closest(to text: String) -> Mesh? {
        let wanted = text.folded()
        let letters = Array(wanted.unicodeScalars.prefix(64))
        guard !letters.isEmpty else { return nil }
        let known = prefix(1000).map { ($0, [$0.slug, $0.name.folded()]) }
        let near = known.map { mesh, texts in
            (mesh, texts.map { editDistance(letters, Array($0.unicodeScalars.prefix(64))) }.min() ?? .max)
        }.min { $0.1 < $1.1 }
        if let near, near.1 <= farthest(letters.count) { return near.0 }
        return
            (known.first { $0.1.contains { $0.hasPrefix(wanted) } }
            ?? known.first { $0.1.contains { $0.contains(wanted) } })?.0
    }
}

extension Sequence where Element: StringProtocol {
    /// The word that was perhaps meant by `typed`: the one of the fewest letters between, of two the one that begins with
    /// it; nil where none is near. The dashes of an option are no letters.
    public func nearest(to typed: some StringProtocol) -> Element? {
        let wanted = typed.letters
        guard !wanted.isEmpty else { return nil }
        let near = map { word in
            (word: word, distance: editDistance(wanted, word.letters), rank: word.hasPrefix(typed) ? 0 : 1)
        }.min { ($0.distance, $0.rank) < ($1.distance, $1.rank) }
        return near.flatMap { $0.distance <= farthest(wanted.count) ? $0.word : nil }
    }
}

extension StringProtocol {
    fileprivate var letters: [Unicode.Scalar] {
        Array(String(self).folded().unicodeScalars.drop { $0 == "-" }.prefix(64))
    }
}

/// How many letters may be wrong in a word of so many.
private func farthest(_ letters: Int) -> Int { max(1, letters / 3) }

/// Insertions, deletions, replacements and swaps of neighbours between two texts (optimal string alignment).
private func editDistance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
    var former: [Int] = []
    var row = Array(0...right.count)
    for (i, a) in left.enumerated() {
        var next = [i + 1]
        for (j, b) in right.enumerated() {
            var least = Swift.min(row[j + 1] + 1, next[j] + 1, row[j] + (a == b ? 0 : 1))
            if i > 0, j > 0, a == right[j - 1], left[i - 1] == b { least = Swift.min(least, former[j - 1] + 1) }
            next.append(least)
        }
        (former, row) = (row, next)
    }
    return row[right.count]
}
