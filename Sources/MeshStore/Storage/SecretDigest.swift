// Making secrets, and the forms in which they are kept.

package import FoundationEssentials
internal import Crypto
internal import MeshAPI

package enum Secret {
    package static func randomBytes(_ count: Int) -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        var bytes: [UInt8] = []
        // Each call asks the system: eight bytes at once.
        while bytes.count < count { withUnsafeBytes(of: generator.next()) { bytes.append(contentsOf: $0) } }
        return Array(bytes.prefix(count))
    }

    /// SHA-256 in hex: for secrets of 256 random bits, which need no slow hash.
    package static func digest(_ text: String) -> String { digest(Array(text.utf8)) }

    package static func digest(_ bytes: [UInt8]) -> String { hex(SHA256.hash(data: bytes)) }

    /// Lower-case hex.
    package static func hex(_ bytes: some Sequence<UInt8>) -> String {
        var out: [UInt8] = []
        out.reserveCapacity(64)
        for byte in bytes {
            out.append(hexDigits[Int(byte >> 4)])
            out.append(hexDigits[Int(byte & 15)])
        }
        return String(decoding: out, as: UTF8.self)
    }

    private static let hexDigits = Array("0123456789abcdef".utf8)

    /// Whether two digests are the same, in a time that does not tell where they differ.
    package static func areEqual(_ left: String, _ right: String) -> Bool {
        let (left, right) = (Array(left.utf8), Array(right.utf8))
        guard left.count == right.count else { return false }
        return zip(left, right).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}

/// Ids: 100 random bits in base32, opaque to everybody.
package enum Identifier {
    package static func make() -> String { text(Secret.randomBytes(13)) }

    /// For what is written often: ids of one second begin alike, with its last ten bits, so that they stand together in an
    /// index. Wholly random, each would cost a page of its own.
    package static func make(at now: Date) -> String {
        var bytes = Secret.randomBytes(13)
        let second = now.milliseconds >> 10
        bytes[0] = UInt8(truncatingIfNeeded: second >> 2)
        bytes[1] = bytes[1] & 0x3F | UInt8(truncatingIfNeeded: second << 6)
        return text(bytes)
    }

    private static func text(_ bytes: [UInt8]) -> String { String(TokenForm.base32(bytes).prefix(20)) }
}
