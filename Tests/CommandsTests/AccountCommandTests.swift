// `logout`, `whoami`, `sessions`, `tokens`, against the real server.

import ConsoleSupport
import FoundationEssentials
import MeshAPI
import MeshClient
import Testing

@testable import Commands
@testable import Connect
@testable import Console
@testable import LocalState
@testable import WizardRun

@Suite struct AccountCommandTests {
    private struct Revocation: Decodable, Equatable {
        var id: String
        var status: String
    }

    // MARK: logout

    @Test func logoutRevokesASession() async throws {
        try await CommandServer.run { server in
            let person = try await server.person()
            let ran = await person.home.run("logout")
            #expect(ran.status == 0 && ran.err.isEmpty)
            #expect(ran.out == "✔ Token revoked on the server\n✔ Removed ~/.claudemesh/auth.json\n")
            #expect(person.home.auth == nil)
            #expect(await !server.works(person.token))
            let again = await person.home.run("logout")
            #expect(again.status == 0 && again.out == "Not signed in\n")
            #expect(await person.home.run("logout", "--json").out == #"{"removed":false,"revoked":false}"# + "\n")
        }
    }

    @Test func logoutKeepsAnAccessTokenValidUnlessToldOtherwise() async throws {
        try await CommandServer.run { server in
            let token = try await server.token(.pat, of: try await server.account("Ale"), name: "ci")
            let home = try CommandHome(server: server.url)
            #expect(await home.run("login", "--with-token", input: token).status == 0)
            let ran = await home.run("logout")
            // The file is gone: no flag could revoke it any more.
            #expect(ran.out.hasSuffix("Revoke it at \(server.url)/dashboard/settings/cli-tokens\n"))
            #expect(home.auth == nil)
            #expect(await server.works(token))
            #expect(await home.run("login", "--with-token", input: token).status == 0)
            let revoked = await home.run("logout", "--revoke-token", "--json")
            #expect(revoked.out == #"{"removed":true,"revoked":true}"# + "\n")
            #expect(await !server.works(token))
        }
    }

    @Test func logoutWithTheServerDownRemovesTheFileAndSaysWhatItCouldNotDo() async throws {
        let home = try CommandHome(server: "http://127.0.0.1:1")
        let token = TokenForm.make(.session, bytes: [UInt8](repeating: 1, count: 32))
        try home.signIn(token, User(id: "u", name: "Ale"), on: "http://127.0.0.1:1")
        let ran = await home.run("logout")
        #expect(ran.status == 0 && home.auth == nil)
        #expect(ran.out == "✔ Removed ~/.claudemesh/auth.json\n")
        #expect(ran.err.contains("Revoke it at http://127.0.0.1:1/dashboard/settings/sessions"))
    }

    @Test func logoutRemovesAFileItCannotRead() async throws {
        let home = try CommandHome(server: "http://127.0.0.1:1")
        try home.write("{", to: ".claudemesh/auth.json")
        let ran = await home.run("logout")
        #expect(ran.status == 0 && home.read(".claudemesh/auth.json") == nil)
        #expect(ran.err.contains("no token could be read from the file. Revoke it at http://127.0.0.1:1/"))
        #expect(!ran.err.contains("claudemesh login"), "whoever signs out is not told to sign in")
    }

    /// With the server of this machine in force nobody is signed out, and nobody is told that they are not signed in.
    @Test(arguments: [["logout", "--local"], ["logout"]])
    func logoutFromThisMachineSaysThatThereIsNothingToEnd(words: [String]) async throws {
        let home = try CommandHome()
        try home.write(#"{"version":1,"server":"local"}"#, to: ".claudemesh/config.json")
        let ran = await home.run(words)
        #expect(ran.out == "The server of this machine has no sign-in to end.\n" && ran.status == 0)
    }

    @Test func logoutLeavesTheSignInOfAnotherServer() async throws {
        try await CommandServer.run { server in
            let person = try await server.person()
            let ran = await person.home.run("logout", "--server", "https://elsewhere.example")
            #expect(ran.status == 2 && ran.err.hasPrefix("error: Not signed in to elsewhere.example\n"))
            #expect(ran.err.contains("`claudemesh logout --server \(server.url)`"))
            #expect(person.home.auth?.token == person.token)
        }
    }

    // MARK: whoami

    @Test func whoamiNamesTheSourceInForce() async throws {
        try await CommandServer.run { server in
            let person = try await server.person()
            let file = await person.home.run("whoami")
            #expect(file.status == 0 && file.err.isEmpty)
            #expect(file.out.contains("Ale Rodríguez · ale-rodriguez@example.com"))
            #expect(file.out.contains("~/.claudemesh/auth.json") && file.out.contains(server.url))
            let pat = try await server.token(.pat, of: try await server.account("Bo"), name: "ci")
            let variable = await person.home.run("whoami", environment: ["CLAUDEMESH_TOKEN": pat])
            #expect(variable.out.contains("CLAUDEMESH_TOKEN") && variable.out.contains(#"access token "ci""#))
            let spanish = await person.home.run("whoami", "--lang", "es", environment: ["CLAUDEMESH_TOKEN": pat])
            #expect(spanish.out.contains("token de acceso «ci»"))
            #expect(
                variable.err
                    == "warning: CLAUDEMESH_TOKEN hides the sign-in of Ale Rodríguez in ~/.claudemesh/auth.json\n")
            let json = await person.home.run("whoami", "--json", "--token", "-", input: pat)
            #expect(json.out.contains(#""source":"flag""#) && json.out.contains(#""checked":true"#))
        }
    }

    @Test func whoamiOfflineIsTheStoredIdentityNotChecked() async throws {
        let home = try CommandHome(server: "http://127.0.0.1:1")
        let token = TokenForm.make(.session, bytes: [UInt8](repeating: 1, count: 32))
        try home.signIn(token, User(id: "u", name: "Ale"), on: "http://127.0.0.1:1")
        let ran = await home.run("whoami")
        #expect(ran.status == 0 && ran.out.contains("Ale"))
        #expect(ran.err.hasPrefix("warning: Not checked: can't reach 127.0.0.1:1"))
        let json = await home.run("whoami", "--json")
        #expect(json.out.contains(#""checked":false"#) && json.out.contains(#""kind":"session""#))
        // Of a token from elsewhere only the server knows whose it is.
        #expect(await home.run("whoami", environment: ["CLAUDEMESH_TOKEN": token]).status == 4)
    }

    @Test func aRevokedTokenMakesTheVeryNextCommandExit2AndTheFileStays() async throws {
        try await CommandServer.run { server in
            let person = try await server.person()
            #expect(await person.home.run("list").status == 0)
            try await person.client.revokeCurrentSession()
            for command in [["list"], ["whoami"], ["sync"], ["create", "x"], ["peers"]] {
                let (out, err) = (Capture(), Capture())
                let ending = await Program.run(command, context: person.home.context(out, err))
                #expect(ending == .code(2))
                #expect(
                    err.text == """
                        error: Authentication failed (token expired or revoked)
                          Run `claudemesh login` to re-authenticate. The file is kept.

                        """)
            }
            #expect(person.home.auth?.token == person.token)
            let logout = await person.home.run("logout")
            #expect(
                logout.out == "✔ The token no longer worked on the server\n✔ Removed ~/.claudemesh/auth.json\n")
        }
    }

    // MARK: sessions

    @Test func sessionsAreListedAndRevokedByTheirBeginning() async throws {
        try await CommandServer.run { server in
            let person = try await server.person()
            let account = try await server.account("Bo")
            let other = try await server.token(.session, of: account, name: "laptop")
            #expect(await person.home.run("sessions").out.contains("this machine"))
            #expect(await person.home.run("whoami", "--sessions", "--json").out.contains(#""sessions":[{"#))

            let second = try await server.client(other).cliSessions()
            let id = try #require(second.first?.id)
            // Another's session is not there for us.
            #expect(await person.home.run("sessions", "revoke", id).status == 5)
            #expect(await server.works(other))

            let own = try #require(try await person.client.cliSessions().first?.id)
            #expect(await person.home.run("sessions", "revoke", "abc").status == 3)
            let ran = await person.home.run("sessions", "revoke", String(own.prefix(8)), "--json")
            #expect(try ran.json(Revocation.self) == Revocation(id: own, status: "revoked"))
            #expect(await person.home.run("sessions").status == 2)
        }
    }

    // MARK: tokens

    @Test func aNewTokenStandsAloneOnStandardOutput() async throws {
        try await CommandServer.run { server in
            let person = try await server.person()
            let ran = await person.home.run("tokens", "create", "ci deploy", "--expires", "30d")
            #expect(ran.status == 0)
            let token = ran.out.trimmingWhitespace()
            #expect(TokenForm.kind(of: token) == .pat && ran.out == token + "\n")
            #expect(ran.err == "This token will not be shown again.\n")
            #expect(await server.works(token))
            let list = await person.home.run("tokens")
            #expect(list.out.contains("ci deploy") && !list.out.contains(token))
            #expect(await person.home.run("tokens", "create", "x", "--expires", "never").err.contains("never expires"))
            // What there is none of is said, not left out.
            let json = await person.home.run("tokens", "--json").out
            #expect(json.contains(#""expires_at":null"#) && json.contains(#""last_used_at":null"#))
            #expect(await person.home.run("tokens", "create", " ").status == 3)
            // An access token makes no other.
            let denied = await person.home.run("tokens", environment: ["CLAUDEMESH_TOKEN": token])
            #expect(denied.status == 7 && denied.err.contains("needs a sign-in"))

            let id = try #require(try await person.client.accessTokens().first { $0.name == "ci deploy" }?.id)
            #expect(await person.home.run("tokens", "revoke", String(id.prefix(10))).status == 0)
            #expect(await !server.works(token))
            #expect(await person.home.run("tokens", "revoke", id).status == 5)
        }
    }

    /// Not unique, not found, too short: three answers, after each of which everything is as it was.
    @Test(arguments: [("tokens", TokenForm.Kind.pat), ("sessions", .session)])
    func aBeginningThatFitsTwoRevokesNeither(noun: String, kind: TokenForm.Kind) async throws {
        try await CommandServer.run { server in
            let person = try await server.person()
            let one = try await server.token(kind, of: person.user.id, id: "abcdef1x")
            let two = try await server.token(kind, of: person.user.id, id: "abcdef2x")
            let both = await person.home.run(noun, "revoke", "abcdef")
            #expect(both.status == 3)
            #expect(both.err.contains("abcdef fits more than one"), "\(both.err)")
            #expect(both.err.contains("abcdef1x") && both.err.contains("abcdef2x"), "\(both.err)")
            let none = await person.home.run(noun, "revoke", "abcdef3")
            #expect(none.status == 5 && none.err.contains("abcdef3"), "\(none.err)")
            #expect(await person.home.run(noun, "revoke", "abcde").status == 3)
            for token in [one, two] { #expect(await server.works(token)) }
            #expect(await person.home.run(noun, "revoke", "abcdef2").status == 0)
            #expect(await server.works(one))
            #expect(await !server.works(two))
        }
    }
}
