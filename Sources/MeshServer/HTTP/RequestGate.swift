// One request at a time: what a client sends behind a request that is not answered yet waits here as bytes, and behind those
// its socket is not read. Decoded, a pipelined request costs a hundred times its bytes.

internal import NIOCore

/// Stands before the decoder, which takes all requests of what it is given: it is given no more than one head at a time.
final class RequestGate: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private var context: ChannelHandlerContext?
    private var waiting = ByteBuffer()
    /// Requests that came whole, less the answers that were written: an answer may be the earlier of the two.
    private var unanswered = 0
    /// Bytes of a body that are still to come: no blank line among them ends a head.
    var missing = 0
    private var isReadWanted = false
    /// The client sends no more than what waits.
    private var isEndWaiting = false
    /// The connection's last answer was written.
    private var isShut = false

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        // As it is a read goes on while more comes, up to four full buffers.
        try? context.channel.syncOptions?.setOption(.maxMessagesPerRead, value: 1)
    }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isShut else { return }
        var bytes = unwrapInboundIn(data)
        if waiting.readableBytes == 0 { waiting = bytes } else { waiting.writeBuffer(&bytes) }
        letIn(context)
    }

    func read(context: ChannelHandlerContext) {
        // With nothing waiting a request under way is read past, to notice a client that leaves.
        if waiting.readableBytes == 0 { context.read() } else { isReadWanted = true }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .inputClosed = event as? ChannelEvent, waiting.readableBytes > 0 {
            isEndWaiting = true
        } else {
            context.fireUserInboundEventTriggered(event)
        }
    }

    /// A request came whole.
    func came() { unanswered += 1 }

    /// An answer was written, and its bytes are with the system.
    func answered() {
        unanswered -= 1
        guard let context, isReadWanted || isEndWaiting || waiting.readableBytes > 0 else { return }
        letIn(context)
        context.fireChannelReadComplete()
    }

    /// Nothing that comes from now on is looked at, but for the end of it.
    func shut() {
        isShut = true
        waiting = ByteBuffer()
    }

    private func letIn(_ context: ChannelHandlerContext) {
        while unanswered <= 0, waiting.readableBytes > 0 {
            let length = missing > 0 ? min(missing, waiting.readableBytes) : waiting.bytesToBlankLine
            guard let slice = waiting.readSlice(length: length) else { break }
            // Empty, it keeps no room: ten thousand connections wait.
            if waiting.readableBytes == 0 { waiting = ByteBuffer() }
            context.fireChannelRead(wrapInboundOut(slice))
        }
        guard waiting.readableBytes == 0 else { return }
        if isEndWaiting {
            isEndWaiting = false
            context.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        }
        if isReadWanted {
            isReadWanted = false
            context.read()
        }
    }
}

extension ByteBuffer {
    /// How many bytes there are up to the end of the first blank line, which every head ends with; all where there is none.
    fileprivate var bytesToBlankLine: Int {
        let (newline, carriageReturn) = (UInt8(ascii: "\n"), UInt8(ascii: "\r"))
        return withUnsafeReadableBytes { bytes in
            var next = 0
            while let found = bytes[next...].firstIndex(of: newline) {
                next = found + 1
                if next < bytes.count && bytes[next] == newline { return next + 1 }
                if next + 1 < bytes.count && bytes[next] == carriageReturn && bytes[next + 1] == newline {
                    return next + 2
                }
            }
            return bytes.count
        }
    }
}
