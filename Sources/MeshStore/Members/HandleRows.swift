// By what members and peers are addressed in a mesh, and which handles are taken.

package import FoundationEssentials
internal import MeshAPI

package struct HandleRows {
    package let transaction: Transaction

    /// One that no member of the mesh has, made of a name.
    package func forMember(named name: String, meshID: String) throws -> String {
        try Handle.ofMember(named: name) { handle in
            try transaction.count(
                "SELECT count(*) FROM memberships WHERE mesh_id = ?1 AND handle = ?2", meshID, handle) == 0
        }
    }

    /// One that no other live session of the account has there.
    package func forPeer(named name: String, sessionID: String, accountID: String, meshID: String, at now: Date) throws
        -> String
    {
        try Handle.free(Handle.ofPeer(named: name)) { handle in
            try isFreeForPeer(handle, sessionID: sessionID, accountID: accountID, meshID: meshID, at: now)
        }
    }

    package func isFreeForPeer(_ handle: String, sessionID: String, accountID: String, meshID: String, at now: Date)
        throws
        -> Bool
    {
        try transaction.count(
            """
            SELECT count(*) FROM presences
            WHERE mesh_id = ?1 AND handle = ?2 AND account_id = ?3 AND session_id <> ?4 AND heard_at > ?5
                AND gone_at IS NULL
            """, meshID, handle, accountID, sessionID, PresenceRows.horizon(now)) == 0
    }
}

extension Transaction {
    package var handles: HandleRows { HandleRows(transaction: self) }
}
