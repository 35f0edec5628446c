// `claudemesh completions SHELL`: a script that completes commands and options, from assets/completions. What it offers stands
// in `TabCompletion`.

import ArgumentParser
import Console
import Localization
import MeshStore

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
    }

    struct Answer: Encodable {
        var shell: String
        var script: String
    }

    func run(in context: Context) async throws -> Ending {
        let script = Assets.embedded.text("completions/claudemesh.\(shell.rawValue)") ?? ""
        if options.json {
            try Output(context).json(Answer(shell: shell.rawValue, script: script))
        } else {
            // The script is ours and not a line of talk: it goes out as it is.
            try context.output.write(script)
        }
        return .exit(.done)
    }
}
