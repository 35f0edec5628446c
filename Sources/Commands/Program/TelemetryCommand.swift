// `claudemesh telemetry on|off|status`: whether use is told, and what waits to be.

import ArgumentParser
import Canvas
import Connect
import Console
import LocalState
import Localization
import MeshAPI
import MeshClient

struct Telemetry: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "telemetry", abstract: about(.telemetryHelp),
        subcommands: [TelemetryOn.self, TelemetryOff.self, TelemetryStatus.self],
        defaultSubcommand: TelemetryStatus.self)

    @OptionGroup var options: GlobalOptions
}

/// What a run would do, and what waits: `{enabled, reason?, waiting:[event]}`.
struct TelemetryAnswer: Encodable {
    var enabled: Bool
    /// What turns it off: `off`, `do_not_track`, `ci`, `local`, `not_told`.
    var reason: String?
    var waiting: [TelemetryEvent]
}

struct TelemetryOn: MeshCommand {
    static let configuration = CommandConfiguration(commandName: "on", abstract: about(.telemetryOnHelp))

    @OptionGroup var options: GlobalOptions

    func run(in context: Context) async throws -> Ending {
        let directory = try ConfigDirectory(environment: context.environment)
        try directory.updateConfig { $0.telemetry = true }
        // Whoever turns it on knows of it.
        try directory.updateState { $0.markShown(TelemetryChoice.notice) }
        return try TelemetryStatus.say(context, directory)
    }
}

struct TelemetryOff: MeshCommand {
    static let configuration = CommandConfiguration(commandName: "off", abstract: about(.telemetryOffHelp))

    @OptionGroup var options: GlobalOptions

    func run(in context: Context) async throws -> Ending {
        let directory = try ConfigDirectory(environment: context.environment)
        try directory.updateConfig { $0.telemetry = false }
        directory.forgetTelemetry()
        return try TelemetryStatus.say(context, directory)
    }
}

struct TelemetryStatus: MeshCommand {
    static let configuration = CommandConfiguration(commandName: "status", abstract: about(.telemetryStatusHelp))

    @OptionGroup var options: GlobalOptions

    func run(in context: Context) async throws -> Ending {
        try Self.say(context, try ConfigDirectory(environment: context.environment))
    }

    static func say(_ context: Context, _ directory: ConfigDirectory) throws -> Ending {
        let config = try directory.readConfig()
        let context = context.speaking(config.value.language)
        let output = Output(context)
        // What was answered last time tells no more than whether there was a notice.
        let state = directory.rememberedState()
        for notice in config.notices + state.notices { output.warning(Words(context: context).notice(notice)) }
        let isLocal = context.options.local || config.value.server == ServerChoice.localName
        let choice = TelemetryChoice(
            environment: context.environment, config: config.value, state: state.value, isLocal: isLocal)
        let waiting = directory.telemetryEvents()
        if choice == .on {
            try output.success(context.strings(CommandText.telemetryIsOn))
        } else {
            try output.line(context.strings(choice.text))
        }
        try output.table(waiting.map { [$0.name.rawValue, $0.command ?? "", context.moment($0.at)] })
        if !waiting.isEmpty {
            output.hint(context.strings(CommandText.telemetryWaiting, count: waiting.count))
        }
        if context.options.json {
            try output.json(
                TelemetryAnswer(
                    enabled: choice == .on, reason: choice == .on ? nil : choice.name, waiting: waiting))
        }
        return .exit(.done)
    }
}

extension TelemetryChoice {
    var name: String {
        switch self {
        case .on: "on"
        case .off: "off"
        case .doNotTrack: "do_not_track"
        case .ci: "ci"
        case .local: "local"
        case .notTold: "not_told"
        }
    }

    var text: CommandText {
        switch self {
        case .on: .telemetryIsOn
        case .off: .telemetryIsOff
        case .doNotTrack: .telemetryDoNotTrack
        case .ci: .telemetryCI
        case .local: .telemetryLocal
        case .notTold: .telemetryNotTold
        }
    }
}
