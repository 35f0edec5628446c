// The root of the command line. To add a command: its file in Commands, a line in `subcommands`, a test.

import ArgumentParser
import Localization

/// `claudemesh` alone is `launch`.
struct Root: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "claudemesh",
        abstract: about(.tagline),
        version: version,
        subcommands: [
            Launch.self, Serve.self, Local.self,
        ],
        defaultSubcommand: Launch.self)

    /// The one place the version stands.
    static let version = "0.1.0"

    @OptionGroup var options: GlobalOptions
}

/// A command that does something. Parsing makes the value; `run(in:)` does the work and throws what stopped it.
protocol MeshCommand: ParsableCommand {
    var options: GlobalOptions { get }
    func run(in context: Context) async throws -> Ending
}
