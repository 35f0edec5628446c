// `help`, `completions`, and the language of it all.

import ArgumentParser
import FoundationEssentials
import Localization
import MeshAPI
import MeshStore
import Testing

@testable import Commands
@testable import Connect
@testable import Console
@testable import LocalState
@testable import WizardRun

@Suite struct ProgramCommandTests {
    /// What only writes says what would help.
    @Test func aHomeWhereNothingCanBeMadeHasARemedy() async throws {
        let home = try CommandHome()
        let ran = await home.run("telemetry", "off", environment: ["HOME": "/proc"])
        #expect(ran.status == 10, "\(ran.err)")
        #expect(ran.err.hasSuffix("  Set CLAUDEMESH_CONFIG_DIR to a directory that is yours alone.\n"), "\(ran.err)")
    }

    @Test func helpOfCommands() async throws {
        let home = try CommandHome()
        let whole = await home.run("help")
        #expect(whole.status == 0 && whole.err.isEmpty)
        for command in Root.configuration.subcommands where command.configuration.shouldDisplay {
            #expect(whole.out.contains(command._commandName))
        }
        #expect(await home.run("--help").out == whole.out)
        #expect(
            await home.run("help", "sessions", "revoke").out == (await home.run("sessions", "revoke", "--help")).out)
        let unknown = await home.run("help", "nothing")
        #expect(unknown.status == 64 && unknown.err.hasPrefix("error: Unknown command: nothing\n"))
    }

    /// Every variable the code heeds is told.
    @Test func helpOfTheEnvironment() async throws {
        let home = try CommandHome()
        let ran = await home.run("help", "environment")
        #expect(ran.status == 0)
        for variable in [
            "CLAUDEMESH_IPC_TOKEN", "CLAUDEMESH_TOKEN", "CLAUDEMESH_API_URL", "CLAUDEMESH_MESH", "NO_COLOR",
            "SSL_CERT_FILE",
        ] {
            #expect(ran.out.contains("\(variable)  "))
        }
        let json = await home.run("help", "environment", "--json")
        #expect(try json.json([String: String].self).count == Variable.allCases.count)
    }

    /// In a pipe too its lines are of a length that can be read.
    @Test func theEnvironment() async throws {
        let ran = try await CommandHome().run("help", "environment")
        let lines = ran.out.split(separator: "\n")
        #expect(lines.allSatisfy { $0.count <= 80 } && lines.contains { $0.hasPrefix("CLAUDEMESH_SERVE_LOG ") })
    }

    @Test func theVersion() async throws {
        let home = try CommandHome()
        #expect(await home.run("--version").out == "\(Release.version)\n")
        for word in ["version", "-v"] { #expect(await home.run(word).out == "\(Release.version)\n") }
        #expect(await home.run("--version", "--json").out == "{\"version\":\"\(Release.version)\"}\n")
    }

    /// Nothing of the parser's own English, no command twice, no value name that a shell takes for a program's.
    @Test(arguments: ["bash", "zsh", "fish"]) func completionsInSpanish(_ shell: String) async throws {
        let ran = try await CommandHome().shell("$CM completions \(shell)", ["CLAUDEMESH_LANG": "es"])
        #expect(ran.status == 0)
        for text in ["Show ", "subcommand help", "bash|zsh|fish", "help help", "help|help"] {
            #expect(!ran.out.contains(text), "\(text)")
        }
        #expect(ran.out.matches(of: /_claudemesh_help\(\)/).count == (shell == "fish" ? 0 : 1))
    }

    @Test(arguments: ["bash", "zsh", "fish"]) func completions(_ shell: String) async throws {
        let home = try CommandHome()
        let ran = await home.run("completions", shell)
        #expect(ran.status == 0 && ran.err.isEmpty)
        for word in ["whoami", "revoke-token", "doctor"] { #expect(ran.out.contains(word)) }
    }

    /// What a real bash offers: after a group also what its usual command takes, and after `help` what can be explained.
    @Test(arguments: [
        ("claudemesh --me", "--mesh"), ("claudemesh serve --p", "--plain --port --public-url"),
        ("claudemesh serve --registration ", "open invite closed"), ("claudemesh serve --port 1 --lim", "--limits"),
        ("claudemesh serve audit --d", "--database --database-url-file"), ("claudemesh help env", "environment"),
        ("claudemesh serve backup --r", ""), ("claudemesh invite --role ", "member admin"),
        ("claudemesh help serve ", "run status audit backup restore copy user"), ("claudemesh help serve us", "user"),
        // As bash breaks `--role=re` and `--attention=`.
        ("claudemesh launch --role = re", "reviewer"), ("claudemesh --role = re", "reviewer"),
        ("claudemesh launch --role = lead --attention =", "open focus quiet"),
        ("claudemesh help list ", ""), ("claudemesh --v", "--version"), ("claudemesh list --v", ""),
    ])
    func bashOffers(_ line: String, _ offered: String) async throws {
        let ran = try await CommandHome().shell(
            """
            $CM completions bash > script
            cat > ask <<'END'
            source ./script
            claudemesh() { "$CM" "$@"; }
            COMP_LINE="$1"; COMP_POINT=${#COMP_LINE}
            read -ra COMP_WORDS <<< "$COMP_LINE"; [[ "$COMP_LINE" = *' ' ]] && COMP_WORDS+=('')
            COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            _claudemesh claudemesh "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
            echo "${COMPREPLY[*]}"
            END
            bash ask '\(line)'
            """)
        #expect(ran.out == "\(offered)\n" && ran.err.isEmpty, "\(ran.err)")
    }

    /// The same in the other shells, by what their scripts say.
    @Test func otherShellsOfferIt() async throws {
        let home = try CommandHome()
        let fish = await home.run("completions", "fish").out
        #expect(
            fish.contains(#""claudemesh" mesh' -l 'mesh'"#) && fish.contains(#""claudemesh serve" port' -l 'port'"#))
        #expect(fish.matches(of: /-l 'version'/).count == 1)
        let zsh = await home.run("completions", "zsh").out
        #expect(zsh.matches(of: /'--version\[/).count == 1)
        let serve = try #require(
            zsh.components(separatedBy: "_claudemesh_serve() {").last?.split(separator: "\n}").first)
        #expect(serve.contains("___registration=(") && serve.contains("'--port[") && serve.contains(":->command"))
    }

    @Test func theConfiguredLanguage() async throws {
        let home = try CommandHome(server: "http://127.0.0.1:1")
        try home.write(#"{"version":1,"lang":"es"}"#, to: ".claudemesh/config.json")
        let spanish = await home.run("list")
        #expect(
            spanish.status == 2 && spanish.err.contains(Strings(.es)(ErrorText.notSignedIn, ["host": "127.0.0.1:1"])))
        let english = await home.run("list", "--lang", "en")
        #expect(english.err.contains("Not signed in to 127.0.0.1:1"))
        #expect(await home.run("telemetry").out.contains("telemetría"))
        #expect(await home.run("telemetry", environment: ["CLAUDEMESH_LANG": "en"]).out.contains("Telemetry"))
    }
}
