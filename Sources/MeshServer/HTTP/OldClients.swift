// HTTP/1.0, which w3m and some proxies speak: its clients take the end of the connection for the end of the answer.
// Hummingbird keeps a connection unless the request says `Connection: close`, and no longer knows the version; so that
// field is added where the version is still known.

internal import NIOCore
internal import NIOHTTP1

/// Stands among the server's handlers only to put `Closing` right behind the decoder.
final class OldClients: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = NIOAny

    func handlerAdded(context: ChannelHandlerContext) {
        let pipeline = context.pipeline.syncOperations
        do {
            let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
            try pipeline.addHandler(Closing(), position: .after(decoder))
        } catch {
            context.fireErrorCaught(error)
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) { context.fireChannelRead(data) }

    private final class Closing: ChannelInboundHandler, RemovableChannelHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias InboundOut = HTTPServerRequestPart

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            guard case .head(var head) = unwrapInboundIn(data), head.version != .http1_1 else {
                return context.fireChannelRead(data)
            }
            head.headers.replaceOrAdd(name: "Connection", value: "close")
            context.fireChannelRead(wrapInboundOut(.head(head)))
        }
    }
}
