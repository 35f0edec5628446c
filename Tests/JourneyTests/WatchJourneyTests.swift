// The real program watching a mesh of the real server: what others say appears, what is written arrives, putting out is
// asked about, the server goes and comes back, and the terminal is as it was whatever ends the program.

import Foundation
import Glibc
import MeshAPI
import MeshClient
internal import MeshStore
internal import ServerSupport
import TestSupport
import Testing

@testable import MeshServer
@testable import MeshServices

/// Ana's mesh with Bo in it, and a session of Bo's that speaks.
struct Watched: Sendable {
    let server: TestServer
    let mesh: Mesh
    let ana: Somebody
    let bo: Somebody
    let session = UUID().uuidString.lowercased()
    let token = String(repeating: "ab", count: 32)

    static func make() async throws -> Watched {
        let server = try await TestServer()
        let ana = try await server.somebody("Ana Ruiz")
        let bo = try await server.somebody("Bo Chen")
        let mesh = try await server.mesh("planning", of: ana)
        let watched = Watched(server: server, mesh: mesh, ana: ana, bo: bo)
        let invite = try await watched.client(ana).createInvite(CreateInvite(maxUses: 1), to: mesh.id, key: "once")
        _ = try await watched.client(bo).claimInvite(invite.code, ClaimInvite(), key: "bo")
        try await watched.register()
        return watched
    }

    func client(_ somebody: Somebody) throws -> APIClient { try client(.bearer(somebody.token)) }

    var docs: APIClient { get throws { try client(.session(token)) } }

    private func client(_ credential: Authorization) throws -> APIClient {
        APIClient(
            server: try ServerAddress(server.url), credential: credential,
            transport: Transport(environment: [:], userAgent: "test"))
    }

    func register() async throws {
        _ = try await client(bo).register(
            RegisterSession(
                sessionId: session, displayName: "docs", role: "reviewer", pid: 1, host: "bo-1",
                tokenHash: SecretDigest.of(token),
                receives: .wake), in: mesh.id)
        try await client(bo).changeSession(session, to: ChangeSession(status: .idle), in: mesh.id)
    }

    func say(_ text: String, to address: String) async throws {
        _ = try await docs.sendMessage(
            SendMessage(to: Addresses([address]), body: text, clientId: UUID().uuidString), in: mesh.id)
    }

    /// Ana's home, and the program in it.
    func start(_ arguments: [String] = [], columns: Int = 80, rows: Int = 24) throws -> TerminalSession {
        let journey = try Journey(server: server.url)
        try journey.signIn(ana)
        return try journey.start(["watch", "planning"] + arguments, columns: columns, rows: rows)
    }
}

@Suite(.serialized) struct WatchJourneyTests {
    @Test func whatIsSaidAppearsAndWhatIsWrittenArrives() async throws {
        let watched = try await Watched.make()
        let terminal = try watched.start()
        try await terminal.wait(for: "bo/docs")
        try await watched.say("May I drop the old quick start?", to: "ana")
        let screen = try await terminal.wait(for: "bo/docs asks you: May I drop the old quick start?")
        #expect(screen.text.contains("bo/docs → you") && screen.text.contains("1 for you"))
        // A key after it, and it is seen.
        terminal.press(.left)
        try await watched.until {
            try await watched.client(watched.ana).messages(in: watched.mesh.id, unread: true).items.isEmpty
        }

        terminal.press(.up, .enter)
        try await terminal.wait(for: "Answer bo/docs ›")
        try await terminal.type("Yes, drop it.")
        terminal.press(.enter)
        try await terminal.wait(for: "you → bo/docs")
        var got: [Message] = []
        try await watched.until {
            got = try await watched.docs.messages(in: watched.mesh.id, unread: true).items
            return !got.isEmpty
        }
        #expect(got.map(\.body) == ["Yes, drop it."] && got[0].replyTo != nil && got[0].from.kind == .member)
        // What becomes of it is seen as it becomes so.
        _ = try await watched.docs.reportReceipts(
            [ReportReceipts.Step(messageId: got[0].id, state: .seen, lane: .tool)], in: watched.mesh.id)
        try await terminal.wait(for: "the receipt") { screen in
            screen.lines.contains { $0.contains("you → bo/docs") && $0.hasSuffix("seen") }
        }
        terminal.press(.control("c"))
        #expect(try await terminal.waitForEnd() == .code(130))
    }

    @Test func offlineAndBackWhatWasWrittenGoesByItself() async throws {
        let watched = try await Watched.make()
        let terminal = try watched.start()
        try await terminal.wait(for: "bo/docs")
        await watched.server.stop()
        try await terminal.wait(for: "offline since")
        try await terminal.type("@bo/docs are you there?")
        terminal.press(.enter)
        try await terminal.wait(for: "waits here")
        try await watched.server.start()
        try await terminal.wait(for: "here", seconds: 60) {
            !$0.text.contains("offline since") && $0.text.contains("1 here")
        }
        try await watched.until {
            try await watched.docs.messages(in: watched.mesh.id, unread: true).items.map(\.body) == ["are you there?"]
        }
        terminal.press(.control("c"))
        _ = try await terminal.waitForEnd()
    }

    @Test func puttingOutAsksForTheName() async throws {
        let watched = try await Watched.make()
        let terminal = try watched.start()
        try await terminal.wait(for: "bo/docs")
        terminal.press(.tab)
        try await terminal.wait(for: "▸ idle")
        terminal.press(.enter)
        try await terminal.choose("Put out of the mesh")
        try await terminal.wait(for: "Put bo/docs out of planning?")
        try await terminal.type("bo/docs")
        terminal.press(.enter)
        try await terminal.wait(for: "bo/docs is put out of the mesh.")
        await #expect(throws: APIFailure.self) { _ = try await watched.docs.peers(in: watched.mesh.id) }
        terminal.press(.control("c"))
        _ = try await terminal.waitForEnd()
    }

    @Test func inLinesNothingIsPrintedBeforeEnter() async throws {
        let watched = try await Watched.make()
        let terminal = try watched.start(["--plain"])
        try await terminal.wait(for: "Watching planning. 1 session is here. Type help for words.")
        try await watched.say("May I drop the old quick start?", to: "ana")
        try await watched.until {
            try await watched.client(watched.ana).messages(in: watched.mesh.id, unread: true).items.count == 1
        }
        try await terminal.type("@bo/docs hel")
        #expect(!terminal.screen.text.contains("1 new"))
        try await terminal.type("lo")
        terminal.press(.enter)
        try await terminal.wait(for: "1: bo/docs asks you: May I drop the old quick start?")
        #expect(terminal.screen.text.contains("To bo/docs: sent."))
        terminal.send(Array("1 Yes, drop it.\n".utf8))
        try await watched.until {
            try await Set(watched.docs.messages(in: watched.mesh.id, unread: true).items.map(\.body)) == [
                "hello", "Yes, drop it.",
            ]
        }
        // What is not for her to do is said instead of asked.
        terminal.send(Array("ban Ana Ruiz\n".utf8))
        try await terminal.wait(for: "You cannot ban yourself. To leave: `claudemesh leave planning`")
        terminal.send(Array("quit\n".utf8))
        #expect(try await terminal.waitForEnd() == .code(0))
    }

    @Test func theTerminalIsAsItWasWhateverEndsIt() async throws {
        let watched = try await Watched.make()
        let idle = try TerminalSession("/bin/echo", ["there"])
        try await idle.wait(for: "there")
        for signal in [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTRAP] {
            let terminal = try watched.start()
            try await terminal.wait(for: "bo/docs")
            terminal.signal(signal)
            #expect(try await terminal.waitForEnd() == .signal(signal))
            #expect(terminal.lineModes == idle.lineModes, "\(signal)")
            #expect(
                terminal.setModes == ["7", "25"] && !terminal.screen.isAlternate, "\(signal): \(terminal.setModes)")
            // The window has its own name again.
            let written = String(decoding: terminal.recorded, as: UTF8.self)
            let (kept, given) = (
                written.matches(of: #/\x{1B}\[22;2t/#).count, written.matches(of: #/\x{1B}\[23;2t/#).count
            )
            #expect(kept == 1 && given == 1, "\(signal)")
        }
    }

    @Test func peersAreWatchedAsLines() async throws {
        let watched = try await Watched.make()
        let journey = try Journey(server: watched.server.url)
        try journey.signIn(watched.ana)
        let terminal = try journey.start(["peers", "--watch"])
        try await terminal.wait(for: "bo/docs")
        _ = try await watched.client(watched.bo).changeSession(
            watched.session, to: ChangeSession(status: .working), in: watched.mesh.id)
        try await terminal.wait(for: "working")
        terminal.press(.control("c"))
        _ = try await terminal.waitForEnd()
    }
}

extension Watched {
    /// Waits until it is so.
    func until(_ isTrue: () async throws -> Bool) async throws {
        try await eventually(seconds: 30, isTrue)
    }
}
