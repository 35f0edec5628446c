// `Authorization: Bearer cm_…` before every route under /api/my.

internal import HTTPTypes
internal import MeshServices
internal import MeshStore
internal import Hummingbird

struct BearerAuthenticator: RouterMiddleware {
    let credentials: CredentialService
    let limits: RateLimiter

    func handle(_ request: Request, context: AppContext, next: (Request, AppContext) async throws -> Response)
        async throws -> Response
    {
        if let token = MeshKeyToken.of(request), let key = try await credentials.reader(key: token).key {
            throw KeyReach.refusal(key, context)
        }
        let bearer = try await Self.bearer(of: request, credentials: credentials)
        try await limits.take(.requestsByToken, bearer.credential.id)
        var context = context
        context.bearer = bearer
        return try await next(request, context)
    }

    /// Throws 401, and 403 where the token is good, and a launched session's.
    static func bearer(of request: Request, credentials: CredentialService) async throws -> Bearer {
        guard let header = request.headers[.authorization] else { throw Refusal.unauthorized(.missing) }
        if let token = SessionScheme.of(request) {
            _ = try await credentials.reader(sessionToken: token)
            throw Refusal.personOnly
        }
        let parts = header.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { throw Refusal.unauthorized(.malformed) }
        return try await credentials.bearer(token: String(parts[1]))
    }
}
