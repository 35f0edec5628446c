// What a session says of itself, and what may wake it.

internal import FoundationEssentials
internal import MeshAPI
internal import MeshStore
internal import MeshClient
internal import Platform

extension PeerSession {
    /// Who one is, what waits and why, by which way messages come. Narrows what may wake, never widens it.
    func status(_ asked: String?) async -> ToolAnswer {
        var lines: [String] = []
        if let asked {
            guard let wanted = Attention(rawValue: asked) else {
                return ToolAnswer("attention is open, focus or quiet.", isError: true)
            }
            guard narrow(to: wanted, until: nil) else {
                return ToolAnswer(
                    "Your user chose \(lanes.session.chosen.rawValue); only they widen it. It stays so.", isError: true)
            }
            let change = ChangeSession(attention: wanted)
            _ = try? await client.within(.seconds(5)).changeSession(id, to: change, in: facts.meshID)
        }
        lines.append(
            "You are \(ForeignText.name(address ?? facts.displayName, limit: 100)), a session of \(ForeignText.name(facts.memberName)) in "
                + "\(ForeignText.name(facts.meshSlug)).")
        switch link {
        case .following: lines.append("The mesh is reached.")
        case .connecting: lines.append("\(client.server.host) can't be reached now; what you send waits here.")
        case .over: lines.append(endedWords ?? "")
        }
        lines.append("\(laneWords) May wake you: \(words(of: await attentionInForce())).")
        let waiting = lanes.items.filter(\.isPending)
        let given = waiting.count { $0.state == .handed }
        lines.append(
            waiting.isEmpty
                ? "Nothing waits."
                : "\(waiting.count) wait\(waiting.count == 1 ? "s" : ""), \(given) of them given and not confirmed. "
                    + "inbox gives them.")
        return ToolAnswer(lines.joined(separator: "\n"))
    }

    private var laneWords: String {
        switch laneInForce {
        case "inbox" where !lanes.session.hasGate:
            "Messages come by themselves; as long as no hook speaks nobody can tell which came, and inbox may repeat some."
        case "inbox": "Messages come by themselves."
        case "notice": "Nothing wakes you; a notice at your turns tells what waits."
        default: "Nothing wakes you: call inbox when your task is done."
        }
    }

    /// Its person may have chosen less for all their sessions, which the mesh knows.
    func attentionInForce() async -> Attention {
        let peers = try? await client.within(.seconds(2)).peers(in: facts.meshID)
        let said = peers?.first { $0.sessionID == id }?.attention
        return said.map(lanes.session.attention.narrowed(by:)) ?? lanes.session.attention
    }

    private func words(of attention: Attention) -> String {
        switch attention {
        case .open: "messages (open)"
        case .focus: "people, and answers to you (focus)"
        case .quiet: "nothing (quiet)"
        }
    }

    /// Who began this turn, from Claude Code's own record: looked up when something is sent, since the entry is not there
    /// yet when the hook runs.
    func lookUpOrigin() async {
        guard turns.needsOrigin, let turn = turns.id, let transcript else { return }
        // It stands near the end, but for a turn that has gone on for long.
        for most in [128 << 10, 4 << 20] {
            let lines = TranscriptFile.tail(transcript, most: most)
            if let origin = Transcript.origin(of: turn, in: lines) { return turns.found(origin) }
        }
    }
}

/// Ids of what this machine sends.
enum SessionRandom {
    static func id() -> String { TokenForm.base32(randomBytes(13)) }
}
