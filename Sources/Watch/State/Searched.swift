// Texts as a filter looks at them: folded once, when they come, and searched at every key. They stand one behind the other,
// since bytes read in their order reach the processor several times as fast as what lies here and there.

import Text

struct Searched: Sendable, Equatable {
    private var bytes: [UInt8] = []
    /// Where each of them ends, behind its separator.
    private var ends: [Int] = []

    /// Stands behind each text, and in none: no byte of UTF-8 is like it.
    private static let separator: UInt8 = 0xFF

    init(_ texts: [String] = []) { insert(texts, at: 0) }

    mutating func insert(_ texts: [String], at index: Int) {
        let start = index == 0 ? 0 : ends[index - 1]
        var new: [UInt8] = []
        var newEnds: [Int] = []
        for text in texts {
            new += text.folded().utf8
            new.append(Self.separator)
            newEnds.append(start + new.count)
        }
        bytes.insert(contentsOf: new, at: start)
        for later in index..<ends.count { ends[later] += new.count }
        ends.insert(contentsOf: newEnds, at: index)
    }

    /// Which of them hold `query`, a folded text, in their order: all where it is empty.
    func matches(_ query: String) -> [Int] {
        let query = Array(query.utf8)
        guard let first = query.first, let last = query.last else { return Array(ends.indices) }
        var found: [Int] = []
        bytes.withUnsafeBytes { text in
            let search = Search(text: text, query: query, first: first, last: last)
            var (item, place) = (0, 0)
            while let hit = search.next(from: place) {
                while ends[item] <= hit { item += 1 }
                found.append(item)
                place = ends[item]
            }
        }
        return found
    }
}

/// For one query in one run of bytes: sixteen places at once, by its first byte and its last.
private struct Search {
    let text: UnsafeRawBufferPointer
    let query: [UInt8]
    let first: UInt8
    let last: UInt8

    /// Where it stands next.
    func next(from start: Int) -> Int? {
        let (heads, tails) = (SIMD16(repeating: first), SIMD16(repeating: last))
        let end = text.count - query.count + 1
        var start = start
        while start + 16 <= end {
            let head = text.loadUnaligned(fromByteOffset: start, as: SIMD16<UInt8>.self) .== heads
            let tail =
                text.loadUnaligned(fromByteOffset: start + query.count - 1, as: SIMD16<UInt8>.self) .== tails
            let both = unsafeBitCast(head .& tail, to: SIMD2<UInt64>.self)
            if both[0] | both[1] != 0 {
                for place in start..<start + 16 where stands(at: place) { return place }
            }
            start += 16
        }
        while start < end {
            if stands(at: start) { return start }
            start += 1
        }
        return nil
    }

    private func stands(at start: Int) -> Bool {
        for offset in 0..<query.count where text[start + offset] != query[offset] { return false }
        return true
    }
}
