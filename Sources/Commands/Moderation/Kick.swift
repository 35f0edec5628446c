// `claudemesh kick` and `claudemesh disconnect`: a session is put out of a mesh, or cut off from it for a moment.

import ArgumentParser
import Connect
import Console
import Localization
import MeshAPI
import MeshClient

struct Kick: MeshCommand {
    static let configuration = CommandConfiguration(
        commandName: "kick", abstract: about(.kickHelp),
        discussion: """
            claudemesh kick bo/api
            claudemesh kick --stale 30m --mesh planning
            """)

    @OptionGroup var options: GlobalOptions

    @Argument(help: help(.session, value: .name))
    var session: String?

    @Option(name: .customLong("stale"), help: help(.kickStale, value: "30m"))
    var stale: TimeSpan?

    @Flag(name: .customLong("all"), help: help(.kickAll))
    var all = false

    @OptionGroup var mesh: MeshOption

    func validate() throws {
        if all && stale != nil { throw Clash(first: "--all", second: "--stale") }
        if all && session != nil { throw Clash(first: "SESSION", second: "--all") }
        if stale != nil && session != nil { throw Clash(first: "SESSION", second: "--stale") }
    }

    func run(in context: Context) async throws -> Ending {
        guard session != nil || all || stale != nil else {
            throw Failure.missing(flag: "SESSION", choices: ["--stale 30m", "--all"], kind: .none)
        }
        let place = try await InMesh.person(mesh.name, context)
        let peers = try await place.livePeers()
        guard let session else {
            return try await place.kick(stale: stale, of: peers.count)
        }
        let (one, peer) = try place.session(session, among: peers)
        try await place.requireModerated(peer)
        let isOwn = peer?.isSelf ?? false
        let values = ["name": one.shown, "owner": peer?.member?.name ?? ""]
        guard try place.agrees(isOwn ? .kickOwnQuestion : .kickQuestion, values) else { return .exit(.declined) }
        try await place.ask { client throws(APIFailure) in try await client.kick(one.id, in: place.mesh.id) }
        let item = KickedSessions.Item(sessionId: one.id, displayName: peer?.displayName ?? one.shown)
        return try place.done(.kicked, values, KickedSessions(kicked: [item]))
    }
}

extension InMesh {
    /// - Parameters:
    ///   - stale: how long they have been idle; nil for all.
    ///   - count: how many are there, of whom some are meant.
    fileprivate func kick(stale: TimeSpan?, of count: Int) async throws -> Ending {
        let question = stale == nil ? ModerationText.kickSeveralQuestion : .kickStaleQuestion
        guard try count == 0 || agrees(question, ["time": stale?.description ?? ""], count: count) else {
            return .exit(.declined)
        }
        let which = KickSessions(staleSeconds: stale?.seconds, all: stale == nil ? true : nil)
        let kicked = try await ask { client throws(APIFailure) in try await client.kick(which, in: mesh.id) }
        for item in kicked {
            let values = ["name": item.displayName, "mesh": mesh.name]
            try output.success(context.strings(ModerationText.kicked, values))
        }
        if kicked.isEmpty { output.hint(context.strings(ModerationText.kickedNone)) }
        if context.options.json { try output.json(KickedSessions(kicked: kicked)) }
        return .exit(.done)
    }
}

struct Disconnect: MeshCommand {
    static let configuration = CommandConfiguration(commandName: "disconnect", abstract: about(.disconnectHelp))

    @OptionGroup var options: GlobalOptions

    @Argument(help: help(.session, value: .name))
    var session: String

    @OptionGroup var mesh: MeshOption

    func run(in context: Context) async throws -> Ending {
        let place = try await InMesh.person(mesh.name, context)
        let (one, peer) = try place.session(session, among: try await place.livePeers())
        try await place.requireModerated(peer)
        guard try place.agrees(.disconnectQuestion, ["name": one.shown]) else { return .exit(.declined) }
        try await place.ask { client throws(APIFailure) in try await client.disconnect(one.id, in: place.mesh.id) }
        return try place.done(.disconnected, ["name": one.shown], DoneTo(id: one.id, status: "disconnected"))
    }
}
