// `claudemesh rename MESH NAME`: a mesh's new name. Its slug stays, so that nothing that names it breaks.

import ArgumentParser
import Connect
import Console
import Localization
import LocalState
import MeshAPI
import MeshClient

struct Rename: MeshCommand {
    static let configuration = CommandConfiguration(commandName: "rename", abstract: about(.renameHelp))

    @OptionGroup var options: GlobalOptions

    @Argument(help: help(.meshArgument, value: .mesh), completion: Offers.meshes)
    var mesh: String

    @Argument(help: help(.meshNameArgument, value: .name))
    var name: String

    func run(in context: Context) async throws -> Ending {
        let name = try context.valid(name, as: .name, field: "NAME")
        let access = try await ServerAccess.signedIn(context)
        let context = access.context
        let found = try await access.mesh(mesh)
        let renamed = try await access.ask { client throws(APIFailure) in
            try await client.renameMesh(found.id, to: name)
        }
        try access.output.success(
            context.strings(CommandText.renamed, ["old": found.name, "name": renamed.name, "slug": renamed.slug]))
        _ = try await access.keepMesh(renamed)
        if options.json { try access.output.json(MeshAnswer(renamed)) }
        return .exit(.done)
    }
}
