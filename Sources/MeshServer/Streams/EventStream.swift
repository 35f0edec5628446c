// One stream of server-sent events, from a cursor on until its reader may read no more, leaves, or takes too little.

internal import FoundationEssentials
internal import MeshServices
internal import MeshStore
internal import Hummingbird
internal import NIOCore
internal import Synchronization

final class EventStream: WatchedStream {
    private let events: EventService
    private let viewer: Viewer
    private let channel: any Channel
    /// Where the reader is once what is being written came, and how many bytes that is.
    private let sent: Mutex<(cursor: EventCursor, bytes: Int)>

    init(_ events: EventService, for viewer: Viewer, from cursor: EventCursor, on channel: any Channel) {
        self.events = events
        self.viewer = viewer
        self.channel = channel
        sent = Mutex((cursor, 0))
    }

    /// Writes until the end. `watch` is ended where the client leaves.
    func run(_ watch: MeshWatch, to writer: inout any ResponseBodyWriter) async throws {
        var cursor = sent.withLock { $0.cursor }
        var told = cursor
        var nextComment = events.now().addingTimeInterval(EventService.commentSeconds)
        try await write(ServerSentEvent.hello(cursor), watch, to: &writer)
        var signals: MeshWatch.Signals = []
        while true {
            let batch = try await events.batch(
                after: cursor, for: viewer, bytes: EventService.streamBytes,
                wokenBy: signals)
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
                if batch.hasMore {
                    signals = []
                    continue
                }
            }
            repeat {
                let pause = cursor == told ? EventService.commentSeconds : nil
                signals = await watch.wait(until: &nextComment, pause: pause)
                guard signals.isDisjoint(with: .ends) else { return }
                if signals.contains(.due) {
                    try await write(ServerSentEvent.comment(cursor), watch, to: &writer)
                    told = cursor
                    nextComment = events.now().addingTimeInterval(EventService.commentSeconds)
                }
                // Time alone is nothing to look at: what ends by it is found for all at once, each second.
            } while signals == .due
        }
    }

    func giveSign() {
        // Later, though this may be its loop: what it leads to may ask the watch.
        channel.eventLoop.execute { [channel] in
            channel.triggerUserOutboundEvent(SignOfLife(), promise: nil)
        }
    }

    func look() { Task { await lookBehind() } }

    /// A write has been under way for seconds: the reader is cut off if too much waits behind it. It goes on later from
    /// where it was, and costs no memory meanwhile.
    private func lookBehind() async {
        let (cursor, bytes) = sent.withLock { $0 }
        guard let waiting = try? await events.batch(after: cursor, for: viewer, bytes: EventService.unsentBytes) else {
            return
        }
        let isTooMuch = waiting.byteCount + bytes > EventService.unsentBytes && waiting.events.count > 0
        if isTooMuch || waiting.isEnd { channel.close(promise: nil) }
    }

    private func write(_ text: ByteBuffer, _ watch: MeshWatch, to writer: inout any ResponseBodyWriter) async throws {
        watch.beginWriting()
        defer { watch.endWriting() }
        try await writer.write(text)
    }
}
