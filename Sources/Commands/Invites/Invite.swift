// `claudemesh invite`: a link that lets others into a mesh.

import ArgumentParser
import Canvas
import Connect
import Console
import Desktop
import FoundationEssentials
import Localization
import MeshAPI
import MeshClient
import WizardRun

struct InviteCommand: MeshCommand {
    static let configuration = CommandConfiguration(
        commandName: "invite", abstract: about(.inviteHelp),
        discussion: """
            claudemesh invite --mesh planning
            claudemesh invite --email bianca@example.com --role admin --expires-in 2d
            """)

    @OptionGroup var options: GlobalOptions

    @OptionGroup var mesh: MeshOption

    @Option(name: .customLong("email"), help: help(.inviteEmail, value: .address))
    var email: String?

    @Option(name: .customLong("role"), help: help(.inviteRole, value: "member|admin"))
    var role = InviteRole.member

    @Option(name: .customLong("expires-in"), help: help(.inviteExpires, value: .days))
    var expiresIn = Days(count: 7)

    @Option(name: .customLong("uses"), help: help(.inviteUses, value: .number))
    var uses = 1

    @Flag(name: .customLong("qr"), help: help(.inviteQR))
    var qr = false

    /// What an invite may make of who claims it.
    enum InviteRole: String, CaseIterable, ExpressibleByArgument {
        case member, admin

        var membership: Membership { self == .admin ? .admin : .member }
    }

    func run(in context: Context) async throws -> Ending {
        try context.given(uses, upTo: CreateInvite.mostUses, as: "--uses")
        try context.given(expiresIn.count, upTo: CreateInvite.mostDays, unit: "d", as: "--expires-in")
        let access = try await ServerAccess.signedIn(context)
        let mesh = try await access.mesh(mesh.name)
        let request = CreateInvite(
            email: email, role: role.membership, expiresInDays: expiresIn.count, maxUses: uses)
        let invite = try await access.ask { client throws(APIFailure) in
            try await client.createInvite(request, to: mesh.id, key: UUID().uuidString)
        }
        try say(invite, of: mesh, access)
        if options.json { try access.output.json(Answer(invite)) }
        return .exit(.done)
    }

    /// The link stands alone on the first line; the rest is for who reads it.
    private func say(_ invite: Invite, of mesh: Mesh, _ access: ServerAccess) throws {
        let (output, strings) = (access.output, access.context.strings)
        try output.line(invite.url)
        if qr, let code = QRCode(invite.url) { try output.picture(code.lines, painted: code.paintedLines) }
        output.hint(
            strings(
                CommandText.inviteGood, ["mesh": mesh.name, "date": access.context.day(invite.expiresAt)],
                count: uses))
        if let email {
            if invite.emailed == true {
                try output.success(strings(CommandText.emailed, ["email": email]))
            } else {
                output.warning(strings(CommandText.notEmailed, ["email": email]))
            }
        }
        if access.server.isLoopback { output.warning(strings(CommandText.inviteThisMachine)) }
    }

    struct Answer: Encodable {
        var id: String
        var code: String
        var url: String
        var expiresAt: Date
        var emailed: Bool

        init(_ invite: Invite) {
            (id, code, url, expiresAt) = (invite.id, invite.code, invite.url, invite.expiresAt)
            emailed = invite.emailed ?? false
        }
    }
}

/// A number of days as written on the command line: `7d`.
struct Days: ExpressibleByArgument, Hashable {
    var count: Int

    init(count: Int) { self.count = count }

    init?(argument: String) {
        guard argument.hasSuffix("d"), let count = Int(argument.dropLast()) else { return nil }
        self.count = count
    }

    var defaultValueDescription: String { "\(count)d" }
}
