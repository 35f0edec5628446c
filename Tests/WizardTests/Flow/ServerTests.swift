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
        run.send(.welcome(.changeServer))
        let words = run.text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        #expect(words.contains("or keep mesh.example.com."), "the one in force is what can be kept")
        run.send(.back)
        #expect(run.send(.welcome(.signIn)) == [.requestDeviceCode(server: Self.team)])
    }

    @Test(
        "what is pasted takes the place of the address that stood there; the rest of one goes on from what was typed",
        arguments: [
            ("", "mesh.example.com\n", "mesh.example.com"),
            ("", " https://mesh.example.com ", "https://mesh.example.com"),
            ("", "https://mesh.example.com/dashboard?lang=es", "https://mesh.example.com/dashboard?lang=es"),
            ("", "the mesh of my team", "the mesh of my team"), ("mesh.", "example.com", "mesh.example.com"),
            ("mesh.example.com", "https://other.example.com/login", "https://other.example.com/login"),
            ("https://", "mesh.example.com", "https://mesh.example.com"),
        ])
    func pasted(typed: String, pasted: String, text: String) {
        var run = Run()
        run.send(.welcome(.changeServer))
        if !typed.isEmpty { run.send(.edit(.server, TextInput(typed))) }
        run.send(.paste(pasted))
        #expect(run.state.inputs[.server]?.text == text)
    }

    @Test(
        "of a page's address the server is looked at, and stands in the field",
        arguments: [
            "https://mesh.example.com/dashboard", "mesh.example.com/c/ABCD-EFGH?x#y", "HTTPS://Mesh.Example.com//",
        ])
    func page(typed: String) {
        let run = asked(typed)
        #expect(run.effects == [.checkServer(Self.team)])
        #expect(run.state.inputs[.server]?.text == Self.team)
    }

    @Test("an invite link is an invite here too, pasted or typed: joining asks about its server")
    func invite() {
        let link = "\(Self.team)/i/\(Sample.inviteCode)"
        var run = Run()
        run.send(.welcome(.changeServer))
        run.send(.paste("Join us: \(link)"))
        #expect(run.screen == .joinOtherServer && run.state.serverEntry == nil)
        #expect(asked(link).screen == .joinOtherServer)
        run.send(.back)
        run.send(.back)
        #expect(run.screen == .welcome && run.state.server.host == "claudemesh.com", "nothing was changed by it")
    }

    @Test("a token that is pasted is not taken, and that is said; it is sent nowhere", arguments: ["", "mesh."])
    func token(typed: String) {
        var run = Run()
        run.send(.welcome(.changeServer))
        if !typed.isEmpty { run.send(.edit(.server, TextInput(typed))) }
        #expect(run.send(.paste(Sample.token)) == [])
        #expect(run.state.inputs[.server]?.text == (typed.isEmpty ? "claudemesh.com" : typed))
        #expect(run.text.contains("This is an access token"))
    }

    @Test("nor where it would take the place of a longer address")
    func tokenOverALongAddress() {
        let long = "https://\(String(repeating: "mesh.", count: 20))example.com"
        var run = asked(long)
        run.send(.arrived(.serverChecked(long, version: nil)), .server(.submit), .welcome(.changeServer))
        run.send(.paste(Sample.token))
        #expect(run.state.inputs[.server].map { "https://\($0.text)" } == long)
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
