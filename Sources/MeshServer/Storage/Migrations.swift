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

    /// Applies what is missing. Throws `StorageFailure` where the database is not an earlier state of this program's.
    func run(on writer: any DatabaseWriter, at now: Date) throws {
        try writer.writeWithoutTransaction { database in
            try database.inTransaction(.immediate) {
                try database.execute(
                    sql: """
                        CREATE TABLE IF NOT EXISTS migrations (
                            number BIGINT PRIMARY KEY, name TEXT NOT NULL, digest TEXT NOT NULL,
                            applied_at BIGINT NOT NULL)
                        """)
                for migration in try pending(in: database) {
                    try database.execute(sql: migration.sql)
                    try database.execute(
                        sql: "INSERT INTO migrations (number, name, digest, applied_at) VALUES (?1, ?2, ?3, ?4)",
                        arguments: [migration.number, migration.name, migration.digest, now.milliseconds])
                }
                return .commit
            }
        }
    }

    /// What is still to be applied. Throws as `run`.
    func pending(in database: GRDB.Database) throws -> [Migration] {
        let rows = try Row.fetchAll(database, sql: "SELECT number, name, digest FROM migrations ORDER BY number")
        for row in rows {
            let (number, name, digest): (Int, String, String) = (row["number"], row["name"], row["digest"])
            guard let known = all.first(where: { $0.number == number }) else { throw StorageFailure.newer(name: name) }
            guard known.name == name, known.digest == digest else {
                throw StorageFailure.migrationChanged(name: name)
            }
        }
        let applied = Set(rows.map { $0["number"] as Int })
        return all.filter { !applied.contains($0.number) }
    }
}
