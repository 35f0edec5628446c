// The key that the servers of one database have in common, in a file of its own: a copy of the database is worth nothing without it.

package import FoundationEssentials
internal import MeshStore
internal import Platform

package enum KeyFile {
    /// The key whose fingerprint the database knows; made where it knows none and there is no file. Throws `StorageFailure.file`.
    static func key(in path: String, fingerprint: String?) throws -> ServerKey {
        if let stored = try stored(in: path) {
            guard fingerprint == nil || stored.fingerprint == fingerprint else {
                throw StorageFailure.file(path: path, reason: .keyOfOthers)
            }
            return stored
        }
        guard fingerprint == nil else { throw StorageFailure.file(path: path, reason: .keyNotHere) }
        let bytes = Data(randomBytes(32))
        try keep(bytes, in: path)
        return ServerKey(bytes: Array(bytes))
    }

    /// Makes the file, and its folder where that is missing, both its owner's alone; one that is there must be the same. Throws
    /// `StorageFailure.file`.
    package static func keep(_ bytes: Data, in path: String) throws {
        let folder = URL(filePath: path).deletingLastPathComponent().path
        // Where that fails the file says why.
        try? FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        do { try WholeFile.create(path, bytes: bytes) } catch {
            guard error == .exists else { throw StorageFailure.file(path: path, reason: .system(error.code)) }
            guard FileManager.default.contents(atPath: path) == bytes else {
                throw StorageFailure.file(path: path, reason: .keyOfOthers)
            }
        }
        // The database is to know the key no longer than there is one: its name outlives a power cut. Where the folder can't be
        // synced the file itself is safe.
        try? WholeFile.sync(folder)
    }

    /// Nil where there is no file. A link is followed: so are secrets handed to a container.
    static func stored(in path: String) throws -> ServerKey? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        guard let data = FileManager.default.contents(atPath: path), data.count == 32 else {
            throw StorageFailure.file(path: path, reason: .notKey)
        }
        return ServerKey(bytes: Array(data))
    }
}
