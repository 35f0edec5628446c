// The server's key beside its database: 32 random bytes in DATABASE.key. Whoever holds the place of the one server of a
// database holds a lock on that file.

internal import Crypto
internal import FoundationEssentials
package import MeshStore
internal import Platform

#if canImport(Glibc)
    internal import Glibc
#endif

extension ServerKey {
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
    package static func holdPlace(of path: String) throws -> Int32 {
        let descriptor = open(path + ".key", O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { throw StorageFailure.file(path: path + ".key", reason: .system(errno)) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK else {
            close(descriptor)
            throw StorageFailure.file(path: path, reason: .inUse)
        }
        return descriptor
    }

    package static func givePlace(_ place: Int32) { close(place) }
}
