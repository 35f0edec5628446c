// A text as a filter looks at it: folded once, when it comes, and searched at every key.

import MeshAPI
import Text

struct Searched: Sendable, Equatable {
    private let bytes: [UInt8]

    init(_ text: String) { bytes = Array(text.folded().utf8) }

    /// Whether `query`, the bytes of a folded text, stands in it.
    func contains(_ query: [UInt8]) -> Bool {
        guard let first = query.first, let last = query.last else { return true }
        return bytes.withUnsafeBytes { text in
            let end = text.count - query.count + 1
            func stands(at start: Int) -> Bool {
                for offset in 0..<query.count where text[start + offset] != query[offset] { return false }
                return true
            }
            let (heads, tails) = (Self.everywhere(first), Self.everywhere(last))
            var start = 0
            // Eight places at once, by the first byte of it and the last.
            while start + 8 <= end {
                let head = UInt64(littleEndian: text.loadUnaligned(fromByteOffset: start, as: UInt64.self)) ^ heads
                let tail =
                    UInt64(littleEndian: text.loadUnaligned(fromByteOffset: start + query.count - 1, as: UInt64.self))
                    ^ tails
                var places = Self.zeros(head) & Self.zeros(tail)
                while places != 0 {
                    if stands(at: start + places.trailingZeroBitCount / 8) { return true }
                    places &= places - 1
                }
                start += 8
            }
            while start < end {
                if stands(at: start) { return true }
                start += 1
            }
            return false
        }
    }

    private static func everywhere(_ byte: UInt8) -> UInt64 { UInt64(byte) &* 0x0101_0101_0101_0101 }

    /// The upper bit of each byte that is zero, and perhaps of one above such a byte.
    private static func zeros(_ word: UInt64) -> UInt64 {
        (word &- 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080
    }
}
