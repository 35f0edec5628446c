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

struct AuditVerifier {
    let transaction: Transaction

    /// Reads the whole chain once, a row at a time. Throws `DatabaseError`.
    func verify() throws -> AuditReport {
        var former = ""
        var number = 0
        let rows = try Row.fetchCursor(
            transaction.database, sql: "SELECT number, body, hash FROM audit ORDER BY number")
        while let row = try rows.next() {
            number += 1
            guard row["number"] == number else { return .broken(row: number, .missing) }
            let (body, hash): (String, String) = (row["body"], row["hash"])
            guard hash == AuditRows.link(after: former, body: body) else { return .broken(row: number, .changed) }
            former = hash
        }
        return try headFits(number: number, hash: former) ? .intact(rows: number) : .broken(row: number + 1, .cut)
    }

    /// Whether the head is the server's own word for a chain that ends here. Without one, nothing was ever done.
    private func headFits(number: Int, hash: String) throws -> Bool {
        guard let head = try transaction.first("SELECT number, hash, seal FROM audit_head WHERE id = 1") else {
            let traces = try transaction.count(
                "SELECT (SELECT count(*) FROM credentials) + (SELECT count(*) FROM web_sessions)"
                    + " + (SELECT count(*) FROM device_codes) + (SELECT count(*) FROM meshes)")
            return number == 0 && traces == 0
        }
        let seal: String = head["seal"]
        return head["number"] == number && head["hash"] == hash
            && Secret.areEqual(seal, transaction.key.hmac(.auditHead, "\(number)/\(hash)"))
    }
}
