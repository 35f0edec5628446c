// `claudemesh members [MESH]`: who belongs to a mesh.

import ArgumentParser
import Connect
import Console
import Localization
import MeshAPI
import MeshClient
import WizardRun

struct Members: MeshCommand {
    static let configuration = CommandConfiguration(commandName: "members", abstract: about(.membersHelp))

    @OptionGroup var options: GlobalOptions

    @Argument(help: help(.meshArgument, value: .mesh), completion: Offers.meshes)
    var mesh: String?

    @OptionGroup var option: MeshOption

    struct Answer: Encodable { var members: [Member] }

    func validate() throws {
        if mesh != nil && option.name != nil { throw Clash(first: "MESH", second: "--mesh") }
    }

    func run(in context: Context) async throws -> Ending {
        let access = try await ServerAccess.signedIn(context)
        let context = access.context
        let mesh = try await access.mesh(mesh ?? option.name)
        let members = try await access.ask { client throws(APIFailure) in try await client.members(of: mesh.id) }
        let strings = context.strings
        try access.output.table(
            members.map { [$0.name, strings[$0.membership.text], context.day($0.joinedAt), $0.id] },
            header: [strings[.name], strings(CommandText.membership), strings(CommandText.joinedOn), "ID"], names: 0)
        if options.json { try access.output.json(Answer(members: members)) }
        return .exit(.done)
    }
}
