// Signing in by a browser's approval, from the welcome screen to the agent in a mesh, and everything that can come between.

import Glibc
import ServerSupport
import TestSupport
import Testing

@testable import MeshServer
@testable import MeshServices

@Suite(.serialized) struct SignInJourneyTests {
    @Test func fromNothingToTheAgentInAMesh() async throws {
        let server = try await TestServer()
        let visitor = try await Visitor(server.url)
        let journey = try Journey(agent: "wait", server: server.url)
        let terminal = try journey.start()
        let code = try await terminal.code()
        #expect(terminal.screen.text.contains("\(server.host)/c"))
        #expect(try await visitor.look(at: code).contains(code))
        try await terminal.wait(for: "Page open. Waiting for you to approve")
        try await visitor.answer(code)

        // It goes on by itself, to what this account has not answered yet.
        try await terminal.wait(for: "You have no mesh yet")
        #expect(terminal.screen.text.contains("Vera Visitante · vera@example.com"))
        #expect(journey.mode("home/.claudemesh/auth.json") == 0o600)
        try await terminal.pressEnterUntilTaken()
        try await terminal.wait(for: "veras-mesh · available")
        try await terminal.pressEnterUntilTaken()
        try await terminal.wait(for: "what others in the mesh see")
        try await terminal.pressEnterUntilTaken()
        try await terminal.wait(for: "▸ No role")
        try await terminal.choose("reviewer")
        try await terminal.wait(for: "▸ Launch Claude Code")
        try await terminal.pressEnterUntilTaken(on: "▸ Launch Claude Code")
        try await terminal.wait(for: "agent waits")

        let report = try await journey.report()
        #expect(report.variable("CLAUDEMESH_MESH") == "veras-mesh")
        #expect(report.variable("CLAUDEMESH_ROLE") == "reviewer")
        #expect(report.variable("CLAUDEMESH_API_URL") == server.url)
        let mesh = try #require(report.variable("CLAUDEMESH_MESH_ID"))
        let id = try #require(report.variable("CLAUDEMESH_SESSION_ID"))
        let token = try #require(try journey.read("auth.json").firstMatch(of: #/cm_session_[a-z2-7]{52}/#)?.0)
        try await journey.untilPeers(of: mesh, at: server, String(token)) { $0.contains(id) && $0.contains("reviewer") }
        terminal.press(.control("c"))
        #expect(try await terminal.waitForEnd() == .code(5))
        try await journey.untilPeers(of: mesh, at: server, String(token)) { !$0.contains(id) }
        #expect(terminal.isUntouched && journey.leftovers.isEmpty && journey.processes().isEmpty)
    }

    @Test func deniedItSaysSoAndANewCodeIsOneKeyAway() async throws {
        let stage = try await Stage.shared()
        let terminal = try Journey(server: stage.server.url).start()
        let code = try await terminal.code()
        try await stage.server.decide(code, as: stage.ana, approve: false)
        try await terminal.wait(for: "Sign-in was denied in the browser")
        terminal.press(.character("n"))
        let next = try await terminal.shownCode(other: code)
        try await stage.server.decide(next, as: stage.ana, approve: true)
        try await terminal.wait(for: "pick a mesh")
    }

    /// Who approves is in a browser: the terminal calls, where it has said that it lost the focus.
    @Test(arguments: [
        ("xterm-256color", "\u{1B}[O", "\u{7}"), ("xterm-kitty", "\u{1B}[O", "\u{1B}]9;claudemesh: Signed in as "),
        ("xterm-256color", "\u{1B}[O\u{1B}[I", ""), ("xterm-kitty", "", ""),
    ])
    func anApprovalCallsBackFromAnotherWindow(_ term: String, _ focus: String, _ call: String) async throws {
        let stage = try await Stage.shared()
        let terminal = try Journey(server: stage.server.url).start(term: term)
        let first = try await terminal.code()
        terminal.send(Array(focus.utf8))
        // Heard after what was sent before it.
        terminal.press(.character("n"))
        let code = try await terminal.shownCode(other: first)
        let before = terminal.recorded.count
        try await stage.server.decide(code, as: stage.ana, approve: true)
        try await terminal.wait(for: "pick a mesh")
        let written = String(decoding: terminal.recorded.dropFirst(before), as: UTF8.self)
        let called = written.contains("\u{1B}]9;")
        let rang = written.replacing(#/\x1B\][^\x07\x1B]*(\x07|\x1B\\)/#, with: "").contains("\u{7}")
        #expect(
            written.contains(call) && called == call.contains("]9;") && rang == (call == "\u{7}"),
            "\(written.debugDescription)")
    }

    /// A wait is counted beside a sign that moves, but not for whoever wants nothing to move.
    @Test func nothingMovesWhereNothingIsTo() async throws {
        let stage = try await Stage.shared()
        func waiting(_ arguments: [String], _ more: [String: String] = [:]) async throws -> TerminalSession {
            let relay = try Relay(to: stage.server.url, .swallows, at: "device-code")
            let terminal = try Journey(server: relay.url).start(arguments, more: more)
            try await terminal.choose("Sign in")
            try await terminal.wait(for: "Getting a code from")
            return terminal
        }
        let still = [try await waiting(["--reduced-motion"]), try await waiting([], ["NO_MOTION": "1"])]
        // It began last, and waits for a second already.
        try await waiting([]).wait(for: "a second") { $0.text.contains(#/Getting a code from \S+… \S 1 s/#) }
        for terminal in still { #expect(terminal.screen.text.contains(#/Getting a code from \S+…\n/#)) }
    }

    @Test func aCodeThatRanOutSaysSo() async throws {
        let server = try await TestServer()
        let somebody = try await server.somebody()
        let terminal = try Journey(server: server.url).start()
        let code = try await terminal.code()
        server.time.advance(601)
        let screen = try await terminal.wait(for: "ran out before it was approved")
        #expect(screen.text.contains(code))
        try await terminal.pressEnterUntilTaken()
        let next = try await terminal.shownCode(other: code)
        try await server.decide(next, as: somebody, approve: true)
        try await terminal.wait(for: "You have no mesh yet")
    }

    @Test func aServerThatGoesAndComesBackLosesNothing() async throws {
        let server = try await TestServer()
        let somebody = try await server.somebody()
        let terminal = try Journey(server: server.url).start()
        let code = try await terminal.code()
        await server.stop()
        let screen = try await terminal.wait(for: "Approve meanwhile")
        #expect(screen.text.contains(code))
        try await server.start()
        try await server.decide(code, as: somebody, approve: true)
        try await terminal.wait(for: "You have no mesh yet")
    }

    @Test func enterTypedWhileWaitingLaunchesNothing() async throws {
        let stage = try await Stage.shared()
        let journey = try Journey(server: stage.server.url)
        let terminal = try journey.start(Place.answered)
        let code = try await terminal.code()
        for _ in 0..<10 { terminal.press(.enter) }
        try await stage.server.decide(code, as: stage.ana, approve: true)
        for _ in 0..<10 { terminal.press(.enter) }
        try await terminal.wait(for: "▸ Launch Claude Code")
        #expect(!journey.hasReport && terminal.checkEnd() == nil)
        // A key that is answered proves that all Enters before it were read.
        terminal.press(.character("?"))
        try await terminal.wait(for: "Esc close")
        #expect(!journey.hasReport && terminal.checkEnd() == nil)
    }

    @Test(arguments: ["welcome", "sign-in.waiting"]) func aTokenCanBePasted(place: String) async throws {
        let stage = try await Stage.shared()
        let journey = try Journey(server: stage.server.url)
        let terminal = try journey.start()
        try await terminal.wait(for: "▸ Sign in")
        if place != "welcome" { _ = try await terminal.code() }
        terminal.paste(" \(stage.pat)\n")
        let screen = try await terminal.wait(for: "whose it is") {
            $0.text.contains("Ana Ferreiro") && $0.text.contains("ci-deploy")
        }
        #expect(!screen.text.contains(stage.pat) && !journey.exists("auth.json"))
        try await terminal.pressEnterUntilTaken()
        try await terminal.wait(for: "pick a mesh")
        #expect(try journey.read("auth.json").contains(stage.pat))
    }

    @Test func aLinkJoinsWithoutAnAccount() async throws {
        let stage = try await Stage.shared()
        let journey = try Journey(agent: "wait", server: stage.server.url)
        let terminal = try journey.start(["\(stage.server.url)/i/\(stage.invite)"])
        try await terminal.wait(for: "guest, for this mesh only")
        try await terminal.pressEnterUntilTaken()
        try await terminal.wait(for: "▸ No role")
        try await terminal.pressEnterUntilTaken()
        try await terminal.wait(for: "▸ Launch Claude Code")
        try await terminal.pressEnterUntilTaken(on: "▸ Launch Claude Code")
        try await terminal.wait(for: "agent waits")
        let report = try await journey.report()
        #expect(report.variable("CLAUDEMESH_MESH") == "platform-team")
        let mesh = try #require(report.variable("CLAUDEMESH_MESH_ID"))
        try await journey.untilPeers(of: mesh, at: stage.server, stage.ana.token) { $0.contains("\"ana\"") }
    }

    @Test func withTheServerDownAnAnsweredRunLaunches() async throws {
        let server = try await TestServer()
        let somebody = try await server.somebody()
        _ = try await server.mesh("dev", of: somebody)
        let journey = try Journey(server: server.url)
        try journey.signIn(somebody)
        let first = try journey.start(["-y"])
        #expect(try await first.waitForEnd() == .code(0))
        _ = try await journey.report()
        await server.stop()

        let second = try journey.start()
        try await second.wait(for: "▸ Launch Claude Code")
        try await second.wait(for: "starting anyway")
        try await second.pressEnterUntilTaken(on: "▸ Launch Claude Code")
        #expect(try await second.waitForEnd() == .code(0))
        _ = try await journey.report()
        let third = try journey.start(["-y"])
        #expect(try await third.waitForEnd() == .code(0))
        let said = third.screen.text.replacing("\n", with: " ")
        #expect(said.contains("\(server.host) is unreachable; starting anyway."), "\(said)")
        // What nobody saw nobody left.
        #expect(said.contains("Starting Claude Code as") && !said.contains("Left dev"), "\(said)")
        _ = try await journey.report()
    }

    @Test func aMuteServerDelaysNothing() async throws {
        let stage = try await Stage.shared()
        let journey = try Journey(server: DeadEnd.mute.url)
        try journey.signIn(stage.ana)
        let terminal = try journey.start()
        // Drawn from disk, before any answer.
        try await terminal.wait(for: "a first frame") {
            $0.text.contains("Ana Ferreiro") && $0.text.contains("loading your meshes")
        }
        terminal.press(.control("c"))
        #expect(try await terminal.waitForEnd() == .code(130))
    }
}

extension Journey {
    /// Asks the server who is in the mesh until it answers as `isTrue` wants.
    func untilPeers(
        of mesh: String, at server: TestServer, _ token: String, _ isTrue: (String) -> Bool
    ) async throws {
        var answer = ""
        do {
            try await eventually(seconds: 10) {
                answer = try await server.get("/api/my/meshes/\(mesh)/sessions", token)
                return isTrue(answer)
            }
        } catch is NeverCameTrue { throw SessionFailure("the peers never were so: \(answer)") }
    }
}
