// How messages reach the sessions of this machine, and how long one is on its way.

import Connect
import Console
import FoundationEssentials
import LocalState
import Localization
import MeshAPI
import MeshClient
import Peers

extension Checkup {
    /// A row a session; without one a message to oneself, there and back.
    func messages(reachable: Bool, provingLanes: Bool) async -> [Check] {
        guard let control = try? DaemonControl(context), FileManager.default.fileExists(atPath: control.place.socket)
        else { return [await messageToOneself(reachable)] }
        let line = DaemonLine(place: control.place, token: nil)
        let own = await line.me()
        let sessions = if let own { [own] } else { await line.sessions()?.sessions ?? [] }
        guard !sessions.isEmpty else { return [await messageToOneself(reachable)] }
        var checks: [Check] = []
        for session in sessions {
            let probe = ProbeRequest(sessionID: session.sessionID, lanes: provingLanes && session.lane == "inbox")
            checks.append(check(session, await line.probe(probe), isProof: probe.lanes, isAsked: provingLanes))
        }
        return checks
    }

    /// - Parameters:
    ///   - isProof: the message went before Claude.
    ///   - isAsked: it was to, where the lane can begin a turn.
    private func check(_ session: CarriedSession, _ probe: ProbeAnswer?, isProof: Bool, isAsked: Bool) -> Check {
        let known = CommandText.lane(session.lane)
        let lane = say(known ?? .noLane(session))
        let values = ["name": session.address ?? session.name, "mesh": session.mesh, "lane": lane]
        let said = say(.doctorLane, values)
        guard known != nil else {
            // One that just starts needs nothing but its time.
            let isGone = CommandText.noLane(session) == .doctorLaneNone
            return .warning("messages", said, hint: isGone ? say(.doctorLaneNoneHint) : nil)
        }
        func timed(_ text: CommandText, _ milliseconds: Int?) -> String {
            say(text, ["said": said, "n": milliseconds.map { "\($0)" } ?? ""])
        }
        guard let back = probe?.back else { return .warning("messages", timed(.doctorLost, nil), hint: nil) }
        guard isProof else { return .ok("messages", timed(isAsked ? .doctorBackAlone : .doctorBack, back)) }
        guard let seen = probe?.seen else {
            return .warning("messages", timed(.doctorUnproved, nil), hint: say(.doctorUnprovedHint))
        }
        return .ok("messages", timed(.doctorProved, seen))
    }

    /// By the sign-in that is kept, in the mesh that comes first.
    private func messageToOneself(_ reachable: Bool) async -> Check {
        let nothing = Check.none("messages", say(.doctorNoMessages))
        guard reachable, let server,
            let auth = [try? auth.get(), try? localAuth.get()].compactMap(\.self).first(where: {
                $0.server == server
            })
        else { return nothing }
        let client = APIClient(
            server: server, credential: .bearer(auth.token), transport: context.transport(), timeout: .seconds(5))
        guard let mesh = try? await client.meshes().first else { return nothing }
        do throws(APIFailure) {
            let start = try await client.events(in: mesh.id, after: nil, wait: 0)
            let began = ContinuousClock.now
            let message = SendMessage(to: "@self", body: "claudemesh doctor", clientId: UUID().uuidString.lowercased())
            let sent = try await client.sendMessage(message, in: mesh.id)
            var cursor = start.cursor
            while ContinuousClock.now - began < .seconds(5) {
                let page = try await client.events(in: mesh.id, after: cursor, wait: 5)
                cursor = page.cursor
                guard page.events.contains(where: { $0.brings(sent.id) }) else { continue }
                let time = (ContinuousClock.now - began).components
                let milliseconds = Int(time.seconds) * 1000 + Int(time.attoseconds / 1_000_000_000_000_000)
                _ = try await client.reportReceipts([.init(messageId: sent.id, state: .acknowledged)], in: mesh.id)
                return .ok("messages", say(.doctorSelf, ["mesh": mesh.slug, "n": "\(milliseconds)"]))
            }
        } catch {
            // A server of before carries none.
            if error.status == 404 { return nothing }
        }
        return .warning("messages", say(.doctorSelfLost, ["mesh": mesh.slug]), hint: nil)
    }
}

extension CommandText {
    /// A lane that the daemon names; nil where there is none.
    static func lane(_ name: String) -> CommandText? {
        switch name {
        case "inbox": .doctorLaneInbox
        case "notice": .doctorLaneNotice
        case "tool": .doctorLaneTool
        default: nil
        }
    }

    /// Why messages come by none: of a session that just starts the tools have not spoken yet.
    static func noLane(_ session: CarriedSession) -> CommandText {
        session.status == PeerStatus.unknown.rawValue ? .doctorLaneNotYet : .doctorLaneNone
    }
}

extension Event {
    fileprivate func brings(_ id: String) -> Bool {
        if case .message(let message) = self { message.id == id } else { false }
    }
}
