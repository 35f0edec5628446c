// `claudemesh list`: the account's meshes, as the server has them.

import ArgumentParser
import Canvas
import Connect
import Console
import Localization
import MeshAPI
import MeshClient
import WizardRun

struct List: MeshCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: about(.listHelp))

    @OptionGroup var options: GlobalOptions

    struct Answer: Encodable { var meshes: [Mesh] }

    func run(in context: Context) async throws -> Ending {
        let access = try await ServerAccess.signedIn(context)
        let context = access.context
        let meshes = try await access.meshes()
        let strings = context.strings
        try access.output.table(
            meshes.map { mesh in
                [
                    mesh.slug, mesh.name, strings[mesh.membership.text],
                    strings(.memberCount, count: mesh.memberCount), mesh.id,
                ]
            },
            header: ["Slug", strings[.name], strings(CommandText.membership), strings[.members], "ID"], names: 1)
        if meshes.isEmpty {
            access.output.hint(
                strings(CommandText.noMeshYet, ["command": "claudemesh create \(strings(ValueText.name).uppercased())"])
            )
        }
        if options.json { try access.output.json(Answer(meshes: meshes)) }
        return .exit(.done)
    }
}

extension Membership {
    var text: WizardText {
        switch self {
        case .owner: .owner
        case .admin: .admin
        case .member: .member
        }
    }
}
