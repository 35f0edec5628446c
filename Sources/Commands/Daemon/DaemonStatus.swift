// `claudemesh daemon status|stop|logs`: what carries the messages of this person's sessions.

import Console
import ArgumentParser
import FoundationEssentials
import LocalState
import Localization
import MeshAPI
import MeshClient
import Peers

struct DaemonCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "daemon", abstract: about(.daemonHelp),
        subcommands: [DaemonStatus.self, DaemonStop.self, DaemonLogs.self, DaemonRun.self],
        defaultSubcommand: DaemonStatus.self)

    @OptionGroup var options: GlobalOptions
}

struct DaemonStatus: MeshCommand {
    static let configuration = CommandConfiguration(commandName: "status", abstract: about(.daemonStatusHelp))

    @OptionGroup var options: GlobalOptions

    /// `--json`.
    struct Answer: Encodable {
        var running: Bool
        var pid: Int32?
        var version: String?
        var sessions: [CarriedSession]?
    }

    func run(in context: Context) async throws -> Ending {
        let output = Output(context)
        let line = DaemonLine(place: try DaemonControl(context).place, token: nil)
        guard let found = await line.version() else {
            try context.options.json
                ? output.json(Answer(running: false)) : output.line(context.strings(CommandText.daemonStopped))
            return .exit(.done)
        }
        let sessions = await line.sessions()?.sessions ?? []
        if context.options.json {
            try output.json(Answer(running: true, pid: found.pid, version: found.version, sessions: sessions))
            return .exit(.done)
        }
        try output.line(
            context.strings(CommandText.daemonRunning, ["pid": "\(found.pid)", "version": found.version]))
        try output.table(
            sessions.map { session in
                [
                    session.mesh, session.address ?? session.name, link(session, context),
                    context.strings(PeerStatus(rawValue: session.status)?.text ?? .here),
                    ways(session, context.strings), waiting(session, context.strings),
                    context.strings(CommandText.daemonToSend, ["n": "\(session.toSend)"]),
                ]
            })
        return .exit(.done)
    }

    /// How it stands with its mesh, and why it is not reached.
    private func link(_ session: CarriedSession, _ context: Context) -> String {
        if session.link == "connecting", let why = session.why, let server = try? ServerAddress(session.server) {
            let failure = APIFailure(word: why)
            return Words(context: context).api(failure, host: server.authority, origin: .session).message
        }
        let texts: [String: CommandText] = [
            "following": .daemonFollowing, "connecting": .daemonConnecting, "signed_out": .daemonSignedOut,
        ]
        return context.strings(texts[session.link] ?? .daemonOver)
    }

    /// By which way messages come, and what of them wakes it where that is not all.
    private func ways(_ session: CarriedSession, _ strings: Strings) -> String {
        guard let known = CommandText.lane(session.lane) else { return strings(CommandText.noLane(session)) }
        let lane = strings(known)
        return switch session.attention {
        case .open: lane
        case .focus: "\(lane), \(strings(MessageText.wakesFocus))"
        case .quiet: "\(lane), \(strings(MessageText.wakesQuiet))"
        }
    }

    private func waiting(_ session: CarriedSession, _ strings: Strings) -> String {
        let values = ["n": "\(session.waiting)", "given": "\(session.given)"]
        return strings(session.given == 0 ? CommandText.daemonWaiting : .daemonGiven, values)
    }
}

struct DaemonStop: MeshCommand {
    static let configuration = CommandConfiguration(commandName: "stop", abstract: about(.daemonStopHelp))

    @OptionGroup var options: GlobalOptions

    /// `--json`.
    struct Answer: Encodable {
        var stopped: Bool
    }

    func run(in context: Context) async throws -> Ending {
        let output = Output(context)
        let stopped = try await DaemonControl(context).stop()
        if context.options.json {
            try output.json(Answer(stopped: stopped))
        } else if stopped {
            try output.success(context.strings(CommandText.daemonStoppedNow))
        } else {
            try output.line(context.strings(CommandText.daemonStopped))
        }
        return .exit(.done)
    }
}

struct DaemonLogs: MeshCommand {
    static let configuration = CommandConfiguration(commandName: "logs", abstract: about(.daemonLogsHelp))

    @OptionGroup var options: GlobalOptions

    /// `--json`.
    struct Answer: Encodable {
        var lines: [String]
    }

    func run(in context: Context) async throws -> Ending {
        let output = Output(context)
        let path = try DaemonControl(context).place.log
        let data = FileManager.default.contents(atPath: path) ?? Data()
        let lines = String(decoding: data.suffix(64 << 10), as: UTF8.self).split(separator: "\n").map(String.init)
        if context.options.json {
            try output.json(Answer(lines: lines))
        } else {
            for line in lines { try output.line(line) }
        }
        return .exit(.done)
    }
}
