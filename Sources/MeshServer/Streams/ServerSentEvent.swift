// Events as a stream of text: `text/event-stream`, as browsers and scripts read it.

internal import FoundationEssentials
internal import MeshServices
internal import MeshStore
internal import NIOCore

enum ServerSentEvent {
    /// What a stream begins with: how soon to come back after an end, and from where. Not all in one moment: a server that
    /// stops ends all its streams at once. So soon that nearly all are back within two seconds, though the first try meets the
    /// dead.
    static func hello(_ cursor: EventCursor) -> ByteBuffer {
        ByteBuffer(string: ":\nretry: \(Int.random(in: 0...750))\nid: \(cursor.text)\n\n")
    }

    /// A sign of life, and how far the stream is.
    static func comment(_ cursor: EventCursor) -> ByteBuffer { ByteBuffer(string: ":\nid: \(cursor.text)\n\n") }

    /// A batch that was read from `start` on. Whoever is cut off between two events goes on behind the first of them.
    static func text(_ batch: EventBatch, after start: EventCursor) -> ByteBuffer {
        var buffer = ByteBuffer()
        buffer.reserveCapacity(batch.byteCount + 128 * (batch.events.count + 1))
        if batch.isReset { write("reset", Data(#"{"reset":true}"#.utf8), batch.cursor, to: &buffer) }
        for (index, event) in batch.events.enumerated() {
            var cursor = start
            cursor.change = event.upTo ?? start.change
            let isLast = index == batch.events.count - 1
            write(event.type, event.json, isLast ? batch.cursor : cursor, to: &buffer)
        }
        return buffer
    }

    private static func write(_ type: String, _ json: Data, _ cursor: EventCursor, to buffer: inout ByteBuffer) {
        buffer.writeString("event: \(type)\nid: \(cursor.text)\ndata: ")
        buffer.writeBytes(json)
        buffer.writeString("\n\n")
    }
}
