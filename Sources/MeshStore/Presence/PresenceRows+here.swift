// How many live in a mesh, for lists that show it in a word.

package import FoundationEssentials
package import MeshAPI

extension PresenceRows {
    /// How many, and the names of the three that came last.
    package func here(meshID: String, at now: Date) throws -> PeersHere {
        let live = "mesh_id = ?1 AND heard_at > ?2 AND gone_at IS NULL"
        let count = try transaction.count("SELECT count(*) FROM presences WHERE \(live)", meshID, Self.horizon(now))
        guard count > 0 else { return PeersHere(count: 0, names: []) }
        let names = try transaction.all(
            "SELECT display_name FROM presences WHERE \(live) ORDER BY since DESC, session_id LIMIT 3", meshID,
            Self.horizon(now))
        return PeersHere(count: count, names: try names.map { try $0["display_name"] })
    }
}
