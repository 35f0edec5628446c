// An HTTP proxy for CONNECT on loopback: it notes what it is asked for and joins the client to one given port, wherever the
// client wanted to go.

import NIOCore
import NIOPosix
import Synchronization

final class TunnelProxy: Sendable {
    let channel: any Channel
    private let notes: Notes

    private final class Notes: Sendable {
        let heads = Mutex<[String]>([])
    }

    /// Runs `body` with a proxy that joins everybody to `port`.
    static func run(to port: Int, _ body: (TunnelProxy) async throws -> Void) async throws {
        let notes = Notes()
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        ConnectHandler(port: port) { head in notes.heads.withLock { $0.append(head) } })
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let result: Result<Void, any Error>
        do { result = .success(try await body(TunnelProxy(channel, notes))) } catch { result = .failure(error) }
        try await channel.close()
        try result.get()
    }

    private init(_ channel: any Channel, _ notes: Notes) {
        self.channel = channel
        self.notes = notes
    }

    var address: String { "127.0.0.1:\(channel.localAddress?.port ?? 0)" }

    /// The heads of the requests that it got.
    var heads: [String] { notes.heads.withLock { $0 } }
}

/// Answers CONNECT, then passes bytes on to a channel of its own to the port.
private final class ConnectHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let port: Int
    private let note: @Sendable (String) -> Void
    private var buffer = ByteBuffer()
    private var peer: (any Channel)?

    init(port: Int, note: @escaping @Sendable (String) -> Void) {
        self.port = port
        self.note = note
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var part = unwrapInboundIn(data)
        if let peer {
            peer.writeAndFlush(part, promise: nil)
            return
        }
        buffer.writeBuffer(&part)
        guard String(buffer: buffer).hasSuffix("\r\n\r\n") else { return }
        note(String(buffer: buffer))
        let client = context.channel
        let this = NIOLoopBound(self, eventLoop: context.eventLoop)
        ClientBootstrap(group: context.eventLoop)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(RelayHandler(client))
                }
            }
            .connect(host: "127.0.0.1", port: port)
            .whenSuccess { channel in
                this.value.peer = channel
                client.writeAndFlush(ByteBuffer(string: "HTTP/1.1 200 OK\r\n\r\n"), promise: nil)
            }
    }

    func channelInactive(context: ChannelHandlerContext) { peer?.close(promise: nil) }
}

private final class RelayHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let client: any Channel

    init(_ client: any Channel) { self.client = client }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        client.writeAndFlush(unwrapInboundIn(data), promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) { client.close(promise: nil) }
}
