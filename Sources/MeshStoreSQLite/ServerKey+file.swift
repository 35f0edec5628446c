// The server's key beside its database: 32 random bytes in DATABASE.key. Whoever holds the place of the one server of a
// database holds a lock on that file.

internal import FoundationEssentials
package import MeshStore
package import Platform

extension ServerKey {
    /// Reads `path`.key, making it for a new database: in another one nothing that its own key sealed would be good any
    /// more. Throws `StorageFailure.file`.
    static func load(beside path: String, isNew: Bool) throws -> ServerKey {
        let file = path + ".key"
        if isNew {
            let fresh = randomBytes(32)
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
        let descriptor: Descriptor
        do { descriptor = try Descriptor(reading: file, followsLinks: false) } catch {
            throw StorageFailure.file(path: file, reason: error == .missing ? .noKey : .system(error.code))
        }
        defer { descriptor.close() }
        guard case .bytes(let bytes) = descriptor.read(33), bytes.count == 32 else {
            throw StorageFailure.file(path: file, reason: .notKey)
        }
        guard let found = try? FileStatus(descriptor),
            found.mode & 0o777 == 0o600 || FileCalls.close(descriptor.number, to: 0o600)
        else {
            throw StorageFailure.file(path: file, reason: .staysWide)
        }
        return ServerKey(bytes: bytes)
    }

    /// Takes the place of the one server of the database at `path`: limits, pacing and who waits are in its memory, where a
    /// second one would not find them. It is given back with the end of what is returned. Throws `StorageFailure`.
    package static func holdPlace(of path: String) throws -> FileLock {
        let place: FileLock?
        do { place = try FileLock.take(existing: path + ".key") } catch {
            throw StorageFailure.file(path: path + ".key", reason: .system(error.code))
        }
        guard let place else { throw StorageFailure.file(path: path, reason: .inUse) }
        return place
    }
}
