// Following what happens in a mesh: streams and polls, one cursor, and what a failure means.

import FoundationEssentials
import MeshAPI
import Synchronization
import TestSupport
import Testing

@testable import MeshClient

struct ServerSentEventsTests {
    @Test func eventsComeWholeHoweverTheirBytesAreCut() {
        let text =
            ":\nretry: 1000\nid: a\n\nevent: message\r\nid: b\r\ndata: {\"x\":1}\r\n\r\nevent: two\ndata: 1\ndata:2\n\nid: c\n\n"
        let wanted = [
            ServerSentEvents.Block(type: "message", id: "b", data: #"{"x":1}"#),
            ServerSentEvents.Block(type: "two", id: nil, data: "1\n2"),
        ]
        for size in [1, 2, 7, 1000] {
            var (parser, got, rest) = (ServerSentEvents(), [ServerSentEvents.Block](), Array(text.utf8)[...])
            while !rest.isEmpty {
                got += parser.take(rest.prefix(size)) ?? []
                rest = rest.dropFirst(size)
            }
            #expect(got == wanted && parser.lastID == "c" && parser.retry == 1000)
        }
    }

    @Test func whatNeverEndsIsNoStream() {
        var parser = ServerSentEvents()
        let part = [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20)
        let isRefused = (0..<9).contains { _ in parser.take(part) == nil }
        #expect(isRefused)
        var lines = ServerSentEvents()
        let line = Array("data: ".utf8) + part + Array("\n".utf8)
        let isTooMuch = (0..<9).contains { _ in lines.take(line) == nil }
        #expect(isTooMuch)
    }
}

struct EventPlaceTests {
    private func refused(_ status: Int, _ field: String? = nil, retryAfter: Int? = nil) -> APIFailure {
        .refused(status: status, body: ErrorBody(error: "x", field: field), retryAfter: retryAfter)
    }

    @Test func pausesGrowFromOneSecondToThirtyAndBeginAnewAfterAnAnswer() {
        var place = EventPlace(cursor: "a")
        let pauses = (0..<7).map { _ in place.failed(.unreachable(.refused)) }
        #expect(pauses == [1, 2, 4, 8, 16, 30, 30].map { .again(after: .seconds($0)) })
        let (first, second) = (place.connected(), place.connected())
        #expect(first && !second)
        #expect(place.failed(refused(503, retryAfter: 5)) == .again(after: .seconds(5)))
        _ = place.connected()
        let ends = [place.ended(), place.ended()]
        #expect(ends == [.seconds(1), .seconds(2)])
        _ = place.connected()
        let told = [place.ended(retry: 1700), place.ended(retry: 1700)]
        #expect(told == [.milliseconds(1700), .seconds(2)], "when its server said, the first time")
        _ = place.connected()
        #expect(place.ended(retry: -1) == .zero)
    }

    /// Its server stops: all who wait there are answered in one moment.
    @Test func aPollThatIsAnsweredWithNothingBeforeItsTimeWasSentAway() {
        let nothing = EventPage(events: [], cursor: "a")
        #expect(EventPlace.isSentAway(nothing, after: .seconds(3), of: 25))
        #expect(!EventPlace.isSentAway(nothing, after: .seconds(24.5), of: 25), "its time is over")
        #expect(!EventPlace.isSentAway(nothing, after: .zero, of: 0), "it was not held")
        #expect(!EventPlace.isSentAway(EventPage(events: [], cursor: "a", reset: true), after: .seconds(3), of: 25))
        let some = EventPage(events: [.withdrawn(messageID: "m")], cursor: "a")
        #expect(!EventPlace.isSentAway(some, after: .seconds(3), of: 25))
    }

    @Test func whatWillNotPassEndsIt() {
        for status in [400, 401, 403, 404, 409] {
            var place = EventPlace(cursor: "a")
            #expect(place.failed(refused(status)) == .over, "\(status)")
        }
        for status in [408, 429, 500, 502, 503] {
            var place = EventPlace(cursor: "a")
            #expect(place.failed(refused(status)) == .again(after: .seconds(1)), "\(status)")
        }
        var place = EventPlace(cursor: "a")
        #expect(place.failed(.cancelled) == .over)
        #expect(place.failed(refused(422, "after")) == .anew && place.cursor == nil)
        #expect(place.failed(refused(422, "after")) == .over, "it had none")
    }
}

@Suite(.timeLimit(.minutes(1))) struct EventFollowTests {
    private static let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n"

    private static func withdrawn(_ id: String, at cursor: String) -> String {
        "event: withdrawn\nid: \(cursor)\ndata: {\"type\":\"withdrawn\",\"message_id\":\"\(id)\"}\n\n"
    }

    private static let ended = "event: ended\nid: z\ndata: {\"type\":\"ended\",\"reason\":\"kicked\"}\n\n"

    private func brief(_ news: EventNews) -> String {
        switch news {
        case .connected: "connected"
        case .event(.withdrawn(let id), let cursor): "\(id)@\(cursor)"
        case .event(let event, let cursor): "\(event.type)@\(cursor)"
        case .reset(let cursor): "reset@\(cursor)"
        case .interrupted(let failure, _): "interrupted \(failure.status ?? 0)"
        }
    }

    @Test func aStreamGoesOnWhereItWasCut() async throws {
        let count = Mutex(0)
        try await ScriptedServer.run { _ in
            let number = count.withLock { count in
                count += 1
                return count
            }
            switch number {
            case 1: return .raw(Self.head + ":\nid: a\n\n" + Self.withdrawn("m1", at: "b") + "event: mess")
            case 2: return .reply(503, "{}")
            default:
                return .raw(
                    Self.head + "event: later\nid: c\ndata: {}\n\nevent: reset\nid: d\ndata: {\"reset\":true}\n\n"
                        + Self.ended)
            }
        } _: { server in
            var news: [String] = []
            let end = try await server.client().followEvents(in: "m") { news.append(brief($0)) }
            #expect(end == .kicked)
            #expect(
                news.filter { !$0.hasPrefix("interrupted") } == [
                    "connected", "m1@b", "connected", "reset@d", "ended@z",
                ])
            #expect(news.contains("interrupted 503"))
            #expect(server.received.map { $0.headers["last-event-id"] } == [nil, "b", "b"])
            #expect(server.received.allSatisfy { $0.headers["accept"] == "text/event-stream" })
        }
    }

    @Test func pollsGoOnFromTheirCursor() async throws {
        try await ScriptedServer.run { request in
            if !request.path.contains("after") { return .json(#"{"events":[],"cursor":"a"}"#) }
            if request.path.contains("after=a") {
                return .json(#"{"events":[{"type":"withdrawn","message_id":"m1"},{"type":"new"}],"cursor":"b"}"#)
            }
            return .json(#"{"events":[{"type":"ended","reason":"archived"}],"cursor":"b"}"#)
        } _: { server in
            var news: [String] = []
            let end = try await server.client().followEvents(in: "m", by: .polls) { news.append(brief($0)) }
            #expect(end == .archived && news == ["connected", "m1@b", "ended@b"])
            let path = "/api/my/meshes/m/events"
            #expect(server.received.map(\.path) == [path, "\(path)?after=a&wait=25", "\(path)?after=b&wait=25"])
        }
    }

    @Test func aPlaceThatTheServerDoesNotKnowBeginsAnew() async throws {
        try await ScriptedServer.run { request in
            if request.headers["last-event-id"] == "old" {
                return .reply(422, #"{"error":"invalid","field":"Last-Event-ID"}"#)
            }
            if request.headers["accept"] == "application/json" { return .json(#"{"events":[],"cursor":"now"}"#) }
            return .raw(Self.head + Self.ended)
        } _: { server in
            var news: [String] = []
            _ = try await server.client().followEvents(in: "m", after: "old") { news.append(brief($0)) }
            #expect(news == ["reset@now", "connected", "ended@z"])
            #expect(server.received.last?.headers["last-event-id"] == "now")
        }
    }

    @Test func whatIsNoStreamIsNotTakenForOne() async throws {
        for answer in [Answer.reply(403, #"{"error":"kicked"}"#), .reply(404, #"{"error":"not_found"}"#)] {
            try await ScriptedServer.run { _ in
                answer
            } _: { server in
                await #expect(throws: APIFailure.self) {
                    try await server.client().followEvents(in: "m") { _ in }
                }
                #expect(server.received.count == 1)
            }
        }
    }

    @Test func aCallerThatIsCancelledLeaves() async throws {
        try await ScriptedServer.run { _ in
            .endless(head: Self.head, ":\n\n", every: .milliseconds(20))
        } _: { server in
            let client = try server.client()
            let task = Task { () async -> APIFailure? in
                do throws(APIFailure) {
                    _ = try await client.followEvents(in: "m", after: "a") { _ in }
                    return nil
                } catch { return error }
            }
            try await eventually("it listens") { server.connections == 1 }
            task.cancel()
            #expect(await task.value == .cancelled)
            try await eventually("it left") { server.connections == 0 }
        }
    }
}
