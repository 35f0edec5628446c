// `claudemesh tokens`: personal access tokens, for scripts; lists, makes and revokes them.

import ArgumentParser
import Canvas
import Connect
import Console
import FoundationEssentials
import Localization
import LocalState
import MeshAPI
import MeshClient
import WizardRun

struct Tokens: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tokens", abstract: about(.tokensHelp),
        subcommands: [TokensList.self, TokensCreate.self, TokensRevoke.self],
        defaultSubcommand: TokensList.self)

    @OptionGroup var options: GlobalOptions
}

struct TokensList: MeshCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: about(.tokensListHelp))

    @OptionGroup var options: GlobalOptions

    struct Answer: Encodable { var tokens: [AccessToken] }

    func run(in context: Context) async throws -> Ending {
        let access = try await ServerAccess.signedIn(context)
        let context = access.context
        let list = try await access.ask { client throws(APIFailure) in try await client.accessTokens() }
        let strings = context.strings
        try access.output.table(
            list.map { [$0.id, $0.name, context.moment($0.lastUsedAt), context.day($0.expiresAt)] },
            header: ["ID", strings[.name], strings(CommandText.lastUsed), strings[.expires]], names: 1)
        if list.isEmpty { access.output.hint(strings(CommandText.noTokens)) }
        if options.json { try access.output.json(Answer(tokens: list)) }
        return .exit(.done)
    }
}

/// How long a token lives.
enum TokenLife: String, CaseIterable, ExpressibleByArgument {
    case month = "30d"
    case quarter = "90d"
    case year = "1y"
    case never

    /// Days, 0 for ever: as the server takes it.
    var days: Int {
        switch self {
        case .month: 30
        case .quarter: 90
        case .year: 365
        case .never: 0
        }
    }
}

struct TokensCreate: MeshCommand {
    static let configuration = CommandConfiguration(commandName: "create", abstract: about(.tokensCreateHelp))

    @OptionGroup var options: GlobalOptions

    @Argument(help: help(.tokenNameArgument, value: .name))
    var name: String

    @Option(name: .customLong("expires"), help: help(.tokensExpires, value: "30d|90d|1y|never"))
    var expires = TokenLife.year

    /// The token alone stands on standard output: `TOKEN=$(claudemesh tokens create ci)`.
    func run(in context: Context) async throws -> Ending {
        let name = try context.valid(name, as: .label, field: "NAME")
        let access = try await ServerAccess.signedIn(context)
        let context = access.context
        let made = try await access.ask { [expires] client throws(APIFailure) in
            try await client.createAccessToken(
                CreateAccessToken(name: name, expiresInDays: expires.days), key: UUID().uuidString)
        }
        guard let token = made.token else {
            throw Failure.api(.unreachable(.malformed), host: access.server.authority, origin: access.token?.origin)
        }
        do {
            try access.output.token(token, in: made)
        } catch {
            // Nobody saw it: it must not live on.
            try? await access.client.revokeAccessToken(made.id)
            throw error
        }
        access.output.hint(context.strings(CommandText.tokenShownOnce))
        if expires == .never { access.output.warning(context.strings(CommandText.tokenNeverExpires)) }
        return .exit(.done)
    }
}

struct TokensRevoke: MeshCommand {
    static let configuration = CommandConfiguration(commandName: "revoke", abstract: about(.tokensRevokeHelp))

    @OptionGroup var options: GlobalOptions

    @Argument(help: help(.idArgument, value: .id))
    var id: String

    func run(in context: Context) async throws -> Ending {
        let access = try await ServerAccess.signedIn(context)
        let list = try await access.ask { client throws(APIFailure) in try await client.accessTokens() }
        try await access.revoke(id, among: list.map { ($0.id, $0.name) }) { client, id throws(APIFailure) in
            try await client.revokeAccessToken(id)
        }
        return .exit(.done)
    }
}
