// Meshes, who belongs to them, and who is in them now.

internal import FoundationEssentials
package import MeshAPI

extension APIClient {
    /// `GET /api/my/meshes`, all pages.
    package func meshes() async throws(APIFailure) -> [Mesh] {
        try await list(Routes.listMeshes, path: Routes.listMeshes.path())
    }

    /// `GET /api/my/meshes`, page by page as they come.
    /// - Parameters:
    ///   - matching: what the server searches for, nil for all.
    ///   - body: is given each page, and whether it is the last.
    package func meshes(
        matching: String? = nil, eachPage body: (_ meshes: [Mesh], _ isLast: Bool) async -> Void
    ) async throws(APIFailure) {
        try await eachPage(
            Routes.listMeshes, path: Routes.listMeshes.path(), query: matching.map { [("q", $0)] } ?? [], body)
    }

    /// `GET /api/my/meshes/{id}`.
    package func mesh(_ id: String) async throws(APIFailure) -> Mesh {
        try await call(Routes.mesh, Options(path: Routes.mesh.path(id)))
    }

    /// `POST /api/my/meshes`. A taken slug is 409 `slug_taken` with a suggestion.
    /// - Parameter key: kept over retries, so that no mesh is made twice.
    package func createMesh(_ mesh: CreateMesh, key: String) async throws(APIFailure) -> Mesh {
        try await call(
            Routes.createMesh,
            Options(path: Routes.createMesh.path(), body: Self.body(mesh), idempotencyKey: key))
    }

    /// `PATCH /api/my/meshes/{id}`.
    package func renameMesh(_ id: String, to name: String) async throws(APIFailure) -> Mesh {
        try await call(
            Routes.renameMesh,
            Options(path: Routes.renameMesh.path(id), body: Self.body(ChangeMesh(name: name))))
    }

    /// `DELETE /api/my/meshes/{id}`: archives it.
    package func archiveMesh(_ id: String) async throws(APIFailure) {
        try await send(Routes.archiveMesh, Options(path: Routes.archiveMesh.path(id)))
    }

    /// `GET /api/my/meshes/{id}/members`, all pages.
    package func members(of mesh: String) async throws(APIFailure) -> [Member] {
        try await list(Routes.listMembers, path: Routes.listMembers.path(mesh))
    }

    /// `DELETE /api/my/meshes/{id}/members/{member}`; `me` leaves. 409 `last_owner` where none would remain.
    package func removeMember(_ member: String = "me", from mesh: String) async throws(APIFailure) {
        try await send(Routes.removeMember, Options(path: Routes.removeMember.path(mesh, member)))
    }

    /// `GET /api/my/meshes/{id}/sessions`: who is in it now.
    package func peers(in mesh: String) async throws(APIFailure) -> [Peer] {
        try await list(Routes.listPeers, path: Routes.listPeers.path(mesh))
    }

    /// `POST /api/my/meshes/{id}/sessions`: this session is there; to be repeated every 30 s.
    package func registerSession(_ session: RegisterSession, in mesh: String) async throws(APIFailure) {
        try await send(
            Routes.registerSession,
            Options(path: Routes.registerSession.path(mesh), body: Self.body(session), isRepeatable: true))
    }

    /// `DELETE /api/my/meshes/{id}/sessions/{session_id}`: this session is gone.
    package func endSession(_ session: String, in mesh: String) async throws(APIFailure) {
        try await send(Routes.endSession, Options(path: Routes.endSession.path(mesh, session)))
    }
}
