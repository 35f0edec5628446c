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
    /// Whether its session was seen to belong to its mesh when its token was looked up.
    var isMemberThere = false

    /// The one mesh a session's token or a key sees; nil for a bearer.
    var onlyMesh: String? { peer?.meshID ?? key?.meshID }

    /// Throws 404 where the reader does not belong to the mesh.
    func require(_ meshID: String, in transaction: Transaction) throws {
        guard onlyMesh == nil || onlyMesh == meshID else { throw Refusal.notFound }
        try transaction.meshes.require(meshID, for: account.id, atLeast: .member)
    }

    /// As `require`, before a transaction that sees for itself: what was looked up with the token of this request is not
    /// looked up again.
    func require(_ meshID: String, before database: any Store) async throws {
        if isMemberThere && onlyMesh == meshID { return }
        try await database.lookUp { try require(meshID, in: $0) }
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
        if let reader = try await database.lookUp({ try $0.sessionReaders.reader(tokenDigest: digest, at: now) }) {
            return reader
        }
        return try await database.read { transaction in
            if let end = try transaction.endedTokens.end(tokenDigest: digest) { throw end.refusal }
            guard let presence = try transaction.presences.kept(tokenDigest: digest), presence.isKept(at: now),
                let credential = try transaction.credentials.credential(id: presence.credentialID),
                let account = try transaction.accounts.account(id: presence.accountID)
            else { throw Refusal.unauthorized(.unknown) }
            if let problem = Self.problem(credential, at: now) { throw Refusal.unauthorized(problem) }
            return Reader(account: account, peer: presence, expiresAt: credential.expiresAt)
        }
    }
}

extension Reader {
    init(account: Account, peer: PresenceRow, expiresAt: Date?) {
        let info = CredentialInfo(id: peer.sessionID, kind: .peer, name: peer.displayName, expiresAt: expiresAt)
        self.init(account: account, credential: info, peer: peer)
    }
}

/// A session whose right to ask is in order, in one statement: nearly every one is.
struct SessionReaderRows {
    let transaction: Transaction

    /// Nil where anything is not as it should be: what, is asked for step by step.
    func reader(tokenDigest: String, at now: Date) throws -> Reader? {
        try transaction.first(
            """
            SELECT p.*, a.kind AS account_kind, a.name AS account_name, a.email, a.password, a.password_changed_at,
                a.created_at AS account_created_at, c.expires_at
            FROM presences p
            JOIN memberships s ON s.mesh_id = p.mesh_id AND s.account_id = p.account_id
            JOIN meshes m ON m.id = p.mesh_id AND m.archived_at IS NULL
            JOIN accounts a ON a.id = p.account_id
            JOIN credentials c ON c.id = p.credential_id AND c.revoked_at IS NULL
                AND (c.expires_at IS NULL OR c.expires_at > ?2) AND (c.first_use_by IS NULL OR c.first_use_by > ?2)
            WHERE p.token_digest = ?1
                AND NOT EXISTS (SELECT 1 FROM ended_tokens e WHERE e.token_digest = p.token_digest)
            """, tokenDigest, now.milliseconds
        ) { row -> Reader? in
            let presence = try PresenceRow(row)
            guard presence.isKept(at: now) else { return nil }
            let account = Account(
                id: presence.accountID, kind: Account.Kind(rawValue: try row["account_kind"]) ?? .person,
                name: try row["account_name"], email: try row["email"], password: try row["password"],
                passwordChangedAt: try row.date("password_changed_at"), createdAt: try row.date("account_created_at"))
            var reader = Reader(account: account, peer: presence, expiresAt: try row.dateIfAny("expires_at"))
            reader.isMemberThere = true
            return reader
        }.flatMap { $0 }
    }
}

extension Transaction {
    fileprivate var sessionReaders: SessionReaderRows { SessionReaderRows(transaction: self) }
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
