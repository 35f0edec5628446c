// The real server, killed while a thousand requests are under way: after the next start nothing acknowledged is lost, the
// audit chain is whole, no revoked token works, and no code gave two tokens. More rounds by hand:
// CLAUDEMESH_KILL_ROUNDS=50 swift test --no-parallel --filter ServerKillTests

import Foundation
import FoundationNetworking
import Glibc
import MeshAPI
import MeshStore
internal import MeshStoreSQLite
internal import Platform
import Synchronization
import TestSupport
import Testing

@testable import MeshServer
@testable import MeshServices

@Suite(.serialized) struct ServerKillTests {
    @Test func whatWasAcknowledgedStandsAfterAKill() async throws {
        let site = try await KilledSite()
        let rounds = ProcessInfo.processInfo.environment["CLAUDEMESH_KILL_ROUNDS"].flatMap { Int($0) } ?? 3
        for round in 1...rounds {
            let work = try await site.prepare(round)
            let victim = try await site.start()
            // By the answer itself: a test that looks now and then may look too late.
            let acknowledged = Acknowledged(killing: victim.pid, at: Int.random(in: 50...700))
            await site.attempt(work, noting: acknowledged)
            #expect(try await victim.ended() == 128 + SIGKILL)
            #expect(acknowledged.count < work.count, "it was killed under way")

            let next = try await site.start()
            try await site.check(work, acknowledged)
            kill(next.pid, SIGTERM)
            #expect(try await next.ended() == 0)
            try await site.inspect()
        }
    }
}

/// What a round asks for.
private struct Work {
    /// Device codes that are approved, each claimed by two devices at once.
    var codes: [String] = []
    var meshes: [String] = []
    /// Access tokens to revoke, and their ids.
    var tokens: [(id: String, token: String)] = []

    var count: Int { codes.count * 2 + meshes.count + tokens.count }
}

/// What the server said was done, by what was asked.
private final class Acknowledged: Sendable {
    private struct State {
        var tokens: [String: Set<String>] = [:]
        var meshes: [String: String] = [:]
        var revoked: Set<String> = []
        var count = 0
    }

    private let state = Mutex(State())
    private let victim: Int32?
    private let last: Int

    /// The answer of that number is the victim's last, if there is one.
    init(killing victim: Int32? = nil, at last: Int = 0) { (self.victim, self.last) = (victim, last) }

    private func note(_ change: (inout State) -> Void) {
        state.withLock { state in
            change(&state)
            state.count += 1
            if let victim, state.count == last { kill(victim, SIGKILL) }
        }
    }

    var count: Int { state.withLock { $0.count } }
    func tokens(of code: String) -> Set<String> { state.withLock { $0.tokens[code] ?? [] } }
    func mesh(_ name: String) -> String? { state.withLock { $0.meshes[name] } }
    func isRevoked(_ id: String) -> Bool { state.withLock { $0.revoked.contains(id) } }

    func claimed(_ code: String, _ token: String?) {
        note { state in
            if let token { state.tokens[code, default: []].insert(token) }
        }
    }

    func made(_ name: String, _ id: String) { note { $0.meshes[name] = id } }

    func revoked(_ id: String) { note { $0.revoked.insert(id) } }
}

/// A database on disk and the server that is killed over it.
private final class KilledSite: Sendable {
    private let folder: TemporaryDirectory
    private let http: URLSession
    private let port = Mutex(0)
    private let account: AccountRow
    private let session = TokenForm.make(.session, bytes: randomBytes(32))

    private var path: String { folder.file("server.sqlite") }

    init() async throws {
        folder = try TemporaryDirectory()
        let configuration = URLSessionConfiguration.ephemeral
        configuration.httpMaximumConnectionsPerHost = 200
        configuration.timeoutIntervalForRequest = 60
        http = URLSession(configuration: configuration)
        let services = try Self.open(folder.file("server.sqlite"))
        account = try await services.accounts.register(name: "Ada", email: "ada@example.com", password: "correct horse")
        try await put(.session, token: session, in: services)
    }

    private static func open(_ path: String) throws -> Services {
        try Services(options: ServerOptions(storage: .file(path)), surroundings: .real, passwordCost: 4)
    }

    @discardableResult
    private func put(_ kind: CredentialKind, token: String, in services: Services) async throws -> String {
        let credential = CredentialRow(
            id: Identifier.make(), accountID: account.id, kind: kind, name: "x", createdAt: Date(),
            expiresAt: Date().addingTimeInterval(86_400))
        try await services.database.write { try $0.credentials.insert(credential, digest: SecretDigest.of(token)) }
        return credential.id
    }

    // MARK: A round

    func prepare(_ round: Int) async throws -> Work {
        let services = try Self.open(path)
        var work = Work(meshes: (0..<300).map { "round \(round) mesh \($0)" })
        for _ in 0..<200 {
            let code = TokenForm.base32(randomBytes(32))
            let now = Date()
            let row = DeviceCodeRow(
                id: Identifier.make(), deviceDigest: SecretDigest.of(code), deviceName: "x", deviceOs: "x",
                deviceArch: "x", state: .pending, createdAt: now, expiresAt: now.addingTimeInterval(600))
            let owner = account.id
            try await services.database.write { transaction in
                try transaction.deviceCodes.insert(row, userCodeHMAC: row.id)
                _ = try transaction.deviceCodes.own(id: row.id, accountID: owner, at: now)
                // Approved as if in nine minutes, so that a slow round is no late one.
                _ = try transaction.deviceCodes.decide(
                    id: row.id, accountID: owner, state: .approved, at: now.addingTimeInterval(540))
            }
            work.codes.append(code)
        }
        for _ in 0..<300 {
            let token = TokenForm.make(.pat, bytes: randomBytes(32))
            let id = try await put(.pat, token: token, in: services)
            work.tokens.append((id, token))
        }
        return work
    }

    /// On any free port; the one it got is where requests go from now on.
    func start() async throws -> StartedProcess {
        let errors = folder.file("err-\(UUID())")
        let process = try StartedProcess(
            Products.path(of: "claudemesh"),
            ["serve", "--port", "0", "--database", path, "--limits", "off"],
            environment: ["HOME": folder.path, "PATH": "/usr/bin:/bin"], directory: folder.path,
            out: folder.file("out"), err: errors)
        try await eventually(seconds: 60) {
            let text = (try? String(contentsOfFile: errors, encoding: .utf8)) ?? ""
            guard let found = text.firstMatch(of: /http:\/\/127\.0\.0\.1:(\d+)\D/) else { return false }
            port.withLock { $0 = Int(found.1) ?? 0 }
            return true
        }
        return process
    }

    /// Everything at once; what is answered is noted.
    func attempt(_ work: Work, noting acknowledged: Acknowledged) async {
        await withTaskGroup(of: Void.self) { group in
            for index in 0..<max(work.codes.count, work.meshes.count, work.tokens.count) {
                // Two hundred at once: they share a flush, and are all answered after it.
                if index >= 50 { for _ in 0..<4 { await group.next() } }
                for code in work.codes.dropFirst(index).prefix(1) {
                    for _ in 0..<2 { group.addTask { await self.claim(code, acknowledged) } }
                }
                for name in work.meshes.dropFirst(index).prefix(1) {
                    group.addTask { await self.make(name, acknowledged) }
                }
                for (id, _) in work.tokens.dropFirst(index).prefix(1) {
                    group.addTask {
                        let answer = await self.send("DELETE", "/api/my/cli/tokens/\(id)", token: self.session)
                        if answer?.status == 204 { acknowledged.revoked(id) }
                    }
                }
            }
        }
    }

    private func claim(_ code: String, _ acknowledged: Acknowledged) async {
        guard let answer = await send("GET", "/api/auth/cli/device-code/\(code)"), answer.status == 200,
            let status = try? WireJSON.decode(DeviceCodeStatus.self, from: answer.body)
        else { return }
        acknowledged.claimed(code, status.token)
    }

    private func make(_ name: String, _ acknowledged: Acknowledged) async {
        let body = Data(#"{"name":"\#(name)"}"#.utf8)
        let key = name.replacing(" ", with: "-")
        guard let answer = await send("POST", "/api/my/meshes", token: session, body: body, key: key),
            answer.status == 201, let mesh = try? WireJSON.decode(Mesh.self, from: answer.body)
        else { return }
        acknowledged.made(name, mesh.id)
    }

    // MARK: What must hold afterwards

    func check(_ work: Work, _ acknowledged: Acknowledged) async throws {
        let again = Acknowledged()
        for code in work.codes {
            let first = acknowledged.tokens(of: code)
            #expect(first.count <= 1, "given twice")
            await claim(code, again)
            let second = again.tokens(of: code)
            #expect(first.isEmpty || second.isEmpty, "given again")
            for token in first.union(second) {
                #expect(
                    await status("/api/my/whoami", token: token) == 200, "a token that was given works")
            }
        }
        for name in work.meshes {
            await make(name, again)
            let id = try #require(again.mesh(name), "the same key makes it, or finds it")
            if let first = acknowledged.mesh(name) { #expect(first == id) }
            #expect(await status("/api/my/meshes/\(id)", token: session) == 200)
        }
        for (id, token) in work.tokens where acknowledged.isRevoked(id) {
            #expect(await status("/api/my/whoami", token: token) == 401, "a revoked token works")
        }
    }

    /// The rows agree with one another and with the audit.
    func inspect() async throws {
        let services = try Self.open(path)
        guard case .intact = try AuditVerifier.verify(database: path) else {
            Issue.record("the audit chain is broken")
            return
        }
        try await services.database.read { transaction in
            func count(_ sql: String) throws -> Int { try transaction.count("SELECT count(*) FROM \(sql)") }
            func events(_ event: AuditEvent) throws -> Int {
                try count("audit WHERE body LIKE '%\"\(event.rawValue)\"%'")
            }
            let claimed = try count("device_codes WHERE state = 'claimed'")
            let sessions = try count("credentials WHERE kind = 'session'")
            #expect(sessions == claimed + 1, "one a code, and ours")
            let claims = try events(.sessionClaimed)
            #expect(claims == claimed)
            let (revoked, revocations) = (
                try count("credentials WHERE kind = 'pat' AND revoked_at IS NOT NULL"), try events(.patRevoked)
            )
            #expect(revoked == revocations)
            let (meshes, made) = (try count("meshes"), try events(.meshCreated))
            #expect(meshes == made)
            let doubles = try count("(SELECT name FROM meshes GROUP BY name HAVING count(*) > 1)")
            #expect(doubles == 0, "no mesh twice")
        }
    }

    // MARK: HTTP

    /// 0 where no whole answer came.
    private func status(_ path: String, token: String) async -> Int {
        await send("GET", path, token: token)?.status ?? 0
    }

    /// nil where no whole answer came.
    private func send(
        _ method: String, _ path: String, token: String? = nil, body: Data? = nil, key: String? = nil
    ) async -> (status: Int, body: Data)? {
        guard let url = URL(string: "http://127.0.0.1:\(port.withLock { $0 })\(path)") else { return nil }
        var request = URLRequest(url: url)
        request.httpMethod = method
        request.httpBody = body
        if let token { request.setValue("Bearer \(token)", forHTTPHeaderField: "Authorization") }
        if let key { request.setValue(key, forHTTPHeaderField: "Idempotency-Key") }
        if body != nil { request.setValue("application/json", forHTTPHeaderField: "Content-Type") }
        guard let (data, response) = try? await http.data(for: request) else { return nil }
        return (response as? HTTPURLResponse).map { ($0.statusCode, data) }
    }
}
