// A server that answers every request with the same bytes, for what no honest server sends.

import NIOCore
import NIOHTTP1
import NIOPosix

enum HostileServer {
    /// Runs as long as `body` does, which gets its address.
    static func run(
        _ text: String, status: Int = 200, type: String = "application/json", headers: [(String, String)] = [],
        _ body: (String) async throws -> Void
    ) async throws {
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(
                        Answer(text: text, status: status, type: type, headers: headers))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        defer { channel.close(promise: nil) }
        try await body("http://127.0.0.1:\(channel.localAddress?.port ?? 0)")
    }

    private final class Answer: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart

        let text: String
        let status: Int
        let fields: HTTPHeaders

        init(text: String, status: Int, type: String, headers: [(String, String)]) {
            self.text = text
            self.status = status
            fields = HTTPHeaders(
                [("content-type", type), ("content-length", "\(text.utf8.count)")] + headers)
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            guard case .end = unwrapInboundIn(data) else { return }
            let head = HTTPResponseHead(version: .http1_1, status: .init(statusCode: status), headers: fields)
            context.write(wrapOutboundOut(.head(head)), promise: nil)
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: text)))), promise: nil)
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        }
    }
}
