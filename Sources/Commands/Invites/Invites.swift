// `claudemesh invites`: the open invites of a mesh; takes one back.

import ArgumentParser
import Canvas
import Connect
import Console
import Localization
import MeshAPI
import MeshClient
import WizardRun

struct Invites: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "invites", abstract: about(.invitesHelp), subcommands: [InvitesList.self, InvitesRevoke.self],
        defaultSubcommand: InvitesList.self)

    @OptionGroup var options: GlobalOptions
}

struct InvitesList: MeshCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: about(.invitesListHelp))

    @OptionGroup var options: GlobalOptions

    @OptionGroup var mesh: MeshOption

    struct Answer: Encodable { var invites: [Invite] }

    func run(in context: Context) async throws -> Ending {
        let access = try await ServerAccess.signedIn(context)
        let context = access.context
        let mesh = try await access.mesh(mesh.name)
        let list = try await access.ask { client throws(APIFailure) in try await client.invites(to: mesh.id) }
        let strings = context.strings
        try access.output.table(
            list.map { invite in
                [
                    invite.id, invite.code, strings[(invite.role ?? .member).text], invite.email ?? "",
                    "\(invite.uses ?? 0)/\(invite.maxUses.map(String.init) ?? "…")", context.day(invite.expiresAt),
                ]
            },
            header: [
                "ID", strings[.invite], strings(CommandText.membership), "E-mail", strings(CommandText.uses),
                strings[.expires],
            ], names: 3)
        if list.isEmpty { access.output.hint(strings(CommandText.noInvites, ["mesh": mesh.name])) }
        if options.json { try access.output.json(Answer(invites: list)) }
        return .exit(.done)
    }
}

struct InvitesRevoke: MeshCommand {
    static let configuration = CommandConfiguration(commandName: "revoke", abstract: about(.invitesRevokeHelp))

    @OptionGroup var options: GlobalOptions

    @Argument(help: help(.idArgument, value: .id))
    var id: String

    @OptionGroup var mesh: MeshOption

    func run(in context: Context) async throws -> Ending {
        let access = try await ServerAccess.signedIn(context)
        let mesh = try await access.mesh(mesh.name)
        let list = try await access.ask { client throws(APIFailure) in try await client.invites(to: mesh.id) }
        try await access.revoke(id, among: list.map { ($0.id, $0.code) }) { client, id throws(APIFailure) in
            try await client.revokeInvite(id, of: mesh.id)
        }
        return .exit(.done)
    }
}
