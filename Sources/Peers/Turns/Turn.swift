// What began the turn that Claude is in, and what came before it since: so that what it sends is counted as a consequence of
// what it was told, and two sessions cannot talk themselves into a loop.

package import FoundationEssentials

/// A message that came before the model.
package struct Heard: Sendable, Hashable, Codable {
    package var id: String
    package var hop: Int
    package var writtenAt: Date

    package init(id: String, hop: Int, writtenAt: Date) {
        self.id = id
        self.hop = hop
        self.writtenAt = writtenAt
    }
}

/// Who began a turn, as Claude Code's own record says.
package enum TurnOrigin: Sendable, Hashable, Codable {
    case person
    /// A message, or a wake-up that Claude set itself: no person's word.
    case other
}

/// The turns of one session.
package struct Turns: Sendable, Codable, Hashable {
    /// `prompt_id`.
    package private(set) var id: String?
    private var beganAt = Date.distantPast
    /// Messages that began the turn.
    private var beganBy: [Heard] = []
    /// Messages that came before the model in it.
    private var heard: [Heard] = []
    private var origin: TurnOrigin?
    /// What the session sent last was a consequence of this.
    private var last: Heard?
    /// When its person typed in it last.
    package var typedAt: Date?

    package init() {}

    /// Whether who began the turn has to be looked up before something is sent in it.
    package var needsOrigin: Bool { origin == nil && beganBy.isEmpty }

    /// The messages that began the turn.
    package var begunBy: [String] { beganBy.map(\.id) }

    /// A prompt reaches the model. Within a turn, a message or a word of the person's keeps the turn's id.
    /// - Parameter messages: those that it consists of; none where it looks typed.
    package mutating func prompt(id: String?, messages: [Heard], at now: Date) {
        let isNew = id == nil || id != self.id
        guard isNew else {
            if messages.isEmpty {
                // Typed in mid-turn, or so it looks: it may be the person who sets the session free.
                origin = nil
                beganAt = now
                beganBy = []
            }
            return hear(messages)
        }
        self.id = id
        beganAt = now
        beganBy = messages
        heard = messages
        origin = messages.isEmpty ? nil : .other
    }

    /// Messages came before the model: by the gate, by `inbox` or by `read`.
    package mutating func hear(_ messages: [Heard]) {
        for message in messages where !heard.contains(where: { $0.id == message.id }) { heard.append(message) }
    }

    /// What was found out of who began the turn.
    package mutating func found(_ origin: TurnOrigin) { self.origin = origin }

    /// What is sent now is a consequence of this message; nil where it begins a chain.
    package mutating func parent() -> String? {
        let since = heard.filter { $0.writtenAt > beganAt && !beganBy.contains($0) }
        var causes = beganBy + since
        // Nobody's word began it: it goes on with what the session was at.
        if beganBy.isEmpty, origin != .person, let last { causes.append(last) }
        guard let cause = causes.max(by: { ($0.hop, $0.writtenAt) < ($1.hop, $1.writtenAt) }) else {
            last = nil
            return nil
        }
        last = cause
        return cause.id
    }
}
