// By what a member is called, or why nobody is.

internal import MeshAPI
internal import MeshStore

extension MembershipRows {
    /// By what a member is called and addressed. Throws 404 where they do not belong to it.
    func name(meshID: String, accountID: String) throws -> MemberName {
        let row = try transaction.first(
            """
            SELECT s.account_id, a.name AS member_name, s.handle AS member_handle
            FROM memberships s JOIN accounts a ON a.id = s.account_id WHERE s.mesh_id = ?1 AND s.account_id = ?2
            """, meshID, accountID)
        guard let row else { throw Refusal.notFound }
        return try row.memberName
    }
}
