// `help`, `completions`, and the language of it all.

import ArgumentParser
import FoundationEssentials
import Localization
import MeshAPI
import Testing

@testable import claudemesh

@Suite struct ProgramCommandTests {
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
        #expect(unknown.status == 64 && unknown.err.hasPrefix("error: There is no command nothing\n"))
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

    @Test func theVersion() async throws {
        let home = try CommandHome()
        #expect(await home.run("--version").out == "\(Root.version)\n")
        #expect(await home.run("--version", "--json").out == "{\"version\":\"\(Root.version)\"}\n")
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
