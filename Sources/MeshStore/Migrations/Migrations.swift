// Migrations: assets/migrations/NNNN-name.sql, applied in order, each in one transaction, remembered by number, name
// and SHA-256. Append only: to change the schema add the next number (and its line in CAssets); a file that landed is
// never edited, since every database that has it would be refused.

internal import Crypto
internal import FoundationEssentials
internal import GRDB

struct Migrations {
    struct Migration {
        var number: Int
        /// `0001-accounts.sql`
        var name: String
        var sql: String
        var digest: String
    }

    let all: [Migration]

    init(assets: Assets) {
        all = assets.names(under: "migrations/").compactMap { path in
            let name = String(path.dropFirst("migrations/".count))
            guard let number = Int(name.prefix(4)), let sql = assets.text(path) else { return nil }
            return Migration(number: number, name: name, sql: sql, digest: Secret.digest(sql))
        }.sorted { $0.number < $1.number }
    }

    /// With which the audit begins: its head needs the key, which SQL does not have.
    private static let auditBegun = "0008-audit-begun.sql"

    /// Whether the file at `path` has no tables yet. Throws `StorageFailure` where it has some that are none of ours, or no
    /// earlier state of them. Read alone: it is left as it is.
    func areMissing(in path: String) throws -> Bool {
        try DatabaseFile.reading(path) { queue in
            try queue.read { database in
                let isNew = try Self.areMissing(in: database, of: path)
                if try database.tableExists("migrations") { _ = try pending(in: database) }
                return isNew
            }
        }
    }

    static func areMissing(in database: GRDB.Database, of path: String) throws -> Bool {
        let tables = try String.fetchSet(database, sql: "SELECT name FROM sqlite_master WHERE type = 'table'")
        // One whose list of migrations was taken away is ours to judge.
        guard !tables.isEmpty, !tables.contains("device_codes") else { return tables.isEmpty }
        let columns = try Row.fetchAll(database, sql: "PRAGMA table_info(migrations)").map { $0["name"] as String }
        guard Set(columns) == ["number", "name", "digest", "applied_at"] else {
            throw StorageFailure.foreign(path: path)
        }
        return false
    }

    /// Applies what is missing. Throws `StorageFailure` where the database is not an earlier state of this program's.
    func run(on writer: any DatabaseWriter, key: ServerKey, at now: Date) throws {
        try writer.writeWithoutTransaction { database in
            try database.inTransaction(.immediate) {
                try database.execute(
                    sql: """
                        CREATE TABLE IF NOT EXISTS migrations (
                            number BIGINT PRIMARY KEY, name TEXT NOT NULL, digest TEXT NOT NULL,
                            applied_at BIGINT NOT NULL)
                        """)
                for migration in try pending(in: database) {
                    do {
                        try database.execute(sql: migration.sql)
                    } catch let error as DatabaseError where error.message?.hasSuffix("already exists") == true {
                        throw StorageFailure.migrationsDamaged(name: migration.name)
                    }
                    try database.execute(
                        sql: "INSERT INTO migrations (number, name, digest, applied_at) VALUES (?1, ?2, ?3, ?4)",
                        arguments: [migration.number, migration.name, migration.digest, now.milliseconds])
                    if migration.name == Self.auditBegun {
                        try Transaction(database: database, key: key).audit.begin()
                    }
                    if migration.name == MeshGround.migration {
                        let transaction = Transaction(database: database, key: key)
                        try MeshGround(transaction: transaction).layAll(at: now)
                    }
                }
                return .commit
            }
        }
    }

    /// What is still to be applied. Throws as `run`.
    func pending(in database: GRDB.Database) throws -> [Migration] {
        let rows = try Row.fetchAll(database, sql: "SELECT number, name, digest FROM migrations ORDER BY number")
        var applied: Set<Int> = []
        for row in rows {
            // Whoever has the file can put any type anywhere.
            let name = String.fromDatabaseValue(row["name"]) ?? "?"
            guard let number = Int.fromDatabaseValue(row["number"]),
                let digest = String.fromDatabaseValue(row["digest"])
            else { throw StorageFailure.migrationChanged(name: name) }
            guard let known = all.first(where: { $0.number == number }) else { throw StorageFailure.newer(name: name) }
            guard known.name == name, known.digest == digest else {
                throw StorageFailure.migrationChanged(name: name)
            }
            applied.insert(number)
        }
        return all.filter { !applied.contains($0.number) }
    }
}
