// `claudemesh join LINK`: into a mesh by an invite, as the account one is signed in with, else as a guest of that mesh.

import ArgumentParser
import Connect
import Console
import FoundationEssentials
import LocalState
import Localization
import MeshAPI
import MeshClient

struct JoinCommand: MeshCommand {
    static let configuration = CommandConfiguration(commandName: "join", abstract: about(.joinHelp))

    @OptionGroup var options: GlobalOptions

    @Argument(help: help(.launchLink, value: .link))
    var link: String

    @Option(name: .customLong("name"), help: help(.joinName, value: .name))
    var name: String?

    func run(in context: Context) async throws -> Ending {
        guard let invite = InviteReference.parse(link) else { throw Failure.badInvite(.notAnInvite) }
        let name = try name.map { try context.valid($0, as: .name, field: "--name") }
        var access = try await ServerAccess(context)
        if let server = invite.server, !access.server.owns(server) {
            access = try await goThere(server, from: access)
        }
        let context = access.context
        // The one place on disk for a sign-in is taken: a guest here would push out the account there.
        if case .elsewhere = access.connection.token { throw access.notSignedIn }
        let isGuest = access.token == nil
        let claim = ClaimInvite(displayName: isGuest ? name ?? context.loginName : name)
        if isGuest { try access.connection.directory.updateConfig { _ in } }
        if !isGuest, name != nil { access.output.warning(context.strings(CommandText.nameUnchanged)) }
        // It costs no use to claim as a member; a person wants to know all the same.
        let isMember = isGuest ? false : (try? await access.client.invitePreview(invite.code).membership) != nil
        let claimed: InviteClaim
        do {
            claimed = try await access.ask { client throws(APIFailure) in
                try await client.claimInvite(invite.code, claim, key: UUID().uuidString)
            }
        } catch Failure.api(.refused(404, _, _), let host, _) {
            throw Failure.badInvite(.unknown, host: host)
        }
        if isGuest {
            try await keepGuest(claimed, name: claim.displayName ?? context.loginName, access)
        } else {
            let mesh = ["mesh": claimed.mesh.name]
            try access.output.success(
                isMember ? context.strings(WizardText.alreadyIn, mesh) : context.strings(CommandText.joinedMesh, mesh))
            _ = try await access.keepMesh(claimed.mesh)
        }
        try access.output.next(
            context.strings(
                CommandText.launchThere, ["command": "claudemesh launch --mesh \(claimed.mesh.slug)"]))
        if options.json { try access.output.json(MeshAnswer(claimed.mesh)) }
        return .exit(.done)
    }

    /// An invite of another server: says so and, where somebody can be asked, asks.
    private func goThere(_ server: String, from here: ServerAccess) async throws -> ServerAccess {
        var context = here.context
        if let auth = try? here.connection.directory.readAuth().value, !auth.server.owns(server) {
            throw Failure.inviteElsewhere(server: server, signedInTo: auth.server.authority)
        }
        guard context.interactivity == .interactive else { throw Failure.inviteElsewhere(server: server) }
        guard try context.agrees(to: context.strings(CommandText.joinThere, ["server": server])) else {
            throw CancellationError()
        }
        // A token that was given for another server is not shown to this one.
        context.options.server = server
        context.options.local = false
        context.options.token = nil
        context.environment[TokenChoice.variable] = nil
        return try await ServerAccess(context)
    }

    /// A guest's identity is a sign-in like any other, for that mesh alone.
    private func keepGuest(_ claim: InviteClaim, name: String, _ access: ServerAccess) async throws {
        let context = access.context
        guard let token = claim.token, TokenForm.kind(of: token) != nil else {
            throw Failure.api(.unreachable(.malformed), host: access.server.authority, origin: nil)
        }
        let directory = access.connection.directory
        let user: User
        if let known = claim.user {
            user = known
        } else {
            user = try await context.asking(access.client.with(.bearer(token)), nil) { client throws(APIFailure) in
                try await client.whoami().user
            }
        }
        try directory.writeAuth(
            AuthFile(
                token: token, user: user, createdAt: context.now(), expiresAt: claim.expiresAt, source: .invite,
                server: access.server))
        let account = AccountKey(server: access.server, userID: user.id)
        try directory.updateConfig { $0.server = access.server.description }
        try directory.updateMeshes { _ = $0.setMeshes([SavedMesh(claim.mesh)], of: account, at: context.now()) }
        context.usage.add(.loginSucceeded(.invite, userID: user.id, at: context.now()))
        try access.output.success(
            context.strings(CommandText.joinedAsGuest, ["mesh": claim.mesh.name, "name": user.name]))
        let path = context.displayed(path: directory.authPath)
        try access.output.success(context.strings(CommandText.tokenSaved, ["path": path]))
    }
}
