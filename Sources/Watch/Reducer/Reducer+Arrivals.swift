// What the server says: lists, pages, events, and that it cannot be reached.

import FlowEngine
import FoundationEssentials
import MeshAPI
import Widgets

extension WatchState {
    mutating func receive(_ arrival: Arrival) -> [Effect] {
        switch arrival {
        case .opened(let mesh, let me):
            (self.mesh, self.me) = (mesh, me)
            // What was sent before it was known which mesh it is.
            for index in compose.outbox.indices where compose.outbox[index].mesh.isEmpty {
                compose.outbox[index].mesh = mesh.id
            }
            return [.follow(mesh.id)]
        case .connected:
            link.phase = .live
            for index in compose.outbox.indices { compose.outbox[index].isSending = false }
            return readAnew()
        case .reset: return readAnew()
        case .interrupted(let failure, let seconds): goOffline(failure, seconds: seconds)
        case .ended(let end):
            link.phase = .ended(end)
            overlays.present(.ended(end))
        case .event(let event): return happened(event)
        case .lists(let lists):
            roster.set(peers: lists.peers, members: lists.members, topics: lists.topics, grants: lists.grants)
            me = lists.members.first { $0.id == me?.id } ?? me
        case .topics(let topics): roster.set(topics: topics)
        case .messages(let page, let older, let isOlder):
            if isOlder || log.older == nil || log.isEmpty { log.older = older }
            if isOlder { log.isLoadingOlder = false }
            add(page)
            if !isOlder { return goOn(after: page, older) }
        case .missed(let page, let older):
            add(page)
            return goOn(after: page, older)
        case .waiting(let messages, let held):
            let mine = messages.filter { isMine($0.mailbox) }
            log.add(mine)
            for message in mine.reversed() { note(message) }
            if log.newFrom == nil { log.newFrom = mine.map(\.seq).min() }
            inTray.set(held: held)
        case .message(let message):
            log.add(message)
            note(message)
        case .sent(let id, let sent): return self.sent(id, sent)
        case .unsent(let id, let failure): return unsent(id, failure)
        case .meshes(let meshes): self.meshes = meshes
        case .ends(let member, let ends): banEnds[member] = ends
        case .done(let deed): return done(deed)
        case .failed(let deed, let failure): failed(deed, failure)
        case .terminal(let place): remark = Remark(nil, Self.said(place))
        }
        return []
    }

    /// Who is there and what is said now; what was said meanwhile is read back to what was heard last.
    private mutating func readAnew() -> [Effect] {
        log.beginCatchingUp()
        return [.loadLists(mesh.id), .loadMessages(mesh.id, before: nil), .loadWaiting(mesh.id)]
    }

    private mutating func add(_ page: [Message]) {
        log.add(page)
        for message in page.reversed() { note(message) }
        if filter.isActive { findMatches() }
    }

    private mutating func goOn(after page: [Message], _ older: String?) -> [Effect] {
        let wasMissing = log.missedAfter != nil
        if let cursor = log.caughtUp(page, older: older) { return [.loadMissed(mesh.id, before: cursor)] }
        // What came twice, as it was told again and in the lists, is counted once.
        return wasMissing ? [.loadTopics(mesh.id)] : []
    }

    mutating func goOffline(_ failure: APIFailure, seconds: Int, isFollowing: Bool = false) {
        let since = link.offline?.since ?? now
        link.phase = .offline(
            Link.Offline(
                failure: failure, since: since, retryAt: now.boot + max(1, seconds) * 1000, isFollowing: isFollowing))
        log.isLoadingOlder = false
    }

    /// A request failed while what happens went on being told: it is tried again when that is due, and from then on it is the
    /// stream that says how it goes.
    mutating func tick() -> [Effect] {
        guard var offline = link.offline, offline.isFollowing, now.boot >= offline.retryAt else { return [] }
        offline.isFollowing = false
        link.phase = .offline(offline)
        return [.follow(mesh.id)]
    }

    /// Whether no tick came for longer than the time between two: the machine slept, or we were stopped. The connection may be
    /// dead since then without a word; where something arrives by it, it is not.
    func wasAway(until now: Moment, _ action: Action) -> Bool {
        if case .arrived = action { return false }
        return link.isLive && now.boot - self.now.boot > 90_000
    }

    /// Tried again at once: the machine woke, or the person asks.
    func reconnect() -> [Effect] {
        if case .offline = link.phase, !mesh.id.isEmpty { return [.follow(mesh.id)] }
        return []
    }

    // MARK: Events

    private mutating func happened(_ event: Event) -> [Effect] {
        switch event {
        case .message(let message): return came(message)
        case .held(let message):
            inTray.hold(message)
            return [.loadLists(mesh.id)]
        case .withdrawn(let id):
            log.withdraw(id)
            inTray.settle(id)
        case .receipt(let receipt):
            if log[receipt.messageId] == nil || !log.note(receipt) {
                return [.loadMessage(mesh.id, id: receipt.messageId)]
            }
        case .peer(let change, let peer):
            roster.note(change, peer, at: Date(timeIntervalSince1970: Double(now.wall)))
        case .topic: return [.loadTopics(mesh.id)]
        case .member: return [.loadLists(mesh.id)]
        case .ended(let reason):
            link.phase = .ended(.said(reason))
            overlays.present(.ended(.said(reason)))
        }
        return []
    }

    private mutating func came(_ message: Message) -> [Effect] {
        let isNew = log.add(message)
        log.heard(message.seq)
        note(message)
        guard isNew else { return [] }
        if filter.isActive { findMatches() }
        if let topic = message.topic { roster.count(topic: topic, unread: nil) }
        // Where the person was not looking, a line tells what is new.
        let isOwn = message.from.kind == .member && message.from.id == me?.id
        if log.newFrom == nil, !isOwn, focus == .away || view.anchor != nil || !overlays.isEmpty {
            log.newFrom = message.seq
        }
        return []
    }

    private mutating func note(_ message: Message) {
        let isOurs = message.from.member.id == me?.id || message.mailbox != nil
        inTray.note(message, isMine: isMine(message.mailbox), isOurs: isOurs)
    }

    // MARK: What is seen

    /// Text that stands on the screen is seen while the window has the focus, else with the next key.
    mutating func painted(_ whole: [String], _ rows: Int) -> [Effect] {
        view.rows = max(1, rows)
        let waiting = whole.filter { log[$0].map { isUnseen($0) } ?? false }
        onScreen = Set(waiting)
        return focus == .here ? reportSeen() : []
    }

    private func isUnseen(_ message: Message) -> Bool {
        if isMine(message.mailbox) { return message.state?.isWaiting == true && message.state != .held }
        guard let topic = message.topic.flatMap(roster.topic) else { return false }
        return topic.unread > 0 && message.from.id != me?.id
    }

    mutating func touched() -> [Effect] {
        remark = nil
        return reportSeen()
    }

    mutating func focusChanged(_ isHere: Bool) -> [Effect] {
        if !isHere, focus != .away { log.newFrom = nil }
        focus = isHere ? .here : .away
        return isHere ? reportSeen() : []
    }

    private mutating func reportSeen() -> [Effect] {
        guard !onScreen.isEmpty, link.isLive else { return [] }
        let shown = onScreen.compactMap { log[$0] }
        onScreen = []
        var effects: [Effect] = []
        let mine = shown.filter { isMine($0.mailbox) && $0.state?.isWaiting == true }.sorted { $0.seq < $1.seq }
        for message in mine { log.setState(.seen, of: message.id) }
        for start in stride(from: 0, to: mine.count, by: ReportReceipts.most) {
            let steps = mine[start..<min(mine.count, start + ReportReceipts.most)].map {
                ReportReceipts.Step(messageId: $0.id, state: .seen, lane: .person)
            }
            effects.append(.report(mesh.id, steps))
        }
        for (topic, messages) in Dictionary(grouping: shown.filter { $0.topic != nil }, by: { $0.topic ?? "" }) {
            guard let last = messages.max(by: { $0.seq < $1.seq }) else { continue }
            roster.count(topic: topic, unread: 0)
            effects.append(.readTopic(mesh.id, topic: topic, upTo: last.id))
        }
        return effects
    }
}
