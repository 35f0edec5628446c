// `claudemesh completions SHELL`: a script that completes commands and options.

import ArgumentParser
import Connect
import Console
import Foundation
import Localization
import MeshClient
import WizardRun

struct Completions: MeshCommand {
    static let configuration = CommandConfiguration(
        commandName: "completions", abstract: about(.completionsHelp),
        discussion: """
            source <(claudemesh completions bash)
            claudemesh completions fish > ~/.config/fish/completions/claudemesh.fish
            """)

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
