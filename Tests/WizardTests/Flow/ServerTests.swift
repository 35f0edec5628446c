// Another server, named on the way in: judged on Enter, looked at, and only then the one that is signed in to.

import Canvas
import FlowEngine
import MeshAPI
import Testing
import Widgets

@testable import Wizard

@Suite("Change server")
struct ServerTests {
    private static let team = "https://mesh.example.com"

    private func asked(_ text: String) -> Run {
        var run = Run()
        run.send(.welcome(.changeServer))
        run.send(.edit(.server, TextInput(text)))
        run.send(.server(.submit))
        return run
    }

    @Test(
        "what names no server that takes a token is refused on Enter",
        arguments: [
            ("", ServerProblem.empty), ("  ", .empty), ("mesh example", .notAnAddress),
            ("ftp://mesh.example.com", .notAnAddress),
            ("http://mesh.example.com", .insecure),
        ])
    func refused(text: String, problem: ServerProblem) {
        let run = asked(text)
        #expect(run.state.serverEntry?.phase == .typing(problem))
        #expect(run.effects == [], "nothing is asked")
    }

    @Test("it is looked at first, and used on the next Enter: signing in goes there")
    func used() {
        var run = asked(" mesh.example.com ")
        #expect(run.effects == [.checkServer(Self.team)])
        run.send(.server(.submit))
        #expect(run.state.serverEntry?.phase == .checking(Server(baseURL: Self.team, host: "mesh.example.com")))
        run.send(.arrived(.serverChecked(Self.team, version: "0.2.0")))
        #expect(run.screen == .server && run.state.server.host == "claudemesh.com", "not before it is wanted")
        run.send(.server(.submit))
        #expect(run.screen == .welcome && run.state.server.baseURL == Self.team)
        #expect(run.send(.welcome(.signIn)) == [.requestDeviceCode(server: Self.team)])
    }

    @Test(
        "a whole address that is pasted takes the place of the one there; the rest of one goes on from it",
        arguments: [
            ("", "mesh.example.com\n", "mesh.example.com"),
            ("", " https://mesh.example.com ", "https://mesh.example.com"),
            ("", "/path", "claudemesh.com/path"), ("mesh.", "example.com", "mesh.example.com"),
            ("mesh.example.com", "https://other.example.com", "https://other.example.com"),
            ("https://", "mesh.example.com", "https://mesh.example.com"),
        ])
    func pasted(typed: String, pasted: String, text: String) {
        var run = Run()
        run.send(.welcome(.changeServer))
        if !typed.isEmpty { run.send(.edit(.server, TextInput(typed))) }
        run.send(.paste(pasted))
        #expect(run.state.inputs[.server]?.text == text)
    }

    @Test("Esc keeps the server there was, and stops the look")
    func left() {
        var run = asked("mesh.example.com")
        #expect(run.send(.back).contains(.cancel(.server)))
        #expect(run.screen == .welcome && run.state.server.host == "claudemesh.com")
        run.send(.arrived(.serverChecked(Self.team, version: nil)))
        #expect(run.screen == .welcome && run.state.serverEntry == nil, "a late answer changes nothing")
    }

    @Test("an answer that is none is told, and tried again by hand; another text is another question")
    func failed() {
        var run = asked("mesh.example.com")
        run.send(.arrived(.failed(.checkingServer, .api(.down))))
        guard case .failed = run.state.serverEntry?.phase else { Issue.record("not told"); return }
        #expect(run.send(.retry) == [.checkServer(Self.team)])
        run.send(.edit(.server, TextInput("mesh.example.co")))
        #expect(run.state.serverEntry?.phase == .typing(nil))
        run.send(.arrived(.serverChecked(Self.team, version: nil)))
        #expect(run.state.serverEntry?.phase == .typing(nil))
    }

    @Test("its own server, once chosen, is no other one")
    func signedInThere() {
        var facts = Sample.facts
        facts.signedInElsewhere = "mesh.example.com"
        var run = Run(facts: facts)
        run.send(.welcome(.changeServer))
        run.send(.edit(.server, TextInput("mesh.example.com")))
        run.send(.server(.submit))
        run.send(.arrived(.serverChecked(Self.team, version: nil)))
        run.send(.server(.submit))
        #expect(run.state.facts.signedInElsewhere == nil)
    }
}
