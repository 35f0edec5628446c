// Migrations: assets/migrations/NNNN-name.sql, applied in order, each in one transaction, remembered by number, name
// and SHA-256. Append only: to change the schema add the next number (and its line in CAssets); a file that landed is
// never edited, since every database that has it would be refused.
// Servers that share a database are upgraded one by one: a migration that the version before can work with says so in its
// first line, `-- Readable by the version before.`, and that version goes on beside it.

package import FoundationEssentials

package struct Migrations {
    package struct Migration {
        package var number: Int
        /// `0001-accounts.sql`
        package var name: String
        package var sql: String
        package var digest: String

        /// Whether servers of the version before go on with it.
        package var isReadableBefore: Bool { sql.hasPrefix("-- Readable by the version before.") }

        /// The tables and indexes it makes.
        var made: Set<String> {
            Set(sql.matches(of: /CREATE (?:TABLE|(?:UNIQUE )?INDEX) (\w+)/).map { String($0.1) })
        }
    }

    package let all: [Migration]

    package init(assets: Assets) {
        all = assets.names(under: "migrations/").compactMap { path in
            let name = String(path.dropFirst("migrations/".count))
            guard let number = Int(name.prefix(4)), let sql = assets.text(path) else { return nil }
            return Migration(number: number, name: name, sql: sql, digest: SecretDigest.of(sql))
        }.sorted { $0.number < $1.number }
    }

    /// With which the audit begins: its head needs the key, which SQL does not have.
    private static let auditBegun = "0008-audit-begun.sql"

    /// What says which were applied; made where it is missing.
    private static let table = """
        CREATE TABLE IF NOT EXISTS migrations (
            number BIGINT PRIMARY KEY, name TEXT NOT NULL, digest TEXT NOT NULL, applied_at BIGINT NOT NULL)
        """

    /// Applies what is missing. Throws `StorageFailure` where the database is not an earlier state of this program's.
    /// - Parameter readable: the names of newer ones that this program can work with.
    package func apply(in transaction: Transaction, readable: Set<String> = [], at now: Date) throws {
        try transaction.runner.execute(script: Self.table)
        for migration in try pending(in: transaction, readable: readable) {
            let before = try transaction.runner.tables().union(transaction.runner.indexes())
            do {
                try transaction.runner.execute(script: migration.sql)
            } catch {
                // Nothing is asked of the transaction after this.
                guard migration.made.isDisjoint(with: before) else {
                    throw StorageFailure.migrationsDamaged(name: migration.name)
                }
                throw error
            }
            try transaction.run(
                "INSERT INTO migrations (number, name, digest, applied_at) VALUES (?1, ?2, ?3, ?4)", migration.number,
                migration.name, migration.digest, now.milliseconds)
            if migration.name == Self.auditBegun { try transaction.audit.begin() }
            if migration.name == MeshGround.migration { try MeshGround(transaction: transaction).layAll(at: now) }
        }
    }

    /// What is still to be applied. Throws as `apply`. One newer one may be there, where it is `readable`.
    package func pending(in transaction: Transaction, readable: Set<String> = []) throws -> [Migration] {
        var applied: Set<Int> = []
        var isAhead = false
        for row in try transaction.all("SELECT number, name, digest FROM migrations ORDER BY number") {
            // Whoever has the file can put any type anywhere.
            let name = if case .text(let name)? = try row.value("name") { name } else { "?" }
            guard case .integer(let number)? = try row.value("number"),
                case .text(let digest)? = try row.value("digest")
            else { throw StorageFailure.migrationChanged(name: name) }
            guard let known = all.first(where: { $0.number == number }) else {
                guard !isAhead, readable.contains(name) else { throw StorageFailure.newer(name: name) }
                isAhead = true
                continue
            }
            guard known.name == name, known.digest == digest else {
                throw StorageFailure.migrationChanged(name: name)
            }
            applied.insert(known.number)
        }
        return all.filter { !applied.contains($0.number) }
    }
}
