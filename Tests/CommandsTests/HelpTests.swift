// The help of every command, from the real program: in the language asked for, whole, within the width, and asking for
// nothing by a "please".

import ArgumentParser
import Foundation
import MeshStore
import Testing

@testable import Commands
@testable import Connect
@testable import Console
@testable import LocalState
@testable import WizardRun

@Suite struct HelpTests {
    /// Every command there is, as it is typed.
    private static var commands: [[String]] {
        func below(_ type: any ParsableCommand.Type, _ path: [String]) -> [[String]] {
            [path] + type.configuration.subcommands.flatMap { below($0, path + [$0._commandName]) }
        }
        return below(Root.self, [])
    }

    /// The parser's own way to a name costs each start of the program a quarter of its time.
    @Test func everyCommandWritesItsNameOut() {
        func nameless(_ type: any ParsableCommand.Type) -> [String] {
            let own = type.configuration.commandName == nil ? ["\(type)"] : []
            return own + type.configuration.subcommands.flatMap(nameless)
        }
        #expect(nameless(Root.self) == [])
    }

    @Test func everyCommandInBothLanguages() async throws {
        let home = try CommandHome()
        // One shell for all: the program starts some eighty times.
        let lines = Self.commands.flatMap { command in
            ["en", "es"].map { "echo \"@ $($CM \(command.joined(separator: " ")) --help --lang \($0))\"" }
        }
        let ran = try await home.shell(lines.joined(separator: "\n"))
        #expect(ran.status == 0 && ran.err.isEmpty)
        let pages = ran.out.split(separator: "@ ").map(String.init)
        try #require(pages.count == Self.commands.count * 2)
        for (index, command) in Self.commands.enumerated() {
            let (english, spanish) = (pages[2 * index], pages[2 * index + 1])
            let name = (["claudemesh"] + command).joined(separator: " ")
            #expect(english.contains("USAGE: \(name) [options]"))
            #expect(spanish.contains("USO: \(name) [opciones]"))
            for word in ["OPTIONS", "Show", "default", "USAGE", "<path>", "<name>", "<mesh>"] {
                #expect(!spanish.contains(word), "\(name): \(word)")
            }
            for page in [english, spanish] {
                #expect(!page.lowercased().contains("please") && !page.contains("por favor"))
                #expect(page.split(separator: "\n").allSatisfy { $0.count <= 80 }, "\(name)")
                for option in ["--help", "--json", "--lang <en|es>", "--non-interactive", "--server"] {
                    #expect(page.contains(option), "\(name): \(option)")
                }
            }
        }
    }

    /// `serve` alone runs the server: its flags are what one looks for.
    @Test func aGroupShowsWhatItsUsualCommandTakes() async throws {
        let home = try CommandHome()
        let serve = try await home.shell("$CM serve --help; $CM help serve")
        for flag in ["--host", "--port", "--database", "--public-url", "--registration", "--insecure", "--limits"] {
            #expect(serve.out.components(separatedBy: "\n  \(flag) ").count == 3, "\(flag)")
        }
        let root = try await home.shell("$CM --help")
        #expect(root.out.contains("--resume <id>") && root.out.contains("--version") && root.out.contains("  doctor  "))
    }

    /// What a command cannot do without stands in its usage.
    @Test func requiredOptionsStandInTheUsage() async throws {
        let ran = try await CommandHome().run("serve", "user", "add", "--help", "--lang", "en")
        #expect(ran.out.contains("USAGE: claudemesh serve user add [options]") && ran.out.contains(" --name <"))
    }

    /// `--json` prints one value, whatever was asked.
    @Test(arguments: [["list", "--help"], ["help", "list"], ["--help"], ["help"], ["serve", "user", "--help"]])
    func asJSON(_ words: [String]) async throws {
        let home = try CommandHome()
        let json = await home.run(words + ["--json"])
        #expect(json.status == 0 && json.err.isEmpty)
        #expect(try json.json([String: String].self) == ["help": await home.run(words).out])
    }

    @Test func theSettingsChooseTheLanguage() async throws {
        let home = try CommandHome()
        try home.write(#"{"version":1,"lang":"es"}"#, to: ".claudemesh/config.json")
        let ran = try await home.shell("$CM list --help; $CM list extra")
        #expect(ran.status == 64 && ran.out.contains("USO:") && ran.err.hasPrefix("error: Aquí sobra: extra\n"))
    }
}
