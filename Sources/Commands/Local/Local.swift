// `claudemesh local status|stop`: the server of this machine.

import ArgumentParser
import Connect
import Console
import FoundationEssentials
import Localization
import LocalState
import MeshClient
import WizardRun

struct Local: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "local", abstract: about(.localHelp), subcommands: [LocalStatus.self, LocalStop.self],
        defaultSubcommand: LocalStatus.self)

    @OptionGroup var options: GlobalOptions
}

struct LocalStatus: MeshCommand {
    static let configuration = CommandConfiguration(commandName: "status", abstract: about(.localStatusHelp))

    @OptionGroup var options: GlobalOptions

    /// `--json`.
    struct Answer: Encodable {
        var running: Bool
        var url: String?
        var pid: Int32?
    }

    func run(in context: Context) async throws -> Ending {
        let output = Output(context)
        let control = try LocalServerControl(context: context)
        guard case .running(let record) = control.status else {
            try context.options.json
                ? output.json(Answer(running: false)) : output.line(context.strings(CommandText.localStopped))
            return .exit(.done)
        }
        let url = "http://127.0.0.1:\(record.port)"
        if context.options.json {
            try output.json(Answer(running: true, url: url, pid: record.pid))
        } else {
            try output.line(context.strings(CommandText.localRunning, ["url": url, "pid": "\(record.pid)"]))
        }
        return .exit(.done)
    }
}

struct LocalStop: MeshCommand {
    static let configuration = CommandConfiguration(commandName: "stop", abstract: about(.localStopHelp))

    @OptionGroup var options: GlobalOptions

    /// `--json`.
    struct Answer: Encodable {
        var stopped: Bool
    }

    func run(in context: Context) async throws -> Ending {
        let output = Output(context)
        let stopped = try await LocalServerControl(context: context).stop()
        if context.options.json { try output.json(Answer(stopped: stopped)) }
        if stopped {
            try output.success(context.strings(CommandText.localStoppedNow))
        } else {
            try output.line(context.strings(CommandText.localStopped))
        }
        return .exit(.done)
    }
}
