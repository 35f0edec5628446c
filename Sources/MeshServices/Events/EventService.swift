// What happens in a mesh, from a cursor on: at once, or waited for. Each look sees first whether the reader may still look.

package import FoundationEssentials
internal import MeshAPI
package import MeshStore

package struct EventService: Sendable {
    package let database: any Store
    package let changes: MeshChanges
    package let now: @Sendable () -> Date

    /// A poll's answer ends there, but holds one event.
    static let pageBytes = 1 << 20
    /// What a stream writes at once; what it leaves unsent before it is cut off.
    package static let streamBytes = 64 << 10
    package static let unsentBytes = 256 << 10
    /// Seconds a poll is held at most, and until a stream says that it is there.
    package static let waitMax = 25
    package static let commentSeconds: Double = 15

    /// The viewer's own place, or where the mesh is now. Throws 404, and `invalid` naming `field`.
    package func cursor(_ text: String?, field: String, for viewer: Viewer) async throws -> EventCursor {
        guard let text else {
            guard let cursor = try await database.read({ try EventCursor.now(meshID: viewer.meshID, in: $0) }) else {
                throw Refusal.notFound
            }
            try await database.flush()
            return cursor
        }
        guard let cursor = EventCursor(text: text, meshID: viewer.meshID) else {
            throw Refusal.invalid(field, "\(field) is no cursor of this mesh.")
        }
        return cursor
    }

    /// What happened after a cursor, within `bytes`, one event at least, to whoever was woken by these signals. Who was woken
    /// by what was said alone is not looked at again. What ends a right to read wakes by itself where no other server can;
    /// each second it is looked for.
    package func batch(
        after cursor: EventCursor, for viewer: Viewer, bytes: Int = pageBytes, wokenBy signals: MeshWatch.Signals = []
    ) async throws -> EventBatch {
        let now = now()
        if viewer.party == .peer, signals.subtracting(.due) == .said,
            let (news, upTo) = changes.tail.news(after: cursor, for: viewer.id),
            let batch = try Self.batch(news, after: cursor, upTo: upTo, for: viewer, bytes: bytes, at: now)
        {
            return batch
        }
        let batch = try await look(after: cursor, for: viewer, bytes: bytes, wokenBy: signals, at: now)
        // A place that the disk does not have might come again, with something else there.
        if batch.cursor != cursor { try await database.flush() }
        return batch
    }

    private func look(
        after cursor: EventCursor, for viewer: Viewer, bytes: Int, wokenBy signals: MeshWatch.Signals, at now: Date
    ) async throws -> EventBatch {
        // Who was woken is told of something mostly, and of what is here only a session.
        if viewer.party == .peer || signals.isDisjoint(with: [.said, .changed]) {
            let glance = try await database.lookUp { try $0.glances.glance(viewer, after: cursor, at: now) }
            if let glance, let batch = try fresh(after: cursor, glance, for: viewer, bytes: bytes, at: now) {
                return batch
            }
        }
        return try await database.read { transaction in
            let glance = try transaction.glances.glance(viewer, after: cursor, at: now)
            if glance?.isInOrder != true, let end = try transaction.standing.end(of: viewer, at: now) {
                return try EventBatch(end: end, at: cursor)
            }
            guard let glance else { throw Refusal.notFound }
            if glance.isNothingNew(after: cursor) { return EventBatch(cursor: cursor) }
            guard try cursor.holds(at: glance, in: transaction) else {
                let now = try EventCursor.now(meshID: viewer.meshID, in: transaction)
                return EventBatch(cursor: now ?? cursor, isReset: true)
            }
            var batch = EventBatch(cursor: cursor)
            // Much may have happened of which this reader sees nothing.
            repeat {
                batch = try Self.next(after: batch.cursor, glance, viewer, bytes: bytes, in: transaction, at: now)
            } while batch.isEmpty && batch.hasMore
            return batch
        }
    }

    /// What is known without another look: that nothing is new, or what was written here just now. Nil where it is not.
    private func fresh(
        after cursor: EventCursor, _ glance: Glance, for viewer: Viewer, bytes: Int, at now: Date
    ) throws -> EventBatch? {
        guard glance.isInOrder else { return nil }
        if glance.isNothingNew(after: cursor) { return EventBatch(cursor: cursor) }
        guard viewer.party == .peer, let idThere = glance.idThere,
            cursor.holds(at: glance.head, idThere: idThere, oldest: nil),
            let news = changes.tail.news(after: cursor, upTo: glance.head, newestID: glance.newestID, for: viewer.id)
        else { return nil }
        return try Self.batch(news, after: cursor, upTo: glance.head.change, for: viewer, bytes: bytes, at: now)
    }

    /// Of what was written here just now. Nil where the tail has not all that the reader is told of it.
    private static func batch(
        _ news: MeshNews, after cursor: EventCursor, upTo change: Int, for viewer: Viewer, bytes: Int, at now: Date
    ) throws -> EventBatch? {
        guard let slice = EventSlice(news, after: cursor, upTo: change, for: viewer, at: now) else { return nil }
        let (events, upTo, hasMore) = try slice.written(within: bytes)
        var batch = EventBatch(events: events, cursor: cursor, hasMore: hasMore)
        batch.cursor.change = upTo
        if let newest = news.newest(upTo: upTo) { batch.cursor.stand(at: newest.seq, newest.id) }
        return batch
    }

    private static func next(
        after cursor: EventCursor, _ glance: Glance, _ viewer: Viewer, bytes: Int, in transaction: Transaction,
        at now: Date
    ) throws -> EventBatch {
        let head = glance.head
        let slice = try transaction.events.slice(after: cursor, glance, for: viewer, at: now)
        let (events, upTo, hasMore) = try slice.written(within: bytes)
        var batch = EventBatch(events: events, cursor: cursor, hasMore: hasMore)
        batch.isDisconnected = slice.isDisconnected
        batch.cursor.change = upTo
        if upTo == head.change {
            batch.cursor.stand(at: head.seq, glance.newestID)
        } else if let newest = try transaction.events.newestMessage(
            meshID: viewer.meshID, after: cursor.seq, upTo: upTo)
        {
            batch.cursor.stand(at: newest.seq, newest.id)
        }
        return batch
    }

    /// As above; where there is nothing, waits for it, at most `wait` seconds. `watch` is ended where the client leaves.
    package func poll(_ watch: MeshWatch, after cursor: EventCursor, wait: Double) async throws -> EventBatch {
        let start = now()
        let viewer = watch.viewer
        if viewer.party == .peer { try await hear(viewer, at: start) }
        var batch = try await batch(after: cursor, for: viewer)
        guard batch.isEmpty, wait > 0, let place = changes.enter(watch) else { return batch }
        defer { place.leave() }
        let end = start.addingTimeInterval(min(wait, Double(Self.waitMax)))
        // Looked at again: what changed before the watch was let in woke nobody.
        batch = try await self.batch(after: batch.cursor, for: viewer)
        while batch.isEmpty {
            let signals = await watch.wait(until: end)
            guard signals.isDisjoint(with: .ends.union(.due)) else { break }
            batch = try await self.batch(after: batch.cursor, for: viewer, wokenBy: .changed)
        }
        return batch
    }

    /// A poll by a session's own token says that it lives. Seldom written down: a session is silent after 90 s.
    private func hear(_ viewer: Viewer, at now: Date) async throws {
        let heard = try await database.lookUp { try $0.presences.heardAt(sessionID: viewer.id) }
        guard let heard, now.timeIntervalSince(heard) >= 20 else { return }
        let isBack = try await database.write(.one(viewer.meshID)) {
            try $0.presences.hear(sessionID: viewer.id, at: now)
        }
        if isBack { changes.post(viewer.meshID) }
    }
}

extension EventBatch {
    /// The last one there is.
    init(end: Event.End, at cursor: EventCursor) throws {
        let event = Event.ended(end)
        self.init(
            events: [WrittenEvent(type: event.type, json: try WireJSON.written(event))], cursor: cursor, isEnd: true)
    }
}
