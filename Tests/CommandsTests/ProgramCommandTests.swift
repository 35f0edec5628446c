// `help` and the language of it all.

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
