// What is done to a connection's bytes where HTTP is still as it came, behind Hummingbird's back: it does none of this.
// - Clients of HTTP/1.0, which w3m and some proxies speak, take the end of the connection for the end of the answer.
// - The host in a target that is a whole address, `GET http://host/path`, counts, not that of the field beside it.
// - An answer that says `Connection: close` is the last one: a held poll's, whose connection is used up.
// - What is no HTTP, or names two hosts, never reaches a route, and gets a bare 400: headers, a line in the log and a count
//   are given to it here.

internal import HTTPTypes
internal import Logging
internal import NIOCore
internal import NIOHTTP1

/// Stands among the server's handlers only to put `Manners` right behind the decoder.
final class Connections: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = NIOAny

    private let refusals: ParserRefusals

    init(refusals: ParserRefusals) { self.refusals = refusals }

    func handlerAdded(context: ChannelHandlerContext) {
        let pipeline = context.pipeline.syncOperations
        do {
            let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
            try pipeline.addHandler(Manners(refusals: refusals), position: .after(decoder))
        } catch {
            context.fireErrorCaught(error)
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) { context.fireChannelRead(data) }

    private final class Manners: ChannelDuplexHandler, RemovableChannelHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias InboundOut = HTTPServerRequestPart
        typealias OutboundIn = HTTPServerResponsePart
        typealias OutboundOut = HTTPServerResponsePart

        private let refusals: ParserRefusals
        /// Whether the answer being written is the connection's last.
        private var isLast = false

        init(refusals: ParserRefusals) { self.refusals = refusals }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            guard case .head(var head) = unwrapInboundIn(data) else { return context.fireChannelRead(data) }
            // Whoever stands before us may have judged the other one.
            guard head.headers[canonicalForm: "host"].count <= 1 else {
                return context.fireErrorCaught(HTTPParserError.unknown)
            }
            if head.version == .http1_1 && head.uri.hasPrefix("/") { return context.fireChannelRead(data) }
            // Hummingbird keeps a connection unless the request says this, and no longer knows the version.
            if head.version != .http1_1 { head.headers.replaceOrAdd(name: "Connection", value: "close") }
            if let host = Self.host(of: head.uri) { head.headers.replaceOrAdd(name: "Host", value: host) }
            context.fireChannelRead(wrapInboundOut(.head(head)))
        }

        /// The host of a target that is a whole address, as proxies are asked with; nil where it is a path.
        private static func host(of target: String) -> String? {
            guard !target.hasPrefix("/"), let scheme = target.firstRange(of: "://") else { return nil }
            return String(target[scheme.upperBound...].prefix { !"/?#".contains($0) })
        }

        func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
            switch unwrapOutboundIn(data) {
            case .head(var head):
                if refusals.isBare(head) { refusals.dress(&head) }
                isLast = head.headers[canonicalForm: "connection"].contains("close")
                context.write(wrapOutboundOut(.head(head)), promise: promise)
            case .end where isLast:
                context.writeAndFlush(data, promise: promise)
                // Requests sent behind this one would wait for ever: who asks sees the end, and asks anew.
                context.close(mode: .output, promise: nil)
            default: context.write(data, promise: promise)
            }
        }
    }
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

    /// What an answer gets on its way through `Entrance`.
    func dress(_ head: inout HTTPResponseHead) {
        var fields: HTTPFields = [:]
        headers.add(to: &fields)
        for field in fields { head.headers.add(name: field.name.rawName, value: field.value) }
        AccessLog.note(method: "-", route: "-", status: Int(head.status.code), seconds: 0, in: metrics, logger)
    }
}
