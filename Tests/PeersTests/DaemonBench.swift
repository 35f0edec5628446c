// A daemon on a socket of its own, with its database on the disk, and a mesh that is out of reach: what comes from there is
// put in by the test.

import FoundationEssentials
import Logging
import MeshAPI
import MeshClient
import MeshStore
import MeshStoreSQLite
import Platform
import Testing

@testable import Peers

final class DaemonBench: Sendable {
    let folder: String
    let place: DaemonPlace
    let store: SQLiteStore
    let daemon: Daemon
    private let serving: Task<Void, any Error>

    static let token = String(repeating: "0123456789abcdef", count: 4)
    static let now = Date(timeIntervalSince1970: 1_800_000_000)

    init() async throws {
        folder = try Self.newFolder()
        place = DaemonPlace(configuration: folder, runtime: nil)
        try place.prepare()
        store = try SQLiteStore(
            .file(place.database), assets: Assets(replaced: DaemonRows.migrations), now: Self.now)
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let world = SessionWorld(
            store: store, transport: Transport(environment: [:], userAgent: "test"), signIn: { _, _ in nil },
            now: { Self.now })
        daemon = Daemon(version: "1.2.3", world: world, logger: logger)
        let server = DaemonServer(daemon: daemon, place: place, logger: logger)
        let (running, isRunning) = AsyncStream<Void>.makeStream()
        serving = Task {
            defer { isRunning.finish() }
            try await server.run { isRunning.finish() }
        }
        for await _ in running {}
        try Data(Self.token.utf8).write(to: URL(filePath: tokenFile))
    }

    deinit {
        serving.cancel()
        try? FileManager.default.removeItem(atPath: folder)
    }

    var tokenFile: String { "\(folder)/session-token" }

    func line(token: String? = DaemonBench.token) -> DaemonLine { DaemonLine(place: place, token: token) }

    /// A session whose server nothing listens at.
    func facts(_ id: String = "s1", server: String = "http://127.0.0.1:9") -> SessionFacts {
        SessionFacts(
            sessionID: id, server: server, meshID: "m1", meshSlug: "planning", accountID: "ana", memberName: "Ana Ruiz",
            displayName: "api", role: nil, host: "h", directory: "/w", receives: .wake, tokenFile: tokenFile,
            owner: .own, agentFolder: "\(folder)/agent")
    }

    /// A registered session.
    func session() async throws -> PeerSession {
        #expect(await line().register(facts()))
        return try #require(await daemon.session(token: Self.token))
    }

    static func message(_ id: String, seq: Int = 1, text: String = "hi", reason: MessageReason = .direct) -> Event {
        .message(
            Message(
                id: id, seq: seq,
                from: Sender(
                    kind: .peer, id: "p", address: "bo/docs", name: "docs",
                    member: MemberName(id: "bo", name: "Bo Chen")),
                to: ["ana/api"], body: text, chain: id, hop: 0, reason: reason, createdAt: now, expiresAt: now + 9000,
                mailbox: Mailbox(kind: .peer, id: "s1"), state: .queued, wakes: true))
    }

    /// Claude Code writes down that this came before the model.
    func record(_ text: LaneAnswer.Text) throws {
        let projects = "\(folder)/agent/projects"
        for name in ["-other", "-w"] {
            try FileManager.default.createDirectory(atPath: "\(projects)/\(name)", withIntermediateDirectories: true)
        }
        let content = String(decoding: try JSONEncoder().encode(text.content), as: UTF8.self)
        let line = #"{"type":"user","origin":{"kind":"peer"},"message":{"content":\#(content)}}"#
        try Data(line.utf8).write(to: URL(filePath: "\(projects)/-w/s1.jsonl"))
    }

    private static func newFolder() throws -> String {
        let path = "/tmp/cmd-\(UInt32.random(in: .min ... .max))"
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        return path
    }
}
