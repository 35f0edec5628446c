// What every mesh has from its beginning: its counters and #general. Meshes, members and peers that were there before
// messages get theirs in the transaction of the migration, since SQL has neither random numbers nor slugs.

internal import FoundationEssentials
internal import GRDB
internal import MeshAPI

struct MeshGround {
    let transaction: Transaction

    /// With which messages begin.
    static let migration = "0013-who-may.sql"

    func lay(meshID: String, ownerID: String, at now: Date) throws {
        try transaction.heads.begin(meshID: meshID)
        try transaction.run(
            """
            INSERT INTO topics (id, mesh_id, name, is_general, created_by, created_at) VALUES (?1, ?2, ?3, 1, ?4, ?5)
            """, Identifier.make(), meshID, Topic.general, ownerID, now.milliseconds)
    }

    /// For what was there before.
    func layAll(at now: Date) throws {
        for mesh in try transaction.all("SELECT id, owner_id FROM meshes ORDER BY created_at, id") {
            try lay(meshID: mesh["id"], ownerID: mesh["owner_id"], at: now)
        }
        let members = try transaction.all(
            """
            SELECT s.mesh_id, s.account_id, a.name FROM memberships s JOIN accounts a ON a.id = s.account_id
            WHERE s.handle IS NULL ORDER BY s.mesh_id, s.joined_at, s.account_id
            """)
        for member in members {
            let meshID: String = member["mesh_id"]
            try transaction.run(
                "UPDATE memberships SET handle = ?3 WHERE mesh_id = ?1 AND account_id = ?2", meshID,
                member["account_id"] as String, try transaction.handles.forMember(named: member["name"], meshID: meshID)
            )
        }
        for peer in try transaction.all("SELECT * FROM presences WHERE handle = '' ORDER BY since, session_id") {
            let sessionID: String = peer["session_id"]
            try transaction.run(
                "UPDATE presences SET handle = ?2 WHERE session_id = ?1", sessionID,
                try transaction.handles.forPeer(
                    named: peer["display_name"], sessionID: sessionID, accountID: peer["account_id"],
                    meshID: peer["mesh_id"], at: now))
        }
    }
}
