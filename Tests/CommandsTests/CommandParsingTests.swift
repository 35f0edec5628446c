// From words to options: what each command takes, and what it cannot read (exit 64, before anything is done).

import ArgumentParser
import ConsoleSupport
import Localization
import MeshAPI
import Testing

@testable import Commands
@testable import Connect
@testable import Console
@testable import LocalState
@testable import WizardRun

@Suite struct CommandParsingTests {
    private func parse<Command>(_ type: Command.Type, _ words: String...) throws -> Command {
        try #require(try Root.parseAsRoot(words) as? Command)
    }

    @Test func login() throws {
        let plain = try parse(Login.self, "login")
        #expect(!plain.withToken && !plain.noBrowser && !plain.force && plain.tokenFile == nil)
        #expect(plain.tokenFlags == [])
        #expect(try parse(Login.self, "login", "--token", "-").options.token == "-")
        #expect(try parse(Login.self, "login", "--with-token", "--force").force)
        #expect(try parse(Login.self, "login", "--token-file", "/p").tokenFile == "/p")
        #expect(try parse(Login.self, "login", "--no-browser").noBrowser)
    }

    /// What needs no parser is read as the parser reads it.
    @Test func watch() throws {
        for words in [["watch"], ["watch", "planning"], ["watch", "help"], ["watch", "a b"]] {
            let parsed = try #require(try Root.parseAsRoot(words) as? WatchCommand)
            #expect(Watching(words) == Watching(name: parsed.mesh, bell: parsed.bell))
        }
        for words in [
            ["watch", "--plain"], ["watch", "-h"], ["watch", "a", "b"], ["watch", "--", "a"], ["list"], [],
        ] {
            #expect(Watching(words) == nil)
        }
        let full = try parse(WatchCommand.self, "watch", "planning", "--bell")
        #expect(full.mesh == "planning" && full.bell)
    }

    @Test func accountCommands() throws {
        #expect(try !parse(Logout.self, "logout").revokeToken)
        #expect(try parse(Logout.self, "logout", "--revoke-token").revokeToken)
        #expect(try parse(WhoAmICommand.self, "whoami", "--sessions").sessions)
        _ = try parse(SessionsList.self, "sessions")
        _ = try parse(SessionsList.self, "sessions", "list")
        #expect(try parse(SessionsRevoke.self, "sessions", "revoke", "abcdef").id == "abcdef")
        _ = try parse(TokensList.self, "tokens")
        let token = try parse(TokensCreate.self, "tokens", "create", "ci deploy")
        #expect(token.name == "ci deploy" && token.expires == .year)
        #expect(try parse(TokensRevoke.self, "tokens", "revoke", "abcdef").id == "abcdef")
    }

    @Test(arguments: [("30d", 30), ("90d", 90), ("1y", 365), ("never", 0)])
    func tokenLives(_ text: String, _ days: Int) throws {
        #expect(try parse(TokensCreate.self, "tokens", "create", "ci", "--expires", text).expires.days == days)
    }

    @Test func meshCommands() throws {
        let create = try parse(Create.self, "create", "Platform team", "--slug", "platform")
        #expect(create.name == "Platform team" && create.slug == "platform")
        _ = try parse(List.self, "list")
        _ = try parse(Sync.self, "sync")
        #expect(try parse(Members.self, "members").mesh == nil)
        #expect(try parse(Members.self, "members", "dev").mesh == "dev")
        #expect(try parse(Members.self, "members", "--mesh", "dev").option.name == "dev")
        #expect(try parse(Peers.self, "peers", "--mesh", "dev").mesh.name == "dev")
        let rename = try parse(Rename.self, "rename", "dev", "Development")
        #expect(rename.mesh == "dev" && rename.name == "Development")
        #expect(try parse(Leave.self, "leave", "dev").mesh == "dev")
    }

    @Test func inviteCommands() throws {
        let plain = try parse(InviteCommand.self, "invite")
        #expect(plain.role == .member && plain.expiresIn.count == 7 && plain.uses == 1 && !plain.qr)
        let full = try parse(
            InviteCommand.self, "invite", "--mesh", "dev", "--email", "a@example.com", "--role", "admin",
            "--expires-in", "30d", "--uses", "5", "--qr")
        #expect(full.mesh.name == "dev" && full.email == "a@example.com" && full.role.membership == .admin)
        #expect(full.expiresIn.count == 30 && full.uses == 5 && full.qr)
        #expect(try parse(InvitesList.self, "invites", "--mesh", "dev").mesh.name == "dev")
        #expect(try parse(InvitesRevoke.self, "invites", "revoke", "abcdef").id == "abcdef")
        #expect(try parse(JoinCommand.self, "join", "K7QD-2MXP-9WTB", "--name", "Bo").name == "Bo")
    }

    @Test func programCommands() throws {
        _ = try parse(Doctor.self, "doctor")
        _ = try parse(TelemetryStatus.self, "telemetry")
        _ = try parse(TelemetryOn.self, "telemetry", "on")
        _ = try parse(TelemetryOff.self, "telemetry", "off")
        #expect(try parse(Completions.self, "completions", "fish").shell == .fish)
        #expect(try parse(Help.self, "help", "environment").topic == ["environment"])
    }

    /// Every command takes the options of all, before its name and after.
    @Test(arguments: [
        ["list"], ["login"], ["logout"], ["whoami"], ["sessions"], ["sessions", "revoke", "abcdef"], ["tokens"],
        ["tokens", "create", "ci"], ["create", "x"], ["sync"], ["members"], ["peers"], ["invite"], ["invites"],
        ["join", "x"], ["rename", "a", "b"], ["leave", "a"], ["doctor"], ["telemetry"], ["telemetry", "off"],
        ["completions", "bash"], ["help", "environment"],
    ])
    func optionsOfAll(_ command: [String]) throws {
        let flags = ["--json", "--plain", "--lang", "es", "--non-interactive", "--server", "https://a.example"]
        for words in [command + flags, flags + command] {
            let parsed = try #require(try Root.parseAsRoot(words) as? any MeshCommand)
            let options = parsed.options
            #expect(options.json && options.plain && options.nonInteractive && options.language == .es)
            #expect(options.server == "https://a.example")
        }
    }

    @Test(arguments: [
        ["login", "--token", "x", "--with-token"], ["login", "--with-token", "--token-file", "p"],
        ["login", "--local", "--with-token"], ["login", "--token"], ["list", "--local", "--server", "a.example"],
        ["list", "--local", "--token", "x"], ["list", "--plain", "--full-screen"], ["list", "extra"],
        ["list", "--bogus"], ["tokens", "create"], ["tokens", "create", "a", "--expires", "3d"],
        ["tokens", "revoke"], ["sessions", "revoke"], ["create"], ["rename", "a"], ["leave"], ["join"],
        ["members", "a", "--mesh", "b"], ["invite", "--role", "owner"], ["invite", "--expires-in", "7"],
        ["invite", "--uses", "x"], ["completions", "tcsh"], ["telemetry", "maybe"],
        ["listt"], ["list", "--lang", "de"],
    ])
    func unreadable(_ words: [String]) async throws {
        let home = try CommandHome(server: "http://127.0.0.1:1")
        let (out, err) = (Capture(), Capture())
        let ending = await Program.run(words, context: home.context(out, err))
        #expect(ending == .code(64))
        #expect(out.text.isEmpty)
        #expect(err.text.hasPrefix("error: "))
        let (jsonOut, jsonErr) = (Capture(), Capture())
        _ = await Program.run(words + ["--json"], context: home.context(jsonOut, jsonErr))
        #expect(jsonOut.text.isEmpty && jsonErr.text.contains(#""code":"usage""#))
    }

    /// In Spanish too nothing is left of the parser's own English, and each says one thing to do.
    @Test(arguments: [
        (["listt"], "Unknown command: listt", "Orden desconocida: listt"),
        (["list", "--bogus"], "Unknown option: --bogus", "Opción desconocida: --bogus"),
        (["list", "-q"], "Unknown option: -q", "Opción desconocida: -q"),
        (["list", "--server"], "--server <url> needs a value", "--server <url> necesita un valor"),
        (["list", "--plain=3"], "--plain takes no value", "--plain no lleva ningún valor"),
        (["list", "one", "two"], "Nothing here takes: one two", "Aquí sobra: one two"),
        (["join"], "<link> is missing", "Falta <link>"),
        (["list", "--lang", "de"], "--lang <en|es> can't be \"de\"", "--lang <en|es> no admite «de»"),
        (["list", "--lang", ""], "--lang <en|es> needs a value", "--lang <en|es> necesita un valor"),
        (["create", "-dash"], "Unknown option: -dash", "Opción desconocida: -dash"),
        (["create", "-das"], "Unknown option: -das", "Opción desconocida: -das"),
        (
            ["invite", "--uses", "-1"], "--uses <number> can't be \"-1\"", "--uses <number> no admite «-1»"
        ),
        (["completions", "it's"], "<shell> can't be \"it's\"", "<shell> no admite «it's»"),
        (
            ["list", "--local", "--server", "x"], "--local and --server exclude each other",
            "--local y --server se excluyen"
        ),
        (["list", "cm_pat_abcdefghij"], "Nothing here takes: cm_pat_…", "Aquí sobra: cm_pat_…"),
    ])
    func inBothLanguages(_ words: [String], _ english: String, _ spanish: String) async throws {
        let home = try CommandHome()
        for (language, text) in [("en", english), ("es", spanish)] {
            let (out, err) = (Capture(), Capture())
            let context = home.context(out, err, ["CLAUDEMESH_LANG": language])
            #expect(await Program.run(words, context: context) == .code(64))
            let lines = err.text.split(separator: "\n")
            #expect(lines.first == "error: \(text)" && lines.count == 2)
        }
    }

    @Test func anOptionBeforeItsCommandIsSaidToBe() async throws {
        let ran = try await CommandHome().run("serve", "--database", "X", "backup", "P")
        #expect(ran.status == 64)
        #expect(
            ran.err == """
                error: The options of serve backup come after its name
                  Write `claudemesh serve backup --database …`

                """)
    }

    /// A mistyped command or option: what does not exist, and what was meant or where to look.
    @Test(arguments: [
        (["lst"], "command: lst", "Did you mean list?"), (["creat", "x"], "command: creat", "Did you mean create?"),
        (["tokens", "creat"], "command: tokens creat", "Did you mean tokens create?"),
        (["tokens", "creat", "ci"], "command: tokens creat", "Did you mean tokens create?"),
        (["telemetry", "of"], "command: telemetry of", "Did you mean telemetry off?"),
        (["serve", "user", "ad", "x"], "command: serve user ad", "Did you mean serve user add?"),
        (["help", "sessions", "revok"], "command: sessions revok", "Did you mean sessions revoke?"),
        (["nothing"], "command: nothing", "See `claudemesh --help`."),
        (["list", "--jsn"], "option: --jsn", "Did you mean --json?"),
        (["--jsno"], "option: --jsno", "Did you mean --json?"),
        (["--mes", "x"], "option: --mes", "Did you mean --mesh?"),
        (["lst", "--jsno"], "command: lst", "Did you mean list?"),
        // The nearest there is, but too far to be meant.
        (["list", "--bogus"], "option: --bogus", "See `claudemesh list --help`."),
    ])
    func whatIsMeantIsNamed(_ words: [String], _ missing: String, _ remedy: String) async throws {
        let ran = try await CommandHome().run(words)
        #expect(ran.status == 64 && ran.err == "error: Unknown \(missing)\n  \(remedy)\n")
    }

    @Test func aUsualCommandIsSeenUnderItsGroup() async throws {
        let ran = try await CommandHome().run("serve", "--port", "x")
        #expect(ran.err.hasSuffix("  See `claudemesh serve --help`.\n"))
        let named = try await CommandHome().run("serve", "run", "--port", "x")
        #expect(named.err.hasSuffix("  See `claudemesh serve run --help`.\n"))
    }

    @Test func aGroupWithoutAUsualCommandNeedsOne() async throws {
        let home = try CommandHome()
        let ran = await home.run("serve", "user", "--lang", "es")
        #expect(ran.status == 64 && ran.out.isEmpty && ran.err == "error: Falta <orden>\n  Opciones: add, reset\n")
        let json = await home.run("serve", "user", "--json")
        #expect(try json.status == 64 && json.out.isEmpty && json.error().code == "usage")
    }

    @Test func pathsNameCommandsForTelemetry() {
        #expect(Root.path(to: List.self) == "list")
        #expect(Root.path(to: SessionsRevoke.self) == "sessions revoke")
        #expect(Root.path(to: WhoAmICommand.self) == "whoami")
    }
}
