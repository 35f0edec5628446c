// `claudemesh peers`: the sessions that are in a mesh now.

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

    @Option(name: .customLong("mesh"), help: help(.meshOption, value: .mesh))
    var mesh: String?

    struct Answer: Encodable { var peers: [Peer] }

    func run(in context: Context) async throws -> Ending {
        let access = try await ServerAccess.signedIn(context)
        let context = access.context
        let mesh = try await access.mesh(mesh)
        let peers = try await access.ask { client throws(APIFailure) in try await client.peers(in: mesh.id) }
        let strings = context.strings
        let own = context["CLAUDEMESH_SESSION_ID"]
        try access.output.table(
            peers.map { peer in
                let mark = peer.sessionID == own ? " \(strings(CommandText.thisSession))" : ""
                return [
                    peer.displayName + mark, peer.role.map { strings(role: $0) } ?? "", peer.host,
                    context.moment(peer.since),
                ]
            },
            header: [strings[.name], strings[.role], "Host", strings(CommandText.since)], names: 0)
        if peers.isEmpty {
            access.output.hint(strings(CommandText.noPeers, ["mesh": mesh.name]))
        }
        if options.json { try access.output.json(Answer(peers: peers)) }
        return .exit(.done)
    }
}
