// Several servers over one PostgreSQL database: `serve status` lists them, `serve copy` moves one over that was alone.

import ArgumentParser
import Connect
import Console
import FoundationEssentials
import Localization
import MeshAPI
import MeshServer
import MeshStore

struct ServeStatus: MeshCommand {
    static let configuration = CommandConfiguration(commandName: "status", abstract: about(.serveStatusHelp))

    @OptionGroup var options: GlobalOptions
    @OptionGroup var storage: DatabaseOption

    /// `--json`.
    struct Answer: Encodable {
        struct Server: Encodable {
            var name: String
            var version: String
            var since: Date
            var streams: Int
            var schema: Int
        }

        var servers: [Server]
    }

    func run(in context: Context) async throws -> Ending {
        guard let servers = try storage.administration(context).servers() else { throw ServersAlone() }
        let (output, strings) = (Output(context), context.strings)
        let rows = servers.map { state in
            Answer.Server(
                name: state.name, version: state.version, since: Date(milliseconds: state.since),
                streams: state.streams, schema: state.schema)
        }
        if options.json { try output.json(Answer(servers: rows)) }
        try output.table(
            rows.map { server in
                let since = strings.dayAndTime(
                    server.since, now: context.now(), offset: context.zoneOffset(server.since))
                return [server.name, server.version, since, "\(server.streams)", "\(server.schema)"]
            },
            header: [
                strings(CommandText.serverName), strings(CommandText.serverVersion), strings(CommandText.since),
                strings(CommandText.serverStreams), strings(CommandText.serverSchema),
            ], names: 0)
        if rows.isEmpty { output.hint(strings(CommandText.noServers)) }
        return .exit(.done)
    }
}

/// One server has its database alone: nobody lists it.
private struct ServersAlone: Explained {
    func explanation(_ words: Words) -> Explanation {
        words("not_shared", .input, .serversAlone, remedy: .serversAloneRemedy)
    }
}

struct ServeCopy: MeshCommand {
    static let configuration = CommandConfiguration(commandName: "copy", abstract: about(.serveCopyHelp))

    @OptionGroup var options: GlobalOptions

    @Option(name: .customLong("database"), help: help(.serveDatabase, value: .path), completion: .file())
    var database: String?

    @Option(name: .customLong("to-url-file"), help: help(.serveCopyTo, value: .path), completion: .file())
    var target: String

    @Option(name: .customLong("key-file"), help: help(.serveKeyFile, value: .path), completion: .file())
    var keyFile: String?

    /// `--json`.
    struct Answer: Encodable {
        var rows: Int
        var key: String
    }

    func run(in context: Context) async throws -> Ending {
        let settings = ServeSettings(context: context)
        let path = try settings.text("database", database) ?? settings.defaultDatabase()
        let key = try settings.keyFile(keyFile)
        let rows = try ServerCopy.run(
            from: path, to: try ServeSettings.url(in: target), keyFile: key, environment: context.environment,
            now: context.now())
        let output = Output(context)
        if options.json { try output.json(Answer(rows: rows, key: key)) }
        try output.success(context.strings(CommandText.serverCopied, count: rows))
        try output.line(context.strings(CommandText.serverCopiedKey, ["path": context.displayed(path: key)]))
        return .exit(.done)
    }
}
