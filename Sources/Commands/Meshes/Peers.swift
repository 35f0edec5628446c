// `claudemesh peers`: the sessions that are in a mesh now, and what each of them does; outside a session without `--mesh`
// those of all the account's meshes.

import ArgumentParser
import Canvas
import Connect
import Console
import Localization
import MeshAPI
import MeshClient
import WizardRun

struct Peers: MeshCommand {
    static let configuration = CommandConfiguration(commandName: "peers", abstract: about(.peersHelp))

    @OptionGroup var options: GlobalOptions

    @OptionGroup var mesh: MeshOption

    @Flag(name: .customLong("watch"), help: help(.peersWatch))
    var watch = false

    struct Answer: Encodable { var peers: [PeerInMesh] }

    /// PEER, and the mesh it is in where that is one of several.
    struct PeerInMesh: Encodable {
        var peer: Peer
        var mesh: MeshName?

        private enum CodingKeys: String, CodingKey { case mesh }

        func encode(to encoder: any Encoder) throws {
            try peer.encode(to: encoder)
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encodeIfPresent(mesh, forKey: .mesh)
        }
    }

    func run(in context: Context) async throws -> Ending {
        let (access, places) = try await InMesh.all(mesh.name, context)
        let isOne = places.count == 1
        if watch {
            return try await PeersWatch(places: places) { peer, place in
                row(PeerInMesh(peer: peer, mesh: isOne ? nil : place.mesh), access.context, of: place.sessionID)
                    .filter { !$0.isEmpty }
            }.run()
        }
        var found: [PeerInMesh] = []
        for place in places {
            let peers = try await place.ask { client throws(APIFailure) in try await client.peers(in: place.mesh.id) }
            found += peers.map { PeerInMesh(peer: $0, mesh: isOne ? nil : place.mesh) }
        }
        let strings = access.context.strings
        try access.output.table(
            found.map { row($0, access.context, of: places.first?.sessionID) },
            header: [strings(MessageText.address)] + (isOne ? [] : [strings[.mesh]]) + [
                strings[.role], strings(MessageText.status), strings(MessageText.wokenBy),
                strings(MessageText.directory), "ID",
            ], names: 0)
        if found.isEmpty, let place = places.first {
            access.output.hint(
                isOne
                    ? strings(CommandText.noPeers, ["mesh": place.mesh.name]) : strings(MessageText.nobodyInYourMeshes))
        }
        if options.json { try access.output.json(Answer(peers: found)) }
        return .exit(.done)
    }

    private func row(_ found: PeerInMesh, _ context: Context, of session: String?) -> [String] {
        let (peer, strings) = (found.peer, context.strings)
        let isThis = peer.sessionID == session ?? context["CLAUDEMESH_SESSION_ID"]
        let name = peer.displayName == peer.handle ? "" : " \(peer.displayName)"
        return [peer.address + name + (isThis ? " \(strings(CommandText.thisSession))" : "")]
            + (found.mesh.map { [$0.slug] } ?? [])
            + [
                peer.role.map { strings(role: $0) } ?? "", context.status(of: peer), context.wakes(peer),
                peer.directory.map { context.displayed(path: $0) } ?? "", String(peer.sessionID.prefix(8)),
            ]
    }
}
