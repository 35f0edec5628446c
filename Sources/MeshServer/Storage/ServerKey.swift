// The server's own secret: 32 random bytes in DATABASE.key, from which everything that needs a key is derived.
// A new use is a new `Purpose`, so that no two uses share an output.

internal import Crypto
internal import FoundationEssentials
internal import Platform

#if canImport(Glibc)
    internal import Glibc
#endif

struct ServerKey: Sendable {
    /// What an HMAC is for.
    enum Purpose: String {
        case userCode, csrf, auditHead
    }

    private let bytes: SymmetricKey

    init(bytes: [UInt8]) { self.bytes = SymmetricKey(data: bytes) }

    static func random() -> ServerKey { ServerKey(bytes: Secret.randomBytes(32)) }

    /// Reads `path`.key, making it for a new database: in another one nothing that its own key sealed would be good any
    /// more. Throws `StorageFailure.file`.
    static func load(beside path: String, isNew: Bool) throws -> ServerKey {
        let file = path + ".key"
        if isNew {
            let fresh = Secret.randomBytes(32)
            if try DatabaseFile.create(file, bytes: fresh) {
                DatabaseFile.syncFolder(of: file)
                return ServerKey(bytes: fresh)
            }
        }
        return try stored(in: file)
    }

    /// Throws `StorageFailure.file`.
    static func stored(in file: String) throws -> ServerKey {
        try DatabaseFile.mustBeFile(file)
        let descriptor = open(file, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw StorageFailure.file(path: file, reason: errno == ENOENT ? .noKey : .system(errno))
        }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 33)
        guard Glibc.read(descriptor, &bytes, 33) == 32 else {
            throw StorageFailure.file(path: file, reason: .notKey)
        }
        var found = stat()
        guard fstat(descriptor, &found) == 0, found.st_mode & 0o777 == 0o600 || FileCalls.close(descriptor, to: 0o600)
        else {
            throw StorageFailure.file(path: file, reason: .staysWide)
        }
        return ServerKey(bytes: Array(bytes.prefix(32)))
    }

    /// Takes the place of the one server of the database at `path`: limits, pacing and who waits are in its memory, where a
    /// second one would not find them. Its end, or closing what is returned, gives it back. Throws `StorageFailure`.
    static func holdPlace(of path: String) throws -> Int32 {
        let descriptor = open(path + ".key", O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { throw StorageFailure.file(path: path + ".key", reason: .system(errno)) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK else {
            close(descriptor)
            throw StorageFailure.file(path: path, reason: .inUse)
        }
        return descriptor
    }

    /// HMAC-SHA-256 in hex.
    func hmac(_ purpose: Purpose, _ text: String) -> String {
        Secret.hex(HMAC<SHA256>.authenticationCode(for: Data("\(purpose.rawValue)\0\(text)".utf8), using: bytes))
    }
}

/// Making secrets, and the forms in which they are kept.
enum Secret {
    static func randomBytes(_ count: Int) -> [UInt8] { Platform.randomBytes(count) }

    /// SHA-256 in hex: for secrets of 256 random bits, which need no slow hash.
    static func digest(_ text: String) -> String { digest(Array(text.utf8)) }

    static func digest(_ bytes: [UInt8]) -> String { hex(SHA256.hash(data: bytes)) }

    /// Lower-case hex.
    static func hex(_ bytes: some Sequence<UInt8>) -> String { bytes.hex() }

    /// Whether two digests are the same, in a time that does not tell where they differ.
    static func areEqual(_ left: String, _ right: String) -> Bool {
        let (left, right) = (Array(left.utf8), Array(right.utf8))
        guard left.count == right.count else { return false }
        return zip(left, right).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
