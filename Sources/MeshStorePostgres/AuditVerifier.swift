// Checks the audit chain as it stands: every row's hash, the numbers without a gap, and the sealed head.

internal import FoundationEssentials
package import MeshStore

package enum PostgresAudit {
    private static let perPage = 1000

    /// Migrates nothing: that could begin the chain anew. Throws `StorageFailure`. Blocks the caller.
    package static func verify(
        _ url: DatabaseURL, keyFile: String, environment: [String: String]
    ) throws -> AuditReport {
        let address = try PostgresAddress(url, environment: environment)
        let connection = try PostgresConnection(address)
        guard let key = try KeyFile.stored(in: keyFile) else {
            throw StorageFailure.file(path: keyFile, reason: .keyNotHere)
        }
        try connection.opening("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", address)
        do {
            let transaction = Transaction(runner: connection, key: key)
            guard try transaction.runner.tables().isSuperset(of: ["audit", "audit_head", "migrations"]) else {
                return .broken(row: 1, .missing)
            }
            if try SharedFacts(transaction: transaction).exists,
                let known = try SharedFacts(transaction: transaction).value(.keyFingerprint), known != key.fingerprint
            {
                throw StorageFailure.file(path: keyFile, reason: .keyOfOthers)
            }
            return try verify(in: transaction)
        } catch let failure as PostgresFailure {
            throw StorageFailure.server(address.shown, reason: failure.storeFailure.code)
        }
    }

    package static func verify(in transaction: Transaction) throws -> AuditReport {
        var end = AuditHead(number: 0, hash: "")
        // Before the first there may be some that nobody of ours wrote.
        var position = Int.min
        while true {
            let rows = try transaction.all(
                "SELECT number, body, hash FROM audit WHERE number > ?1 ORDER BY number LIMIT ?2", position, perPage)
            for row in rows {
                let (number, body, hash): (Int, String, String) = (try row[0], try row[1], try row[2])
                if number > end.number + 1 { return .broken(row: end.number + 1, .missing) }
                guard number == end.number + 1, hash == AuditRows.link(after: end.hash, body: Array(body.utf8)) else {
                    return .broken(row: end.number + 1, .changed)
                }
                end = AuditHead(number: number, hash: hash)
                position = number
            }
            if rows.count < perPage { break }
        }
        let isSealed = try AuditHead.stored(in: transaction) == end
        return isSealed ? .intact(rows: end.number) : .broken(row: end.number + 1, .cut)
    }
}
