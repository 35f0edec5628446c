// From a server's SQLite database to an empty PostgreSQL one, in one transaction: each row is compared with what was stored of it,
// and the audit is one chain as before. The key goes with it.

package import FoundationEssentials
package import MeshStore
internal import MeshStorePostgres
internal import MeshStoreSQLite

package struct ServerCopy {
    private let source: SQLiteStore
    private let path: String

    /// Copies; returns how many rows. Throws `StorageFailure`, also where a server uses the one or something is in the other;
    /// then nothing is there of it but tables.
    package static func run(
        from path: String, to url: DatabaseURL, keyFile: String, environment: [String: String], now: Date
    ) throws -> Int {
        try ServerAdministration.mustBeThere(path)
        // The tables of this program on both sides.
        let source = try SQLiteStore(.file(path), now: now)
        defer { try? source.close() }
        let place = try ServerKey.holdPlace(of: path)
        defer { withExtendedLifetime(place) {} }
        guard case .intact(let length) = try AuditVerifier.verify(database: path) else {
            throw StorageFailure.file(path: path, reason: .damaged)
        }
        try copyKey(path + ".key", to: keyFile)
        let target = try PostgresStore(
            url, keyFile: keyFile, environment: environment, connections: 1, now: now)
        defer { try? target.close() }
        do {
            return try target.writeNow(.everything) { transaction in
                let count = try ServerCopy(source: source, path: path).rows(to: transaction)
                guard try PostgresAudit.verify(in: transaction) == .intact(rows: length) else {
                    throw StorageFailure.file(path: path, reason: .damaged)
                }
                return count
            }
        } catch let failure as StoreFailure {
            throw StorageFailure.server(url.description, reason: failure.code)
        }
    }

    /// One that is there must be the same.
    private static func copyKey(_ file: String, to target: String) throws {
        guard let bytes = FileManager.default.contents(atPath: file) else {
            throw StorageFailure.file(path: file, reason: .noKey)
        }
        try KeyFile.keep(bytes, in: target)
    }

    private func rows(to target: Transaction) throws -> Int {
        let tables = Migrations(assets: .embedded).tables.filter { $0 != "migrations" }
        for table in tables where table != "audit_head" {
            guard try target.count("SELECT count(*) FROM (SELECT 1 FROM \(table) LIMIT 1) AS used") == 0 else {
                throw StorageFailure.file(path: table, reason: .notEmpty)
            }
        }
        // An empty chain has one as well.
        try target.run("DELETE FROM audit_head")
        return try source.readNow { from in
            try tables.reduce(0) { try $0 + copy($1, from: from, to: target) }
        }
    }

    /// A row at a time, so that no table has to fit into memory.
    private func copy(_ table: String, from source: Transaction, to target: Transaction) throws -> Int {
        let columns = try target.runner.columns(of: table)
        let names = columns.joined(separator: ", ")
        let places = (1...columns.count).map { "?\($0)" }.joined(separator: ", ")
        let insert = "INSERT INTO \(table) (\(names)) VALUES (\(places)) RETURNING \(names)"
        return try source.runner.all("SELECT \(names) FROM \(table)", []) { row in
            let values = try columns.map { column in
                guard let value = try row.value(column) else { throw StorageFailure.file(path: path, reason: .damaged) }
                return value
            }
            let stored = try target.runner.first(insert, values) { row in try columns.map { try row.value($0) } }
            guard stored == values else { throw StorageFailure.file(path: path, reason: .damaged) }
        }.count
    }
}
