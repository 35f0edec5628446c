// The directory of one launch: the session's token, and who it belongs to. It appears whole or not at all: made under a
// name that says who makes it, then renamed. Leftovers of either name are swept (Sweeper.swift).

import Crypto
import FoundationEssentials
import Platform

/// A private file or directory could not be made.
public struct SessionDirectoryFailure: Error, Sendable, Hashable {
    public var path: String
    public var errno: Int32

    /// The session has a directory already: it runs somewhere on this machine.
    public var isInUse: Bool { [.exists, .notEmpty].contains(SystemError(code: errno)) }
}

/// `<tmp>/claudemesh-<id>/`, 0700, with `session-token` and `owner`, both 0600.
public struct SessionDirectory: Sendable, Hashable {
    static let prefix = "claudemesh-"
    static let tokenName = "session-token"
    static let ownerName = "owner"

    public let path: String
    /// SHA-256 of the token's 64 characters, in lower-case hex: what the server is told.
    public let tokenHash: String

    public var tokenFile: String { "\(path)/\(Self.tokenName)" }

    /// `TMPDIR`, else `/tmp`.
    public static func temporaryDirectory(environment: [String: String]) -> String {
        let named = environment["TMPDIR"] ?? ""
        guard named.hasPrefix("/") else { return "/tmp" }
        return named.count > 1 && named.hasSuffix("/") ? String(named.dropLast()) : named
    }

    /// Makes the directory of session `id` (a UUID), owned by this process, with a new token.
    public init(session id: String, in temporary: String) throws(SessionDirectoryFailure) {
        let token = randomBytes(32).hex()
        path = "\(temporary)/\(Self.prefix)\(id)"
        tokenHash = SHA256.hash(data: Array(token.utf8)).hex()
        let owner = ProcessIdentity.own
        let unfinished = "\(path).\(owner.text(separator: "."))"
        try Self.check(unfinished) { () throws(SystemError) in try PrivateFolder.make(new: unfinished) }
        do {
            try Self.write(token, to: "\(unfinished)/\(Self.tokenName)")
            try Self.write(owner.text() + "\n", to: "\(unfinished)/\(Self.ownerName)")
            // Only an empty directory could be replaced by this, and an empty one is nobody's.
            try Self.check(path) { () throws(SystemError) in try WholeFile.move(unfinished, to: path) }
        } catch {
            PrivateTree.remove(unfinished)
            throw error
        }
    }

    /// Removes it with all that is in it. Harmless when it is gone.
    public func remove() { PrivateTree.remove(path) }

    private static func write(_ text: String, to path: String) throws(SessionDirectoryFailure) {
        try check(path) { () throws(SystemError) in
            try WholeFile.create(path, bytes: Array(text.utf8), isSynced: false)
        }
    }

    private static func check(
        _ path: String, _ body: () throws(SystemError) -> Void
    ) throws(SessionDirectoryFailure) {
        do { try body() } catch { throw SessionDirectoryFailure(path: path, errno: error.code) }
    }
}
