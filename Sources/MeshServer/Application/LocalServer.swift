// "This machine only": what the owner of the database writes into it, so that no route has to give a credential out.
// Starting and finding the server's process is the program's.

internal import FoundationEssentials
public import MeshAPI
internal import MeshServices
internal import MeshStore
internal import MeshStoreSQLite
internal import Platform

public enum LocalServer {
    /// What a person needs on this machine: who they are, their mesh, and a token where a new one was made.
    public struct Identity: Sendable {
        public var user: User
        public var mesh: Mesh
        /// There once; nil where the credential given still works.
        public var token: String?
    }

    /// Options of the server for this machine: loopback, registration closed, ends after an hour without use.
    public static func options(database: String, port: Int, version: String) -> ServerOptions {
        var options = ServerOptions(storage: .file(database))
        options.port = port
        options.registration = .closed
        options.idleLimit = .seconds(3600)
        options.version = version
        return options
    }

    /// Makes, where they are missing, the account (named `userName`), its first mesh (named `hostName`), and a credential
    /// unless `credential` still works. May be called while the server runs. Throws `StorageFailure`.
    public static func prepare(
        database path: String, userName: String, hostName: String, credential: String? = nil
    ) throws -> Identity {
        let now = Date()
        let database = try SQLiteStore(.file(path), now: now)
        // What was written is kept, whatever comes of this.
        defer { try? database.close() }
        return try database.writeNow { transaction in
            let account = try transaction.accounts.local() ?? makeAccount(named: userName, in: transaction, at: now)
            let mesh = try firstMesh(of: account, named: hostName, in: transaction, at: now)
            let bearer = try credential.flatMap { try transaction.credentials.bearer(digest: SecretDigest.of($0)) }
            if let bearer, bearer.account.id == account.id,
                CredentialService.problem(bearer.credential, at: now) == nil
            {
                return Identity(user: account.user, mesh: mesh, token: nil)
            }
            let token = TokenForm.make(.session, bytes: randomBytes(32))
            let made = CredentialRow(
                id: Identifier.make(), accountID: account.id, kind: .session, name: bounded(hostName), createdAt: now,
                expiresAt: now.addingTimeInterval(CredentialRow.slidingSeconds))
            try transaction.credentials.insert(made, digest: SecretDigest.of(token))
            try transaction.audit.record(.sessionClaimed, actor: account.id, subject: made.id, at: now)
            return Identity(user: account.user, mesh: mesh, token: token)
        }
    }

    private static func makeAccount(named name: String, in transaction: Transaction, at now: Date) throws -> AccountRow
    {
        let account = AccountRow(
            id: Identifier.make(), kind: .local, name: bounded(name), passwordChangedAt: now, createdAt: now)
        try transaction.accounts.insert(account)
        return account
    }

    private static func firstMesh(
        of account: AccountRow, named name: String, in transaction: Transaction, at now: Date
    ) throws -> Mesh {
        if let mesh = try transaction.meshes.list(
            accountID: account.id, query: nil, page: PageRequest(of: .meshes, limit: 1)
        ).first {
            return mesh
        }
        let id = Identifier.make()
        let name = bounded(name)
        try transaction.meshes.insert(id: id, ownerID: account.id, slug: Slug.from(name), name: name, at: now)
        try transaction.audit.record(.meshCreated, actor: account.id, subject: id, at: now)
        guard let mesh = try transaction.meshes.mesh(id: id, accountID: account.id) else { throw Refusal.fault }
        return mesh
    }

    /// A name of the system as a name of ours: "local" where nothing visible is in it.
    private static func bounded(_ name: String) -> String { (try? Label.clean(name, field: "name")) ?? "local" }
}
