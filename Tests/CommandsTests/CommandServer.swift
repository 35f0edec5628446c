// The real server in this process, on a real socket, with accounts and credentials put straight into its database.
// A test begins with `try await CommandServer.run { server in … }`.

import FoundationEssentials
import Logging
import MeshAPI
import MeshStore
import Platform
import ServerSupport
import ServiceLifecycle
import TestSupport
import Testing

@testable import MeshServer
@testable import MeshServices

struct CommandServer: Sendable {
    let application: MeshServerApplication

    var services: Services { application.services }
    var url: String { application.url }

    /// Runs a server as long as `body` does, where no `storage` is given over PostgreSQL if the tests are to be.
    static func run(
        storage: StorageLocation? = nil, log: Logger? = nil, _ change: (inout ServerOptions) -> Void = { _ in },
        _ body: @escaping @Sendable (CommandServer) async throws -> Void
    ) async throws {
        let folder = try TemporaryDirectory()
        let given = try storage ?? (TestDatabase.isForServers ? TestServer.shared(folder) : .memory)
        var options = ServerOptions(storage: given)
        options.databaseConnections = 4
        options.drain = .zero
        options.port = 0
        options.hasLimits = false
        change(&options)
        var silent = Logger(label: "test")
        silent.logLevel = .critical
        let logger = log ?? silent
        let application = try MeshServerApplication(
            options: options, logger: logger, surroundings: .real, passwordCost: 4)
        let group = ServiceGroup(configuration: .init(services: [.init(service: application)], logger: logger))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            try await eventually { application.port != nil }
            do {
                try await body(CommandServer(application: application))
            } catch {
                await group.triggerGracefulShutdown()
                throw error
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }

    func account(_ name: String) async throws -> AccountRow {
        let word = String(Slug.from(name).prefix(20))
        return try await services.accounts.register(name: name, email: "\(word)@example.com", password: "correct horse")
    }

    /// A credential of `account`, as a claim or the settings page would have made it.
    func token(
        _ kind: TokenForm.Kind, of accountID: String, id: String = Identifier.make(), name: String = "laptop",
        expiresAt: Date? = nil, revoked: Bool = false
    ) async throws -> String {
        let token = TokenForm.make(kind, bytes: randomBytes(32))
        var credential = CredentialRow(
            id: id, accountID: accountID, kind: kind == .pat ? .pat : .session, name: name, os: "linux",
            arch: "x86_64", createdAt: Date(), expiresAt: expiresAt ?? Date().addingTimeInterval(90 * 86_400))
        credential.revokedAt = revoked ? Date() : nil
        let made = credential
        try await services.database.write { try $0.credentials.insert(made, digest: SecretDigest.of(token)) }
        return token
    }

    func token(
        _ kind: TokenForm.Kind, of account: AccountRow, name: String = "laptop", expiresAt: Date? = nil,
        revoked: Bool = false
    ) async throws -> String {
        try await token(kind, of: account.id, name: name, expiresAt: expiresAt, revoked: revoked)
    }

    /// Whether the server takes `token` now.
    func works(_ token: String) async -> Bool { (try? await services.credentials.bearer(token: token)) != nil }

    /// Whether a code can still be approved by `account`.
    func isOpen(_ code: String, to account: AccountRow) async throws -> Bool {
        try await services.approvals.open(code, account: account, caller: Caller(address: "127.0.0.1")) != nil
    }

    /// Opens the card of a code as `account`, and approves or denies it.
    func decide(_ code: String, as account: AccountRow, approve: Bool) async throws {
        let caller = Caller(address: "127.0.0.1")
        _ = try #require(try await services.approvals.open(code, account: account, caller: caller))
        try await services.approvals.decide(code, account: account, approve: approve, caller: caller)
    }
}
