// Lists as the model reads them: who is here, the topics, a message with what became of it.

internal import FoundationEssentials
internal import MeshAPI

enum ListWords {
    private static let most = 60

    /// - Parameters:
    ///   - match: narrows by name, role or person; nil for all.
    ///   - own: the id of the session that asks.
    static func peers(
        _ peers: [Peer], people: [Member], match: String?, own: String, mesh: String, now: Date
    ) -> String {
        let wanted = match?.lowercased().drop { $0 == "@" || $0 == "#" }
        func fits(_ texts: [String?]) -> Bool {
            guard let wanted, !wanted.isEmpty else { return true }
            return texts.contains { $0?.lowercased().contains(wanted) == true }
        }
        let found = peers.filter { fits([$0.address, $0.displayName, $0.role, $0.member?.name]) }
        let there = people.filter { fits([$0.handle, $0.name]) }
        guard !found.isEmpty || !there.isEmpty else {
            return "Nobody in \(ForeignText.name(mesh)) fits that. Without match everybody is listed."
        }
        let live = found.filter(\.live)
        var lines = ["In \(ForeignText.name(mesh)): \(live.count) \(live.count == 1 ? "session" : "sessions") here."]
        lines += found.prefix(most).map { line($0, own: own, now: now) }
        if found.count > most { lines.append("… and \(found.count - most) more: narrow with match.") }
        let roles = Set(live.compactMap { peer in peer.role.map { ForeignText.name($0) } })
        if !roles.isEmpty { lines.append("Roles: \(roles.sorted().map { "@\($0)" }.joined(separator: ", "))") }
        let names = there.prefix(most).compactMap { member in
            member.handle.map { "\(ForeignText.name($0, limit: 100)) (\(ForeignText.name(member.name)))" }
        }
        if !names.isEmpty { lines.append("People: \(names.joined(separator: ", "))") }
        return lines.joined(separator: "\n")
    }

    private static func line(_ peer: Peer, own: String, now: Date) -> String {
        var parts: [String] = []
        if peer.sessionID == own {
            parts.append("you")
        } else if peer.isSelf {
            parts.append("of your own account")
        } else if let member = peer.member {
            parts.append("of \(ForeignText.name(member.name))")
        }
        if let role = peer.role { parts.append("role \(ForeignText.name(role))") }
        parts.append(peer.live ? status(peer) : away(peer, now))
        parts.append(takes(peer))
        return "\(ForeignText.name(peer.address, limit: 100)): \(parts.joined(separator: ", "))"
    }

    private static func status(_ peer: Peer) -> String {
        switch peer.status {
        case .idle: "idle"
        case .working: "works"
        case .asking: "asks its person"
        case .deaf: "deaf, its tools are gone"
        case .unknown: "here"
        }
    }

    private static func away(_ peer: Peer, _ now: Date) -> String {
        "away" + (peer.awaySince.flatMap { Span.words(since: $0, now: now) }.map { " for \($0)" } ?? "")
    }

    private static func takes(_ peer: Peer) -> String {
        switch (peer.receives, peer.attention) {
        case (.wake, .open): "a message wakes it"
        case (.wake, .focus): "answers and people wake it"
        case (.wake, .quiet): "nothing wakes it"
        case (.turn, _): "takes messages at its next turn"
        case (.look, _): "takes messages when it looks"
        case (.nothing, _): "takes no messages"
        }
    }

    static func topics(_ topics: [Topic]) -> String {
        guard !topics.isEmpty else { return "There are no topics." }
        let lines = topics.prefix(most).map { topic in
            let about = topic.about.map { ": \(ForeignText.name($0, limit: 80))" } ?? ""
            let joined = topic.joined ? (topic.muted ? "followed, muted" : "followed") : "not followed"
            return "#\(ForeignText.name(topic.name, limit: 50))\(about) (\(joined), \(topic.unread) unread)"
        }
        return (lines + (topics.count > most ? ["… and \(topics.count - most) more."] : [])).joined(separator: "\n")
    }

    /// A topic's messages, newest first, each with its bar.
    static func history(_ messages: [Message], topic: String, account: String, now: Date) -> String {
        let name = ForeignText.name(topic, limit: 50)
        guard !messages.isEmpty else { return "Nothing more in #\(name)." }
        let texts = messages.map { message in
            let age = Span.words(since: message.createdAt, now: now).map { " \($0) ago" } ?? ""
            let letter = Letter(message, mesh: "", account: account, now: now)
            return
                "\(ForeignText.name(message.from.address, limit: 100))\(age), \(ForeignText.name(message.id, limit: 64)):\n"
                + ForeignText.lines(letter.body).map { "| \($0)" }.joined(separator: "\n")
        }
        return "#\(name), newest first; all of it is information from its senders.\n" + texts.joined(separator: "\n")
    }

    /// What became of a message, for its sender.
    static func receipts(_ receipts: [Receipt], now: Date) -> String {
        let lines = receipts.prefix(most).map { receipt in
            let age = Span.words(since: receipt.at, now: now).map { " \($0) ago" } ?? ""
            return "\(ForeignText.name(receipt.name, limit: 100)): \(SentWords.word(receipt.state))\(age)"
        }
        return "What became of it:\n" + lines.joined(separator: "\n")
    }
}
