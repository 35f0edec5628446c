// One stream of server-sent events, from a cursor on until its reader may read no more, leaves, or takes too little.

internal import FoundationEssentials
internal import MeshServices
internal import MeshStore
internal import Hummingbird
internal import NIOCore
internal import Synchronization

final class EventStream: Sendable {
    private let events: EventService
    private let viewer: Viewer
    /// Ends the connection under a write that does not end.
    private let cut: @Sendable () -> Void
    /// Where the reader is once what is being written came, and how many bytes that is.
    private let sent: Mutex<(cursor: EventCursor, bytes: Int)>

    init(_ events: EventService, for viewer: Viewer, from cursor: EventCursor, cut: @escaping @Sendable () -> Void) {
        self.events = events
        self.viewer = viewer
        self.cut = cut
        sent = Mutex((cursor, 0))
    }

    /// Writes until the end. `watch` is ended where the client leaves.
    func run(_ watch: MeshWatch, to writer: inout any ResponseBodyWriter) async throws {
        var cursor = sent.withLock { $0.cursor }
        var told = cursor
        var nextComment = events.now().addingTimeInterval(EventService.commentSeconds)
        try await write(ServerSentEvent.hello(cursor), watch, to: &writer)
        while true {
            let batch = try await events.batch(after: cursor, for: viewer, bytes: EventService.streamBytes)
            if batch.isEmpty {
                cursor = batch.cursor
            } else {
                let text = ServerSentEvent.text(batch, after: cursor)
                (cursor, told) = (batch.cursor, batch.cursor)
                sent.withLock { $0 = (cursor, text.readableBytes) }
                try await write(text, watch, to: &writer)
                // Told with its place, or it would be disconnected again when it comes back.
                if batch.isDisconnected { return try await write(ServerSentEvent.comment(cursor), watch, to: &writer) }
                if batch.isEnd { return }
                if batch.hasMore { continue }
            }
            var signals: MeshWatch.Signals
            repeat {
                signals = await watch.wait(until: nextComment)
                guard signals.isDisjoint(with: .ends) else { return }
                if signals.contains(.due) {
                    try await write(ServerSentEvent.comment(cursor == told ? nil : cursor), watch, to: &writer)
                    told = cursor
                    nextComment = events.now().addingTimeInterval(EventService.commentSeconds)
                }
                // Time alone is nothing to look at: what ends by it is found for all at once, each second.
            } while signals == .due
        }
    }

    /// A write has been under way for seconds: the reader is cut off if too much waits behind it. It goes on later from
    /// where it was, and costs no memory meanwhile.
    func lookBehind() async {
        let (cursor, bytes) = sent.withLock { $0 }
        guard let waiting = try? await events.batch(after: cursor, for: viewer, bytes: EventService.unsentBytes) else {
            return
        }
        let isTooMuch = waiting.byteCount + bytes > EventService.unsentBytes && waiting.events.count > 0
        if isTooMuch || waiting.isEnd { cut() }
    }

    private func write(_ text: ByteBuffer, _ watch: MeshWatch, to writer: inout any ResponseBodyWriter) async throws {
        watch.beginWriting()
        defer { watch.endWriting() }
        try await writer.write(text)
    }
}
