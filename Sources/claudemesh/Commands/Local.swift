// `claudemesh local status|stop`: the server of this machine.

import ArgumentParser
import Localization

struct Local: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: about(.localHelp), subcommands: [LocalStatus.self, LocalStop.self])

    @OptionGroup var options: GlobalOptions
}

struct LocalStatus: MeshCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: about(.localStatusHelp))

    @OptionGroup var options: GlobalOptions

    func run(in context: Context) async throws -> Ending { .exit(.done) }
}

struct LocalStop: MeshCommand {
    static let configuration = CommandConfiguration(
        commandName: "stop", abstract: about(.localStopHelp))

    @OptionGroup var options: GlobalOptions

    func run(in context: Context) async throws -> Ending { .exit(.done) }
}
