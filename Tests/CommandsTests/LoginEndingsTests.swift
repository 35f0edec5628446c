// How a wait for an approval ends without one, and what is said while the server is away: the real program's lines, the
// real server, its time moved on by hand.

import ConsoleSupport
import FoundationEssentials
import MeshStore
import ServerSupport
import TestSupport
import Testing

@testable import MeshServer
@testable import MeshServices
@testable import Commands
@testable import Connect
@testable import Console
@testable import LocalState
@testable import WizardRun

@Suite struct LoginEndingsTests {
    /// A `login` that waits, what it says, and the person whose sign-in it would replace.
    private struct Waiting {
        var server: TestServer
        var home: CommandHome
        var person: Somebody
        var code: String
        var out: Capture
        var err: Capture
    }

    /// Runs `login` until `body` has ended its wait; `expected` is all it says from then on.
    private func login(
        _ language: String = "en", exit: Int32, says expected: @Sendable (String) -> String,
        _ body: @Sendable (Waiting) async throws -> Void
    ) async throws {
        let server = try await TestServer()
        let person = try await server.somebody()
        let home = try CommandHome(server: server.url)
        try home.signIn(person.token, person.account.user, on: server.url)
        let before = home.read(".claudemesh/auth.json")
        let (out, err) = (Capture(), Capture())
        let context = home.context(out, err, ["CLAUDEMESH_LANG": language])
        async let ending = Program.run(["login", "--no-browser"], context: context)
        try await eventually { err.text.contains("\n  http") && err.text.hasSuffix(".\n") }
        let code = String(try #require(err.text.firstMatch(of: /code=([A-Z2-9]{4}-[A-Z2-9]{4})/)).1)
        let said = err.text
        try await body(Waiting(server: server, home: home, person: person, code: code, out: out, err: err))
        #expect(await ending == .code(exit))
        #expect(out.text.isEmpty)
        #expect(err.text.dropFirst(said.count) == expected(code))
        // The sign-in that was there stays, and works.
        #expect(home.read(".claudemesh/auth.json") == before)
        #expect(try await server.get("/api/my/whoami", person.token).contains(person.account.id))
    }

    @Test func theCodeExpires() async throws {
        try await login(exit: 1, says: { _ in "error: Login timed out, run `claudemesh login` to retry\n" }) {
            $0.server.time.advance(601)
        }
    }

    /// Another poller took the token, or the answer that carried it never arrived.
    @Test(arguments: ["en", "es"])
    func theTokenIsLost(_ language: String) async throws {
        let lost = { @Sendable (code: String) in
            language == "en"
                ? "error: Code \(code) was used, but its token was lost on the way\n  Run `claudemesh login` for a new one\n"
                : "error: El código \(code) se usó, pero su token se perdió por el camino\n"
                    + "  Ejecuta `claudemesh login` para obtener otro\n"
        }
        try await login(language, exit: 1, says: lost) { waiting in
            _ = try await waiting.server.services.database.write {
                try $0.run("UPDATE device_codes SET state = 'claimed'")
            }
            // The held poll runs out, and the next one is told.
            waiting.server.time.advance(30)
        }
    }

    /// The server goes and comes back: each failure is said with the wait until the next try, twice as long each time.
    @Test func theServerIsAwayForAWhile() async throws {
        let server = try await TestServer()
        let person = try await server.somebody()
        let home = try CommandHome(server: server.url)
        let (out, err) = (Capture(), Capture())
        async let ending = Program.run(["login", "--no-browser"], context: home.context(out, err))
        let code = try await LoginTests.code(in: err)
        await server.stop()
        let away = "warning: Can't reach \(server.host): nothing listens there. Trying again in"
        try await eventually(seconds: 60) { err.text.contains("\(away) 6 s") }
        let waits = err.text.matches(of: /Trying again in (\d+) s/).compactMap { Int($0.1) }
        #expect(waits.prefix(3) == [2, 3, 6], "1.5, 3, 6 s, said in whole ones")
        try await server.start()
        try await eventually(seconds: 60) { err.text.contains("\(server.host) is back. ") }
        try await server.decide(code, as: person, approve: true)
        #expect(await ending == .code(0))
        #expect(out.text.hasPrefix("✔ Authenticated as Ana Ferreiro\n"))
    }
}
