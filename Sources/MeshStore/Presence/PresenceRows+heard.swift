// A session that is heard without registering anew: by its polls.

package import FoundationEssentials

extension PresenceRows {
    package func heardAt(sessionID: String) throws -> Date? {
        try transaction.first("SELECT heard_at FROM presences WHERE session_id = ?1", sessionID)?.date("heard_at")
    }

    /// A session was heard. One that fell silent is there again where no other took its handle meanwhile; one that said
    /// that it ends is not. True where it came back.
    package func hear(sessionID: String, at now: Date) throws -> Bool {
        let former = try transaction.first(
            "SELECT mesh_id, heard_at FROM presences WHERE session_id = ?1", sessionID)
        guard let former else { return false }
        let wasLive = (try former["heard_at"] as Int64) > Self.horizon(now)
        let count = try transaction.run(
            """
            UPDATE presences SET heard_at = ?2, silent_at = NULL
            WHERE session_id = ?1 AND gone_at IS NULL AND (heard_at > ?3 OR NOT EXISTS (SELECT 1 FROM presences o
                WHERE o.mesh_id = presences.mesh_id AND o.account_id = presences.account_id
                    AND o.handle = presences.handle AND o.session_id <> ?1 AND o.heard_at > ?3 AND o.gone_at IS NULL))
            """, sessionID, now.milliseconds, Self.horizon(now))
        guard count == 1, !wasLive else { return false }
        try transaction.changes.note(.peerJoined, meshID: try former["mesh_id"], subject: sessionID, at: now)
        return true
    }
}
