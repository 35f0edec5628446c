// GET /api/my/meshes/{id}/events: a poll, held where it says so, or a stream of server-sent events.

internal import FoundationEssentials
internal import HTTPTypes
internal import Hummingbird
internal import MeshAPI
internal import MeshServices
internal import MeshStore
internal import NIOCore

struct EventController {
    let events: EventService

    func addRoutes(to read: RouterGroup<ReaderContext>) {
        read.get("meshes/:id/events", use: answer)
    }

    @Sendable func answer(_ request: Request, context: ReaderContext) async throws -> Response {
        let meshID = try context.meshID
        let reader = context.reader
        try await reader.require(meshID, before: events.database)
        let viewer = Viewer(reader, meshID: meshID)
        let isStream = request.headers[values: .accept].contains { $0.contains(EventAnswer.type) }
        // What a stream says of its last event is newer than what its address says.
        let last = isStream ? request.headers[.lastEventID] : nil
        let after = request.uri.queryParameters.get("after")
        let cursor = try await events.cursor(last ?? after, field: last == nil ? "after" : "Last-Event-ID", for: viewer)
        let answer = EventAnswer(events: events, viewer: viewer, channel: context.channel)
        if isStream { return try answer.stream(request, from: cursor) }
        let wait = try request.wait(upTo: EventService.waitMax)
        return try await answer.poll(request, after: cursor, wait: after == nil ? 0 : wait)
    }
}

/// The two ways to answer, for an API's client and a page.
struct EventAnswer {
    static let type = "text/event-stream"

    let events: EventService
    let viewer: Viewer
    let channel: any Channel

    func poll(_ request: Request, after cursor: EventCursor, wait: Double) async throws -> Response {
        let watch = MeshWatch(viewer: viewer)
        guard wait > 0, request.method == .get, Self.isBare(request) else {
            return WireAnswer.json(data: try await events.poll(watch, after: cursor, wait: 0).json)
        }
        do {
            // Notices a client that left; the connection is used up by it, and said to be.
            let batch = try await request.body.consumeWithInboundCloseHandler { body in
                // To its end first: where an answer is ready before that, Hummingbird 2.28 ends the process.
                try await Self.readToEnd(body)
                return try await events.poll(watch, after: cursor, wait: wait)
            } onInboundClosed: {
                watch.signal(.left)
            }
            var response = WireAnswer.json(data: batch.json)
            response.headers[.connection] = "close"
            return response
        } catch let refusal as Refusal {
            throw HTTPRefusal.last(refusal)
        }
    }

    /// Throws 503 where too many wait.
    func stream(_ request: Request, from cursor: EventCursor) throws -> Response {
        let headers: HTTPFields = [
            .contentType: Self.type, .cacheControl: "no-store", .connection: "close", .accelBuffering: "no",
        ]
        guard request.method == .get else { return Response(status: .ok, headers: headers) }
        guard Self.isBare(request) else { throw Refusal.unreadable }
        let stream = EventStream(events, for: viewer, from: cursor, on: channel)
        let watch = MeshWatch(viewer: viewer, stream: stream)
        guard let place = events.changes.enter(watch) else {
            throw Refusal.unavailable("Too many wait for events here. Try again in a moment.", retryAfter: 2)
        }
        let body = request.body
        return Response(
            status: .ok, headers: headers,
            body: ResponseBody { writer in
                defer { place.leave() }
                try await body.consumeWithInboundCloseHandler { body in
                    try await Self.readToEnd(body)
                    try await stream.run(watch, to: &writer)
                } onInboundClosed: {
                    watch.signal(.left)
                }
                try await writer.finish(nil)
            })
    }

    /// A request for events has no body; one that announces some is not held, since it would be read before the wait.
    private static func isBare(_ request: Request) -> Bool {
        (request.headers[.contentLength] ?? "0") == "0" && request.headers[.transferEncoding] == nil
    }

    /// Apart from the wait, whose frame would keep what the loop needs.
    private static func readToEnd(_ body: RequestBody) async throws {
        for try await _ in body {}
    }
}
