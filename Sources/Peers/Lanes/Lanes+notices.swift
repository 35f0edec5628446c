// Which messages a notice tells of: what may not wake, and what was handed and not taken up.

package import FoundationEssentials

extension Lanes {
    /// Where a notice can stand.
    package enum Place: Sendable, Hashable {
        /// With a prompt, or after tools.
        case within
        /// At the end of a turn, which it makes go on.
        case end
    }

    /// What a notice here tells of, each once a turn; at the end of a turn only what may wake, and each once for all.
    package mutating func notice(_ place: Place, at now: Date) -> [LaneItem] {
        guard !isAsked else { return [] }
        var told: [LaneItem] = []
        for index in items.indices where waits(items[index], at: now) {
            let item = items[index]
            guard item.toldIn == nil || item.toldIn != turn else { continue }
            if place == .end {
                guard item.message.wakes(session.attention), !item.wasToldAtEnd else { continue }
                items[index].wasToldAtEnd = true
            }
            items[index].toldIn = turn
            told.append(item)
        }
        // A turn that is made to go on is none that ended.
        if place == .end, !told.isEmpty { activity = .working }
        return told
    }

    /// The notice that woke has come before the model: what it told is not told again in this turn.
    package mutating func summonsCame() {
        for place in items.indices where items[place].wasSummoned && items[place].toldIn == nil {
            items[place].toldIn = turn
        }
    }

    /// Whether nothing but a notice or a tool brings it before the model.
    private func waits(_ item: LaneItem, at now: Date) -> Bool {
        switch item.state {
        case .waiting: return !isPosted(item)
        case .handed:
            guard let claim = item.claim, claim.isOpen else { return false }
            if item.isStale || boundary - claim.boundary >= Self.boundaries { return true }
            guard case .idle(let since) = activity else { return false }
            return now.timeIntervalSince(max(since, claim.handedAt)) >= Self.patience
        case .given, .seen, .over: return false
        }
    }
}
