// The name of a member who must be there.

internal import MeshAPI
internal import MeshStore

extension MembershipRows {
    /// By what a member is called and addressed. Throws 404 where they do not belong to the mesh.
    func name(meshID: String, accountID: String) throws -> MemberName {
        guard let name = try memberName(meshID: meshID, accountID: accountID) else { throw Refusal.notFound }
        return name
    }
}
