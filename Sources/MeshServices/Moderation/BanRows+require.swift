// That an account may come back into a mesh.

internal import MeshAPI
internal import MeshStore

extension BanRows {
    /// Throws 403 `banned` where the account is.
    func requireNone(_ accountID: String, meshID: String) throws {
        guard try has(accountID, meshID: meshID) else { return }
        throw Refusal.banned(from: try transaction.meshes.summary(id: meshID)?.name ?? "this mesh")
    }
}
