// What the mesh filter searches: pairs of folded texts in one buffer, and the ranking over them.

/// Name and slug of each row, as bytes, one after the other.
struct FoldedTexts: Sendable {
    private var bytes: [UInt8] = []
    /// Where each text begins; text `2 * row` is the name, the next one the slug.
    private var starts: [Int32] = [0]

    mutating func reserve(_ rows: Int) {
        bytes.reserveCapacity(rows * 32)
        starts.reserveCapacity(rows * 2 + 1)
    }

    mutating func append(_ name: String, _ slug: String) {
        for text in [name, slug] {
            bytes.append(contentsOf: text.utf8)
            starts.append(Int32(bytes.count))
        }
    }

    /// `candidates`, ascending, split into prefix, substring and subsequence matches; the others are left out. What does
    /// not match as it was typed may do so by its words, each somewhere: that is a substring at best.
    func rank(_ candidates: [Int32], by query: [UInt8]) -> [[Int32]] {
        var ranked: [[Int32]] = [[], [], []]
        bytes.withUnsafeBufferPointer { bytes in
            query.withUnsafeBufferPointer { query in
                let words = query.split(separator: UInt8(ascii: " ")).map(UnsafeBufferPointer.init(rebasing:))
                for row in candidates {
                    let name = slice(bytes, Int(row) * 2)
                    let slug = slice(bytes, Int(row) * 2 + 1)
                    var rank = Self.rank(name, slug, query)
                    if rank > 1, words.count > 1 {
                        rank = min(rank, max(1, words.lazy.map { Self.rank(name, slug, $0) }.max() ?? 3))
                    }
                    if rank < 3 { ranked[rank].append(row) }
                }
            }
        }
        return ranked
    }

    /// Of the name, or the slug. The slug is not on the screen: where it alone begins so, that puts no row first.
    private static func rank(
        _ name: UnsafeBufferPointer<UInt8>, _ slug: UnsafeBufferPointer<UInt8>, _ query: UnsafeBufferPointer<UInt8>
    ) -> Int {
        let byName = rank(name, query)
        return byName == 0 ? 0 : min(byName, max(1, rank(slug, query)))
    }

    private func slice(_ bytes: UnsafeBufferPointer<UInt8>, _ text: Int) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(rebasing: bytes[Int(starts[text])..<Int(starts[text + 1])])
    }

    /// 0 prefix, 1 substring, 2 subsequence, 3 none. `query` is not empty.
    private static func rank(_ text: UnsafeBufferPointer<UInt8>, _ query: UnsafeBufferPointer<UInt8>) -> Int {
        // One pass over the text for the subsequence; only what passes it can be more.
        var found = 0
        var firstAt = 0
        for (index, byte) in text.enumerated() where byte == query[found] {
            if found == 0 { firstAt = index }
            found += 1
            if found == query.count { break }
        }
        guard found == query.count else { return 3 }
        let last = text.count - query.count
        for start in stride(from: firstAt, through: last, by: 1) where matches(text, at: start, query) {
            return start == 0 ? 0 : 1
        }
        return 2
    }

    private static func matches(
        _ text: UnsafeBufferPointer<UInt8>, at start: Int, _ query: UnsafeBufferPointer<UInt8>
    ) -> Bool {
        for (offset, byte) in query.enumerated() where text[start + offset] != byte { return false }
        return true
    }
}
