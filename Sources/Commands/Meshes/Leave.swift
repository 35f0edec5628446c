// `claudemesh leave MESH`: belongs to it no more. With `--archive` nobody does: its owner ends it.

import ArgumentParser
import Localization
import MeshAPI
import MeshClient

struct Leave: MeshCommand {
    static let configuration = CommandConfiguration(commandName: "leave", abstract: about(.leaveHelp))

    @OptionGroup var options: GlobalOptions

    @Argument(help: help(.meshArgument, value: .mesh))
    var mesh: String

    @Flag(name: .customLong("archive"), help: help(.leaveArchive))
    var archive = false

    func run(in context: Context) async throws -> Ending {
        let access = try await ServerAccess.signedIn(context)
        let context = access.context
        let found = try await access.mesh(mesh)
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
