// A real server on loopback that answers as it is told, byte for byte: well, late, cut, huge, never.

import FoundationEssentials
import MeshAPI
import MeshClient
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// A request as it came over the wire.
struct Received: Sendable {
    var method: String
    /// With its query.
    var path: String
    /// Names in lower case.
    var headers: [String: String]
    var body: String
}

/// What goes back.
enum Answer: Sendable {
    /// A whole answer with its length.
    case reply(Int, String, type: String = "application/json", headers: [String] = [])
    /// Bytes as they are, then the connection is left open or closed.
    case raw(String, close: Bool = true)
    /// The same bytes again and again, until the client leaves.
    case endless(head: String, String, every: Duration)
    case never

    static func json(_ body: String) -> Answer { .reply(200, body) }
}

final class ScriptedServer: Sendable {
    typealias Script = @Sendable (Received) async -> Answer

    let channel: any Channel
    let isSecure: Bool
    fileprivate let requests = Mutex<[Received]>([])
    fileprivate let open = Mutex(0)

    /// Runs `body` with a server that answers by `script`.
    static func run(
        tls: Bool = false, _ script: @escaping Script, _ body: (ScriptedServer) async throws -> Void
    ) async throws {
        let server = try await ScriptedServer(tls: tls, script)
        let result: Result<Void, any Error>
        do { result = .success(try await body(server)) } catch { result = .failure(error) }
        try await server.channel.close()
        try result.get()
    }

    private init(tls: Bool, _ script: @escaping Script) async throws {
        let box = Mutex<ScriptedServer?>(nil)
        let reference = Reference(box)
        let context = tls ? try NIOSSLContext(configuration: TestCertificate.server) : nil
        isSecure = tls
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    if let context { try pipeline.addHandler(NIOSSLServerHandler(context: context)) }
                    try pipeline.addHandler(ScriptHandler(reference, script))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        reference.box.withLock { $0 = self }
    }

    var port: Int { channel.localAddress?.port ?? 0 }

    /// `http://127.0.0.1:PORT`, under TLS `https://localhost:PORT`.
    var address: ServerAddress {
        get throws { try ServerAddress(isSecure ? "https://localhost:\(port)" : "http://127.0.0.1:\(port)") }
    }

    func client(_ credential: Authorization? = nil, environment: [String: String] = [:]) throws -> APIClient {
        APIClient(
            server: try address, credential: credential,
            transport: Transport(environment: environment, userAgent: "claudemesh-tests/1"), timeout: .seconds(20))
    }

    var received: [Received] { requests.withLock { $0 } }

    var connections: Int { open.withLock { $0 } }
}

/// What the handlers of a server share with it. It is filled once the port is known.
private final class Reference: Sendable {
    let box: Mutex<ScriptedServer?>

    init(_ box: consuming Mutex<ScriptedServer?>) { self.box = box }

    func with(_ body: (ScriptedServer) -> Void) {
        if let server = box.withLock({ $0 }) { body(server) }
    }
}

/// Reads requests from a connection and writes what the script says.
private final class ScriptHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let server: Reference
    private let script: ScriptedServer.Script
    private var buffer = ByteBuffer()

    init(_ server: Reference, _ script: @escaping ScriptedServer.Script) {
        self.server = server
        self.script = script
    }

    func channelActive(context: ChannelHandlerContext) {
        server.with { $0.open.withLock { $0 += 1 } }
    }

    func channelInactive(context: ChannelHandlerContext) {
        server.with { $0.open.withLock { $0 -= 1 } }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var part = unwrapInboundIn(data)
        buffer.writeBuffer(&part)
        guard let request = Received(String(buffer: buffer)) else { return }
        buffer.clear()
        server.with { $0.requests.withLock { $0.append(request) } }
        answer(request, by: script, on: context.channel)
    }
}

private func answer(_ request: Received, by script: @escaping ScriptedServer.Script, on channel: any Channel) {
    Task { try? await channel.send(await script(request)) }
}

extension Channel {

    fileprivate func send(_ answer: Answer) async throws {
        switch answer {
        case .never: break
        case .reply(let status, let body, let type, let headers):
            let lines =
                ["HTTP/1.1 \(status) Status", "content-length: \(body.utf8.count)", "content-type: \(type)"] + headers
            try await writeAndFlush(ByteBuffer(string: lines.joined(separator: "\r\n") + "\r\n\r\n" + body))
        case .raw(let text, let isLast):
            try await writeAndFlush(ByteBuffer(string: text))
            if isLast { try await close() }
        case .endless(let head, let part, let pause):
            try await writeAndFlush(ByteBuffer(string: head))
            while isActive {
                try await writeAndFlush(ByteBuffer(string: part))
                if pause > .zero { try await Task.sleep(for: pause) }
            }
        }
    }
}

extension Received {
    /// nil while the request is not whole.
    init?(_ text: String) {
        guard let end = text.firstRange(of: "\r\n\r\n") else { return nil }
        let lines = text[..<end.lowerBound].split(separator: "\r\n")
        let words = lines.first?.split(separator: " ") ?? []
        guard words.count == 3 else { return nil }
        method = String(words[0])
        path = String(words[1])
        headers = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { continue }
            headers[parts[0].lowercased()] = String(parts[1].drop { $0 == " " })
        }
        body = String(text[end.upperBound...])
        guard body.utf8.count >= Int(headers["content-length"] ?? "0") ?? 0 else { return nil }
    }
}
