// Copies of a database: consistent ones while the server writes, and putting one back while no server runs. A copy is two
// files, PATH and PATH.key: without the key the sign-ins under way and the audit's seal are worth nothing.

public import FoundationEssentials
internal import GRDB
internal import MeshStore
internal import Platform

public enum Backup {
    /// Copies the database to `target` and its key to `target`.key, both new, both readable by the owner alone.
    /// Throws `StorageFailure`.
    public static func make(of database: String, to target: String) throws {
        try mustExist(database)
        let folder = URL(filePath: target).deletingLastPathComponent().path
        guard FileManager.default.fileExists(atPath: folder) else {
            throw StorageFailure.file(path: folder, reason: .noFolder)
        }
        for path in [target, target + ".key"] where FileManager.default.fileExists(atPath: path) {
            throw StorageFailure.file(path: path, reason: .exists)
        }
        try finishRestore(of: database)
        let partial = target + ".partial"
        defer { remove(partial) }
        let key = try readKey(database + ".key")
        // A copy that this program could not put back is none.
        try storing(database) { _ = try Migrations(assets: .embedded).areMissing(in: database) }
        try copy(database, to: partial)
        guard try DatabaseFile.create(target + ".key", bytes: key) else {
            throw StorageFailure.file(path: target + ".key", reason: .exists)
        }
        try move(partial, target)
    }

    /// Puts the copy at `source` in the place of `database`; what stood there is kept beside it. Returns where.
    /// Throws `StorageFailure`, also where a server still uses the database.
    public static func restore(from source: String, to database: String, now: Date = Date()) throws -> String? {
        try restore(from: source, to: database, now: now, move: move)
    }

    /// `move` gives a file another name in the place of what is there; tests let it fail.
    static func restore(
        from source: String, to database: String, now: Date = Date(), move: (String, String) throws -> Void
    ) throws -> String? {
        try mustExist(source)
        try mustBeNoLink(database)
        guard !isSameFile(source, database) else {
            throw StorageFailure.file(path: source, reason: .itself)
        }
        try DatabaseFile.mustBeFile(database)
        try finishRestore(of: database)
        let key = try readKey(source + ".key")
        try storing(source) {
            try DatabaseFile.reading(source) { try mustBeOurs($0, source, key) }
        }
        if FileManager.default.fileExists(atPath: database) {
            try storing(database) { try mustBeUnused(database) }
        }
        try DatabaseFile.prepareFolder(of: database)
        let (newFile, newKey) = (database + ".partial", database + ".key.partial")
        defer { remove(newKey, newFile) }
        remove(newKey, newFile)
        try copy(source, to: newFile)
        try renewEpochs(of: newFile, key: key)
        guard try DatabaseFile.create(newKey, bytes: key) else {
            throw StorageFailure.file(path: newKey, reason: .exists)
        }
        try DatabaseFile.giveToOwner(ofFolder: database, [newFile, newKey])
        let aside = try keepAside(database, now: now)
        DatabaseFile.syncFolder(of: database)
        do {
            // What a server that was killed left belongs to the former file, and is kept with it.
            for ending in journals { try? FileManager.default.removeItem(atPath: database + ending) }
            try move(newFile, database)
            try finish(newKey, of: database, bytes: key, move: move)
        } catch {
            remove(newKey)
            for ending in endings where FileManager.default.fileExists(atPath: aside + ending) {
                try move(aside + ending, database + ending)
                // Where both are names of one file, a move leaves both.
                WholeFile.forget(aside + ending)
            }
            throw error
        }
        DatabaseFile.syncFolder(of: database)
        return FileManager.default.fileExists(atPath: aside) ? aside : nil
    }

    /// A restore that was killed between its two files has put in the database and not yet its key: the copy of the
    /// database is gone, that of the key is there. Called before a database is opened.
    static func finishRestore(of database: String) throws {
        let newKey = database + ".key.partial"
        guard FileManager.default.fileExists(atPath: newKey),
            !FileManager.default.fileExists(atPath: database + ".partial"),
            try !isSealed(database, with: database + ".key", andNotWith: newKey)
        else { return }
        // Where it is missing another program was faster.
        do { try WholeFile.move(newKey, to: database + ".key") } catch {
            if error != .missing { throw StorageFailure.file(path: newKey, reason: .system(error.code)) }
        }
    }

    /// Whether the key in one file is this database's and that in the other is not: then the other is no restore's.
    private static func isSealed(_ database: String, with key: String, andNotWith other: String) throws -> Bool {
        guard let key = try? readKey(key), let other = try? readKey(other), key != other else { return false }
        do {
            return try DatabaseFile.reading(database) { queue in
                try queue.read { database in
                    try AuditHead.stored(in: Transaction(runner: database, key: ServerKey(bytes: key))) != nil
                }
            }
        } catch is DatabaseError {
            // Damaged, or without a head: nothing in it tells.
            return false
        }
    }

    /// The key follows its database; another program that opens the database in between does it for us.
    private static func finish(
        _ newKey: String, of database: String, bytes: [UInt8], move: (String, String) throws -> Void
    ) throws {
        do {
            try move(newKey, database + ".key")
        } catch {
            let isDone = try !FileManager.default.fileExists(atPath: newKey) && readKey(database + ".key") == bytes
            guard isDone else { throw error }
        }
    }

    /// What belongs to a database beside its file.
    private static let journals = ["-journal", "-wal", "-shm"]
    private static let endings = [".key"] + journals + [""]

    /// Gives what stands at `database` a second name, so that at no moment there is nothing under the first. Returns the
    /// name, under which there may be nothing, as there was nothing.
    private static func keepAside(_ database: String, now: Date) throws -> String {
        let name = "\(database).before-restore-\(Int(now.timeIntervalSince1970))"
        var (aside, number) = (name, 1)
        while endings.contains(where: { FileManager.default.fileExists(atPath: aside + $0) }) {
            number += 1
            aside = "\(name)-\(number)"
        }
        for ending in endings where FileManager.default.fileExists(atPath: database + ending) {
            do { try WholeFile.link(database + ending, as: aside + ending) } catch {
                for made in endings.prefix(while: { $0 != ending }) { WholeFile.forget(aside + made) }
                throw StorageFailure.file(path: aside + ending, reason: .system(error.code))
            }
        }
        return aside
    }

    /// A whole copy of the database at `source` in one new file, readable by the owner alone.
    private static func copy(_ source: String, to target: String) throws {
        try storing(source) {
            remove(target)
            guard try DatabaseFile.create(target, bytes: []) else {
                throw StorageFailure.file(path: target, reason: .exists)
            }
            let copy = try DatabaseQueue(path: DatabaseFile.name(target))
            try DatabaseFile.reading(source) { try $0.backup(to: copy) }
            try check(copy, source)
            // One file, not one and its journal.
            try copy.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = DELETE") }
            try copy.close()
        }
    }

    /// What happened since the copy was made is undone: whoever was told of it is told so.
    private static func renewEpochs(of path: String, key: [UInt8]) throws {
        try storing(path) {
            let queue = try DatabaseQueue(path: DatabaseFile.name(path))
            defer { try? queue.close() }
            try queue.write { database in
                // In a copy from before there was anything to read, they begin with it.
                guard try database.tableExists("mesh_heads") else { return }
                try Transaction(runner: database, key: ServerKey(bytes: key)).heads.renewEpochs()
            }
        }
    }

    /// Whether the copy at `path` is whole, a state that this program can go on from, and sealed with its key.
    private static func mustBeOurs(_ copy: DatabaseQueue, _ path: String, _ key: [UInt8]) throws {
        _ = try copy.read { try Migrations.areMissing(in: $0, of: path) }
        try check(copy, path)
        try copy.read { database in
            let transaction = Transaction(runner: database, key: ServerKey(bytes: key))
            _ = try Migrations(assets: .embedded).pending(in: transaction)

            // A head that is gone is the verifier's to tell; one that another key sealed tells that the key is another's.
            guard try database.tableExists("audit_head"), try transaction.first("SELECT id FROM audit_head") != nil,
                try AuditHead.stored(in: transaction) == nil
            else { return }
            throw StorageFailure.file(path: path + ".key", reason: .otherKey)
        }
    }

    /// Files of ours, with what SQLite left beside them.
    private static func remove(_ paths: String...) {
        for path in paths {
            for ending in journals + [""] { WholeFile.forget(path + ending) }
        }
    }

    /// Only the last connection can take a database out of WAL mode: another's refusal means that it is in use.
    private static func mustBeUnused(_ path: String) throws {
        do {
            let queue = try DatabaseQueue(path: DatabaseFile.name(path))
            defer { try? queue.close() }
            let mode = try queue.writeWithoutTransaction {
                try String.fetchOne($0, sql: "PRAGMA journal_mode = DELETE")
            }
            if mode == "delete" { return }
        } catch let error as DatabaseError where [.SQLITE_NOTADB, .SQLITE_CORRUPT].contains(error.resultCode) {
            // Damaged: why it is restored.
            return
        } catch is DatabaseError {}
        throw StorageFailure.file(path: path, reason: .inUse)
    }

    private static func check(_ queue: DatabaseQueue, _ path: String) throws {
        let result = try queue.read { try String.fetchOne($0, sql: "PRAGMA integrity_check") }
        guard result == "ok" else { throw StorageFailure.file(path: path, reason: .damaged) }
    }

    private static func readKey(_ path: String) throws -> [UInt8] {
        guard FileManager.default.fileExists(atPath: path) else {
            throw StorageFailure.file(path: path, reason: .noKey)
        }
        try DatabaseFile.mustBeFile(path)
        guard let data = FileManager.default.contents(atPath: path), data.count == 32 else {
            throw StorageFailure.file(path: path, reason: .notKey)
        }
        return Array(data)
    }

    /// Whatever names lead there.
    private static func isSameFile(_ one: String, _ other: String) -> Bool {
        guard let one = try? FileStatus(one), let other = try? FileStatus(other) else { return false }
        return one.isSameFile(as: other)
    }

    /// A new file would take the place of the link, and its key that of the file the link leads to.
    private static func mustBeNoLink(_ path: String) throws {
        guard let found = try? FileStatus(path, followsLinks: false), found.kind == .link else { return }
        throw StorageFailure.file(path: path, reason: .link)
    }

    /// An empty file is none: SQLite would copy it as a database without a table.
    private static func mustExist(_ path: String) throws {
        try DatabaseFile.mustBeFile(path)
        guard let found = try? FileStatus(path), found.size > 0 else {
            throw StorageFailure.file(path: path, reason: .noDatabase)
        }
    }

    private static func move(_ path: String, _ target: String) throws {
        do { try WholeFile.move(path, to: target) } catch {
            throw StorageFailure.file(path: target, reason: .system(error.code))
        }
    }

    private static func storing(_ path: String, _ body: () throws -> Void) throws {
        do {
            try body()
        } catch let error as DatabaseError {
            throw StorageFailure(error, of: .file(path))
        }
    }
}
