// Making secrets, and the forms in which they are kept.

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
    package static func make() -> String { String(TokenForm.base32(Secret.randomBytes(13)).prefix(20)) }
}
