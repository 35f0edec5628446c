// What every mesh has from its beginning: its counters and #general. Meshes, members and peers that were there before
// messages get theirs in the transaction of the migration, since SQL has neither random numbers nor slugs.

package import FoundationEssentials
internal import MeshAPI

package struct MeshGround {
    package let transaction: Transaction

    /// With which messages begin.
    package static let migration = "0013-who-may.sql"

    package func lay(meshID: String, ownerID: String, at now: Date) throws {
        try transaction.heads.begin(meshID: meshID)
        try transaction.run(
            """
            INSERT INTO topics (id, mesh_id, name, is_general, created_by, created_at) VALUES (?1, ?2, ?3, 1, ?4, ?5)
            """, Identifier.make(), meshID, Topic.general, ownerID, now.milliseconds)
    }

    /// For what was there before.
    package func layAll(at now: Date) throws {
        for mesh in try transaction.all("SELECT id, owner_id FROM meshes ORDER BY created_at, id") {
            try lay(meshID: try mesh["id"], ownerID: try mesh["owner_id"], at: now)
        }
        let members = try transaction.all(
            """
            SELECT s.mesh_id, s.account_id, a.name FROM memberships s JOIN accounts a ON a.id = s.account_id
            WHERE s.handle IS NULL ORDER BY s.mesh_id, s.joined_at, s.account_id
            """)
        for member in members {
            let meshID: String = try member["mesh_id"]
            try transaction.run(
                "UPDATE memberships SET handle = ?3 WHERE mesh_id = ?1 AND account_id = ?2", meshID,
                try member["account_id"] as String,
                try transaction.handles.forMember(named: member["name"], meshID: meshID)
            )
        }
        for peer in try transaction.all("SELECT * FROM presences WHERE handle = '' ORDER BY since, session_id") {
            let sessionID: String = try peer["session_id"]
            try transaction.run(
                "UPDATE presences SET handle = ?2 WHERE session_id = ?1", sessionID,
                try transaction.handles.forPeer(
                    named: try peer["display_name"], sessionID: sessionID, accountID: try peer["account_id"],
                    meshID: try peer["mesh_id"], at: now))
        }
    }
}
