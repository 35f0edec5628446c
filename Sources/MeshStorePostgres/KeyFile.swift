// The servers' key in a file of its own.

internal import FoundationEssentials
internal import MeshStore
internal import Platform

enum KeyFile {
    /// The key whose fingerprint the database knows; made where it knows none and there is no file. Throws `StorageFailure.file`.
    static func key(in path: String, fingerprint: String?) throws -> ServerKey {
        if let stored = try stored(in: path) {
            guard fingerprint == nil || stored.fingerprint == fingerprint else {
                throw StorageFailure.file(path: path, reason: .keyOfOthers)
            }
            return stored
        }
        guard fingerprint == nil else { throw StorageFailure.file(path: path, reason: .keyNotHere) }
        let bytes = Secret.randomBytes(32)
        do { try WholeFile.create(path, bytes: bytes) } catch {
            throw StorageFailure.file(path: path, reason: .system(error.code))
        }
        return ServerKey(bytes: bytes)
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
