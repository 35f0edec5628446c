// An HTTP server that answers every request with one status and keeps what it was sent.

import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

final class RecordingServer: Sendable {
    struct Received: Sendable {
        var uri = ""
        var headers: [String: String] = [:]
        var body = ""
    }

    private let requests = Mutex<[Received]>([])
    private let channel: any Channel
    var base: String { "http://127.0.0.1:\(channel.localAddress?.port ?? 0)" }
    var received: [Received] { requests.withLock { $0 } }

    init(status: HTTPResponseStatus) async throws {
        let record = Record()
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.pipeline.configureHTTPServerPipeline().flatMapThrowing {
                    try channel.pipeline.syncOperations.addHandler(Handler(status: status, record: record))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        record.onRequest.withLock { $0 = { [weak self] request in self?.requests.withLock { $0.append(request) } } }
    }

    func stop() async throws { try await channel.close() }

    private final class Record: Sendable {
        let onRequest = Mutex<(@Sendable (Received) -> Void)?>(nil)
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart
        private let status: HTTPResponseStatus
        private let record: Record
        private var request = Received()

        init(status: HTTPResponseStatus, record: Record) {
            self.status = status
            self.record = record
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head):
                request = Received(uri: head.uri)
                for header in head.headers { request.headers[header.name.lowercased()] = header.value }
            case .body(let buffer): request.body += String(buffer: buffer)
            case .end:
                record.onRequest.withLock { $0?(request) }
                let head = HTTPResponseHead(version: .http1_1, status: status, headers: ["Content-Length": "0"])
                context.write(wrapOutboundOut(.head(head)), promise: nil)
                context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
            }
        }
    }
}
