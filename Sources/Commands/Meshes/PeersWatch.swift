// `peers --watch`: who is here, then who comes, goes and does what, a line each, until Ctrl-C. With `--json` each PEER as it
// comes, one a line.

import Canvas
import Connect
import Console
import FoundationEssentials
import Localization
import MeshAPI
import MeshClient

struct PeersWatch {
    let places: [InMesh]
    let row: @Sendable (Peer, InMesh) -> [String]

    func run() async throws -> Ending {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for place in places { group.addTask { try await follow(place) } }
            try await group.waitForAll()
        }
        return .exit(.done)
    }

    private func follow(_ place: InMesh) async throws {
        let seen = LastTold()
        let end = try await place.ask { client throws(APIFailure) in
            try await client.followEvents(in: place.mesh.id) { news in
                switch news {
                case .connected, .reset:
                    let peers = (try? await client.peers(in: place.mesh.id)) ?? []
                    for peer in peers { if await seen.isNew(peer) { tell(peer, place) } }
                case .event(.peer(let change, let peer), _):
                    var peer = peer
                    if change == .left { peer.live = false }
                    if await seen.isNew(peer) { tell(peer, place) }
                case .interrupted(let failure, _):
                    let why = Words(context: place.context).api(
                        failure, host: place.access.server.authority, origin: nil)
                    place.output.hint(place.context.strings(MessageText.followLost, ["reason": why.message]))
                default: break
                }
            }
        }
        throw MessagesEnded(reason: end, mesh: place.mesh.name)
    }

    /// `14:02  ana/reviewer  working`. Where nobody reads on, the next write ends us.
    private func tell(_ peer: Peer, _ place: InMesh) {
        if place.context.options.json {
            try? place.output.json(peer)
        } else {
            let now = place.context.time(place.context.now())
            try? place.output.line(([now] + row(peer, place)).joined(separator: "  "))
        }
    }
}

/// What was told of each peer last, so that what is told again is told once.
private actor LastTold {
    private var told: [String: String] = [:]

    func isNew(_ peer: Peer) -> Bool {
        let now = "\(peer.live) \(peer.status) \(peer.asks ?? "") \(peer.attention)"
        guard told[peer.sessionID] != now else { return false }
        told[peer.sessionID] = now
        return true
    }
}
