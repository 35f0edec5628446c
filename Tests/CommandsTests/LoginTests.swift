// `login`, against the real server: by token and by code, what it says, what it keeps, what it replaces.

internal import ConsoleSupport
import FoundationEssentials
import MeshAPI
import MeshClient
internal import MeshStore
internal import TestSupport
import Testing

@testable import MeshServer
@testable import MeshServices
@testable import Commands
@testable import Connect
@testable import Console
@testable import LocalState
@testable import WizardRun

@Suite struct LoginTests {
    /// The shape of `--json`.
    private struct Answer: Decodable {
        var user: User
        var credential: Proof
        var source: String
        var server: String

        struct Proof: Decodable {
            var id: String
            var kind: String
            var name: String
        }
    }

    private let dead = TokenForm.make(.pat, bytes: [UInt8](repeating: 7, count: 32))

    /// What is wrong with the file is said of the file, and not of a token that nobody saw.
    @Test(arguments: [("", "Is a directory"), ("/none", "No such file or directory")])
    func aTokenFileThatCannotBeRead(_ name: String, _ reason: String) async throws {
        let home = try CommandHome(server: "http://127.0.0.1:1")
        let ran = await home.run("login", "--token-file", home.path + name)
        #expect(ran.status == 10 && ran.err.hasPrefix("error: ~\(name): \(reason)\n"), "\(ran.err)")
        let json = await home.run("login", "--json", "--token-file", home.path + name)
        #expect(try json.status == 10 && json.error().code == "file")
    }

    @Test func aTokenOnStandardInputSignsIn() async throws {
        try await CommandServer.run { server in
            let account = try await server.account("Ale Rodríguez")
            let token = try await server.token(.pat, of: account, name: "ci-deploy")
            _ = try await server.client(try await server.token(.session, of: account))
                .createMesh(CreateMesh(name: "Dev"), key: "1")
            let home = try CommandHome(server: server.url)
            let ran = await home.run("login", "--with-token", input: token + "\n")
            #expect(ran.status == 0)
            #expect(
                ran.out == """
                    ✔ Authenticated as Ale Rodríguez (via PAT "ci-deploy")
                    ✔ Token saved to ~/.claudemesh/auth.json
                    ✔ Synced 1 mesh: dev

                    """)
            #expect(ran.err.isEmpty)
            #expect(home.auth?.token == token && home.auth?.source == .pat)
            #expect(home.mode(".claudemesh/auth.json") == 0o600 && home.mode(".claudemesh") == 0o700)
            #expect(try home.directory.readConfig().value.server == server.url)
            #expect(try home.meshes(of: account.id, on: server.url) == ["dev"])
        }
    }

    /// Each way of handing a token over, and what the JSON says of it.
    @Test(arguments: ["--token", "-", "--with-token", "--token-file", "environment"])
    func everyWayOfGivingAToken(_ way: String) async throws {
        try await CommandServer.run { server in
            let token = try await server.token(.pat, of: try await server.account("Ale"), name: "ci")
            let home = try CommandHome(server: server.url)
            try home.write(token + "\n", to: "token")
            let ran =
                switch way {
                case "--token": await home.run("login", "--json", "--token", token)
                case "-": await home.run("login", "--json", "--token", "-", input: token)
                case "--with-token": await home.run("login", "--json", "--with-token", input: token)
                case "--token-file": await home.run("login", "--json", "--token-file", "token")
                default: await home.run("login", "--json", environment: ["CI": "true", "CLAUDEMESH_TOKEN": token])
                }
            #expect(ran.status == 0)
            let answer = try ran.json(Answer.self)
            #expect(answer.user.name == "Ale" && answer.credential.kind == "pat" && answer.credential.name == "ci")
            #expect(answer.source == (way == "environment" ? "environment" : "flag") && answer.server == server.url)
            #expect(home.auth?.token == token)
            #expect(!ran.out.contains(token))
            let warns = ran.err.contains("warning: Others can read a token on the command line")
            #expect(warns == (way == "--token"))
        }
    }

    @Test(arguments: ["", "cm_pat_short", "ghp_0123456789", "cm_pat_" + String(repeating: "A", count: 52)])
    func malformed(_ text: String) async throws {
        let home = try CommandHome(server: "http://127.0.0.1:1")
        let ran = await home.run("login", "--with-token", input: text)
        #expect(ran.status == 1 && ran.out.isEmpty)
        #expect(ran.err == "error: Invalid token format (expected `cm_pat_…`)\n")
        #expect(home.auth == nil)
    }

    @Test func unknownTokenIsRejectedAndTheFormerSignInKept() async throws {
        try await CommandServer.run { [dead] server in
            let person = try await server.person()
            let ran = await person.home.run("login", "--with-token", input: dead)
            #expect(ran.status == 2)
            #expect(ran.err.hasPrefix("error: Token rejected\n  It came from --with-token."))
            #expect(person.home.auth?.token == person.token)
            #expect(await server.works(person.token))
        }
    }

    @Test func aReplacedSessionIsRevokedAfterTheNewOneIsSaved() async throws {
        try await CommandServer.run { server in
            let person = try await server.person()
            let account = try await server.account("Bo")
            let token = try await server.token(.pat, of: account, name: "ci")
            let ran = await person.home.run("login", "--with-token", input: token)
            #expect(ran.status == 0)
            #expect(ran.err == "Replacing existing session for Ale Rodríguez\n")
            #expect(await !server.works(person.token))
            // An access token is never revoked by its replacement, nor the same token by itself.
            let again = await person.home.run("login", "--with-token", input: token)
            #expect(again.status == 0 && again.err == "Replacing existing session for Bo\n")
            let session = try await server.token(.session, of: account)
            #expect(await person.home.run("login", "--with-token", input: session).status == 0)
            #expect(await server.works(token))
            #expect(await person.home.run("login", "--with-token", "--force", input: session).err.isEmpty)
            #expect(await server.works(session))
        }
    }

    @Test func aGuestTakesTheMembershipAlong() async throws {
        try await CommandServer.run { server in
            let person = try await server.person()
            let mesh = try await person.mesh("Dev")
            let invite = try await person.invite(to: mesh)
            let home = try CommandHome(server: server.url)
            #expect(await home.run("join", invite.code, "--name", "Guest").status == 0)
            let token = try await server.token(.pat, of: try await server.account("Bo"), name: "ci")
            let ran = await home.run("login", "--with-token", input: token)
            #expect(ran.out.contains("✔ Synced 1 mesh: dev"))
            #expect(try await person.client.members(of: mesh.id).map(\.name).sorted() == ["Ale Rodríguez", "Bo"])
        }
    }

    @Test func byCodeInLines() async throws {
        try await CommandServer.run { server in
            let account = try await server.account("Ale")
            let home = try CommandHome(server: server.url)
            let (out, err) = (Capture(), Capture())
            async let ending = Program.run(["login", "--no-browser"], context: home.context(out, err))
            let code = try await Self.code(in: err)
            #expect(
                err.text == """
                    Open this page, here or on your phone:
                      \(server.url)/cli-auth?code=\(code)
                    Check that the page shows this code, then approve: \(code)
                    Waiting for your approval. 10 minutes left.

                    """)
            try await server.decide(code, as: account, approve: true)
            #expect(await ending == .code(0))
            #expect(
                out.text == """
                    ✔ Authenticated as Ale
                    ✔ Token saved to ~/.claudemesh/auth.json
                    ✔ Synced 0 meshes

                    """)
            #expect(home.auth?.source == .deviceCode && home.auth?.user.id == account.id)
            let token = try #require(home.auth?.token)
            #expect(await server.works(token))
            #expect(!(out.text + err.text).contains(token))
        }
    }

    @Test func byCodeAsJSON() async throws {
        try await CommandServer.run { server in
            let account = try await server.account("Ale")
            let home = try CommandHome(server: server.url)
            let (out, err) = (Capture(), Capture())
            async let ending = Program.run(["login", "--json"], context: home.context(out, err))
            try await server.decide(try await Self.code(in: err), as: account, approve: true)
            #expect(await ending == .code(0))
            let answer = try Ran(ending: .code(0), out: out.text, err: err.text).json(Answer.self)
            #expect(answer.credential.kind == "session" && answer.credential.name == "vm" && answer.source == "file")
        }
    }

    @Test func denied() async throws {
        try await CommandServer.run { server in
            let account = try await server.account("Ale")
            let person = try await server.person("Bo")
            let (out, err) = (Capture(), Capture())
            async let ending = Program.run(["login"], context: person.home.context(out, err))
            try await server.decide(try await Self.code(in: err), as: account, approve: false)
            #expect(await ending == .code(1))
            #expect(err.text.hasSuffix("error: Sign-in was denied in the browser\n"))
            #expect(out.text.isEmpty && person.home.auth?.token == person.token)
        }
    }

    @Test func nobodyCanBeAskedInCI() async throws {
        let home = try CommandHome(server: "http://127.0.0.1:1")
        let ran = await home.run("login", environment: ["CI": "1"])
        #expect(ran.status == 3)
        let ways = "Choices: --with-token, --token-file, CLAUDEMESH_TOKEN"
        #expect(ran.err == "error: --with-token is needed (because CI is set)\n  \(ways)\n")
        let flag = await home.run("login", "--non-interactive", "--json")
        #expect(flag.status == 3)
        #expect(try flag.error() == .init(code: "input_missing", message: "--with-token is needed", hint: ways))
        #expect(await home.run("login", environment: ["CI": "1", "CLAUDEMESH_TOKEN": ""]).status == 2)
    }

    @Test func noCodeToBeHadIsSaidAtOnce() async throws {
        let home = try CommandHome(server: "http://127.0.0.1:1")
        let ran = await home.run("login")
        #expect(ran.status == 4 && ran.err.hasPrefix("error: Can't reach 127.0.0.1:1: nothing listens there.\n"))
    }

    @Test func aDirectoryThatCannotBeWrittenIsSaidBeforeAnybodyIsAsked() async throws {
        try await CommandServer.run { server in
            let home = try CommandHome(server: server.url)
            try home.write("", to: "file")
            let ran = await home.run("login", environment: ["CLAUDEMESH_CONFIG_DIR": "\(home.path)/file"])
            #expect(ran.status == 10 && !ran.err.contains("Open this page"))
        }
    }

    /// A session's token that was given is its owner's: that it could not be kept here must not end it there.
    @Test func aGivenTokenThatCannotBeSavedLivesOn() async throws {
        try await CommandServer.run { server in
            let token = try await server.token(.session, of: try await server.account("Ale"), name: "ci")
            let home = try CommandHome(server: server.url)
            try home.write("", to: ".claudemesh/auth.json/in-the-way")
            #expect(await home.run("login", "--with-token", input: token).status == 10)
            #expect(await server.works(token))
        }
    }

    @Test func aDamagedFileIsReplaced() async throws {
        try await CommandServer.run { server in
            let token = try await server.token(.pat, of: try await server.account("Ale"), name: "ci")
            let home = try CommandHome(server: server.url)
            for text in ["{", #"{"version":2,"token":"x"}"#] {
                try home.write(text, to: ".claudemesh/auth.json")
                #expect(await home.run("login", "--with-token", input: token).status == 0)
                #expect(home.auth?.token == token)
            }
        }
    }

    @Test func aVariableThatHidesTheSignInIsSaid() async throws {
        try await CommandServer.run { server in
            let token = try await server.token(.pat, of: try await server.account("Ale"), name: "ci")
            let home = try CommandHome(server: server.url)
            let ran = await home.run("login", "--with-token", input: token, environment: ["CLAUDEMESH_TOKEN": token])
            #expect(
                ran.err == "warning: CLAUDEMESH_TOKEN is set: it hides ~/.claudemesh/auth.json until you unset it.\n")
        }
    }

    @Test func inSpanish() async throws {
        try await CommandServer.run { server in
            let token = try await server.token(.pat, of: try await server.account("Ale"), name: "ci")
            let home = try CommandHome(server: server.url)
            let ran = await home.run("login", "--with-token", input: token, environment: ["LANG": "es_ES.UTF-8"])
            #expect(ran.out.hasPrefix("✔ Sesión iniciada como Ale"))
        }
    }

    /// The code that stands on standard error, once it does.
    static func code(in err: Capture) async throws -> String {
        try await eventually { err.text.contains("Waiting for your approval") }
        let match = try #require(err.text.firstMatch(of: /approve: ([A-Z2-9]{4}-[A-Z2-9]{4})/))
        return String(match.1)
    }
}
