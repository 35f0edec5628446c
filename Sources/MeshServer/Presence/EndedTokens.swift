// Sessions' tokens that are over: each is told why, and never let in again.

internal import FoundationEssentials
internal import MeshStore
internal import MeshAPI

enum TokenEnd: String, Sendable {
    case kicked, moved, banned, removed
}

struct EndedTokenRows {
    let transaction: Transaction

    func end(tokenDigest: String) throws -> TokenEnd? {
        let row = try transaction.first("SELECT reason FROM ended_tokens WHERE token_digest = ?1", tokenDigest)
        return try row.flatMap { TokenEnd(rawValue: try $0["reason"]) }
    }

    /// The token of `presence` is over. Its row stays or goes as the caller has it.
    func insert(_ presence: PresenceRow, _ reason: TokenEnd, by accountID: String?, at now: Date) throws {
        try transaction.run(
            """
            INSERT INTO ended_tokens (token_digest, mesh_id, session_id, account_id, reason, by_id, ended_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
            ON CONFLICT (token_digest) DO UPDATE SET reason = excluded.reason, by_id = excluded.by_id,
                ended_at = excluded.ended_at
            """, presence.tokenDigest, presence.meshID, presence.sessionID, presence.accountID, reason.rawValue,
            accountID, now.milliseconds)
    }

    /// All of an account's in a mesh are over, and gone.
    func endAll(of accountID: String, meshID: String, _ reason: TokenEnd, by: String?, at now: Date) throws {
        let rows = try transaction.all(
            "SELECT * FROM presences WHERE mesh_id = ?1 AND account_id = ?2", meshID, accountID)
        for row in rows { try insert(PresenceRow(row), reason, by: by, at: now) }
        try transaction.presences.deleteAll(accountID: accountID, meshID: meshID)
    }
}

extension Transaction {
    var endedTokens: EndedTokenRows { EndedTokenRows(transaction: self) }
}
