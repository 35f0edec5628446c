// The daemon's HTTP, on a Unix socket that only this user can open; who connects is looked at once more.
// To add a route: a line in `router`, its shape in SessionFacts.swift.

internal import FoundationEssentials
internal import HTTPTypes
internal import Hummingbird
internal import HummingbirdCore
package import Logging
internal import MeshAPI
internal import NIOCore
internal import NIOPosix
internal import Platform

package struct DaemonServer: Sendable {
    let daemon: Daemon
    let place: DaemonPlace
    let logger: Logger

    package init(daemon: Daemon, place: DaemonPlace, logger: Logger) {
        self.daemon = daemon
        self.place = place
        self.logger = logger
    }

    /// Serves until its task is cancelled. The place is prepared, so that nobody else comes to the socket, and its lock held by
    /// the caller.
    package func run(onRunning: @escaping @Sendable () -> Void = {}) async throws {
        // Whoever had it before is gone: the lock says so.
        LocalSocket.removeLeftover(place.socket)
        defer { LocalSocket.removeLeftover(place.socket) }
        let responder = router.buildResponder()
        let answers = HTTP1Channel(
            responder: { [logger] request, writer, channel in
                let context = LocalContext(source: .init(channel: channel, logger: logger))
                var response = Response(status: .internalServerError)
                do {
                    response = try await responder.respond(to: request, context: context)
                } catch is CancellationError {
                    // Who asked has hung up: a session that ended, most often.
                } catch {
                    logger.error("not answered", metadata: ["path": "\(request.uri.path)", "error": "\(error)"])
                }
                try await writer.write(response: response.head, body: response.body)
            }, configuration: .init(idleTimeout: .seconds(120)))
        // An `Application` would wake each second, all day, for a date in answers that nobody reads here.
        let server = Server(
            childChannelSetup: answers, configuration: .init(address: .unixDomainSocket(path: place.socket)),
            onServerRunning: { [socket = place.socket] _ in
                LocalSocket.close(socket)
                onRunning()
            }, eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: logger)
        try await server.run()
    }

    private var router: Router<LocalContext> {
        let router = Router(context: LocalContext.self)
        router.middlewares.add(SameUser())
        router.get("v1/version") { _, _ in
            Answer(DaemonVersion(version: daemon.version, pid: ProcessIdentity.own.pid))
        }
        router.get("v1/sessions") { _, _ in Answer(wire: await daemon.carried()) }
        router.post("v1/sessions") { request, context in
            let facts: SessionFacts = try Answer.read(try await request.body.collect(upTo: context.maxUploadSize))
            do { try await daemon.register(facts) } catch is SessionTokenFailure { throw HTTPError(.unauthorized) }
            return Answer(DaemonVersion(version: daemon.version, pid: ProcessIdentity.own.pid))
        }
        router.delete("v1/sessions/{id}") { request, context in
            let session = try await speaker(request, context)
            guard let id = context.parameters.get("id"), id == session.id else { throw HTTPError(.forbidden) }
            await daemon.end(id)
            return HTTPResponse.Status.noContent
        }
        router.get("v1/sessions/me") { request, context in
            Answer(wire: try await speaker(request, context).carried())
        }
        // Held for as long as the session's launcher lives. Where it goes without a word, that is looked at at once.
        router.get("v1/sessions/me/life") { request, context in
            let session = try await speaker(request, context)
            return try await request.body.consumeWithCancellationOnInboundClose { _ in
                try? await Task.sleep(for: .seconds(365 * 86_400))
                // Not in this task, which is cancelled by now.
                Task { await daemon.lostSight(of: session) }
                return HTTPResponse.Status.noContent
            }
        }
        // These two may wait: whoever asks and goes away ends them.
        router.post("v1/lane") { request, context in
            let session = try await speaker(request, context)
            return try await request.body.consumeWithCancellationOnInboundClose { body in
                Answer(await session.lane(try Answer.read(try await body.collect(upTo: context.maxUploadSize))))
            }
        }
        router.post("v1/answer") { request, context in
            let session = try await speaker(request, context)
            let body = try await request.body.collect(upTo: context.maxUploadSize)
            let answer: FirstWordAnswer = try Answer.read(body)
            // The dialog's own process alone, which no model speaks through.
            guard try await context.peer().pid == session.holder else { throw HTTPError(.forbidden) }
            await daemon.answered(answer)
            return HTTPResponse.Status.noContent
        }
        router.post("v1/probe") { request, context in
            let asked: ProbeRequest = try Answer.read(try await request.body.collect(upTo: context.maxUploadSize))
            let own = try await speakerIfAny(request, context)
            let named = await daemon.session(id: asked.sessionID ?? "")
            guard let session = own ?? named else { throw HTTPError(.unauthorized) }
            return Answer(await session.probe(throughLanes: asked.lanes))
        }
        router.post("v1/tool") { request, context in
            let session = try await speaker(request, context)
            return try await request.body.consumeWithCancellationOnInboundClose { body in
                let line = try await body.collect(upTo: context.maxUploadSize)
                guard let call = ToolCall.relayed(Array(line.readableBytesView)) else { throw HTTPError(.badRequest) }
                return Answer(await session.call(call))
            }
        }
        router.post("v1/hook") { request, context in
            let event: HookEvent = try Answer.read(try await request.body.collect(upTo: context.maxUploadSize))
            let answer = try await speaker(request, context).hook(event)
            return Answer(json: answer.json(for: event.event))
        }
        addMesh(to: router)
        return router
    }

    /// The session that asks. Throws 401.
    func speaker(_ request: Request, _ context: LocalContext) async throws -> PeerSession {
        guard let session = try await speakerIfAny(request, context) else { throw HTTPError(.unauthorized) }
        return session
    }

    /// By its token; without one by its processes, whatever variables they have. Throws 401 for a token that is unknown.
    func speakerIfAny(_ request: Request, _ context: LocalContext) async throws -> PeerSession? {
        guard let value = request.headers[.authorization] else {
            return await daemon.session(around: try await context.peer().pid)
        }
        let words = value.split(separator: " ")
        guard words.count == 2, words[0].lowercased() == "claudemesh-session",
            let session = await daemon.session(token: String(words[1]))
        else { throw HTTPError(.unauthorized) }
        return session
    }
}

/// A request from this machine.
struct LocalContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        channel = source.channel
    }

    var maxUploadSize: Int { 1 << 20 }

    /// Who connected.
    func peer() async throws -> LocalSocket.Peer {
        guard let options = channel as? any SocketOptionProvider else { throw HTTPError(.forbidden) }
        return try await options.unsafeGetSocketOption(
            level: .init(rawValue: LocalSocket.optionLevel), name: .init(rawValue: LocalSocket.optionName)
        ).get()
    }
}

/// Only this user's processes are answered.
private struct SameUser: RouterMiddleware {
    func handle(
        _ request: Request, context: LocalContext, next: (Request, LocalContext) async throws -> Response
    ) async throws -> Response {
        guard try await context.peer().user == PrivateFolder.user else { throw HTTPError(.forbidden) }
        return try await next(request, context)
    }
}

/// A value as the answer.
private struct Answer: ResponseGenerator {
    let json: String

    init(json: String) { self.json = json }

    init(_ value: some Encodable) { json = RPCLine.of(value) }

    /// As the server writes it.
    init(wire value: some Encodable) {
        json = (try? WireJSON.encode(value)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }

    func response(from request: Request, context: some RequestContext) throws -> Response {
        Response(
            status: .ok, headers: [.contentType: "application/json"],
            body: .init(byteBuffer: ByteBuffer(string: json)))
    }

    static func read<Value: Decodable>(_ bytes: ByteBuffer) throws -> Value {
        guard let value = RPCLine.read(Value.self, bytes.readableBytesView) else { throw HTTPError(.badRequest) }
        return value
    }
}
