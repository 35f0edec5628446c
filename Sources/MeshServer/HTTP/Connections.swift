// What is done to a connection's bytes where HTTP is still as it came, behind Hummingbird's back: it does none of this.
// - Clients of HTTP/1.0, which w3m and some proxies speak, take the end of the connection for the end of the answer.
// - The host in a target that is a whole address, `GET http://host/path`, counts, not that of the field beside it.
// - An answer that says `Connection: close` is the last one: a held poll's, whose connection is used up.
// - A request has a time to come whole: a byte now and then is no request.
// - A stream's sign of life is written without waking who waits for its events.
// - A client that asks whether to send its body (`Expect: 100-continue`) is told to.
// - What is no HTTP, names two hosts or has too large a head never reaches a route, and gets a bare 400: its true status, what
//   is wrong, headers, a line in the log and a count are given to it here.

internal import HTTPTypes
internal import Logging
internal import MeshAPI
internal import MeshServices
internal import NIOCore
internal import NIOHTTP1

/// Stands among the server's handlers to know the connection, and to put a gate before the decoder and `Manners` behind it.
final class Connections: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = NIOAny

    private let refusals: ParserRefusals
    private let open: OpenConnections
    private let patience: TimeAmount

    /// `patience` is how long a request may take to come.
    init(refusals: ParserRefusals, open: OpenConnections, patience: TimeAmount) {
        (self.refusals, self.open, self.patience) = (refusals, open, patience)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        open.add(context.channel)
        let pipeline = context.pipeline.syncOperations
        do {
            let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
            let gate = RequestGate()
            try pipeline.addHandler(gate, position: .before(decoder))
            let manners = Manners(refusals: refusals, gate: gate, patience: patience)
            try pipeline.addHandler(manners, position: .after(decoder))
        } catch {
            context.fireErrorCaught(error)
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) { open.remove(context.channel) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) { context.fireChannelRead(data) }

    private final class Manners: ChannelDuplexHandler, RemovableChannelHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias InboundOut = HTTPServerRequestPart
        typealias OutboundIn = HTTPServerResponsePart
        typealias OutboundOut = HTTPServerResponsePart

        private let refusals: ParserRefusals
        private let gate: RequestGate
        private let patience: TimeAmount
        /// Whether the answer being written is the connection's last.
        private var isLast = false
        /// Whether a request began to come, and did not end yet.
        private var isComing = false
        /// Whether the last one that began to come asks for a head alone.
        private var isHead = false
        /// Why the next bare answer is given.
        private var problem: HTTPParserError?
        /// Ends the connection of a request that does not come whole.
        private var deadline: Scheduled<Void>?

        init(refusals: ParserRefusals, gate: RequestGate, patience: TimeAmount) {
            (self.refusals, self.gate, self.patience) = (refusals, gate, patience)
        }

        func handlerRemoved(context: ChannelHandlerContext) { deadline?.cancel() }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head):
                (isComing, isHead) = (true, head.method == .HEAD)
                gate.missing = head.headers.first(name: "content-length").flatMap { Int($0) } ?? 0
                read(head, data, context)
            case .body(let bytes):
                gate.missing -= bytes.readableBytes
                context.fireChannelRead(data)
            case .end:
                isComing = false
                gate.missing = 0
                deadline?.cancel()
                deadline = nil
                gate.came()
                context.fireChannelRead(data)
            }
        }

        func channelReadComplete(context: ChannelHandlerContext) {
            // Nearly every request came whole by now, and needs no timer.
            if isComing && deadline == nil {
                deadline = context.eventLoop.assumeIsolated().scheduleTask(in: patience) {
                    context.close(promise: nil)
                }
            }
            context.fireChannelReadComplete()
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            // What comes behind it is wrong because of it.
            if problem == nil { problem = error as? HTTPParserError }
            context.fireErrorCaught(error)
        }

        private func read(_ head: HTTPRequestHead, _ data: NIOAny, _ context: ChannelHandlerContext) {
            var head = head
            // Whoever stands before us may have judged the other one.
            guard head.headers[canonicalForm: "host"].count <= 1 else {
                return context.fireErrorCaught(HTTPParserError.unknown)
            }
            if head.version == .http1_1 && head.headers.first(name: "expect")?.lowercased() == "100-continue" {
                let goOn = HTTPResponseHead(version: .http1_1, status: .continue)
                context.writeAndFlush(wrapOutboundOut(.head(goOn)), promise: nil)
            }
            let isLast = head.version != .http1_1 || Self.wantsEnd(head.headers)
            if !isLast && head.uri.hasPrefix("/") { return context.fireChannelRead(data) }
            // Hummingbird keeps a connection unless the request says this, alone and so written, and no longer knows the
            // version.
            if isLast { head.headers.replaceOrAdd(name: "Connection", value: "close") }
            if let host = Self.host(of: head.uri) { head.headers.replaceOrAdd(name: "Host", value: host) }
            context.fireChannelRead(wrapInboundOut(.head(head)))
        }

        /// Whether a client says that this is its last request, however it writes it.
        private static func wantsEnd(_ headers: HTTPHeaders) -> Bool {
            headers.contains(name: "connection")
                && headers[canonicalForm: "connection"].contains { $0.lowercased() == "close" }
        }

        /// The host of a target that is a whole address, as proxies are asked with; nil where it is a path.
        private static func host(of target: String) -> String? {
            guard !target.hasPrefix("/"), let scheme = target.firstRange(of: "://") else { return nil }
            return String(target[scheme.upperBound...].prefix { !"/?#".contains($0) })
        }

        func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
            switch unwrapOutboundIn(data) {
            case .head(var head):
                let body = refusals.isBare(head) ? refusals.dress(&head, for: problem) : nil
                isLast = head.headers[canonicalForm: "connection"].contains("close")
                context.write(wrapOutboundOut(.head(head)), promise: promise)
                if let body, !isHead { context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil) }
            case .end:
                let written = promise ?? context.eventLoop.makePromise()
                if isLast { gate.shut() }
                isHead = false
                written.futureResult.assumeIsolated().whenComplete { [gate] _ in gate.answered() }
                context.writeAndFlush(data, promise: written)
                // Requests sent behind this one would wait for ever: who asks sees the end, and asks anew.
                if isLast { context.close(mode: .output, promise: nil) }
            case .body: context.write(data, promise: promise)
            }
        }

        func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
            guard event is SignOfLife else {
                return context.triggerUserOutboundEvent(event, promise: promise)
            }
            // Who takes nothing needs no sign either.
            guard context.channel.isWritable else { return }
            context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(SignOfLife.text))), promise: promise)
        }
    }
}

/// Asks a stream's connection to write that it is there: a comment, of which nobody hears.
struct SignOfLife: Sendable {
    static let text = ByteBuffer(string: ":\n\n")
}

/// The answers to what is no HTTP.
struct ParserRefusals: Sendable {
    let headers: SecurityHeaders
    let metrics: Metrics
    let logger: Logger

    /// Whether no route and no error of ours made this answer.
    func isBare(_ head: HTTPResponseHead) -> Bool {
        !head.headers.contains(name: HTTPField.Name.contentSecurityPolicy.rawName)
    }

    /// What an answer gets on its way through `Entrance`, and its body.
    func dress(_ head: inout HTTPResponseHead, for problem: HTTPParserError?) -> ByteBuffer? {
        let refusal: Refusal = problem == .headerOverflow ? .headTooLarge : .unreadable
        var fields: HTTPFields = [:]
        headers.add(to: &fields)
        for field in fields { head.headers.add(name: field.name.rawName, value: field.value) }
        let body = try? ByteBuffer(bytes: WireJSON.encode(refusal.body))
        head.status = .init(statusCode: refusal.status.rawValue)
        head.headers.replaceOrAdd(name: "Content-Type", value: "application/json; charset=utf-8")
        head.headers.replaceOrAdd(name: "Content-Length", value: "\(body?.readableBytes ?? 0)")
        AccessLog.note(method: "-", route: "-", status: Int(head.status.code), seconds: 0, in: metrics, logger)
        return body
    }
}
