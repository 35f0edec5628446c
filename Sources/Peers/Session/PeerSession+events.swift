// What comes: the mesh is followed by held polls, from a cursor that is stored with what it brought. A poll is the session's
// heartbeat, too.

internal import FoundationEssentials
internal import Logging
internal import MeshAPI
internal import MeshClient
internal import MeshStore

extension PeerSession {
    /// Away for longer than this, what waited comes as one notice.
    private static let longAbsence: TimeInterval = 600
    /// Seconds a poll is held.
    private static let wait = 25

    func follow() async {
        var failures = 0
        while !Task.isCancelled {
            do throws(APIFailure) {
                if cursor == nil { try await begin() }
                let page = try await client.heldEvents(in: facts.meshID, after: cursor, wait: Self.wait)
                failures = 0
                if page.reset == true { cursor = nil } else { await take(page) }
            } catch {
                let next = await next(after: error)
                guard next != .end, !Task.isCancelled else { return }
                failures += 1
                if next == .atOnce, failures == 1 { continue }
                if trouble != error {
                    logger.notice("not reached", metadata: ["session": "\(id)", "why": "\(error.word)"])
                }
                trouble = error
                if link == .following { link = .connecting }
                // Whoever signs in again is followed again.
                let backoff = min(30, 0.5 * Double(1 << min(failures, 6))) * Double.random(in: 0.7...1)
                let pause = isSignedOut ? 15 : backoff
                try? await Task.sleep(for: .seconds(max(pause, Double(error.retryAfter ?? 0))))
            }
        }
    }

    /// Without a place: first where now is, then all that waits.
    private func begin() async throws(APIFailure) {
        let now = try await client.events(in: facts.meshID, after: nil, wait: 0)
        var waiting: [Message] = []
        var cursor: String?
        repeat {
            let page = try await client.messages(in: facts.meshID, unread: true, cursor: cursor, limit: 100)
            waiting += page.items
            cursor = page.nextCursor
        } while cursor != nil && waiting.count < 2000
        // A former Claude Code of this session had these before it when nobody could be told.
        let id = id
        let known = (try? await world.store.read { try $0.daemon.settledUntold(of: id) }) ?? []
        waiting.removeAll { known.contains($0.id) }
        await take(EventPage(events: waiting.reversed().map(Event.message), cursor: now.cursor))
    }

    func take(_ page: EventPage) async {
        let now = world.now()
        let wasAway = heardAt.map { now.timeIntervalSince($0) > Self.longAbsence } ?? true
        (heardAt, trouble) = (now, nil)
        if link != .following {
            // Who was forgotten meanwhile is told anew what the session does.
            (link, reported) = (.following, nil)
            outgoing.happened()
        }
        var fetched: [String] = []
        for event in page.events {
            switch event {
            case .message(let message):
                if arrived(message, wasAway: wasAway, now: now) { fetched.append(message.id) }
            case .withdrawn(let id): lanes.ended(id)
            case .receipt(let receipt) where receipt.id == id && !receipt.state.isWaiting:
                // Of this very mailbox: ended, or settled in another way.
                if receipt.state == .expired || receipt.state == .withdrawn { lanes.ended(receipt.messageId) }
            // The next poll is refused with 401, and the account may have another sign-in here; or it says by whom.
            case .ended(.credential), .ended(.kicked): break
            case .ended(let reason): isOver(reason.rawValue)
            case .receipt, .held, .peer, .topic, .member: break
            }
        }
        // What may go into Claude Code's inbox at once is handed in the transaction that brings it: one flush, not two.
        let effects = lanes.mustSummon ? [] : pump(at: now)
        let handed = Set(effects.compactMap(\.told))
        let steps = fetched.filter { !handed.contains($0) }.map {
            ReportReceipts.Step(messageId: $0, state: .fetched)
        }
        cursor = page.cursor
        let (id, place) = (id, page.cursor)
        await keep(
            effects,
            also: { transaction in
                for step in steps { try transaction.daemon.owe(step, of: id) }
                try transaction.daemon.setCursor(place, of: id)
            })
        if !steps.isEmpty { outgoing.happened() }
        changes.happened()
    }

    private static let signedOut = "signed_out"

    var isSignedOut: Bool { link == .over(Self.signedOut) }

    /// For good, unless it is for want of a sign-in: its tools say so, and its person is told at the next turn.
    func isOver(_ reason: String, _ body: ErrorBody? = nil) {
        if case .over(reason, _) = link { return }
        link = .over(reason, body)
        if reason != "no_messages" { toPerson.append(words.over(reason, mesh: facts.meshSlug, by: body?.by)) }
        changes.happened()
    }

    /// Whether it is new, and for this mailbox.
    private func arrived(_ message: Message, wasAway: Bool, now: Date) -> Bool {
        guard let mailbox = message.mailbox, mailbox.kind == .peer, mailbox.id == id else {
            if let topic = message.topic, message.from.id != id { unreadInTopics[topic, default: 0] += 1 }
            return false
        }
        guard message.state?.isWaiting ?? true, message.state != .held, messages[message.id] == nil else {
            return false
        }
        guard !isProbe(message) else { return false }
        messages[message.id] = message
        let isOld = now.timeIntervalSince(message.createdAt) > Self.longAbsence
        var item = LaneMessage(message, letter: letter(message))
        // A probe proves the lane whatever may wake the session.
        if probes.contains(message.id) { item.wakes = true }
        lanes.arrived(item, isLapsed: wasAway && isOld)
        return true
    }

    /// Whether there is any use in asking again, and when.
    private enum Next {
        case end, later
        /// The server knows the session only now.
        case atOnce
    }

    private func next(after failure: APIFailure) async -> Next {
        guard case .refused(let status, let body, _) = failure else { return .later }
        switch status {
        case 401: return await registerAnew()
        case 404 where (try? await client.mesh(facts.meshID)) != nil:
            // The mesh is there: this server is one that carries no messages.
            isOver("no_messages")
            return .end
        case 403, 404, 410:
            isOver(body?.error ?? "gone", body)
            logger.notice("over", metadata: ["session": "\(id)", "reason": "\(body?.error ?? "\(status)")"])
            return .end
        default: return .later
        }
    }

    /// The server does not know the token: it is told of it by the account's own sign-in, where there is one here.
    private func registerAnew() async -> Next {
        guard let token = await world.signIn(facts.server, facts.accountID) else {
            // The launcher, which has another sign-in than this machine's, may not have got there yet.
            if heardAt != nil { isOver(Self.signedOut) }
            return .later
        }
        do throws(APIFailure) {
            _ = try await client.with(.bearer(token)).register(
                facts.registration(tokenHash: tokenHash), in: facts.meshID)
            return .atOnce
        } catch {
            guard case .refused(let status, let body, _) = error, [401, 403, 404, 409].contains(status) else {
                return .later
            }
            isOver(status == 401 ? Self.signedOut : body?.error ?? "gone", status == 401 ? nil : body)
            return status == 401 ? .later : .end
        }
    }
}
