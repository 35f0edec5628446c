// `claudemesh watch [MESH]`: the whole mesh on one screen.

import ArgumentParser
import Connect
import Console
import Localization
import MeshAPI
import MeshClient
import WatchRun

struct WatchCommand: MeshCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch", abstract: about(.watchHelp),
        discussion: """
            claudemesh watch
            claudemesh watch planning --plain
            """)

    @OptionGroup var options: GlobalOptions

    @Argument(help: help(.watchMesh, value: .mesh), completion: Offers.meshes)
    var mesh: String?

    @OptionGroup var option: MeshOption

    @Flag(name: .customLong("bell"), help: help(.watchBell))
    var bell = false

    func validate() throws {
        if mesh != nil, option.name != nil { throw Clash(first: "MESH", second: "--mesh") }
    }

    func run(in context: Context) async throws -> Ending {
        try await Watching(name: mesh ?? option.name, bell: bell).run(in: context)
    }
}

/// What is to be watched.
struct Watching: Equatable {
    /// The mesh, as it was typed; nil is the one that is chosen.
    var name: String?
    var bell = false

    func run(in context: Context) async throws -> Ending {
        let access = try await ServerAccess.person(context)
        let request = WatchRequest(
            mesh: name, bell: bell, client: access.client, host: access.server.authority
        ) {
            let mesh = try await access.mesh(name, flag: "MESH")
            let who = try await access.ask { client throws(APIFailure) in try await client.whoami() }
            let members = try await access.ask { client throws(APIFailure) in try await client.members(of: mesh.id) }
            let me =
                members.first { $0.id == who.user.id }
                ?? Member(id: who.user.id, name: who.user.name, membership: mesh.membership, joinedAt: mesh.joinedAt)
            return (mesh, me)
        }
        return try await WatchRun(request, context: access.context).run()
    }
}

extension Watching {
    /// Of `watch` or `watch MESH`, which need no parser: nil for any other command line.
    init?(_ arguments: [String]) {
        guard arguments.first == "watch", arguments.count <= 2, !arguments.contains(where: { $0.hasPrefix("-") })
        else { return nil }
        name = arguments.dropFirst().first
    }
}
