// `claudemesh invites`: the open invites of a mesh; takes one back.

import ArgumentParser
import Canvas
import Localization
import MeshAPI
import MeshClient

struct Invites: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: about(.invitesHelp), subcommands: [InvitesList.self, InvitesRevoke.self],
        defaultSubcommand: InvitesList.self)

    @OptionGroup var options: GlobalOptions
}

struct InvitesList: MeshCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: about(.invitesListHelp))

    @OptionGroup var options: GlobalOptions

    @Option(name: .customLong("mesh"), help: help(.meshOption, value: "mesh"))
    var mesh: String?

    struct Answer: Encodable { var invites: [Invite] }

    func run(in context: Context) async throws -> Ending {
        let access = try await ServerAccess.signedIn(context)
        let context = access.context
        let mesh = try await access.mesh(mesh)
        let list = try await access.ask { client throws(APIFailure) in try await client.invites(to: mesh.id) }
        let strings = context.strings
        try access.output.table(
            list.map { invite in
                [
                    invite.id, invite.code, strings[(invite.role ?? .member).text], invite.email ?? "",
                    "\(invite.uses ?? 0)/\(invite.maxUses.map(String.init) ?? "…")", context.day(invite.expiresAt),
                ]
            },
            header: ["ID", strings[.invite], "", "E-mail", strings(CommandText.uses), strings[.expires]])
        if list.isEmpty { try access.output.hint(strings(CommandText.noInvites, ["mesh": mesh.name])) }
        if options.json { try access.output.json(Answer(invites: list)) }
        return .exit(.done)
    }
}

struct InvitesRevoke: MeshCommand {
    static let configuration = CommandConfiguration(commandName: "revoke", abstract: about(.invitesRevokeHelp))

    @OptionGroup var options: GlobalOptions

    @Argument(help: help(.idArgument, value: "id"))
    var id: String

    @Option(name: .customLong("mesh"), help: help(.meshOption, value: "mesh"))
    var mesh: String?

    func run(in context: Context) async throws -> Ending {
        let access = try await ServerAccess.signedIn(context)
        let context = access.context
        let mesh = try await access.mesh(mesh)
        let list = try await access.ask { client throws(APIFailure) in try await client.invites(to: mesh.id) }
        let found = try IDLookup.find(id, among: list.map(\.id), context: context)
        try await access.ask { client throws(APIFailure) in try await client.revokeInvite(found, of: mesh.id) }
        let name = list.first { $0.id == found }?.code ?? found
        try access.output.success(context.strings(CommandText.revokedNamed, ["name": name, "id": found]))
        if options.json { try access.output.json(RevokedAnswer(id: found)) }
        return .exit(.done)
    }
}
