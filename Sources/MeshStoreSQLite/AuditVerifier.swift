// Checks the audit chain: every row's hash, the numbers without a gap, and the sealed head that says how long it is.

internal import FoundationEssentials
internal import GRDB
internal import MeshAPI

/// What a check of the audit chain found.
public enum AuditReport: Sendable, Hashable {
    case intact(rows: Int)
    /// The first row that is not as it was written.
    case broken(row: Int, AuditBreach)
}

/// How a row is not as it was written.
public enum AuditBreach: String, Sendable, Hashable {
    /// Its bytes or its hash were changed, or it was put there by somebody else.
    case changed
    /// The row that should stand there is gone.
    case missing
    /// The end of the chain, which the sealed head knows of, is gone; or the head itself.
    case cut
}

/// Takes nothing for granted: whoever has the file can put any type anywhere, or drop the tables.
struct AuditVerifier {
    let transaction: Transaction

    /// Reads the whole chain once, a row at a time. Throws `DatabaseError` where the file itself can't be read.
    func verify() throws -> AuditReport {
        var end = AuditHead(number: 0, hash: "")
        do {
            // As bytes: SQLite's texts may go on behind a NUL.
            let rows = try Row.fetchCursor(
                transaction.database,
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
    private static func breach(_ row: Row, after end: AuditHead) -> AuditBreach? {
        guard case .int64(let number) = (row[0] as DatabaseValue).storage else { return .changed }
        if number > end.number + 1 { return .missing }
        let isText = Int.fromDatabaseValue(row[3]) == 1
        let hash = Secret.digest(Array(end.hash.utf8) + bytes(row[1]))
        return number == end.number + 1 && isText && bytes(row[2]) == Array(hash.utf8) ? nil : .changed
    }

    private static func bytes(_ value: DatabaseValue) -> [UInt8] { Array(Data.fromDatabaseValue(value) ?? Data()) }

    /// Whether the head is the server's own word for a chain that ends there.
    private func isSealed(_ end: AuditHead) throws -> Bool {
        do {
            return try AuditHead.stored(in: transaction) == end
        } catch let error as DatabaseError where error.resultCode == .SQLITE_ERROR {
            return false
        }
    }
}
