// The account: who one is, signed-in machines, access tokens, a guest's memberships, telemetry.

internal import FoundationEssentials
package import MeshAPI

extension APIClient {
    /// `GET /api/my/whoami`.
    package func whoami() async throws(APIFailure) -> WhoAmI {
        try await call(Routes.whoami, Options(path: Routes.whoami.path()))
    }

    /// `GET /api/my/whoami` with a mesh key.
    package func whoIsKey() async throws(APIFailure) -> WhoIsKey {
        try await call(Routes.whoami, Options(path: Routes.whoami.path()))
    }

    /// `GET /api/my/cli/sessions`: every signed-in machine.
    package func cliSessions() async throws(APIFailure) -> [CLISession] {
        try await list(Routes.listCLISessions, path: Routes.listCLISessions.path())
    }

    /// `DELETE /api/my/cli/sessions/{id}`: an id or a unique prefix of 6 or more.
    package func revokeCLISession(_ id: String) async throws(APIFailure) {
        try await send(Routes.revokeCLISession, Options(path: Routes.revokeCLISession.path(id)))
    }

    /// `DELETE /api/my/cli/sessions/current`: the session this client is signed in with.
    package func revokeCurrentSession() async throws(APIFailure) {
        try await send(Routes.revokeCurrentSession, Options(path: Routes.revokeCurrentSession.path()))
    }

    /// `GET /api/my/cli/tokens`: every access token, without its secret.
    package func accessTokens() async throws(APIFailure) -> [AccessToken] {
        try await list(Routes.listTokens, path: Routes.listTokens.path())
    }

    /// `POST /api/my/cli/tokens`: a token, shown this once.
    /// - Parameter key: kept over retries; a repeated key replaces the token of the first try.
    package func createAccessToken(_ token: CreateAccessToken, key: String) async throws(APIFailure) -> AccessToken {
        let made: AccessToken = try await call(
            Routes.createToken,
            Options(path: Routes.createToken.path(), body: Self.body(token), idempotencyKey: key, secret: true))
        try checked(Routes.createToken, made.token)
        return made
    }

    /// `DELETE /api/my/cli/tokens/{id}`: an id or a unique prefix of 6 or more.
    package func revokeAccessToken(_ id: String) async throws(APIFailure) {
        try await send(Routes.revokeToken, Options(path: Routes.revokeToken.path(id)))
    }

    /// `POST /api/my/guests`: the memberships of the guest who holds `token` move to this account.
    package func adoptGuest(token: String) async throws(APIFailure) {
        try await send(
            Routes.adoptGuest,
            Options(path: Routes.adoptGuest.path(), body: Self.body(AdoptGuest(token: token)), secret: true))
    }

    /// `POST /api/telemetry`, without a token.
    package func sendTelemetry(_ batch: TelemetryBatch) async throws(APIFailure) {
        try await send(
            Routes.telemetry, Options(path: Routes.telemetry.path(), body: Self.body(batch), signed: false))
    }

    /// Whether `events` need not be sent again: the server has them, or says that it will never take them.
    package func settle(_ events: [TelemetryEvent]) async -> Bool {
        do throws(APIFailure) {
            try await sendTelemetry(TelemetryBatch(events: events))
            return true
        } catch {
            return error.status.map([400, 413, 422].contains) ?? false
        }
    }

    /// `GET /health/ready`: the server's database answers.
    package func ready() async throws(APIFailure) {
        try await send(Routes.ready, Options(path: Routes.ready.path(), signed: false))
    }
}
