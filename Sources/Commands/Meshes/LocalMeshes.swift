// The meshes of an account as `meshes.json` keeps them: reconciled with the server, or changed by one.

import Connect
import Console
import LocalState
import Localization
import MeshAPI

extension ServerAccess {
    /// Makes `meshes.json` say what the server says. Throws where it cannot be written.
    func reconcile(_ meshes: [Mesh]) async throws -> (added: [SavedMesh], removed: [SavedMesh]) {
        let account = try await account()
        let now = context.now()
        return try connection.directory.updateMeshes {
            $0.setMeshes(meshes.map(SavedMesh.init), of: account, at: now)
        }
    }

    /// Adds or renews `mesh`. What was asked for stands on the server: a failure here is a warning.
    /// - Returns: whether it is kept.
    func keepMesh(_ mesh: Mesh) async throws -> Bool {
        try await changeMeshes { $0.keepMesh(SavedMesh(mesh), of: $1) }
    }

    /// As above, for a mesh that one belongs to no more.
    func forgetMesh(_ id: String) async throws {
        _ = try await changeMeshes { $0.forgetMesh(id, of: $1) }
    }

    private func changeMeshes(_ change: (inout MeshCache, AccountKey) -> Void) async throws -> Bool {
        do {
            let account = try await account()
            try connection.directory.updateMeshes { change(&$0, account) }
            return true
        } catch let failure as StreamFailure {
            throw failure
        } catch {
            let why = Explanation.of(error, context: context)
            output.warning(context.strings(CommandText.notKept, ["reason": why.message.lowercasedFirst]))
            return false
        }
    }
}
