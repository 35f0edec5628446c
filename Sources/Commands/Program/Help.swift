// `claudemesh help [COMMAND…]`, and `claudemesh help environment`: every variable the program heeds.
// To add a variable: a case of `Variable` and its text in both catalogues.

import ArgumentParser
import Connect
import Console
import Localization
import LocalState
import MeshClient
import Platform
import Text

struct Help: MeshCommand {
    static let configuration = CommandConfiguration(commandName: "help", abstract: about(.helpHelp))

    @OptionGroup var options: GlobalOptions

    @Argument(help: help(.helpTopic, value: .command), completion: .custom(topics))
    var topic: [String] = []

    @Option(name: .customLong("man"), help: help(.helpMan, value: .path), completion: .directory)
    var man: String?

    /// What may follow the words typed so far: after a group its commands.
    private static func topics(_ words: [String], _ index: Int, _ prefix: String) -> [String] {
        var group: any ParsableCommand.Type = Root.self
        for word in words.prefix(max(0, index)).drop(while: { $0 != _commandName }).dropFirst()
        where !word.hasPrefix("-") {
            guard let next = group.configuration.subcommands.first(where: { $0._commandName == word }) else {
                return []
            }
            group = next
        }
        let names = group.configuration.subcommands.filter { $0.configuration.shouldDisplay }.map { $0._commandName }
        return names + (group == Root.self ? ["environment"] : [])
    }

    func run(in context: Context) async throws -> Ending {
        if let man { return try writeManual(in: man, context.speakingAsConfigured) }
        if topic == ["environment"] { return try sayEnvironment(context) }
        let context = context.speakingAsConfigured
        var path: [any ParsableCommand.Type] = [Root.self]
        for word in topic {
            let known = path[path.count - 1].configuration.subcommands
            guard let next = known.first(where: { $0._commandName == word }) else {
                let failure = ParseFailure(UnknownCommand(name: word, group: path)).explanation(context)
                try Output(context).error(failure)
                return .exit(failure.exit)
            }
            path.append(next)
        }
        try Output(context).help(path)
        return .exit(.done)
    }

    /// A page a command, which packages put where `man` looks.
    private func writeManual(in directory: String, _ context: Context) throws -> Ending {
        try context.given(directory, as: "--man")
        let place = directory.hasPrefix("/") ? directory : "\(context.workingDirectory)/\(directory)"
        let pages = ManPage.all(context.strings)
        do throws(WholeFile.Failure) {
            for page in pages {
                try WholeFile.replace(page.fileName, in: place, with: Array(page.text.utf8), mode: 0o644)
            }
        } catch {
            throw FileFailure(error, path: place)
        }
        let output = Output(context)
        if options.json { try output.json(["pages": pages.map(\.fileName)]) }
        try output.success(
            context.strings(CommandText.manWritten, ["path": context.displayed(path: place)], count: pages.count))
        return .exit(.done)
    }

    private func sayEnvironment(_ context: Context) throws -> Ending {
        let context = context.speakingAsConfigured
        let output = Output(context)
        let names = Variable.allCases.map { TextWidth.of($0.rawValue) }.max() ?? 0
        let width = max(20, HelpPage.width(context) - names - 2)
        try output.table(
            Variable.allCases.flatMap { variable in
                TextWidth.wrap(context.strings(variable.text), width: width).enumerated().map { line, text in
                    [line == 0 ? variable.rawValue : "", text]
                }
            })
        if options.json {
            try output.json(
                Dictionary(uniqueKeysWithValues: Variable.allCases.map { ($0.rawValue, context.strings($0.text)) }))
        }
        return .exit(.done)
    }
}

/// The variables that change what the program does, in the order they are told.
enum Variable: String, CaseIterable {
    case token = "CLAUDEMESH_TOKEN"
    case server = "CLAUDEMESH_API_URL"
    case directory = "CLAUDEMESH_CONFIG_DIR"
    case mesh = "CLAUDEMESH_MESH"
    case displayName = "CLAUDEMESH_DISPLAY_NAME"
    case role = "CLAUDEMESH_ROLE"
    case agent = "CLAUDEMESH_AGENT"
    case language = "CLAUDEMESH_LANG"
    case ascii = "CLAUDEMESH_ASCII"
    case accessible = "ACCESSIBLE"
    case noColor = "NO_COLOR"
    case ci = "CI"
    case doNotTrack = "DO_NOT_TRACK"
    case proxy = "HTTPS_PROXY"
    case noProxy = "NO_PROXY"
    case certificates = "SSL_CERT_FILE"
    case sessionID = "CLAUDEMESH_SESSION_ID"
    case meshID = "CLAUDEMESH_MESH_ID"
    case sessionToken = "CLAUDEMESH_IPC_TOKEN_FILE"
    case sessionTokenText = "CLAUDEMESH_IPC_TOKEN"
    case browser = "BROWSER"
    case serve = "CLAUDEMESH_SERVE_…"
    case serveLog = "CLAUDEMESH_SERVE_LOG"
    case postmark = "POSTMARK_API_KEY"
    case resend = "RESEND_API_KEY"

    var text: CommandText {
        switch self {
        case .token: .variableToken
        case .server: .variableServer
        case .directory: .variableDirectory
        case .mesh: .variableMesh
        case .displayName: .variableDisplayName
        case .role: .variableRole
        case .agent: .variableAgent
        case .language: .variableLanguage
        case .ascii: .variableASCII
        case .accessible: .variableAccessible
        case .noColor: .variableNoColor
        case .ci: .variableCI
        case .doNotTrack: .variableDoNotTrack
        case .proxy: .variableProxy
        case .noProxy: .variableNoProxy
        case .certificates: .variableCertificates
        case .sessionID: .variableSessionID
        case .meshID: .variableMeshID
        case .sessionToken: .variableSessionToken
        case .sessionTokenText: .variableSessionTokenText
        case .browser: .variableBrowser
        case .serve: .variableServe
        case .serveLog: .variableServeLog
        case .postmark, .resend: .variableMailKey
        }
    }
}
