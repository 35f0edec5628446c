// Who may what in a mesh, asked before anything is done there.

internal import MeshAPI
internal import MeshStore

extension MeshRows {
    /// What the account may do in the mesh. Throws 404 where it does not belong to it, 403 where it may less than `least`.
    @discardableResult
    func require(_ id: String, for accountID: String, atLeast least: Membership) throws -> Membership {
        guard let own = try transaction.memberships.membership(meshID: id, accountID: accountID) else {
            throw Refusal.notFound
        }
        guard own.isAtLeast(least) else { throw Refusal.forbidden }
        return own
    }
}
