// `completions`, and what it offers: asked of the program as the scripts ask it, and of the shells that are here.

import ArgumentParser
import FoundationEssentials
import Localization
import MeshAPI
import TestSupport
import Testing

@testable import Commands
@testable import Console

@Suite struct TabCompletionTests {
    /// What is offered where the last word is begun; the shells choose by what was typed of it.
    @Test(arguments: [
        // Commands, and after a group its own.
        (["li"], ["launch", "list", "serve", "help"], ["mcp", "--json", "run"]),
        (["serve", ""], ["run", "status", "audit", "user"], ["serve", "--port"]),
        (["--json", ""], ["list", "serve"], []),
        // What is the group's usual command's comes alone: a command must stand before it.
        (["--role", "lead", ""], [], ["list"]), (["serve", "--port", "1", ""], [], ["backup"]),
        // Options, after a group also those of its usual command.
        (["-"], ["--mesh", "--role", "-y", "--yes", "--json", "--help", "--version"], ["--resume-pick", "list"]),
        (["serve", "--"], ["--port", "--public-url", "--plain", "--help"], ["--version"]),
        (["serve", "backup", "-"], ["--database", "--json"], ["--registration", "--version"]),
        (["list", ""], ["--json", "--plain"], []), (["list", "-"], ["-h", "--help"], ["--version"]),
        // Given once they are not offered again, before the command's name or behind it.
        (["list", "--json", "--"], ["--plain"], ["--json"]), (["--json", "list", "--"], ["--plain"], ["--json"]),
        (["launch", "-y", "-"], ["--role"], ["-y", "--yes"]), (["launch", "--role=lead", "-"], ["--name"], ["--role"]),
        // Values.
        (["--role", "re"], ["reviewer", "lead"], ["--role"]), (["--role=re"], ["--role=reviewer"], ["reviewer"]),
        (["serve", "--registration", ""], ["open", "invite", "closed"], ["run"]),
        (["invite", "--role", ""], ["member", "admin"], []),
        (["launch", "--role=lead", "--attention="], ["--attention=focus"], []),
        (["completions", ""], ["bash", "zsh", "fish"], ["--json"]), (["list", "--lang", ""], ["en", "es"], []),
        (["create", ""], [], ["--json"]), (["--nothing="], [], []), (["list", "--plain="], [], []),
        // A word with a dash is no value to the parser.
        (["--resume", "--"], ["--role"], ["--resume"]),
        // What help explains.
        (["help", ""], ["list", "serve", "environment"], ["mcp"]),
        (["help", "serve", ""], ["run", "audit"], ["environment"]), (["help", "list", ""], [], ["environment"]),
        // `--json` is the line's, not that of who asks.
        (["list", "--json", "--lang", ""], ["en", "es"], []),
    ])
    func words(_ words: [String], _ offered: [String], _ left: [String]) async throws {
        let ran = await Self.ask(try CommandHome(), words)
        let values = ran.out.split(separator: "\n").map { String($0.prefix { $0 != "\t" }) }
        #expect(ran.status == 0 && ran.err.isEmpty)
        #expect(Set(offered).subtracting(values).isEmpty, "\(values)")
        #expect(Set(left).isDisjoint(with: values), "\(values)")
        #expect(!offered.isEmpty || !left.isEmpty || values.isEmpty, "\(values)")
        #expect(Set(values).count == values.count, "\(values)")
    }

    @Test(arguments: [
        (["serve", "--database", "x"], ":files\n"), (["serve", "--database=x"], ":files\n"),
        (["serve", "backup", ""], ":files\n"), (["launch", "--agent", ""], ":files\n"),
        (["help", "--man", ""], ":directories\n"), (["--", ""], ":files\n"),
        (["launch", "--", "-x", "--role", ""], ":files\n"),
    ])
    func files(_ words: [String], _ answer: String) async throws {
        #expect(await Self.ask(try CommandHome(), words).out == answer)
    }

    /// With what each is for, in the language in force.
    @Test(arguments: ["en", "es"]) func descriptions(_ language: String) async throws {
        let strings = try Strings(#require(Language(rawValue: language)))
        let ran = try await CommandHome().shell(
            "for word in '' -; do $CM ---complete -- $word; done", ["CLAUDEMESH_LANG": language])
        for (word, text) in [
            ("list", CommandText.listHelp), ("--json", .optionJSON), ("-h", .helpHelpOption),
            ("--version", .helpVersionOption),
        ] {
            #expect(ran.out.contains("\(word)\t\(strings(text))\n"), "\(word)")
        }
    }

    /// Every command can be asked, and every option that help tells is offered.
    @Test func everyCommand() async throws {
        let home = try CommandHome()
        func below(_ path: [any ParsableCommand.Type]) async {
            let command = path[path.count - 1]
            let words = path.dropFirst().map { $0._commandName }
            let offered = await Self.ask(home, words + ["--"]).out
            for option in HelpContent.options(of: command) {
                #expect(offered.contains("\(option)\t"), "\(words) \(option)")
            }
            for next in command.configuration.subcommands { await below(path + [next]) }
        }
        await below([Root.self])
    }

    /// Of what stands in files, which came from a server, only what is a word to every shell.
    @Test func meshesAndLaunches() async throws {
        let server = "http://127.0.0.1:1"
        let home = try CommandHome(server: server)
        let user = User(id: "u", name: "N")
        try home.signIn("cm_session_" + String(repeating: "a", count: 52), user, on: server)
        let slugs = [
            "planning", "a b", "$(touch x)", "`x`", "x;y", #"new\nline"#, #"tab\tx"#, "--json", #"\u001b[2J"#, "é",
            ":files",
        ]
        let meshes = slugs.map {
            #"{"server":"\#(server)","user_id":"u","id":"i","slug":"\#($0)","name":"N"}"#
        }
        try home.write(#"{"version":1,"meshes":[\#(meshes.joined(separator: ","))]}"#, to: ".claudemesh/meshes.json")
        for words in ["--mesh ''", "leave ''", "watch ''", "send --mesh ''"] {
            #expect(try await home.shell("$CM ---complete -- \(words)").out == "planning\n", "\(words)")
        }
        #expect(try await home.shell("$CM ---complete -- --mesh=").out == "--mesh=planning\n")
    }

    /// The old way in, which scripts of an earlier version go.
    @Test func theParsersOwnWayIn() async throws {
        let home = try CommandHome()
        let ran = await home.run("---completion", "launch", "--", "--role", "2", "0", "claudemesh", "--json", "")
        #expect(!ran.out.contains("version"))
    }

    @Test(arguments: ["bash", "zsh", "fish"]) func scripts(_ shell: String) async throws {
        let ran = await (try CommandHome()).run("completions", shell)
        #expect(ran.status == 0 && ran.err.isEmpty && ran.out.contains("---complete"))
        let json = try await (try CommandHome()).run("completions", shell, "--json").json([String: String].self)
        #expect(json == ["shell": shell, "script": ran.out])
    }

    /// In a real bash, as it breaks the words itself.
    @Test(arguments: [
        ("claudemesh --me", "--mesh"), ("claudemesh serve --p", "--plain --port --public-url"),
        ("claudemesh help serve us", "user"), ("claudemesh --role=re", "reviewer"),
        ("claudemesh launch --role=lead --attention=", "open focus quiet"), ("claudemesh --role re", "reviewer"),
        ("claudemesh --server http://a.example:1/ --v", "--version"), ("claudemesh serve --database ", "<default>"),
        ("claudemesh help --man ", "<dirnames>"), ("claudemesh list nothing", ""),
    ])
    func bashOffers(_ line: String, _ offered: String) async throws {
        let ran = try await CommandHome().shell(
            #"""
            $CM completions bash > script
            cat > ask <<'END'
            set -u
            source ./script
            compopt() { COMPREPLY+=("<$2>"); }
            COMP_LINE="$1"; COMP_POINT=${#COMP_LINE}
            parts="${COMP_LINE//=/ = }"; parts="${parts//:/ : }"
            read -ra COMP_WORDS <<< "$parts"; [[ "$COMP_LINE" = *' ' ]] && COMP_WORDS+=('')
            COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            _claudemesh "$CM" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
            echo "${COMPREPLY[*]}"
            END
            bash ask '\#(line)'
            """#)
        #expect(ran.out == "\(offered)\n" && ran.err.isEmpty, "\(ran.err)")
    }

    @Test(
        .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/fish"), "fish is not here"),
        arguments: [
            ("--me", "--mesh"), ("--role=re", "--role=reviewer"), ("serve --registration o", "open"),
            ("help --man fol", "folder/"), ("serve --database=fo", "--database=folder/"),
        ])
    func fishOffers(_ line: String, _ offered: String) async throws {
        let ran = try await CommandHome().shell(
            "mkdir folder; $CM completions fish > script; fish -N -c \"source script; complete -C '$CM \(line)'\"")
        #expect(ran.out.split(whereSeparator: { "\n\t".contains($0) }).first.map(String.init) == offered, "\(ran.err)")
    }

    private static func ask(_ home: CommandHome, _ words: [String], _ more: [String: String] = [:]) async -> Ran {
        await home.run([TabCompletion.word, "--"] + words, environment: more)
    }
}
