// Requests by whoever may look at a mesh: a bearer's token, a session's own (`Authorization: ClaudeMesh-Session <64 hex>`), or a
// mesh key.

internal import HTTPTypes
internal import Hummingbird
internal import MeshAPI
internal import MeshServices
internal import MeshStore
internal import NIOCore

/// A request by a reader.
struct ReaderContext: WireContext, ChildRequestContext {
    var coreContext: CoreRequestContextStorage
    let address: String
    let channel: any Channel
    let reader: Reader

    init(context: AppContext) throws {
        guard let reader = context.reader else { throw Refusal.unauthorized(.missing) }
        coreContext = context.coreContext
        address = context.address
        channel = context.channel
        self.reader = reader
    }
}

/// Before the routes a reader may ask.
struct ReaderAuthenticator: RouterMiddleware {
    let credentials: CredentialService
    let limits: RateLimiter
    var rule = Rule.requestsByToken

    func handle(_ request: Request, context: AppContext, next: (Request, AppContext) async throws -> Response)
        async throws -> Response
    {
        let reader: Reader
        if let token = SessionScheme.of(request) {
            reader = try await credentials.reader(sessionToken: token)
        } else if let token = MeshKeyToken.of(request) {
            reader = try await credentials.reader(key: token)
            if let key = reader.key { try KeyReach.check(key, request, context) }
        } else {
            let bearer = try await BearerAuthenticator.bearer(of: request, credentials: credentials)
            reader = Reader(account: bearer.account, credential: bearer.credential.info)
        }
        try await limits.take(rule, reader.credential.id)
        var context = context
        context.reader = reader
        return try await next(request, context)
    }
}

/// `ClaudeMesh-Session <64 hex>`, in any case.
enum SessionScheme {
    static let scheme = "claudemesh-session"

    /// The token in lower case; nil where the request carries none of that scheme.
    static func of(_ request: Request) -> String? {
        let parts = (request.headers[.authorization] ?? "").split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == scheme else { return nil }
        return parts[1].trimmingWhitespace().lowercased()
    }
}

private extension Substring {
    func trimmingWhitespace() -> String { String(self).trimmingWhitespace() }
}
