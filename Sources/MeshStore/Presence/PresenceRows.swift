// Peers, as stored: sessions that live in a mesh, and those that did, kept for seven days with their mailboxes.

package import FoundationEssentials
package import MeshAPI

package struct PresenceRows {
    package let transaction: Transaction

    static let select = "SELECT \(PresenceRow.columns()) FROM presences"
    // Put together once.
    private static let bySession = "\(select) WHERE session_id = ?1"
    private static let byToken = "\(select) WHERE token_digest = ?1"
    private static let ofMesh = "\(select) WHERE mesh_id = ?1 AND heard_at > ?2"

    /// Before this a session that was heard is gone.
    package static func horizon(_ now: Date) -> Int64 {
        now.addingTimeInterval(-PresenceRow.silenceSeconds).milliseconds
    }

    /// Before this one that is gone is kept no longer.
    package static func keptHorizon(_ now: Date) -> Int64 {
        now.addingTimeInterval(-PresenceRow.keptSeconds).milliseconds
    }

    /// Whether it lives or is over.
    package func kept(sessionID: String) throws -> PresenceRow? {
        try transaction.first(Self.bySession, sessionID, as: PresenceRow.init)
    }

    package func kept(tokenDigest: String) throws -> PresenceRow? {
        try transaction.first(Self.byToken, tokenDigest, as: PresenceRow.init)
    }

    /// Writes a session; what it was before is replaced.
    package func put(_ presence: PresenceRow) throws {
        try transaction.run("DELETE FROM presences WHERE session_id = ?1", presence.sessionID)
        try transaction.run(
            """
            INSERT INTO presences (session_id, mesh_id, account_id, credential_id, display_name, role, pid, host,
                token_digest, since, heard_at, handle, directory, receives, can, lane, status, status_at, asks,
                attention, attention_chosen, attention_until, gone_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21,
                ?22, ?23)
            """, presence.sessionID, presence.meshID, presence.accountID, presence.credentialID, presence.displayName,
            presence.role, presence.pid, presence.host, presence.tokenDigest, presence.since.milliseconds,
            presence.heardAt.milliseconds, presence.handle, presence.directory, presence.receives.rawValue,
            presence.can?.map(\.rawValue).joined(separator: " "), presence.lane?.rawValue, presence.status.rawValue,
            presence.statusAt.milliseconds, presence.asks, presence.attention.rawValue,
            presence.attentionChosen.rawValue, presence.attentionUntil?.milliseconds, presence.goneAt?.milliseconds)
    }

    /// Those of a mesh that live, the longest there first, one more than `limit`; with `away` those that are kept too.
    package func list(meshID: String, away: Bool, page: PageRequest, at now: Date) throws -> [(PresenceRow, MemberName)]
    {
        try transaction.all(
            """
            SELECT \(PresenceRow.columns(of: "p")), a.name AS member_name, s.handle AS member_handle FROM presences p
            JOIN memberships s ON s.mesh_id = p.mesh_id AND s.account_id = p.account_id
            JOIN accounts a ON a.id = p.account_id
            WHERE p.mesh_id = ?1 AND p.heard_at > ?2 AND (p.gone_at IS NULL OR ?6 = 1)
                AND (p.since > ?3 OR (p.since = ?3 AND p.session_id > ?4))
            ORDER BY p.since, p.session_id LIMIT ?5
            """, meshID, away ? Self.keptHorizon(now) : Self.horizon(now), page.after.time, page.after.id,
            page.limit + 1, away ? 1 : 0
        ).map { (try PresenceRow($0), try $0.memberName) }
    }

    /// All that live or are kept in a mesh.
    package func all(meshID: String, at now: Date) throws -> [PresenceRow] {
        try transaction.all(
            Self.ofMesh, meshID, Self.keptHorizon(now), as: PresenceRow.init)
    }

    package func liveCount(of accountID: String, meshID: String, but sessionID: String, at now: Date) throws -> Int {
        try transaction.count(
            """
            SELECT count(*) FROM presences WHERE mesh_id = ?1 AND account_id = ?2 AND session_id <> ?3
                AND heard_at > ?4 AND gone_at IS NULL
            """, meshID, accountID, sessionID, Self.horizon(now))
    }

    /// Those that are kept and have this handle, and live no more.
    package func away(handle: String, accountID: String, meshID: String, but sessionID: String, at now: Date) throws
        -> [String]
    {
        try transaction.all(
            """
            SELECT session_id FROM presences WHERE mesh_id = ?1 AND account_id = ?2 AND handle = ?3 AND session_id <> ?4
                AND (heard_at <= ?5 OR gone_at IS NOT NULL)
            """, meshID, accountID, handle, sessionID, Self.horizon(now)
        ).map { try $0["session_id"] }
    }

    /// It is over now, as one that fell silent. True where it lived.
    package func end(sessionID: String, meshID: String, accountID: String, at now: Date) throws -> Bool {
        try transaction.run(
            """
            UPDATE presences SET gone_at = ?4
            WHERE session_id = ?1 AND mesh_id = ?2 AND account_id = ?3 AND heard_at > ?5 AND gone_at IS NULL
            """, sessionID, meshID, accountID, now.milliseconds, Self.horizon(now)) == 1
    }

    /// Put out: it is over now, whoever's it is.
    package func putOut(sessionID: String, at now: Date) throws {
        try transaction.run(
            "UPDATE presences SET gone_at = ?2 WHERE session_id = ?1 AND gone_at IS NULL", sessionID, now.milliseconds)
    }

    /// What a session says of itself.
    package func change(_ presence: PresenceRow) throws {
        try transaction.run(
            """
            UPDATE presences SET status = ?2, status_at = ?3, asks = ?4, attention = ?5, attention_chosen = ?6,
                attention_until = ?7 WHERE session_id = ?1
            """, presence.sessionID, presence.status.rawValue, presence.statusAt.milliseconds, presence.asks,
            presence.attention.rawValue, presence.attentionChosen.rawValue, presence.attentionUntil?.milliseconds)
    }

    /// It is another account's from now on, registered by another credential.
    package func move(sessionID: String, to accountID: String, credentialID: String, handle: String) throws {
        try transaction.run(
            "UPDATE presences SET account_id = ?2, credential_id = ?3, handle = ?4 WHERE session_id = ?1", sessionID,
            accountID, credentialID, handle)
    }

    package func delete(sessionID: String) throws {
        try transaction.run("DELETE FROM presences WHERE session_id = ?1", sessionID)
    }

    /// An account's, in every mesh or in one.
    package func deleteAll(accountID: String, meshID: String? = nil) throws {
        try transaction.run(
            "DELETE FROM presences WHERE account_id = ?1 AND (mesh_id = ?2 OR CAST(?2 AS TEXT) IS NULL)", accountID,
            meshID)
    }

    /// Its mesh is archived: all are over, and kept, so that their tokens are told of it.
    package func endAll(meshID: String, at now: Date) throws {
        try transaction.run(
            "UPDATE presences SET gone_at = ?2 WHERE mesh_id = ?1 AND gone_at IS NULL", meshID, now.milliseconds)
    }

    /// The credential that registered them ended: they are over, and kept.
    package func endAll(credentialID: String) throws {
        try transaction.run(
            "UPDATE presences SET gone_at = heard_at WHERE credential_id = ?1 AND gone_at IS NULL", credentialID)
    }

    package func liveCount(at now: Date) throws -> Int {
        try transaction.count(
            "SELECT count(*) FROM presences WHERE heard_at > ?1 AND gone_at IS NULL", Self.horizon(now))
    }

    /// Removes those that are kept no longer. One heard of in the future, since the clock was set back, was heard now: it
    /// would be listed until then.
    package func sweep(at now: Date) throws {
        try transaction.run("UPDATE presences SET heard_at = ?1 WHERE heard_at > ?1", now.milliseconds)
        try transaction.run("DELETE FROM presences WHERE heard_at <= ?1", Self.keptHorizon(now))
        try transaction.run(
            "DELETE FROM ended_tokens WHERE reason <> 'kicked' AND ended_at <= ?1", Self.keptHorizon(now))
    }
}

extension Transaction {
    package var presences: PresenceRows { PresenceRows(transaction: self) }
}

extension Row {
    /// Of `member_name` and `member_handle`, and the account's id.
    package var memberName: MemberName {
        get throws {
            MemberName(id: try self["account_id"], name: try self["member_name"], handle: try self["member_handle"])
        }
    }
}
