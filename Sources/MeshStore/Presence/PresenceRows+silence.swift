// Sessions that fell silent: told once each, and not held against them while no server ran.

package import FoundationEssentials
internal import MeshAPI

extension PresenceRows {
    /// Whether there is one that fell silent and of which that was not told yet.
    package func hasUntoldSilence(at now: Date) throws -> Bool {
        try transaction.count(
            """
            SELECT count(*) FROM (SELECT 1 FROM presences
                WHERE heard_at <= ?1 AND gone_at IS NULL AND silent_at IS NULL LIMIT 1) AS silent
            """, Self.horizon(now)) > 0
    }

    /// Those, as told from now on.
    package func fallSilent(at now: Date) throws -> [(sessionID: String, meshID: String)] {
        try transaction.all(
            """
            UPDATE presences SET silent_at = ?2 WHERE heard_at <= ?1 AND gone_at IS NULL AND silent_at IS NULL
            RETURNING session_id, mesh_id
            """, Self.horizon(now), now.milliseconds
        ).map { (try $0["session_id"], try $0["mesh_id"]) }
    }

    /// A server begins: who lived when the last one stopped, which is told from who was heard last, gets the time to be
    /// heard again. Beside a server that runs nobody gains more than that.
    package func revive(at now: Date) throws {
        let last = try transaction.first(
            "SELECT max(heard_at) AS last FROM presences WHERE gone_at IS NULL", as: { try $0["last"] as Int64? }
        ).flatMap { $0 }
        guard let last else { return }
        let heard = now.addingTimeInterval(PresenceRow.graceSeconds - PresenceRow.silenceSeconds)
        let stopped = Date(milliseconds: min(last, now.milliseconds))
        try transaction.run(
            """
            UPDATE presences SET heard_at = ?1, silent_at = NULL
            WHERE gone_at IS NULL AND heard_at < ?1 AND heard_at > ?2
            """, heard.milliseconds, Self.horizon(stopped))
    }
}
