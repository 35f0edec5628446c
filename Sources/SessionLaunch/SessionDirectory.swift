// The directory of one launch: the session's token, and who it belongs to. It appears whole or not at all: made under a
// name that says who makes it, then renamed. Leftovers of either name are swept (Sweeper.swift).

import Crypto
import FoundationEssentials
import Glibc

/// A private file or directory could not be made.
public struct SessionDirectoryFailure: Error, Sendable, Hashable {
    public var path: String
    public var errno: Int32

    /// The session has a directory already: it runs somewhere on this machine.
    public var isInUse: Bool { errno == EEXIST || errno == ENOTEMPTY }
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
        let token = Self.newToken()
        path = "\(temporary)/\(Self.prefix)\(id)"
        tokenHash = Self.hex(SHA256.hash(data: Array(token.utf8)))
        let owner = ProcessIdentity.own
        let unfinished = "\(path).\(owner.pid).\(owner.start)"
        try Self.check(unfinished, mkdir(unfinished, 0o700))
        do {
            try Self.write(token, to: "\(unfinished)/\(Self.tokenName)")
            try Self.write("\(owner.pid) \(owner.start)\n", to: "\(unfinished)/\(Self.ownerName)")
            // Only an empty directory could be replaced by this, and an empty one is nobody's.
            try Self.check(path, rename(unfinished, path))
        } catch {
            PrivateTree.remove(unfinished)
            throw error
        }
    }

    /// Removes it with all that is in it. Harmless when it is gone.
    public func remove() { PrivateTree.remove(path) }

    /// 64 hex digits of 32 random bytes.
    private static func newToken() -> String {
        var random = SystemRandomNumberGenerator()
        return hex((0..<32).map { _ in UInt8.random(in: 0...255, using: &random) })
    }

    private static func hex(_ bytes: some Swift.Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    private static func write(_ text: String, to path: String) throws(SessionDirectoryFailure) {
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        try check(path, file)
        defer { close(file) }
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            try check(path, Int32(clamping: count))
            rest = rest.dropFirst(count)
        }
    }

    private static func check(_ path: String, _ result: Int32) throws(SessionDirectoryFailure) {
        if result < 0 { throw SessionDirectoryFailure(path: path, errno: errno) }
    }
}
