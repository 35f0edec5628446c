// The form in which secrets are kept, and ids.

package import FoundationEssentials
internal import Crypto
internal import MeshAPI
internal import Platform

package enum SecretDigest {
    /// SHA-256 in hex: for secrets of 256 random bits, which need no slow hash.
    package static func of(_ text: String) -> String { of(Array(text.utf8)) }

    package static func of(_ bytes: [UInt8]) -> String { SHA256.hash(data: bytes).hex() }

    /// Whether two digests are the same, in a time that does not tell where they differ.
    package static func areEqual(_ left: String, _ right: String) -> Bool {
        let (left, right) = (Array(left.utf8), Array(right.utf8))
        guard left.count == right.count else { return false }
        return zip(left, right).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}

/// Ids: 100 random bits in base32, opaque to everybody.
package enum Identifier {
    package static func make() -> String { text(randomBytes(13)) }

    /// For what is written often: ids of the same 16 milliseconds begin alike, with 16 bits of the time, so that they stand
    /// together in an index. Wholly random, each would cost a page of its own.
    package static func make(at now: Date) -> String {
        var bytes = randomBytes(13)
        let moment = now.milliseconds >> 4
        bytes[0] = UInt8(truncatingIfNeeded: moment >> 8)
        bytes[1] = UInt8(truncatingIfNeeded: moment)
        return text(bytes)
    }

    private static func text(_ bytes: [UInt8]) -> String { String(TokenForm.base32(bytes).prefix(20)) }
}
