// Sessions' tokens that are over: each is told why, and never let in again.

package import FoundationEssentials
internal import MeshAPI

package enum TokenEnd: String, Sendable {
    case kicked, moved, banned, removed
}

/// A token that is over, and what is said of it.
package struct EndedTokenRow: Sendable {
    package var reason: TokenEnd
    package var meshName: String
    /// Who ended it; nil where they have no account any more.
    package var byName: String?
    package var at: Date?

    package init(reason: TokenEnd, meshName: String, byName: String? = nil, at: Date? = nil) {
        (self.reason, self.meshName, self.byName, self.at) = (reason, meshName, byName, at)
    }
}

package struct EndedTokenRows {
    package let transaction: Transaction

    package func end(tokenDigest: String) throws -> EndedTokenRow? {
        try transaction.first(
            """
            SELECT e.reason, e.ended_at, m.name AS mesh_name, a.name AS by_name FROM ended_tokens e
            JOIN meshes m ON m.id = e.mesh_id LEFT JOIN accounts a ON a.id = e.by_id WHERE e.token_digest = ?1
            """, tokenDigest
        ).flatMap { row in
            try TokenEnd(rawValue: try row["reason"]).map {
                EndedTokenRow(
                    reason: $0, meshName: try row["mesh_name"], byName: try row["by_name"],
                    at: try row.date("ended_at"))
            }
        }
    }

    /// The token of `presence` is over. Its row stays or goes as the caller has it. Of one that was put out it stays said,
    /// whatever its session does next; a ban alone is more.
    package func insert(_ presence: PresenceRow, _ reason: TokenEnd, by accountID: String?, at now: Date) throws {
        try transaction.run(
            """
            INSERT INTO ended_tokens (token_digest, mesh_id, session_id, account_id, reason, by_id, ended_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
            ON CONFLICT (token_digest) DO UPDATE SET reason = excluded.reason, by_id = excluded.by_id,
                ended_at = excluded.ended_at
            WHERE ended_tokens.reason = 'moved' OR excluded.reason = 'banned'
            """, presence.tokenDigest, presence.meshID, presence.sessionID, presence.accountID, reason.rawValue,
            accountID, now.milliseconds)
    }

    /// All of an account's in a mesh are over, and gone.
    package func endAll(of accountID: String, meshID: String, _ reason: TokenEnd, by: String?, at now: Date) throws {
        let sessions = try transaction.all(
            "\(PresenceRows.select) WHERE mesh_id = ?1 AND account_id = ?2", meshID, accountID, as: PresenceRow.init)
        for session in sessions { try insert(session, reason, by: by, at: now) }
        try transaction.presences.deleteAll(accountID: accountID, meshID: meshID)
    }
}

extension Transaction {
    package var endedTokens: EndedTokenRows { EndedTokenRows(transaction: self) }
}
