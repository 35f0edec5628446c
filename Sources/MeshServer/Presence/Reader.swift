// Who may look at a mesh and speak in it: the bearer of a token, a session by its own token
// (`Authorization: ClaudeMesh-Session <64 hex>`) while it is kept, or a script by a mesh key.

internal import FoundationEssentials
internal import HTTPTypes
internal import Hummingbird
internal import MeshAPI
internal import MeshStore
internal import NIOCore

struct Reader: Sendable {
    var account: Account
    var credential: CredentialInfo
    /// The session whose own token it is; nil for a bearer.
    var peer: PresenceRow?
    /// The mesh key; the account is its maker's.
    var key: MeshKeyRow?

    /// The one mesh a session's token or a key sees; nil for a bearer.
    var onlyMesh: String? { peer?.meshID ?? key?.meshID }

    /// Throws 404 where the reader does not belong to the mesh.
    func require(_ meshID: String, in transaction: Transaction) throws {
        guard onlyMesh == nil || onlyMesh == meshID else { throw Refusal.notFound }
        try transaction.meshes.require(meshID, for: account.id, atLeast: .member)
    }
}

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
        if let token = SessionToken.of(request) {
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

extension CredentialService {
    /// The reader of a session that is kept and whose credential is still good. Throws 401, and 403 where it is over.
    func reader(sessionToken token: String) async throws -> Reader {
        let now = now()
        let digest = Secret.digest(token)
        return try await database.read { transaction in
            if let end = try transaction.endedTokens.end(tokenDigest: digest) { throw end.refusal }
            guard let presence = try transaction.presences.kept(tokenDigest: digest), presence.isKept(at: now),
                let credential = try transaction.credentials.credential(id: presence.credentialID),
                let account = try transaction.accounts.account(id: presence.accountID)
            else { throw Refusal.unauthorized(.unknown) }
            if let problem = Self.problem(credential, at: now) { throw Refusal.unauthorized(problem) }
            let info = CredentialInfo(
                id: presence.sessionID, kind: .peer, name: presence.displayName, expiresAt: credential.expiresAt)
            return Reader(account: account, credential: info, peer: presence)
        }
    }
}

/// `ClaudeMesh-Session <64 hex>`, in any case.
enum SessionToken {
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
