// The server's own secret: 32 random bytes, kept apart from the database, from which everything that needs a key is derived.
// A new use is a new `Purpose`, so that no two uses share an output.

internal import Crypto
internal import FoundationEssentials
internal import Platform

package struct ServerKey: Sendable {
    /// What an HMAC is for.
    package enum Purpose: String {
        case userCode, csrf, auditHead, fingerprint, passwordReset
    }

    private let bytes: SymmetricKey

    package init(bytes: [UInt8]) { self.bytes = SymmetricKey(data: bytes) }

    package static func random() -> ServerKey { ServerKey(bytes: randomBytes(32)) }

    /// By which servers tell whether they have the same one; it gives nothing of it away.
    package var fingerprint: String { hmac(.fingerprint, "") }

    /// HMAC-SHA-256 in hex.
    package func hmac(_ purpose: Purpose, _ text: String) -> String {
        HMAC<SHA256>.authenticationCode(for: Data("\(purpose.rawValue)\0\(text)".utf8), using: bytes).hex()
    }
}
