// `claudemesh sessions`: the machines signed in to the account; ends one.

import ArgumentParser
import Connect
import Console
import Localization
import MeshAPI
import MeshClient
import WizardRun

struct Sessions: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sessions", abstract: about(.sessionsHelp), subcommands: [SessionsList.self, SessionsRevoke.self],
        defaultSubcommand: SessionsList.self)

    @OptionGroup var options: GlobalOptions
}

struct SessionsList: MeshCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: about(.sessionsListHelp))

    @OptionGroup var options: GlobalOptions

    struct Answer: Encodable { var sessions: [CLISession] }

    func run(in context: Context) async throws -> Ending {
        let access = try await ServerAccess.signedIn(context)
        let context = access.context
        let list = try await access.ask { client throws(APIFailure) in try await client.cliSessions() }
        try access.output.table(context.rows(of: list), header: context.sessionHeader, names: 1)
        if options.json { try access.output.json(Answer(sessions: list)) }
        return .exit(.done)
    }
}

struct SessionsRevoke: MeshCommand {
    static let configuration = CommandConfiguration(commandName: "revoke", abstract: about(.sessionsRevokeHelp))

    @OptionGroup var options: GlobalOptions

    @Argument(help: help(.idArgument, value: .id))
    var id: String

    func run(in context: Context) async throws -> Ending {
        let access = try await ServerAccess.signedIn(context)
        let list = try await access.ask { client throws(APIFailure) in try await client.cliSessions() }
        let found = try await access.revoke(id, among: list.map { ($0.id, $0.name) }) { client, id throws(APIFailure) in
            try await client.revokeCLISession(id)
        }
        if list.contains(where: { $0.id == found && $0.current }) {
            access.output.warning(access.context.strings(CommandText.revokedThisOne))
        }
        return .exit(.done)
    }
}

extension Context {
    func rows(of sessions: [CLISession]) -> [[String]] {
        sessions.map { session in
            [
                session.id, session.name, "\(session.os) \(session.arch)", moment(session.lastUsedAt),
                day(session.expiresAt), session.current ? strings(CommandText.thisMachine) : "",
            ]
        }
    }

    var sessionHeader: [String] {
        ["ID", strings[.name], strings(CommandText.system), strings(CommandText.lastUsed), strings[.expires], ""]
    }
}
