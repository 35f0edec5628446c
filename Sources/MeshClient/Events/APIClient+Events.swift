// What happens in a mesh, followed for as long as its reader may: by a stream of server-sent events, or by held polls where
// a proxy lets no stream through. One cursor for both.

internal import FoundationEssentials
package import MeshAPI

/// How events are followed.
package enum EventWay: Sendable, CaseIterable {
    case stream, polls
}

extension APIClient {
    /// Seconds a poll is held, and without a byte until a stream is dead: a server says every 15 that it is there.
    static var pollSeconds: Int { 25 }
    static var silence: Duration { .seconds(45) }

    /// Follows what happens from a cursor, or from now on; goes on by itself after every failure that may pass, after 1 s to
    /// 30 s. Returns why it is over for this reader; throws what will not pass, and `cancelled`.
    package func followEvents(
        in mesh: String, after cursor: String? = nil, by way: EventWay = .stream, _ body: (EventNews) async -> Void
    ) async throws(APIFailure) -> Event.End {
        var place = EventPlace(cursor: cursor)
        while true {
            do throws(APIFailure) {
                let end =
                    switch way {
                    case .stream: try await stream(mesh, &place, body)
                    case .polls: try await poll(mesh, &place, body)
                    }
                if let end { return end }
            } catch {
                switch place.failed(error) {
                case .over: throw error
                case .anew:
                    let now = try await events(in: mesh, after: nil, wait: 0).cursor
                    place.cursor = now
                    await body(.reset(cursor: now))
                case .again(let pause):
                    await body(.interrupted(error, pause: pause))
                    try await Self.sleep(pause)
                }
            }
        }
    }

    /// As `events`, for a poll that is held. Who is sent away by a server that stops comes back within two seconds, and not
    /// with all the others.
    package func heldEvents(
        in mesh: String, after cursor: String?, wait: Int
    ) async throws(APIFailure) -> EventPage {
        let begin = ContinuousClock.now
        let page = try await events(in: mesh, after: cursor, wait: wait)
        if EventPlace.isSentAway(page, after: .now - begin, of: wait) {
            try await Self.sleep(.milliseconds(.random(in: 0...2000)))
        }
        return page
    }

    private func poll(
        _ mesh: String, _ place: inout EventPlace, _ body: (EventNews) async -> Void
    ) async throws(APIFailure) -> Event.End? {
        let page = try await heldEvents(
            in: mesh, after: place.cursor, wait: place.cursor == nil ? 0 : Self.pollSeconds)
        if place.connected() { await body(.connected) }
        place.cursor = page.cursor
        if page.reset == true { await body(.reset(cursor: page.cursor)) }
        for event in page.events {
            await body(.event(event, cursor: page.cursor))
            if case .ended(let reason) = event { return reason }
        }
        return nil
    }

    /// One stream to its end.
    private func stream(
        _ mesh: String, _ place: inout EventPlace, _ body: (EventNews) async -> Void
    ) async throws(APIFailure) -> Event.End? {
        let request = APIRequest(
            method: .get, path: Routes.events.path(mesh), credential: credential, accept: "text/event-stream",
            lastEventID: place.cursor)
        var parser = ServerSentEvents()
        var end: Event.End?
        try await transport.stream(request, to: server, within: timeout, silence: Self.silence) {
            bytes async throws(APIFailure) in
            if place.connected() { await body(.connected) }
            guard let blocks = parser.take(bytes) else { throw .unreachable(.malformed) }
            for block in blocks {
                place.cursor = block.id ?? place.cursor
                guard let cursor = place.cursor else { throw .unreachable(.malformed) }
                if block.type == "reset" {
                    await body(.reset(cursor: cursor))
                } else if let event = try Self.event(block) {
                    await body(.event(event, cursor: cursor))
                    if case .ended(let reason) = event { end = reason }
                }
            }
            place.cursor = parser.lastID ?? place.cursor
        }
        if end == nil { try await Self.sleep(place.ended(retry: parser.retry)) }
        return end
    }

    /// Nil where this program does not know what happened.
    private static func event(_ block: ServerSentEvents.Block) throws(APIFailure) -> Event? {
        guard Event.isKnown(block.type) else { return nil }
        do { return try WireJSON.decode(Event.self, from: Data(block.data.utf8)) } catch {
            throw .unreachable(.malformed)
        }
    }
}
