// Whether a file is a database of ours, before anything is written to it.

internal import GRDB
internal import MeshStore

extension Migrations {
    /// Whether the file at `path` has no tables yet. Throws `StorageFailure` where it has some that are none of ours, or no
    /// earlier state of them. Read alone: it is left as it is.
    func areMissing(in path: String) throws -> Bool {
        try DatabaseFile.reading(path) { queue in
            try queue.read { database in
                let isNew = try Self.areMissing(in: database, of: path)
                try mustBeEarlier(database)
                return isNew
            }
        }
    }

    /// Throws `StorageFailure` where what is in it is no earlier state of this program's.
    func mustBeEarlier(_ database: GRDB.Database) throws {
        guard try database.tableExists("migrations") else { return }
        // Nothing is sealed or checked: any key will do.
        _ = try pending(in: Transaction(runner: database, key: ServerKey(bytes: [])))
    }

    static func areMissing(in database: GRDB.Database, of path: String) throws -> Bool {
        let tables = try String.fetchSet(database, sql: "SELECT name FROM sqlite_master WHERE type = 'table'")
        // One whose list of migrations was taken away is ours to judge.
        guard !tables.isEmpty, !tables.contains("device_codes") else { return tables.isEmpty }
        let columns = try GRDB.Row.fetchAll(database, sql: "PRAGMA table_info(migrations)").map { $0["name"] as String }
        guard Set(columns) == ["number", "name", "digest", "applied_at"] else {
            throw StorageFailure.foreign(path: path)
        }
        return false
    }
}
