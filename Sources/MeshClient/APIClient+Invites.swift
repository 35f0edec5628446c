// Invites: made, listed and revoked by members; previewed and claimed by anybody who holds the code.

internal import FoundationEssentials
package import MeshAPI

extension APIClient {
    /// `GET /api/my/meshes/{id}/invites`, all pages.
    package func invites(to mesh: String) async throws(APIFailure) -> [Invite] {
        try await list(Routes.listInvites, path: Routes.listInvites.path(mesh))
    }

    /// `POST /api/my/meshes/{id}/invites`.
    /// - Parameter key: kept over retries, so that no invite is made or mailed twice.
    package func createInvite(_ invite: CreateInvite, to mesh: String, key: String) async throws(APIFailure) -> Invite {
        try await call(
            Routes.createInvite,
            Options(path: Routes.createInvite.path(mesh), body: Self.body(invite), idempotencyKey: key))
    }

    /// `DELETE /api/my/meshes/{id}/invites/{invite}`: an id or a unique prefix of 6 or more.
    package func revokeInvite(_ invite: String, of mesh: String) async throws(APIFailure) {
        try await send(Routes.revokeInvite, Options(path: Routes.revokeInvite.path(mesh, invite)))
    }

    /// `GET /api/public/invites/{code}`; with a token it says whether one is in that mesh already. 410 `invite_expired`,
    /// `invite_revoked`, `invite_exhausted`.
    package func invitePreview(_ code: String) async throws(APIFailure) -> InvitePreview {
        try await call(Routes.invitePreview, Options(path: Routes.invitePreview.path(code)))
    }

    /// `POST /api/public/invites/{code}/claim`: joins with this client's credential, or without one as a new guest,
    /// whose token is in the answer.
    /// - Parameter key: kept over retries; a repeated key costs no second use, and brings a fresh guest token.
    package func claimInvite(_ code: String, _ claim: ClaimInvite, key: String) async throws(APIFailure) -> InviteClaim
    {
        let claimed: InviteClaim = try await call(
            Routes.claimInvite,
            Options(path: Routes.claimInvite.path(code), body: Self.body(claim), idempotencyKey: key, secret: true))
        try checked(Routes.claimInvite, claimed.token)
        return claimed
    }
}
