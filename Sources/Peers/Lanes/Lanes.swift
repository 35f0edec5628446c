// The last step into one Claude Code: which text goes by which way, and when. A value without I/O: whoever holds it stores
// what changed before it does what is asked, so that nothing surfaces twice whatever dies in between.
// The gate is in Lanes+gate.swift, the notices are in Lanes+notices.swift, the tools' part is in Lanes+tools.swift.

package import FoundationEssentials
package import MeshAPI

/// What a session's lanes ask for.
package enum LaneEffect: Sendable, Hashable {
    /// The text of this message is to be written to Claude Code's inbox, under this mark.
    case hand(id: String, ClaimMark)
    /// Many came at once after an absence: one notice of them is to be written there, and wakes once.
    case summon
    /// A message has come this far, for its sender.
    case receipt(id: String, Receipt)

    /// What is told to a sender.
    package enum Receipt: Sendable, Hashable {
        case handed(Lane)
        case seen(Lane)
        /// It waits again: the Claude Code that it was handed to died.
        case queued
    }
}

/// All that one session has before it.
package struct Lanes: Sendable {
    /// What is known of the Claude Code behind it.
    package struct Session: Sendable, Hashable, Codable {
        /// Whether its inbox can be written to.
        package var hasInbox = false
        /// The process that writes to it, and the Claude Code it is a child of.
        package var writer: Int32?
        package var agent: Int32?
        /// Whether its hooks have spoken: without them there is no gate.
        package var hasGate = false
        /// It asks nobody for permission.
        package var bypasses = false
        /// What its person chose, and what its model did for now.
        package var chosen = Attention.open
        package var narrowed: Attention?
        /// Until when; nil for as long as it runs.
        package var narrowedUntil: Date?
        /// A typed prompt was seen: Claude has the instructions.
        package var wasInstructed = false

        package init() {}

        package var attention: Attention { narrowed.map(chosen.narrowed(by:)) ?? chosen }

        /// What was narrowed for a time is as the person chose it when that is over.
        package mutating func lapse(at now: Date) {
            guard let end = narrowedUntil, end <= now else { return }
            (narrowed, narrowedUntil) = (nil, nil)
        }
    }

    /// What Claude Code does now.
    package enum Activity: Sendable, Hashable, Codable {
        case unknown, working, asking
        case idle(since: Date)
    }

    /// So many texts may lie in Claude Code's own queue without having come through the gate.
    static let mostUnconfirmed = 10
    /// So many that are done with are kept, for what answers them.
    static let mostDone = 400
    /// After so long an idle session that did not take up what it was handed will not.
    static let patience: TimeInterval = 5
    /// What is handed and has passed so many boundaries was not taken up.
    static let boundaries = 2

    package var session = Session()
    package internal(set) var activity = Activity.unknown
    /// In the mesh's order.
    package internal(set) var items: [LaneItem] = []
    /// A call of `inbox` that waits: what comes is its answer, and no lane's.
    package var isAsked = false
    var bucket = Bucket()
    var boundary = 0
    var turn: String?

    package init() {}

    /// From what was stored.
    package init(items: [LaneItem], session: Session) {
        self.items = items.sorted { $0.message.seq < $1.message.seq }
        self.session = session
    }

    /// A message is on this machine's disk. Known ones are passed over.
    /// - Parameter isLapsed: the machine was away for long while it waited.
    package mutating func arrived(_ message: LaneMessage, isLapsed: Bool = false) {
        guard !items.contains(where: { $0.message.id == message.id }) else { return }
        var item = LaneItem(message: message)
        item.isLapsed = isLapsed
        let place = items.firstIndex { $0.message.seq > message.seq } ?? items.endIndex
        items.insert(item, at: place)
        forgetOldest()
    }

    /// A session of many days does not keep all that it was ever told.
    private mutating func forgetOldest() {
        let done = items.indices.filter { items[$0].isDone }
        guard done.count > Self.mostDone else { return }
        let old = Set(done.prefix(Self.mostDone / 2).map { items[$0].message.id })
        items.removeAll { old.contains($0.message.id) }
    }

    /// It waits no more: withdrawn, expired, refused, or settled elsewhere. Its text is stopped at the gate.
    package mutating func ended(_ id: String) {
        change(id) { item in
            item.state = .over
            item.claim?.isOpen = false
        }
    }

    /// What may be written to Claude Code's inbox now.
    package mutating func pump(at now: Date, using generator: inout some RandomNumberGenerator) -> [LaneEffect] {
        session.lapse(at: now)
        guard session.hasInbox, !isAsked else { return [] }
        var effects: [LaneEffect] = []
        if mustSummon, bucket.take(at: now) {
            for place in items.indices where items[place].isLapsed {
                (items[place].wasSummoned, items[place].wasToldAtEnd) = (true, true)
            }
            effects.append(.summon)
        }
        for place in items.indices where items[place].state == .waiting && isPosted(items[place]) {
            guard unconfirmed < Self.mostUnconfirmed, bucket.take(at: now) else { break }
            let mark = ClaimMark.random(using: &generator)
            items[place].claim = .init(
                mark: mark, isOpen: true, handedAt: now, boundary: boundary, writer: session.writer,
                agent: session.agent)
            items[place].state = .handed
            items[place].isStale = false
            items[place].lane = .inbox
            effects.append(.hand(id: items[place].message.id, mark))
            effects.append(.receipt(id: items[place].message.id, .handed(.inbox)))
        }
        return effects
    }

    /// How long until `pump` may have more to do by itself; nil where it waits for Claude Code.
    package mutating func pause(at now: Date) -> TimeInterval? {
        guard session.hasInbox, !isAsked, mustSummon || unconfirmed < Self.mostUnconfirmed else { return nil }
        guard mustSummon || items.contains(where: { $0.state == .waiting && isPosted($0) }) else { return nil }
        return bucket.wait(at: now)
    }

    /// The Claude Code of this session has ended. What it was handed and did not take up opens again, but for what its own
    /// record says it had before it.
    /// What passed the gate last and stands in no record is lost to whoever resumes it, however long ago that was.
    /// - Parameters:
    ///   - delivered: marks that its record has; nil where there is none.
    ///   - given: whether its record has the answer of a tool that carried this message.
    package mutating func agentEnded(
        delivered: Set<ClaimMark>?, given: (String) -> Bool = { _ in false }
    ) -> [LaneEffect] {
        var effects: [LaneEffect] = []
        for place in items.indices {
            if items[place].state == .given {
                let (id, hasIt) = (items[place].message.id, given(items[place].message.id))
                items[place].state = hasIt ? .seen : .waiting
                effects.append(.receipt(id: id, hasIt ? .seen(.tool) : .queued))
                continue
            }
            if let delivered, items[place].state == .seen, items[place].passedAt != nil,
                let mark = items[place].claim?.mark, !delivered.contains(mark)
            {
                (items[place].state, items[place].passedAt, items[place].isReopened) = (.waiting, nil, true)
                continue
            }
            guard items[place].state == .handed else { continue }
            let id = items[place].message.id
            if let mark = items[place].claim?.mark, delivered?.contains(mark) == true {
                items[place].state = .seen
                effects.append(.receipt(id: id, .seen(.inbox)))
            } else {
                items[place].state = .waiting
                items[place].lane = nil
                effects.append(.receipt(id: id, .queued))
            }
        }
        items.removeAll { !$0.isPending }
        for place in items.indices {
            items[place].claim = nil
            items[place].toldIn = nil
        }
        session.hasInbox = false
        session.hasGate = false
        session.wasInstructed = false
        (session.narrowed, session.narrowedUntil) = (nil, nil)
        activity = .unknown
        bucket = Bucket()
        isAsked = false
        return effects
    }

    /// Claude Code's own record has these: what was handed came before the model, whether or not the gate could tell.
    package mutating func wereDelivered(_ marks: Set<ClaimMark>) -> [LaneEffect] {
        var effects: [LaneEffect] = []
        for place in items.indices where items[place].state == .handed {
            guard let mark = items[place].claim?.mark, marks.contains(mark), !items[place].message.isLong else {
                continue
            }
            items[place].claim?.isOpen = false
            items[place].state = .seen
            effects.append(.receipt(id: items[place].message.id, .seen(.inbox)))
        }
        return effects
    }

    /// Whether something was handed so long ago that it should have come before the model.
    package func isUnconfirmed(at now: Date) -> Bool {
        items.contains { item in
            item.state == .handed && item.claim.map { now.timeIntervalSince($0.handedAt) > 2 } == true
        }
    }

    /// Whether a text goes into the inbox.
    func isPosted(_ item: LaneItem) -> Bool { session.hasInbox && !item.isLapsed && mayBegin(item) }

    /// Whether a notice of what came in a heap is to wake: once, and not for what Claude knows of already.
    var mustSummon: Bool {
        items.contains { item in
            item.isLapsed && item.state == .waiting && !item.wasSummoned && item.toldIn == nil && mayBegin(item)
        }
    }

    /// Whether a turn may begin by it: it may wake, and a session that asks nobody is not driven by others' words.
    private func mayBegin(_ item: LaneItem) -> Bool {
        item.message.wakes(session.attention) && (item.message.isOwn || !session.bypasses)
    }

    var unconfirmed: Int { items.count { $0.state == .handed && $0.claim?.isOpen == true } }

    mutating func change(_ id: String, _ body: (inout LaneItem) -> Void) {
        guard let place = items.firstIndex(where: { $0.message.id == id }) else { return }
        body(&items[place])
    }
}
