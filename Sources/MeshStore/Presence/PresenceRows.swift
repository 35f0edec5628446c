// Live sessions, as stored.

package import FoundationEssentials
package import MeshAPI

package struct PresenceRow: Sendable {
    package var sessionID: String
    package var meshID: String
    package var accountID: String
    package var credentialID: String
    package var displayName: String
    package var role: String?
    package var pid: Int
    package var host: String
    package var tokenDigest: String
    package var since: Date
    package var heardAt: Date

    package init(
        sessionID: String, meshID: String, accountID: String, credentialID: String, displayName: String,
        role: String? = nil, pid: Int, host: String, tokenDigest: String, since: Date, heardAt: Date
    ) {
        self.sessionID = sessionID
        self.meshID = meshID
        self.accountID = accountID
        self.credentialID = credentialID
        self.displayName = displayName
        self.role = role
        self.pid = pid
        self.host = host
        self.tokenDigest = tokenDigest
        self.since = since
        self.heardAt = heardAt
    }

    /// Unheard for so long, it is gone.
    package static let silenceSeconds: Double = 90
    /// For so long after that its id is still its account's, which may resume it.
    package static let keptSeconds: Double = 86_400

    package func isLive(at now: Date) -> Bool { heardAt.milliseconds > PresenceRows.horizon(now) }

    package func peer(for accountID: String) -> Peer {
        Peer(
            sessionID: sessionID, displayName: displayName, role: role, host: host, since: since,
            isSelf: self.accountID == accountID)
    }
}

extension PresenceRow {
    package init(_ row: Row) throws {
        sessionID = try row["session_id"]
        meshID = try row["mesh_id"]
        accountID = try row["account_id"]
        credentialID = try row["credential_id"]
        displayName = try row["display_name"]
        role = try row["role"]
        pid = try row["pid"]
        host = try row["host"]
        tokenDigest = try row["token_digest"]
        since = try row.date("since")
        heardAt = try row.date("heard_at")
    }
}

package struct PresenceRows {
    package let transaction: Transaction

    /// Before this a session that was heard is gone.
    package static func horizon(_ now: Date) -> Int64 {
        now.addingTimeInterval(-PresenceRow.silenceSeconds).milliseconds
    }

    /// Whether it lives or is over.
    package func kept(sessionID: String) throws -> PresenceRow? {
        try transaction.first("SELECT * FROM presences WHERE session_id = ?1", sessionID).map(PresenceRow.init)
    }

    package func kept(tokenDigest: String) throws -> PresenceRow? {
        try transaction.first("SELECT * FROM presences WHERE token_digest = ?1", tokenDigest).map(PresenceRow.init)
    }

    /// The live session whose own token has this digest.
    package func presence(tokenDigest: String, at now: Date) throws -> PresenceRow? {
        try transaction.first(
            "SELECT * FROM presences WHERE token_digest = ?1 AND heard_at > ?2", tokenDigest, Self.horizon(now)
        ).map(PresenceRow.init)
    }

    /// Writes a session that was heard; what it was before is replaced.
    package func put(_ presence: PresenceRow) throws {
        try transaction.run(
            """
            INSERT INTO presences (session_id, mesh_id, account_id, credential_id, display_name, role, pid, host,
                token_digest, since, heard_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
            ON CONFLICT (session_id) DO UPDATE SET mesh_id = excluded.mesh_id, account_id = excluded.account_id,
                credential_id = excluded.credential_id, display_name = excluded.display_name, role = excluded.role,
                pid = excluded.pid, host = excluded.host, token_digest = excluded.token_digest,
                since = excluded.since, heard_at = excluded.heard_at
            """, presence.sessionID, presence.meshID, presence.accountID, presence.credentialID, presence.displayName,
            presence.role, presence.pid, presence.host, presence.tokenDigest, presence.since.milliseconds,
            presence.heardAt.milliseconds)
    }

    /// Those of a mesh, the longest there first, one more than `limit`.
    package func list(meshID: String, page: PageRequest, at now: Date) throws -> [PresenceRow] {
        try transaction.all(
            """
            SELECT * FROM presences
            WHERE mesh_id = ?1 AND heard_at > ?2 AND (since > ?3 OR (since = ?3 AND session_id > ?4))
            ORDER BY since, session_id LIMIT ?5
            """, meshID, Self.horizon(now), page.after.time, page.after.id, page.limit + 1
        ).map(PresenceRow.init)
    }

    /// It is over now, as one that fell silent. True where it lived.
    package func end(sessionID: String, meshID: String, accountID: String, at now: Date) throws -> Bool {
        try transaction.run(
            """
            UPDATE presences SET heard_at = ?4
            WHERE session_id = ?1 AND mesh_id = ?2 AND account_id = ?3 AND heard_at > ?4
            """, sessionID, meshID, accountID, Self.horizon(now)) == 1
    }

    package func delete(sessionID: String) throws {
        try transaction.run("DELETE FROM presences WHERE session_id = ?1", sessionID)
    }

    /// An account's, in every mesh or in one.
    package func deleteAll(accountID: String, meshID: String? = nil) throws {
        try transaction.run(
            "DELETE FROM presences WHERE account_id = ?1 AND (CAST(?2 AS TEXT) IS NULL OR mesh_id = ?2)", accountID,
            meshID)
    }

    package func deleteAll(meshID: String) throws {
        try transaction.run("DELETE FROM presences WHERE mesh_id = ?1", meshID)
    }

    package func deleteAll(credentialID: String) throws {
        try transaction.run("DELETE FROM presences WHERE credential_id = ?1", credentialID)
    }

    package func liveCount(at now: Date) throws -> Int {
        try transaction.count("SELECT count(*) FROM presences WHERE heard_at > ?1", Self.horizon(now))
    }

    /// Removes those that are over and no longer kept. One heard of in the future, since the clock was set back, was heard
    /// now: it would be listed until then.
    package func sweep(at now: Date) throws {
        try transaction.run("UPDATE presences SET heard_at = ?1 WHERE heard_at > ?1", now.milliseconds)
        try transaction.run(
            "DELETE FROM presences WHERE heard_at <= ?1",
            Self.horizon(now.addingTimeInterval(-PresenceRow.keptSeconds)))
    }
}

extension Transaction {
    package var presences: PresenceRows { PresenceRows(transaction: self) }
}
