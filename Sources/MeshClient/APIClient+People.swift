// What people alone do in a mesh: their attention, contacts, putting others out, keys. Topics' mute is here too.

internal import FoundationEssentials
package import MeshAPI

extension APIClient {
    /// `PUT topics/{name}/attention`.
    package func muteTopic(_ name: String, _ mute: Bool, in mesh: String) async throws(APIFailure) -> Topic {
        try await call(
            Routes.muteTopic,
            Options(path: Routes.muteTopic.path(mesh, name), body: Self.body(MuteTopic(mute: mute))))
    }

    /// `PATCH members/me`: what may wake one's sessions, and whose first message waits.
    package func changeMyself(_ change: ChangeMyself, in mesh: String) async throws(APIFailure) -> Member {
        try await call(
            Routes.changeMyself, Options(path: Routes.changeMyself.path(mesh), body: Self.body(change)))
    }

    /// `GET grants`: who is in contact, who waits, who is blocked.
    package func grants(in mesh: String) async throws(APIFailure) -> [Grant] {
        try await list(Routes.listGrants, path: Routes.listGrants.path(mesh))
    }

    /// `PUT grants/{member_id}`: both let in what is held, none blocks.
    package func setGrant(
        _ can: [GrantAbility], to member: String, in mesh: String
    ) async throws(APIFailure) -> Grant {
        try await call(
            Routes.putGrant, Options(path: Routes.putGrant.path(mesh, member), body: Self.body(PutGrant(can: can))))
    }

    /// `DELETE grants/{member_id}`: as the mesh's first contact has it.
    package func removeGrant(to member: String, in mesh: String) async throws(APIFailure) {
        try await send(Routes.deleteGrant, Options(path: Routes.deleteGrant.path(mesh, member)))
    }

    /// `PATCH /api/my/meshes/{id}`: whose first message waits in it.
    package func setFirstContact(_ contact: FirstContact, in mesh: String) async throws(APIFailure) -> Mesh {
        try await call(
            Routes.renameMesh,
            Options(path: Routes.renameMesh.path(mesh), body: Self.body(ChangeFirstContact(firstContact: contact))))
    }

    private struct ChangeFirstContact: Encodable {
        var firstContact: FirstContact
    }

    /// `POST sessions/{id}/disconnect`: its stream ends, and it comes back.
    package func disconnect(_ session: String, in mesh: String) async throws(APIFailure) {
        try await send(
            Routes.disconnectSession, Options(path: Routes.disconnectSession.path(mesh, session), isRepeatable: true))
    }

    /// `POST sessions/{id}/kick`: its token is over.
    package func kick(_ session: String, in mesh: String) async throws(APIFailure) {
        try await send(Routes.kickSession, Options(path: Routes.kickSession.path(mesh, session), isRepeatable: true))
    }

    /// `POST sessions/kick`: those that are idle so long, or all.
    package func kick(_ which: KickSessions, in mesh: String) async throws(APIFailure) -> [KickedSessions.Item] {
        let answer: KickedSessions = try await call(
            Routes.kickSessions, Options(path: Routes.kickSessions.path(mesh), body: Self.body(which)))
        return answer.kicked
    }

    /// `POST members/{id}/ban`.
    package func ban(_ member: String, in mesh: String) async throws(APIFailure) {
        try await send(Routes.banMember, Options(path: Routes.banMember.path(mesh, member)))
    }

    /// `DELETE members/{id}/ban`.
    package func unban(_ member: String, in mesh: String) async throws(APIFailure) {
        try await send(Routes.unbanMember, Options(path: Routes.unbanMember.path(mesh, member)))
    }

    /// `GET bans`.
    package func bans(in mesh: String) async throws(APIFailure) -> [Ban] {
        try await list(Routes.listBans, path: Routes.listBans.path(mesh))
    }

    /// `GET keys`, without their secrets.
    package func meshKeys(in mesh: String) async throws(APIFailure) -> [MeshKey] {
        try await list(Routes.listKeys, path: Routes.listKeys.path(mesh))
    }

    /// `POST keys`: with its secret, this once.
    package func createMeshKey(_ key: CreateKey, in mesh: String) async throws(APIFailure) -> MeshKey {
        let made: MeshKey = try await call(
            Routes.createKey, Options(path: Routes.createKey.path(mesh), body: Self.body(key), secret: true))
        try checked(Routes.createKey, made.key ?? "", among: [.key])
        return made
    }

    /// `DELETE keys/{id}`.
    package func revokeMeshKey(_ id: String, in mesh: String) async throws(APIFailure) {
        try await send(Routes.revokeKey, Options(path: Routes.revokeKey.path(mesh, id)))
    }
}
