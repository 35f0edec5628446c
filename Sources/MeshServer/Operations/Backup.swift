// Copies of a database: consistent ones while the server writes, and putting one back while no server runs. A copy is two
// files, PATH and PATH.key: without the key the sign-ins under way and the audit's seal are worth nothing.

public import FoundationEssentials
internal import GRDB

#if canImport(Glibc)
    internal import Glibc
#endif

public enum Backup {
    /// Copies the database to `target` and its key to `target`.key, both new, both readable by the owner alone.
    /// Throws `StorageFailure`.
    public static func make(of database: String, to target: String) throws {
        try mustExist(database)
        for path in [target, target + ".key"] where FileManager.default.fileExists(atPath: path) {
            throw StorageFailure.file(path: path, reason: "is there already; name a new file")
        }
        let partial = target + ".partial"
        defer { try? FileManager.default.removeItem(atPath: partial) }
        try storing {
            try? FileManager.default.removeItem(atPath: partial)
            guard try DatabaseFile.create(partial, bytes: []) else { return }
            let copy = try DatabaseQueue(path: partial)
            var configuration = Configuration()
            configuration.readonly = true
            configuration.busyMode = .timeout(5)
            try DatabaseQueue(path: database, configuration: configuration).backup(to: copy)
            try check(copy)
            // One file, not one and its journal.
            try copy.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = DELETE") }
            try copy.close()
        }
        let key = try readKey(database + ".key")
        guard try DatabaseFile.create(target + ".key", bytes: key) else {
            throw StorageFailure.file(path: target + ".key", reason: "is there already; name a new file")
        }
        try move(partial, to: target)
    }

    /// Puts the copy at `source` in the place of `database`; what stood there is kept beside it. Returns where.
    /// Throws `StorageFailure`, also where a server still uses the database.
    public static func restore(from source: String, to database: String, now: Date = Date()) throws -> String? {
        try mustExist(source)
        guard !isSameFile(source, database) else {
            throw StorageFailure.file(path: source, reason: "is the database itself; name a copy of it")
        }
        let key = try readKey(source + ".key")
        try storing {
            var configuration = Configuration()
            configuration.readonly = true
            let copy = try DatabaseQueue(path: source, configuration: configuration)
            try check(copy)
            _ = try copy.read { try Migrations(assets: .embedded).pending(in: $0) }
        }
        var kept: String?
        if FileManager.default.fileExists(atPath: database) {
            try storing { try mustBeUnused(database) }
            let aside = "\(database).before-restore-\(Int(now.timeIntervalSince1970))"
            try move(database, to: aside)
            if FileManager.default.fileExists(atPath: database + ".key") {
                try move(database + ".key", to: aside + ".key")
            }
            for ending in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: database + ending) }
            kept = aside
        }
        try DatabaseFile.prepare(database)
        try storing {
            let target = try DatabaseQueue(path: database)
            try DatabaseQueue(path: source).backup(to: target)
            try target.close()
        }
        guard try DatabaseFile.create(database + ".key", bytes: key) else {
            throw StorageFailure.file(path: database + ".key", reason: "is there already")
        }
        return kept
    }

    /// Only the last connection can take a database out of WAL mode: another's refusal means that it is in use.
    private static func mustBeUnused(_ path: String) throws {
        let queue = try DatabaseQueue(path: path)
        let mode = try? queue.writeWithoutTransaction { try String.fetchOne($0, sql: "PRAGMA journal_mode = DELETE") }
        try queue.close()
        guard mode == "delete" else {
            throw StorageFailure.file(path: path, reason: "a server uses it; stop it first")
        }
    }

    private static func check(_ queue: DatabaseQueue) throws {
        let result = try queue.read { try String.fetchOne($0, sql: "PRAGMA integrity_check") }
        guard result == "ok" else { throw StorageFailure.database("the copy is damaged") }
    }

    private static func readKey(_ path: String) throws -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: path), data.count == 32 else {
            throw StorageFailure.file(path: path, reason: "is not a key of 32 bytes")
        }
        return Array(data)
    }

    /// Whatever names lead there.
    private static func isSameFile(_ one: String, _ other: String) -> Bool {
        var left = stat()
        var right = stat()
        guard stat(one, &left) == 0, stat(other, &right) == 0 else { return false }
        return left.st_dev == right.st_dev && left.st_ino == right.st_ino
    }

    private static func mustExist(_ path: String) throws {
        guard FileManager.default.fileExists(atPath: path) else {
            throw StorageFailure.file(path: path, reason: "there is no such database")
        }
    }

    private static func move(_ path: String, to target: String) throws {
        guard rename(path, target) == 0 else {
            throw StorageFailure.file(path: target, reason: DatabaseFile.reason(errno))
        }
    }

    private static func storing(_ body: () throws -> Void) throws {
        do {
            try body()
        } catch let error as DatabaseError {
            throw StorageFailure.database(error.message ?? error.resultCode.description)
        }
    }
}
