// `claudemesh completions SHELL`: a script that completes commands and options.

import ArgumentParser
import Foundation
import Localization

struct Completions: MeshCommand {
    static let configuration = CommandConfiguration(commandName: "completions", abstract: about(.completionsHelp))

    @OptionGroup var options: GlobalOptions

    @Argument(help: help(.completionsShell, value: .shell))
    var shell: Shell

    enum Shell: String, CaseIterable, ExpressibleByArgument {
        case bash, zsh, fish

        var kind: CompletionShell {
            switch self {
            case .bash: .bash
            case .zsh: .zsh
            case .fish: .fish
            }
        }
    }

    struct Answer: Encodable {
        var shell: String
        var script: String
    }

    func run(in context: Context) async throws -> Ending {
        let script = CompletionScript(shell.kind, context.speakingAsConfigured.strings).text
        if options.json {
            try Output(context).json(Answer(shell: shell.rawValue, script: script))
        } else {
            // The script is ours and not a line of talk: it goes out as it is.
            try context.output.write(script.hasSuffix("\n") ? script : script + "\n")
        }
        return .exit(.done)
    }
}

/// The parser's script, put right: it writes two sentences of its own in English, and adds a `help` of its own to ours,
/// whose function then hides ours.
struct CompletionScript {
    private static let parsersHelp = "Show subcommand help information."

    let text: String

    init(_ shell: CompletionShell, _ strings: Strings) {
        var lines = Root.completionScript(for: shell).components(separatedBy: "\n")
        lines.removeAll { $0.contains(Self.parsersHelp) }
        if let second = lines.lastIndex(of: "_claudemesh_help() {"), lines.firstIndex(of: lines[second]) != second,
            let end = lines[second...].firstIndex(of: "}")
        {
            lines.removeSubrange(second...min(end + 1, lines.count - 1))
        }
        text = lines.joined(separator: "\n")
            .replacing("|help|help)", with: "|help)")
            .replacing(" help help'", with: " help'")
            .replacing("Show help information.", with: strings(CommandText.helpHelpOption))
            .replacing("Show the version.", with: strings(CommandText.helpVersionOption))
    }
}
