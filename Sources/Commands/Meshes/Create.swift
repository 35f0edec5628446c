// `claudemesh create NAME`: a new mesh on the server, joined on this machine.

import ArgumentParser
import Connect
import Console
import FoundationEssentials
import LocalState
import Localization
import MeshAPI
import MeshClient

struct Create: MeshCommand {
    static let configuration = CommandConfiguration(commandName: "create", abstract: about(.createHelp))

    @OptionGroup var options: GlobalOptions

    @Argument(help: help(.meshNameArgument, value: .name))
    var name: String

    @Option(name: .customLong("slug"), help: help(.createSlug, value: .slug))
    var slug: String?

    func run(in context: Context) async throws -> Ending {
        let name = try context.valid(name, as: .name, field: "NAME")
        if let slug, !Slug.isValid(slug) {
            throw Failure.invalid(
                field: "--slug", reason: context.strings(ErrorText.slugForm, ["slug": Slug.from(slug)]))
        }
        let access = try await ServerAccess.signedIn(context)
        let context = access.context
        let request = CreateMesh(name: name, slug: slug)
        let mesh = try await access.ask { client throws(APIFailure) in
            try await client.createMesh(request, key: UUID().uuidString)
        }
        let isKept = try await access.keepMesh(mesh)
        let created = context.strings(
            CommandText.createdMesh, ["name": mesh.name, "slug": mesh.slug, "id": mesh.id])
        try access.output.orWarn(of: created) { try say(mesh, created, isKept: isKept, access) }
        return .exit(.done)
    }

    private func say(_ mesh: Mesh, _ created: String, isKept: Bool, _ access: ServerAccess) throws {
        let (output, strings) = (access.output, access.context.strings)
        try output.success(created)
        if isKept { try output.success(strings(CommandText.joinedLocally)) }
        try output.next(strings(CommandText.invitePeers, ["command": "claudemesh invite --mesh \(mesh.slug)"]))
        if options.json { try output.json(MeshAnswer(mesh)) }
    }
}

/// `{id, slug, name, membership}`.
struct MeshAnswer: Encodable {
    var id: String
    var slug: String
    var name: String
    var membership: Membership

    init(_ mesh: Mesh) { (id, slug, name, membership) = (mesh.id, mesh.slug, mesh.name, mesh.membership) }

    init(_ mesh: SavedMesh) { (id, slug, name, membership) = (mesh.id, mesh.slug, mesh.name, mesh.membership) }
}
