// The real server in this process, on a real socket: started, stopped, and started again where it was. What others do
// there (accounts, meshes, approvals) goes through its services, as its pages and routes do.

import Foundation
import FoundationNetworking
import Localization
import Logging
package import MeshAPI
import MeshServer
package import MeshServices
package import MeshStore
import Platform
import ServiceLifecycle
import Synchronization
package import TestSupport

/// Somebody with an account, and a token of theirs.
package struct Somebody: Sendable {
    package var account: AccountRow
    package var token: String

    package init(account: AccountRow, token: String) { (self.account, self.token) = (account, token) }
}

/// A server on a port of its own, without rate limits unless a test is about them.
package final class TestServer: Sendable {
    private struct Running {
        var application: MeshServerApplication
        var group: ServiceGroup
        var task: Task<Void, Never>
    }

    package let time = ShiftedTime()
    private let directory: TemporaryDirectory
    private let storage: StorageLocation
    private let publicURL: String?
    private let hasLimits: Bool
    private let running = Mutex<Running?>(nil)
    private let boundPort = Mutex(0)

    package init(hasLimits: Bool = false) async throws {
        directory = try TemporaryDirectory()
        storage = try TestDatabase.isForServers ? Self.shared(directory) : .file(directory.file("server.sqlite"))
        (self.hasLimits, publicURL) = (hasLimits, nil)
        try await start()
        // What is made at once is of one second: the program lists meshes by those, the newest first.
        time.beginSecond()
    }

    /// One of several over the database of `storage`, which people reach by `publicURL`.
    package init(sharing storage: StorageLocation, publicURL: String) async throws {
        directory = try TemporaryDirectory()
        (self.storage, self.publicURL, hasLimits) = (storage, publicURL, false)
        try await start()
    }

    /// A new PostgreSQL database, whose key is in `folder`.
    package static func shared(_ folder: TemporaryDirectory) throws -> StorageLocation {
        guard let url = TestDatabase.fresh() else { throw SessionFailure(TestDatabase.missing) }
        return .shared(DatabaseURL(url), keyFile: folder.file("server.key"))
    }

    deinit { running.withLock { $0?.task.cancel() } }

    package var url: String { "http://127.0.0.1:\(boundPort.withLock { $0 })" }
    package var host: String { String(url.dropFirst("http://".count)) }

    /// Starts on the port it had before, if it had one.
    package func start() async throws {
        var options = ServerOptions(storage: storage)
        options.publicURL = publicURL
        options.databaseConnections = 4
        options.drain = .zero
        options.port = boundPort.withLock { $0 }
        options.registration = .open
        options.hasLimits = hasLimits
        let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let (urls, ready) = AsyncStream.makeStream(of: String.self)
        let application = try MeshServerApplication(
            options: options, logger: quiet, surroundings: time.surroundings, passwordCost: 4
        ) { ready.yield($0) }
        let group = ServiceGroup(configuration: .init(services: [.init(service: application)], logger: quiet))
        let task = Task {
            try? await group.run()
            ready.finish()
        }
        guard await urls.first(where: { _ in true }) != nil, let port = application.port else {
            throw SessionFailure("the server did not start")
        }
        boundPort.withLock { $0 = port }
        running.withLock { $0 = Running(application: application, group: group, task: task) }
    }

    /// Stops, as SIGTERM would.
    package func stop() async {
        let now = running.withLock { running in
            defer { running = nil }
            return running
        }
        await now?.group.triggerGracefulShutdown()
        await now?.task.value
    }

    package var services: Services {
        get throws {
            guard let now = running.withLock({ $0 }) else { throw SessionFailure("the server is stopped") }
            return now.application.services
        }
    }
}

// What others do at the server.
extension TestServer {
    package func somebody(_ name: String = "Ana Ferreiro") async throws -> Somebody {
        let email = "\(Slug.from(name))@example.com"
        let account = try await services.accounts.register(name: name, email: email, password: Visitor.password)
        return Somebody(account: account, token: try await token(.session, of: account))
    }

    /// A credential as a claim or the settings page makes it.
    package func token(_ kind: TokenForm.Kind, of account: AccountRow, isRevoked: Bool = false) async throws -> String {
        let token = TokenForm.make(kind, bytes: randomBytes(32))
        let credential = CredentialRow(
            id: Identifier.make(), accountID: account.id, kind: kind == .pat ? .pat : .session, name: "ci-deploy",
            createdAt: time.now, expiresAt: time.now.addingTimeInterval(90 * 86_400))
        let now = time.now
        try await services.database.write { transaction in
            try transaction.credentials.insert(credential, digest: SecretDigest.of(token))
            if isRevoked { _ = try transaction.credentials.revoke(id: credential.id, at: now) }
        }
        return token
    }

    /// Ends every sign-in of theirs.
    package func revokeAll(of person: Somebody) async throws {
        let now = time.now
        try await services.database.write {
            try $0.run(
                "UPDATE credentials SET revoked_at = ?1 WHERE account_id = ?2", now.milliseconds,
                person.account.id)
        }
    }

    /// Listed after those made before it: times are kept in milliseconds.
    package func mesh(_ name: String, of person: Somebody) async throws -> Mesh {
        time.advance(0.002)
        return try await services.meshes.create(
            CreateMesh(name: name), owner: person.account, key: nil, caller: Caller(address: "127.0.0.1"))
    }

    /// A mesh of a name that no client could give it: from a database of before, or of another's making.
    package func hostileMesh(_ name: String, of person: Somebody) async throws {
        let mesh = try await mesh("hostile \(name.count)", of: person)
        try await services.database.write { try $0.run("UPDATE meshes SET name = ?1 WHERE id = ?2", name, mesh.id) }
    }

    package func invite(to mesh: Mesh, of person: Somebody) async throws -> Invite {
        try await services.invites.create(
            CreateInvite(maxUses: 100), meshID: mesh.id, inviter: person.account, language: .en, key: nil,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    /// Opens the card of a code as `person`, and then approves or denies it.
    package func decide(_ code: String, as person: Somebody, approve: Bool) async throws {
        let caller = Caller(address: "127.0.0.1")
        guard try await services.approvals.open(code, account: person.account, caller: caller) != nil else {
            throw SessionFailure("no code \(code) is open")
        }
        try await services.approvals.decide(code, account: person.account, approve: approve, caller: caller)
    }

    /// What a GET with that token answers.
    package func get(_ path: String, _ token: String) async throws -> String {
        guard let address = URL(string: url + path) else { throw SessionFailure("no address \(path)") }
        var request = URLRequest(url: address)
        request.setValue("Bearer \(token)", forHTTPHeaderField: "Authorization")
        return String(decoding: try await URLSession(configuration: .ephemeral).data(for: request).0, as: UTF8.self)
    }
}
