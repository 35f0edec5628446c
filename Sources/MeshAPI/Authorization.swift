// What a request proves itself with. It never prints.

/// A secret and how it is sent.
public enum Authorization: Sendable, Hashable {
    /// `Authorization: Bearer cm_…`: a session token, a personal access token or a guest's.
    case bearer(String)
    /// `Authorization: ClaudeMesh-Session <64 hex>`: the token of one launched session.
    case session(String)

    /// The value of the `Authorization` header; nil where the secret could not be one (controls, white space, not ASCII).
    package var authorization: String? {
        let (scheme, secret) =
            switch self {
            case .bearer(let token): ("Bearer", token)
            case .session(let token): ("ClaudeMesh-Session", token)
            }
        guard !secret.isEmpty, secret.utf8.allSatisfy({ (0x21..<0x7F).contains($0) }) else { return nil }
        return "\(scheme) \(secret)"
    }
}

extension Authorization: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "[redacted]" }
    public var debugDescription: String { "[redacted]" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
