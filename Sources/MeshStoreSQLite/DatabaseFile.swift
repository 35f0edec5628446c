// Files that hold secrets: made for the owner alone, never through a link.

internal import FoundationEssentials
internal import GRDB
internal import MeshStore
internal import Platform

#if canImport(Glibc)
    internal import Glibc
#endif

package enum DatabaseFile {
    /// What every database of SQLite begins with.
    private static let magic = Array("SQLite format 3\0".utf8)

    /// Makes the folder (0700) and an empty file (0600) where they are missing, so that SQLite's own files inherit the
    /// mode. A file of ours that others can open is closed to them: it holds the codes of invites. Returns whether nothing
    /// is in it yet. Throws `StorageFailure`.
    static func prepare(_ path: String, _ migrations: Migrations) throws -> Bool {
        try mustBeFile(path)
        try prepareFolder(of: path)
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw StorageFailure.file(path: path, reason: .system(errno)) }
        defer { close(descriptor) }
        // Named by mistake, or a newer program's, it is left as it is, and gets no key beside it.
        let isNew = try isEmpty(descriptor, path) || migrations.areMissing(in: path)
        var found = stat()
        guard fstat(descriptor, &found) == 0, found.st_uid == geteuid(), found.st_mode & 0o077 != 0 else {
            return isNew
        }
        guard FileCalls.close(descriptor, to: 0o600) else {
            throw StorageFailure.file(path: path, reason: .staysWide)
        }
        return isNew
    }

    /// Throws `StorageFailure.foreign` where what is in it is no database.
    private static func isEmpty(_ descriptor: Int32, _ path: String) throws -> Bool {
        var head = [UInt8](repeating: 0, count: 16)
        let count = read(descriptor, &head, head.count)
        guard count == 0 || (count > 0 && head == magic) else { throw StorageFailure.foreign(path: path) }
        return count == 0
    }

    /// Throws `StorageFailure` where `path` is no database that can be read.
    static func mustBeDatabase(_ path: String) throws {
        try mustBeFile(path)
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw StorageFailure.file(path: path, reason: .system(errno)) }
        defer { close(descriptor) }
        _ = try isEmpty(descriptor, path)
    }

    /// Throws `StorageFailure.file` where something else than a file stands at `path`, or where a link there leads: to open a
    /// device may do something by itself, and its mode is everybody's. Nothing there is a file that can be made.
    package static func mustBeFile(_ path: String) throws {
        var found = stat()
        guard stat(path, &found) == 0, found.st_mode & S_IFMT != S_IFREG else { return }
        throw StorageFailure.file(path: path, reason: found.st_mode & S_IFMT == S_IFDIR ? .folder : .notFile)
    }

    /// The file at `path`, as SQLite is told of it: `file:…` and `:memory:` by themselves are other things to it.
    package static func name(_ path: String) -> String { path.hasPrefix("/") ? path : "./" + path }

    /// Reads the database at `path` as it stands. One that nobody writes is read without the files that SQLite would leave
    /// beside it, or could not make; `body` runs again where somebody began to meanwhile.
    static func reading<Value>(_ path: String, _ body: (DatabaseQueue) throws -> Value) throws -> Value {
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(5)
        // SQLite keeps its own files beside the database that a link leads to.
        let path = target(of: path)
        if let state = Rest(path) {
            let name = URL(filePath: path).absoluteString + "?immutable=1"
            let result = Result { try body(try DatabaseQueue(path: name, configuration: configuration)) }
            if Rest(path) == state { return try result.get() }
        }
        return try body(try DatabaseQueue(path: name(path), configuration: configuration))
    }

    /// The file that `path` leads to; `path` where there is none.
    package static func target(of path: String) -> String {
        guard let target = realpath(path, nil) else { return path }
        defer { free(target) }
        return String(cString: target)
    }

    /// A database that is all in its file, as the file is.
    private struct Rest: Equatable {
        let size: Int
        let seconds: Int
        let nanoseconds: Int

        /// Nil where somebody writes, or was stopped doing so: a part of it is in another file then.
        init?(_ path: String) {
            var found = stat()
            guard !["-wal", "-journal"].contains(where: { access(path + $0, F_OK) == 0 }), stat(path, &found) == 0
            else {
                return nil
            }
            (size, seconds, nanoseconds) = (Int(found.st_size), found.st_mtim.tv_sec, found.st_mtim.tv_nsec)
        }
    }

    /// Makes the folder of `path`, and those around it, where they are missing (0700). Throws `StorageFailure.file`.
    static func prepareFolder(of path: String) throws {
        var missing: [String] = []
        var folder = URL(filePath: path).deletingLastPathComponent().path
        while !folder.isEmpty, folder != "/", !FileManager.default.fileExists(atPath: folder) {
            missing.append(folder)
            folder = String(folder[..<(folder.lastIndex(of: "/") ?? folder.startIndex)])
        }
        for folder in missing.reversed() where mkdir(folder, 0o700) != 0 && errno != EEXIST {
            throw StorageFailure.file(path: folder, reason: .system(errno))
        }
    }

    /// What root puts in a folder of another user's, a service's, is that user's: it could not be opened otherwise.
    static func giveToOwner(ofFolder path: String, _ files: [String]) throws {
        var folder = stat()
        guard geteuid() == 0, stat(URL(filePath: path).deletingLastPathComponent().path, &folder) == 0 else { return }
        for file in files where lchown(file, folder.st_uid, folder.st_gid) != 0 {
            throw StorageFailure.file(path: file, reason: .system(errno))
        }
    }

    /// Makes new names in the folder of `path` outlive a power cut.
    static func syncFolder(of path: String) {
        let descriptor = open(URL(filePath: path).deletingLastPathComponent().path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }

    /// Writes `bytes` to a new file (0600) at `path`; false where there is one already.
    static func create(_ path: String, bytes: [UInt8]) throws -> Bool {
        do { try WholeFile.create(path, bytes: bytes) } catch {
            if error == .exists { return false }
            throw StorageFailure.file(path: path, reason: .system(error.code))
        }
        return true
    }
}
