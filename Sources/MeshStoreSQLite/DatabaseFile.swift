// Files that hold secrets: made for the owner alone, never through a link.

internal import FoundationEssentials
internal import GRDB
internal import MeshStore
internal import Platform

package enum DatabaseFile {
    /// What every database of SQLite begins with.
    private static let magic = Array("SQLite format 3\0".utf8)

    /// Makes the folder (0700) and an empty file (0600) where they are missing, so that SQLite's own files inherit the
    /// mode. A file of ours that others can open is closed to them: it holds the codes of invites. Returns whether nothing
    /// is in it yet. Throws `StorageFailure`.
    static func prepare(_ path: String, _ migrations: Migrations) throws -> Bool {
        try mustBeFile(path)
        try prepareFolder(of: path)
        let descriptor = try opened(path) { () throws(SystemError) in try Descriptor(making: path) }
        defer { descriptor.close() }
        // Named by mistake, or a newer program's, it is left as it is, and gets no key beside it.
        let isNew = try isEmpty(descriptor, path) || migrations.areMissing(in: path)
        guard let found = try? FileStatus(descriptor), found.isOurs, found.isWide else { return isNew }
        guard FileCalls.close(descriptor.number, to: 0o600) else {
            throw StorageFailure.file(path: path, reason: .staysWide)
        }
        return isNew
    }

    /// Throws `StorageFailure.foreign` where what is in it is no database.
    private static func isEmpty(_ descriptor: Descriptor, _ path: String) throws -> Bool {
        switch descriptor.read(magic.count) {
        case .end: return true
        case .bytes(let head) where head == magic: return false
        default: throw StorageFailure.foreign(path: path)
        }
    }

    private static func opened(
        _ path: String, _ open: () throws(SystemError) -> Descriptor
    ) throws(StorageFailure) -> Descriptor {
        do { return try open() } catch { throw .file(path: path, reason: .system(error.code)) }
    }

    /// Throws `StorageFailure` where `path` is no database that can be read.
    static func mustBeDatabase(_ path: String) throws {
        try mustBeFile(path)
        let descriptor = try opened(path) { () throws(SystemError) in try Descriptor(reading: path) }
        defer { descriptor.close() }
        _ = try isEmpty(descriptor, path)
    }

    /// Throws `StorageFailure.file` where something else than a file stands at `path`, or where a link there leads: to open a
    /// device may do something by itself, and its mode is everybody's. Nothing there is a file that can be made.
    package static func mustBeFile(_ path: String) throws {
        guard let found = try? FileStatus(path), found.kind != .file else { return }
        throw StorageFailure.file(path: path, reason: found.kind == .folder ? .folder : .notFile)
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
    package static func target(of path: String) -> String { PrivateFolder.realPath(path) ?? path }

    /// A database that is all in its file, as the file is.
    private struct Rest: Equatable {
        let size: Int
        let modified: Int

        /// Nil where somebody writes, or was stopped doing so: a part of it is in another file then.
        init?(_ path: String) {
            guard !["-wal", "-journal"].contains(where: { FileAccess.allows(.exists, path + $0) }),
                let found = try? FileStatus(path)
            else {
                return nil
            }
            (size, modified) = (found.size, found.modified)
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
        for folder in missing.reversed() {
            do { try PrivateFolder.make(new: folder) } catch {
                if error != .exists { throw StorageFailure.file(path: folder, reason: .system(error.code)) }
            }
        }
    }

    /// What root puts in a folder of another user's, a service's, is that user's: it could not be opened otherwise.
    static func giveToOwner(ofFolder path: String, _ files: [String]) throws {
        let folder = URL(filePath: path).deletingLastPathComponent().path
        guard PrivateFolder.user == 0, let owner = try? FileStatus(folder) else { return }
        for file in files {
            do { try FileCalls.give(file, toOwnerOf: owner) } catch {
                throw StorageFailure.file(path: file, reason: .system(error.code))
            }
        }
    }

    /// Makes new names in the folder of `path` outlive a power cut.
    static func syncFolder(of path: String) {
        try? WholeFile.sync(URL(filePath: path).deletingLastPathComponent().path)
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
