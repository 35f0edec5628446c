// `claudemesh leave MESH`: belongs to it no more. With `--archive` nobody does: its owner ends it.

import ArgumentParser
import Connect
import Console
import Localization
import MeshAPI
import MeshClient

struct Leave: MeshCommand {
    static let configuration = CommandConfiguration(commandName: "leave", abstract: about(.leaveHelp))

    @OptionGroup var options: GlobalOptions

    @Argument(help: help(.meshArgument, value: .mesh), completion: Offers.meshes)
    var mesh: String

    @Flag(name: .customLong("archive"), help: help(.leaveArchive))
    var archive = false

    @Flag(name: .customLong("yes"), help: help(.leaveYes))
    var yes = false

    func run(in context: Context) async throws -> Ending {
        let access = try await ServerAccess.signedIn(context)
        let context = access.context
        let found = try await access.mesh(mesh)
        if archive, !yes, try !context.confirms(ending: found) {
            access.output.hint(context.strings(CommandText.nothingEnded))
            return .exit(.declined)
        }
        try await access.ask { client throws(APIFailure) in
            if archive { try await client.archiveMesh(found.id) } else { try await client.removeMember(from: found.id) }
        }
        let done = archive ? CommandText.archivedMesh : .leftMesh
        try access.output.success(context.strings(done, ["name": found.name]))
        try await access.forgetMesh(found.id)
        if options.json { try access.output.json(MeshAnswer(found)) }
        return .exit(.done)
    }
}

extension Context {
    /// What cannot be undone is done for whoever types the name of the mesh; where nobody can be asked it wants `--yes`.
    fileprivate func confirms(ending mesh: Mesh) throws -> Bool {
        let question = strings(
            CommandText.archiveQuestion,
            ["name": mesh.name, "members": strings(.memberCount, count: mesh.memberCount)])
        return try typed(question) == mesh.name
    }
}
