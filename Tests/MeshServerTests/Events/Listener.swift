// A client of a stream of events, over a socket: what came so far, and whether it is over.

import Foundation
import MeshAPI
import MeshStore
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization
import TestSupport
import Testing

@testable import MeshServer
@testable import MeshServices

final class Listener: Sendable {
    struct Heard: Sendable, Hashable {
        var type = ""
        var id = ""
        var data = ""
    }

    private struct State {
        var head: HTTPResponseHead?
        var text = ""
        var isOver = false
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = HTTPClientResponsePart
        let listener: Listener

        init(_ listener: Listener) { self.listener = listener }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head): listener.state.withLock { $0.head = head }
            case .body(let bytes): listener.state.withLock { $0.text += String(buffer: bytes) }
            case .end: listener.state.withLock { $0.isOver = true }
            }
        }

        func channelInactive(context: ChannelHandlerContext) { listener.state.withLock { $0.isOver = true } }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }

    private let state = Mutex(State())
    private let channel = Mutex<(any Channel)?>(nil)

    /// Asks for a stream; `reads` is whether it takes what comes.
    init(port: Int, path: String, authorization: String, last: String? = nil, reads: Bool = true) async throws {
        let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .channelOption(.socketOption(.so_rcvbuf), value: reads ? 1 << 20 : 4096)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHTTPClientHandlers()
                    try channel.pipeline.syncOperations.addHandler(Handler(self))
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
        self.channel.withLock { $0 = channel }
        var headers: HTTPHeaders = [
            "Host": "127.0.0.1:\(port)", "Accept": "text/event-stream", "Authorization": authorization,
        ]
        if let last { headers.add(name: "Last-Event-ID", value: last) }
        let head = HTTPRequestHead(version: .http1_1, method: .GET, uri: path, headers: headers)
        channel.write(HTTPClientRequestPart.head(head), promise: nil)
        try await channel.writeAndFlush(HTTPClientRequestPart.end(nil))
        if !reads {
            try await eventually { self.state.withLock { !$0.text.isEmpty } }
            try await channel.setOption(.autoRead, value: false).get()
        }
    }

    var head: HTTPResponseHead? { state.withLock { $0.head } }
    var text: String { state.withLock { $0.text } }
    var isOver: Bool { state.withLock { $0.isOver } }

    func close() { channel.withLock { $0?.close(promise: nil) } }

    /// Takes what comes again.
    func read() async throws {
        let channel = channel.withLock { $0 }
        try await channel?.setOption(.autoRead, value: true).get()
    }

    /// The whole events so far.
    var heard: [Heard] {
        text.components(separatedBy: "\n\n").dropLast().compactMap { block in
            var heard = Heard()
            for line in block.split(separator: "\n") {
                if line.hasPrefix("event: ") { heard.type = String(line.dropFirst(7)) }
                if line.hasPrefix("id: ") { heard.id = String(line.dropFirst(4)) }
                if line.hasPrefix("data: ") { heard.data = String(line.dropFirst(6)) }
            }
            return heard.data.isEmpty ? nil : heard
        }
    }

    /// Where it would go on.
    var lastID: String? {
        text.components(separatedBy: "\n\n").dropLast().joined(separator: "\n").split(separator: "\n")
            .last { $0.hasPrefix("id: ") }.map { String($0.dropFirst(4)) }
    }
}

extension Listener.Heard {
    var event: Event? { try? WireJSON.decode(Event.self, from: Data(data.utf8)) }
    var brief: String { event?.brief ?? type }
}
