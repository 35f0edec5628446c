// Checks the audit chain: every row's hash, the numbers without a gap, and the sealed head that says how long it is.

internal import FoundationEssentials
internal import GRDB
package import MeshStore

/// Takes nothing for granted: whoever has the file can put any type anywhere, or drop the tables.
package struct AuditVerifier {
    private let database: GRDB.Database
    private let key: ServerKey

    init(database: GRDB.Database, key: ServerKey) {
        self.database = database
        self.key = key
    }

    /// Checks the database at `path` as it stands: migrating first could begin the chain anew. Throws `StorageFailure`.
    package static func verify(database path: String) throws -> AuditReport {
        do {
            try Backup.finishRestore(of: path)
            try DatabaseFile.mustBeDatabase(path)
            return try DatabaseFile.reading(path) { queue in
                try queue.read { database in
                    _ = try Migrations.areMissing(in: database, of: path)
                    let key = try ServerKey.stored(in: path + ".key")
                    try Migrations(assets: .embedded).mustBeEarlier(database)
                    return try AuditVerifier(database: database, key: key).verify()
                }
            }
        } catch let error as DatabaseError {
            throw StorageFailure(error, of: .file(path))
        }
    }

    /// Reads the whole chain once, a row at a time. Throws `DatabaseError` where the file itself can't be read.
    func verify() throws -> AuditReport {
        var end = AuditHead(number: 0, hash: "")
        do {
            // As bytes: SQLite's texts may go on behind a NUL.
            let rows = try GRDB.Row.fetchCursor(
                database,
                sql: """
                    SELECT number, CAST(body AS BLOB), CAST(hash AS BLOB),
                        typeof(body) = 'text' AND typeof(hash) = 'text' FROM audit ORDER BY number
                    """)
            while let row = try rows.next() {
                if let breach = Self.breach(row, after: end) { return .broken(row: end.number + 1, breach) }
                end = AuditHead(number: end.number + 1, hash: String(decoding: Self.bytes(row[2]), as: UTF8.self))
            }
        } catch let error as DatabaseError where error.resultCode == .SQLITE_ERROR {
            // No such table, or not of that form.
            return .broken(row: 1, .missing)
        }
        return try isSealed(end) ? .intact(rows: end.number) : .broken(row: end.number + 1, .cut)
    }

    /// What is wrong with the row that should follow `end`.
    private static func breach(_ row: GRDB.Row, after end: AuditHead) -> AuditBreach? {
        guard case .int64(let number) = (row[0] as DatabaseValue).storage else { return .changed }
        if number > end.number + 1 { return .missing }
        let isText = Int.fromDatabaseValue(row[3]) == 1
        let hash = SecretDigest.of(Array(end.hash.utf8) + bytes(row[1]))
        return number == end.number + 1 && isText && bytes(row[2]) == Array(hash.utf8) ? nil : .changed
    }

    private static func bytes(_ value: DatabaseValue) -> [UInt8] { Array(Data.fromDatabaseValue(value) ?? Data()) }

    /// Whether the head is the server's own word for a chain that ends there.
    private func isSealed(_ end: AuditHead) throws -> Bool {
        do {
            return try AuditHead.stored(in: Transaction(runner: database, key: key)) == end
        } catch let error as DatabaseError where error.resultCode == .SQLITE_ERROR {
            return false
        }
    }
}
