// Finding out who looks at a page, by their cookie.

internal import FoundationEssentials
internal import HTTPTypes
internal import Hummingbird
internal import Localization
internal import MeshAPI
internal import MeshServices
internal import MeshStore
internal import Platform

/// Finds out who looks, before every page.
struct PageVisitor: RouterMiddleware {
    let database: any Store
    let address: PublicAddress
    let now: @Sendable () -> Date

    func handle(_ request: Request, context: AppContext, next: (Request, AppContext) async throws -> Response)
        async throws -> Response
    {
        let known = try await known(request)
        let visitor = known ?? visitor(TokenForm.base32(randomBytes(32)), session: nil, request)
        let now = now()
        let isStale = visitor.session.map { now.timeIntervalSince($0.lastSeenAt) > 3600 } ?? false
        if isStale, let session = visitor.session {
            try await database.write(.nothing) { try $0.webSessions.touch(digest: session.digest, at: now) }
        }
        var context = context
        context.visitor = visitor
        var response = try await next(request, context)
        let isSet = response.headers[values: .setCookie].contains { $0.hasPrefix(cookie.name + "=") }
        if (known == nil || isStale) && !isSet { cookie.set(visitor.secret, on: &response) }
        if let language = PageLanguage.asked(request) { cookie.set(language, on: &response) }
        return response
    }

    var cookie: VisitorCookie { VisitorCookie(address) }

    /// Who has been here before, by their cookie; nil for anybody else.
    func known(_ request: Request) async throws -> Visitor? {
        guard let secret = cookie.secret(of: request) else { return nil }
        let now = now()
        let session = try await database.lookUp { try $0.webSessions.live(digest: SecretDigest.of(secret), at: now) }
        return visitor(secret, session: session, request)
    }

    private func visitor(_ secret: String, session: WebSessionRow?, _ request: Request) -> Visitor {
        Visitor(
            secret: secret, session: session, language: PageLanguage.of(request),
            formToken: database.key.hmac(.csrf, secret),
            signInPath: OwnPath.signIn(then: OwnPath.returning(to: request)))
    }
}
