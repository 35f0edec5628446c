// Every way a server can fail a command: its words, its exit code, and that nothing is lost.

import ArgumentParser
import ConsoleSupport
import FoundationEssentials
import MeshAPI
import MeshClient
import Testing

@testable import MeshServer
@testable import MeshServices
@testable import Commands
@testable import Connect
@testable import Console
@testable import LocalState
@testable import WizardRun

@Suite struct ErrorTableTests {
    private static let token = TokenForm.make(.pat, bytes: [UInt8](repeating: 1, count: 32))

    /// A reply, and what `list` makes of it.
    struct Row: Sendable, CustomTestStringConvertible {
        var status: Int
        var body: String
        var type = "application/json"
        var headers: [(String, String)] = []
        var exit: Int32
        var text: String
        var code: String

        var testDescription: String { "\(status) \(code)" }
    }

    static let rows = [
        Row(
            status: 400, body: #"{"error":"bad","message":"no"}"#, exit: 3, text: "HOST refused: no", code: "bad"),
        Row(
            status: 401, body: #"{"error":"unauthorized"}"#, exit: 2,
            text: "Authentication failed (token expired or revoked)", code: "authentication_failed"),
        Row(status: 403, body: #"{"error":"forbidden"}"#, exit: 7, text: "HOST does not allow that", code: "forbidden"),
        Row(
            status: 404, body: #"{"error":"not_found"}"#, exit: 5, text: "HOST knows nothing of that name",
            code: "not_found"),
        Row(
            status: 409, body: #"{"error":"conflict","message":"there"}"#, exit: 6, text: "HOST refused: there",
            code: "conflict"),
        Row(
            status: 410, body: #"{"error":"invite_expired"}"#, exit: 5, text: "This invite ran out",
            code: "invite_expired"),
        Row(
            status: 413, body: #"{"error":"too_large","message":"big"}"#, exit: 3, text: "HOST refused: big",
            code: "too_large"),
        Row(
            status: 422, body: #"{"error":"invalid","field":"name","message":"name is empty"}"#, exit: 3,
            text: "HOST refused: name is empty", code: "invalid"),
        Row(
            status: 429, body: #"{"error":"rate_limited"}"#, headers: [("retry-after", "2")], exit: 4,
            text: "Too many tries from this address: HOST wants a pause\n  Try again in 2 s.", code: "rate_limited"),
        Row(
            status: 429, body: "slow down", type: "text/plain", exit: 4,
            text: "Too many tries from this address: HOST wants a pause\n  Try again in a while.", code: "rate_limited"),
        Row(status: 500, body: "", exit: 4, text: "HOST has a problem (500)", code: "http_500"),
        Row(status: 503, body: #"{"error":"busy"}"#, exit: 4, text: "HOST has a problem (503)", code: "busy"),
        Row(
            status: 200, body: "<html>log in</html>", type: "text/html", exit: 4,
            text: "HOST answered with a web page. This network may want you to log in.", code: "unreachable"),
        Row(
            status: 200, body: #"{"meshes":[{"id":1}]}"#, exit: 4,
            text: "HOST isn't a claudemesh server.", code: "unreachable"),
        Row(
            status: 302, body: "", headers: [("location", "https://elsewhere.example/")], exit: 4,
            text: "HOST redirects to another site. Nothing was sent there.", code: "unreachable"),
        Row(
            status: 200, body: String(repeating: " ", count: 9 << 20), exit: 4,
            text: "HOST answered with more than 8 MiB: refused.", code: "unreachable"),
    ]

    @Test(arguments: rows) func everyReply(_ row: Row) async throws {
        try await HostileServer.run(row.body, status: row.status, type: row.type, headers: row.headers) { url in
            let host = String(url.dropFirst("http://".count))
            let home = try CommandHome(server: url)
            try home.signIn(Self.token, User(id: "u", name: "Ale"), on: url)
            let before = home.read(".claudemesh/auth.json")
            let plain = await home.run("list")
            #expect(plain.status == row.exit && plain.out.isEmpty)
            #expect(plain.err.hasPrefix("error: \(row.text.replacing("HOST", with: host))\n"))
            #expect(plain.err.split(separator: "\n").count <= 3)
            let json = await home.run("list", "--json")
            #expect(json.status == row.exit && json.out.isEmpty)
            #expect(try json.error().code == row.code)
            let terminal = await home.run("list", terminal: true)
            #expect(terminal.err.contains("✘") && !terminal.err.contains("error:"))
            #expect(home.read(".claudemesh/auth.json") == before)
            for ran in [plain, json, terminal] { #expect(!(ran.out + ran.err).contains(Self.token)) }
        }
    }

    @Test func nothingListens() async throws {
        let home = try CommandHome(server: "http://127.0.0.1:1")
        try home.signIn(Self.token, User(id: "u", name: "Ale"), on: "http://127.0.0.1:1")
        for command in ["list", "sync", "members", "peers", "invite", "invites", "sessions", "tokens"] {
            let ran = await home.run(command)
            #expect(ran.status == 4, "\(command)")
            #expect(ran.err.hasPrefix("error: Can't reach 127.0.0.1:1: nothing listens there.\n"))
        }
        for words in [["send", "bo", "Hello"], ["reply", "7k2f9q", "Yes"]] {
            let ran = await home.run(words)
            #expect(ran.status == 4, "\(words)")
            #expect(
                ran.err.hasPrefix("error: Can't reach 127.0.0.1:1: nothing listens there. Nothing was sent.\n"),
                "\(ran.err)")
        }
    }

    @Test func aTokenNeverTravelsInTheClear() async throws {
        let home = try CommandHome(server: "http://mesh.example")
        let ran = await home.run("list", environment: ["CLAUDEMESH_TOKEN": Self.token])
        #expect(ran.status == 4 && ran.err.hasSuffix(" a token is not sent there.\n  Use https://mesh.example\n"))
    }

    /// What is wrong with the files, before any server is asked.
    @Test(arguments: [
        (#"{"#, "error: Auth file corrupted, run `claudemesh login`\n"),
        (#"{"version":1}"#, "error: Auth file corrupted, run `claudemesh login`\n"),
        (
            #"{"version":2,"token":"x"}"#,
            "error: Written by a newer claudemesh; update, or sign in again\n"
        ),
    ])
    func authFile(_ text: String, _ error: String) async throws {
        let home = try CommandHome(server: "http://127.0.0.1:1")
        try home.write(text, to: ".claudemesh/auth.json")
        let ran = await home.run("list")
        #expect(ran.status == 2 && ran.err == error)
        // What `--explain` survives it still says.
        let explained = await home.run("launch", "--explain")
        #expect(explained.status == 0 && explained.err == error.replacing("error:", with: "warning:"))
        #expect(home.read(".claudemesh/auth.json") == text)
    }

    @Test func aWideAuthFileIsNarrowedWithAWarning() async throws {
        try await CommandServer.run { server in
            let person = try await server.person()
            try person.home.write(
                try #require(person.home.read(".claudemesh/auth.json")), to: ".claudemesh/auth.json", mode: 0o644)
            let ran = await person.home.run("list", "--json")
            #expect(ran.status == 0)
            #expect(ran.err == "warning: ~/.claudemesh/auth.json was readable by others; set to 0600.\n")
            #expect(person.home.mode(".claudemesh/auth.json") == 0o600)
            #expect(await person.home.run("list", "--json").err.isEmpty)
        }
    }

    @Test func aDamagedConfigIsSetAsideAndSaidOnce() async throws {
        try await CommandServer.run { server in
            let person = try await server.person()
            try person.home.write("{", to: ".claudemesh/config.json")
            let ran = await person.home.run("list")
            #expect(ran.status == 0)
            #expect(ran.err.hasPrefix("warning: ~/.claudemesh/config.json was damaged; it is kept as "))
            #expect(person.home.read(".claudemesh/config.json.damaged") == "{")
            #expect(!(await person.home.run("list").err.contains("damaged")))
        }
    }

    @Test func aLinkIsRefused() async throws {
        let home = try CommandHome(server: "http://127.0.0.1:1")
        try home.write("{}", to: "elsewhere.json")
        try home.write("{}", to: ".claudemesh/config.json")
        try FileManager.default.createSymbolicLink(
            atPath: "\(home.path)/.claudemesh/auth.json", withDestinationPath: "\(home.path)/elsewhere.json")
        let ran = await home.run("list")
        #expect(ran.status == 10 && ran.err.contains("  Move ~/.claudemesh/auth.json away;"))
    }

    @Test func aPortThatIsTaken() async throws {
        try await CommandServer.run { server in
            let home = try CommandHome()
            let port = try #require(server.application.port)
            let ran = await home.run("serve", "--port", "\(port)")
            #expect(ran.status == 3)
            #expect(
                ran.err == """
                    error: Another program listens on 127.0.0.1:\(port)
                      Choose another port with --port.

                    """)
            let json = await home.run("serve", "--json", environment: ["CLAUDEMESH_SERVE_PORT": "\(port)"])
            #expect(try json.status == 3 && json.error().code == "port_taken")
            let elsewhere = await home.run(
                "serve", "--host", "192.0.2.1", "--insecure", "--port", "0", "--public-url", "http://x.example")
            #expect(elsewhere.status == 3 && elsewhere.err.hasPrefix("error: Cannot listen on 192.0.2.1:0: "))
            let brackets = await home.run(
                "serve", "--host", "[2001:db8::1]", "--port", "0", "--public-url", "https://x.example",
                environment: ["CLAUDEMESH_SERVE_TRUSTED_PROXY": "127.0.0.1, ::1"])
            #expect(brackets.status == 3 && brackets.err.hasPrefix("error: Cannot listen on [2001:db8::1]:0: "))
        }
    }

    /// The file is named, in both languages, with one thing to do; it stays as it is.
    @Test(arguments: [
        ["serve"], ["serve", "user", "add", "a@b.example", "--name", "A"], ["serve", "audit", "verify"],
    ])
    func aFileThatIsNoDatabase(_ words: [String]) async throws {
        let home = try CommandHome()
        try home.write("not a database", to: "bad.sqlite")
        let ran = await home.run(words + ["--database", "\(home.path)/bad.sqlite"])
        #expect(ran.status == 10)
        #expect(
            ran.err == """
                error: ~/bad.sqlite isn't a claudemesh database
                  Name another file with --database, or move that one away.

                """)
        let json = await home.run(words + ["--json", "--lang", "es", "--database", "\(home.path)/bad.sqlite"])
        #expect(try json.status == 10 && json.error().code == "database")
        #expect(try json.error().message == "~/bad.sqlite no es una base de datos de claudemesh")
        #expect(home.read("bad.sqlite") == "not a database")
    }

    /// Why a copy cannot be made or put back, in Spanish as well.
    @Test(arguments: [
        (["serve", "backup", "HOME/copy"], "~/none.sqlite: esa base de datos no existe"),
        (["serve", "restore", "HOME/none"], "~/none: esa base de datos no existe"),
        (["serve", "user", "reset", "a@b.example"], "~/none.sqlite: esa base de datos no existe"),
        (["serve", "--database", "HOME/file/deep.sqlite"], "~/file/deep.sqlite: no es una carpeta"),
    ])
    func databaseFilesInSpanish(_ words: [String], _ text: String) async throws {
        let home = try CommandHome()
        try home.write("", to: "file")
        let words = words.map { $0.replacing("HOME", with: home.path) }
        let named = words.contains("--database") ? [] : ["--database", "\(home.path)/none.sqlite"]
        let ran = await home.run(words + named + ["--lang", "es"])
        #expect(ran.status == 10 && ran.err.hasPrefix("error: \(text)\n  "), "\(ran.err)")
    }

    /// Servers speak English: what they refuse is told in the language in force.
    @Test(arguments: [
        (#"{"error":"invalid","field":"email","message":"email is no address."}"#, "esto no es un correo"),
        (#"{"error":"invalid","field":"max_uses","message":"x"}"#, "son demasiados usos o demasiado pocos"),
        (#"{"error":"invalid","field":"other","message":"It is odd."}"#, "«It is odd.»"),
        (#"{"error":"malformed","message":"The body is not JSON."}"#, "«The body is not JSON.»"),
    ])
    func refusalsInSpanish(_ body: String, _ reason: String) async throws {
        try await HostileServer.run(body, status: 422, type: "application/json", headers: []) { url in
            let home = try CommandHome(server: url)
            try home.signIn(Self.token, User(id: "u", name: "Ale"), on: url)
            let ran = await home.run("list", "--lang", "es")
            #expect(ran.status == 3)
            #expect(ran.err == "error: \(url.dropFirst("http://".count)) lo rechazó: \(reason)\n")
        }
    }

    /// Whatever gave a setting of `serve` is named, with what it may be.
    @Test(
        arguments: [
            ("PORT", "x", "CLAUDEMESH_SERVE_PORT: x is none of 0–65535"),
            ("PORT", "70000", "CLAUDEMESH_SERVE_PORT: 70000 is none of 0–65535"),
            (
                "LOG", "maybe",
                "CLAUDEMESH_SERVE_LOG: maybe is none of trace, debug, info, notice, warning, error, critical"
            ),
            (
                "MAIL_COMMAND", "/no/such -t",
                "CLAUDEMESH_SERVE_MAIL_COMMAND: there is no program /no/such on this machine"
            ),
            ("LIMITS", "maybe", "CLAUDEMESH_SERVE_LIMITS: maybe is none of on, off"),
            ("REGISTRATION", "x", "CLAUDEMESH_SERVE_REGISTRATION: x is none of open, invite, closed"),
            ("INSECURE", "x", "CLAUDEMESH_SERVE_INSECURE: x is none of 1, true, 0, false"),
            ("PUBLIC_URL", "x", "CLAUDEMESH_SERVE_PUBLIC_URL: http(s)://HOST[:PORT]"),
            ("PUBLIC_URL", "https://u@h", "CLAUDEMESH_SERVE_PUBLIC_URL: http(s)://HOST[:PORT]"),
            ("HOST", "0.0.0.0", "Listening on all addresses needs --public-url: the address people will open"),
            ("TRUSTED_PROXY", "127.0.0.1, x", "CLAUDEMESH_SERVE_TRUSTED_PROXY: ADDRESS[/BITS]"),
            ("TRUSTED_PROXY", "x", "CLAUDEMESH_SERVE_TRUSTED_PROXY: ADDRESS[/BITS]"),
        ])
    func variablesOfServe(_ name: String, _ value: String, _ text: String) async throws {
        let ran = try await CommandHome().run("serve", environment: ["CLAUDEMESH_SERVE_\(name)": value])
        #expect(ran.status == 3 && ran.err.hasPrefix("error: \(text)\n"), "\(ran.err)")
    }

    /// A flag with nothing in it is a variable of a script that was never set; a variable with nothing in it is not set.
    @Test(arguments: [
        "host", "database", "public-url", "registration", "limits", "trusted-proxy", "metrics-token", "mail-command",
        "mail-from",
    ])
    func emptySettingsOfServe(_ name: String) async throws {
        let home = try CommandHome()
        let ran = await home.run("serve", "--\(name)", "")
        #expect(ran.status == 3 && ran.err.hasPrefix("error: --\(name) is empty\n"), "\(ran.err)")
        let (out, err) = (Capture(), Capture())
        let context = home.context(out, err, [ServeSettings.variable(name): ""])
        let command = try #require(try Root.parseAsRoot(["serve"]) as? ServeRun)
        #expect(try command.serverOptions(context).port == 7420)
    }

    @Test(
        arguments: [
            ("", 2, "CLAUDEMESH_TOKEN is set but empty"), ("nonsense", 1, "Invalid token format (expected `cm_pat_…`)"),
        ] as [(String, Int32, String)])
    func theVariable(_ value: String, _ exit: Int32, _ text: String) async throws {
        let home = try CommandHome(server: "http://127.0.0.1:1")
        let ran = await home.run("list", environment: ["CLAUDEMESH_TOKEN": value])
        #expect(ran.status == exit && ran.err.hasPrefix("error: \(text)\n"))
        #expect(ran.err.contains("`unset CLAUDEMESH_TOKEN`"), "who typed no token has to know where it stands")
    }

    @Test func anUnknownTokenNamesWhereItCameFrom() async throws {
        try await CommandServer.run { server in
            let home = try CommandHome(server: server.url)
            let variable = await home.run("list", environment: ["CLAUDEMESH_TOKEN": Self.token])
            #expect(variable.status == 2 && variable.err.contains("It came from CLAUDEMESH_TOKEN."))
            let flag = await home.run("list", "--token", Self.token)
            #expect(flag.status == 2 && flag.err.contains("It came from --token."))
            #expect(flag.err.hasPrefix("warning: Others can read a token on the command line"))
            let none = await home.run("list")
            #expect(none.status == 2)
            #expect(none.err.hasSuffix("  Run `claudemesh login`, or set CLAUDEMESH_TOKEN.\n"))
        }
    }

    @Test func noServer() async throws {
        let home = try CommandHome()
        for text in ["ftp://a", "https://a/b", ""] {
            #expect(await home.run("list", "--server", text).status == 3)
        }
    }
}
