// `claudemesh serve`: the server, in the foreground until it is told to stop. Every flag is also a variable,
// `CLAUDEMESH_SERVE_…`; the flag wins. With `--local` it is the server of this machine, as the wizard starts it.

import ArgumentParser
import Connect
import Console
import FoundationEssentials
import LocalState
import Localization
import MeshAPI
import MeshClient
import MeshServer
import MeshStore
import Platform

struct Serve: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: about(.serveHelp),
        subcommands: [
            ServeRun.self, ServeStatus.self, ServeAudit.self, ServeBackup.self, ServeRestore.self, ServeCopy.self,
            ServeUser.self,
        ],
        defaultSubcommand: ServeRun.self)

    @OptionGroup var options: GlobalOptions
}

/// `claudemesh serve [FLAGS]`.
struct ServeRun: MeshCommand {
    static let configuration = CommandConfiguration(commandName: "run", abstract: about(.serveHelp))

    @OptionGroup var options: GlobalOptions

    @Option(name: .customLong("host"), help: help(.serveHost, value: .address))
    var host: String?

    @Option(name: .customLong("port"), help: help(.servePort, value: .port))
    var port: Int?

    @OptionGroup var storage: DatabaseOption

    @Option(name: .customLong("drain"), help: help(.serveDrain, value: .number))
    var drain: Int?

    @Option(name: .customLong("public-url"), help: help(.servePublicURL, value: .url))
    var publicURL: String?

    @Option(
        name: .customLong("registration"), help: help(.serveRegistration, value: "open|invite|closed"),
        completion: .list(["open", "invite", "closed"]))
    var registration: String?

    @Flag(name: .customLong("insecure"), help: help(.serveInsecure))
    var insecure = false

    @Option(name: .customLong("limits"), help: help(.serveLimits, value: "on|off"), completion: .list(["on", "off"]))
    var limits: String?

    @Option(name: .customLong("retention"), help: help(.serveRetention, value: "30d|forever"))
    var retention: String?

    @Option(name: .customLong("trusted-proxy"), help: help(.serveProxy, value: .address))
    var trustedProxies: [String] = []

    @Option(name: .customLong("metrics-token"), help: help(.serveMetricsToken, value: .token))
    var metricsToken: String?

    @Option(name: .customLong("mail-command"), help: help(.serveMailCommand, value: .command))
    var mailCommand: String?

    @Option(name: .customLong("mail-from"), help: help(.serveMailFrom, value: .address))
    var mailFrom: String?

    func run(in context: Context) async throws -> Ending {
        if options.local {
            try await LocalServerProcess(context: context).run()
        } else {
            let output = Output(context)
            let server = try MeshServerApplication(options: serverOptions(context), logger: ServerLog.make(context)) {
                try? output.note(context.strings(CommandText.serving, ["url": $0]))
            }
            try await ServerLog.run(server, context: context)
        }
        return .exit(.done)
    }

    /// The options in force: flag, then variable, then default.
    func serverOptions(_ context: Context) throws -> ServerOptions {
        let settings = ServeSettings(context: context)
        var out = ServerOptions(storage: try storage.location(context))
        out.environment = context.environment
        out.name = context.hostName
        out.drain = try settings.number("drain", drain).map { .seconds($0) }
        out.host = try settings.text("host", host).map(Self.withoutBrackets) ?? out.host
        out.port = try settings.number("port", port) ?? out.port
        out.publicURL = try settings.text("public-url", publicURL)
        out.registration = try settings.choice(
            "registration", registration, "open, invite, closed", RegistrationMode.init(rawValue:))
        out.isInsecure = try settings.flag("insecure", insecure)
        out.hasLimits = try settings.choice("limits", limits, "on, off") { ["on": true, "off": false][$0] } ?? true
        out.retention =
            try settings.choice("retention", retention, "7d…, forever", RetentionOption.init)?.seconds ?? out.retention
        for proxy in trustedProxies { try context.given(proxy, as: "--trusted-proxy") }
        let proxies = trustedProxies.isEmpty ? [try settings.text("trusted-proxy", nil) ?? ""] : trustedProxies
        out.trustedProxies = proxies.flatMap { $0.split(separator: ",") }.map { String($0).trimmingWhitespace() }
        out.metricsToken = try settings.text("metrics-token", metricsToken)
        out.setMail(
            command: try settings.program("mail-command", mailCommand), from: try settings.text("mail-from", mailFrom),
            environment: context.environment)
        out.version = Release.version
        do { try out.validate() } catch let error as ServerOptionError {
            guard let name = error.setting, !isGiven(name) else { throw error }
            // The flag was never typed: what named it is the variable.
            throw Failure.invalid(
                field: ServeSettings.variable(name), reason: Words(context: context).form(of: error))
        }
        return out
    }

    /// `[::1]`, as it stands in addresses of the web.
    private static func withoutBrackets(_ host: String) -> String {
        host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
    }

    /// Whether a flag that takes a form of its own stands on the command line.
    private func isGiven(_ name: String) -> Bool {
        switch name {
        case "port": port != nil
        case "public-url": publicURL != nil
        case "trusted-proxy": !trustedProxies.isEmpty
        default: mailFrom != nil
        }
    }
}

/// How long messages are kept: `30d`, a week at least, or `forever`.
struct RetentionOption {
    /// nil is for ever.
    var seconds: Double?

    init?(_ text: String) {
        guard text != "forever" else { return }
        guard text.hasSuffix("d"), let days = Int(text.dropLast()), (7...36_500).contains(days) else { return nil }
        seconds = Double(days) * 86_400
    }
}

/// Reads a setting of `serve` from its flag, else from its variable.
struct ServeSettings {
    let context: Context

    /// `public-url` is `CLAUDEMESH_SERVE_PUBLIC_URL`.
    static func variable(_ name: String) -> String {
        "CLAUDEMESH_SERVE_" + name.uppercased().replacing("-", with: "_")
    }

    /// A flag with nothing in it is a mistake; a variable with nothing in it counts as not set.
    func text(_ name: String, _ flag: String?) throws -> String? {
        try context.given(flag, as: "--\(name)")
        return flag ?? context[Self.variable(name)]
    }

    func number(_ name: String, _ flag: Int?) throws -> Int? {
        guard let text = flag.map(String.init) ?? context[Self.variable(name)] else { return nil }
        guard let number = Int(text), (0...65_535).contains(number) else {
            throw invalid(name, isFlag: flag != nil, text, "0–65535")
        }
        return number
    }

    func flag(_ name: String, _ flag: Bool) throws -> Bool {
        guard !flag, let text = context[Self.variable(name)] else { return flag }
        guard let value = ["1": true, "true": true, "0": false, "false": false][text.lowercased()] else {
            throw invalid(name, isFlag: false, text, "1, true, 0, false")
        }
        return value
    }

    /// - Parameter choices: what it may be, for whoever gave something else.
    func choice<Value>(
        _ name: String, _ flag: String?, _ choices: String, _ read: (String) -> Value?
    ) throws -> Value? {
        guard let text = try text(name, flag) else { return nil }
        guard let value = read(text) else { throw invalid(name, isFlag: flag != nil, text, choices) }
        return value
    }

    /// A command whose first word is a program that can be run: found out now rather than at the first invite.
    func program(_ name: String, _ flag: String?) throws -> String? {
        guard let text = try text(name, flag) else { return nil }
        let word = text.split(separator: " ").first.map(String.init) ?? ""
        let places =
            word.contains("/") ? [word] : (context["PATH"] ?? "").split(separator: ":").map { "\($0)/\(word)" }
        guard !word.isEmpty, places.contains(where: { FileAccess.allows(.run, $0) }) else {
            throw Failure.invalid(
                field: flag == nil ? Self.variable(name) : "--\(name)",
                reason: context.strings(ErrorText.noSuchProgram, ["text": word]))
        }
        return text
    }

    func defaultDatabase() throws -> String {
        try ConfigDirectory(environment: context.environment).path(of: "server.sqlite")
    }

    /// Names whatever gave it, the flag or the variable, and what it may be.
    private func invalid(_ name: String, isFlag: Bool, _ text: String, _ choices: String) -> Failure {
        .invalid(
            field: isFlag ? "--\(name)" : Self.variable(name),
            reason: context.strings(ErrorText.notOneOf, ["text": text, "choices": choices]))
    }
}
