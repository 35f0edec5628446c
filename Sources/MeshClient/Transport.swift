// The one place that speaks HTTP. It sends a request, reads at most 8 MiB of the answer, follows no redirect, and knows
// no other failure than `APIFailure`. The client behind it is made at the first request.

internal import AsyncHTTPClient
internal import FoundationEssentials
package import MeshAPI
internal import NIOCore
internal import NIOHTTP1
internal import NIOSSL
internal import Synchronization

/// The network, shared by all clients of a process. Cheap to make: nothing starts before the first request.
package final class Transport: Sendable {
    /// More than any honest answer.
    static let maxReply = 8 << 20

    private let environment: [String: String]
    private let userAgent: String
    /// The daemon's socket, where what a session asks of its mesh goes through it.
    private let daemon: DaemonRoute?
    private let clients = Mutex<[Way: HTTPClient]>([:])

    /// - Parameters:
    ///   - environment: `HTTPS_PROXY`, `NO_PROXY` and `SSL_CERT_FILE` are read from it.
    ///   - userAgent: such as `claudemesh/1.0 (linux; x86_64)`.
    package init(environment: [String: String], userAgent: String) {
        self.environment = environment
        self.userAgent = userAgent
        daemon = nil
    }

    /// To a mesh through the daemon of this machine, which knows whose process this is.
    /// - Parameter socket: the daemon's.
    package init(socket: String, userAgent: String) {
        environment = [:]
        self.userAgent = userAgent
        daemon = DaemonRoute(socket: socket)
    }

    deinit {
        for client in clients.withLock({ $0.values }) { client.shutdown { _ in } }
    }

    /// Sends `request` to `server` and gives the whole answer, whatever its status.
    func send(_ request: APIRequest, to server: ServerAddress, within limit: Duration) async throws(APIFailure) -> Reply
    {
        if daemon != nil {
            let way = Way(choice: .direct, isSecure: false, silence: nil)
            return try DaemonRoute.read(try await send(request, to: server, by: way, within: limit))
        }
        let ways = ways(to: server)
        do throws(APIFailure) { return try await send(request, to: server, by: ways.first, within: limit) } catch {
            guard error == .unreachable(.refused), let other = ways.other else { throw error }
            return try await send(request, to: server, by: other, within: limit)
        }
    }

    /// Whatever a hosts file or a name server says of it, `localhost` is this machine: by one address or, refused, the other.
    func ways(to server: ServerAddress, silence: Duration? = nil) -> (first: Way, other: Way?) {
        let choice = ProxyChoice(for: server, environment: environment)
        var way = Way(choice: choice, isSecure: server.isSecure, silence: silence)
        guard choice == .direct, Loopback.isName(server.host) else { return (way, nil) }
        (way.name, way.address) = (server.host, "127.0.0.1")
        var other = way
        other.address = "::1"
        return (way, other)
    }

    private func send(
        _ request: APIRequest, to server: ServerAddress, by way: Way, within limit: Duration
    ) async throws(APIFailure) -> Reply {
        let client = try client(way)
        let prepared = try prepare(request, server)
        do throws(APIFailure) {
            return try await Deadline.run(limit) { () async throws(APIFailure) -> Reply in
                do {
                    let response = try await client.execute(prepared, timeout: .nanoseconds(limit.wholeNanoseconds))
                    return try await Reply(response)
                } catch {
                    throw APIFailure(transport: error, limit: limit)
                }
            }
        } catch {
            throw await way.choice.explain(error, towards: server)
        }
    }

    /// Where requests to `server` go, as a person may read it: without the proxy's password.
    package func proxy(for server: ServerAddress) -> ProxyUse {
        let choice = ProxyChoice(for: server, environment: environment)
        return choice == .unusable ? .unusable : choice.proxy.map(ProxyUse.through) ?? .none
    }

    func prepare(_ request: APIRequest, _ server: ServerAddress) throws(APIFailure) -> HTTPClientRequest {
        var prepared = HTTPClientRequest(url: daemon?.url(of: request.path) ?? server.description + request.path)
        prepared.method = HTTPMethod(rawValue: request.method.rawValue)
        prepared.headers.add(name: "user-agent", value: userAgent)
        prepared.headers.add(name: "accept", value: request.accept)
        if let last = request.lastEventID { prepared.headers.add(name: "last-event-id", value: last) }
        if let credential = request.credential {
            guard server.takesSecrets else { throw .unreachable(.insecure) }
            guard let value = credential.authorization else {
                throw .refused(status: 401, body: ErrorBody(error: "unauthorized"), retryAfter: nil)
            }
            prepared.headers.add(name: "authorization", value: value)
        }
        if let key = request.idempotencyKey { prepared.headers.add(name: "idempotency-key", value: key) }
        if let body = request.body {
            prepared.headers.add(name: "content-type", value: "application/json")
            prepared.body = .bytes(ByteBuffer(bytes: body))
        }
        return prepared
    }

    /// Whether `file` is one that `SSL_CERT_FILE` may name.
    package static func holdsCertificates(_ file: String) -> Bool { certificates(file) != nil }

    private static func certificates(_ file: String) -> [NIOSSLCertificate]? {
        guard let roots = try? NIOSSLCertificate.fromPEMFile(file), !roots.isEmpty else { return nil }
        return roots
    }

    func client(_ way: Way) throws(APIFailure) -> HTTPClient {
        guard way.choice != .unusable else { throw .unreachable(.proxyUnusable) }
        if let client = clients.withLock({ $0[way] }) { return client }
        let configuration = try configuration(way)
        return clients.withLock { clients in
            if let client = clients[way] { return client }
            let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
            clients[way] = client
            return client
        }
    }

    private func configuration(_ way: Way) throws(APIFailure) -> HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.httpVersion = .http1Only
        // Refused is refused: whoever waits decides when to try again.
        configuration.connectionPool.retryConnectionEstablishment = false
        // A connection kept longer may have died while this machine slept.
        configuration.connectionPool.idleTimeout = .seconds(10)
        if let silence = way.silence { configuration.timeout.read = .nanoseconds(silence.wholeNanoseconds) }
        if way.isSecure, let file = environment["SSL_CERT_FILE"], !file.isEmpty {
            // Read here: behind the client a file that cannot be read looks like a lost connection.
            guard let roots = Self.certificates(file) else { throw .unreachable(.certificates(file)) }
            var tls = TLSConfiguration.makeClientConfiguration()
            tls.trustRoots = .certificates(roots)
            configuration.tlsConfiguration = tls
        }
        if let name = way.name { configuration.dnsOverride = [name: way.address] }
        switch way.choice {
        case .direct, .unusable: break
        case .socks(let host, let port): configuration.proxy = .socksServer(host: host, port: port)
        case .http(let host, let port, let authorization):
            configuration.proxy = .server(
                host: host, port: port,
                authorization: authorization.map { .basic(credentials: Data($0.utf8).base64EncodedString()) })
        }
        return configuration
    }
}

/// What requests of one client have in common.
struct Way: Hashable {
    var choice: ProxyChoice
    /// Only then are certificates asked for.
    var isSecure: Bool
    /// A name that is not looked up, and the address it has.
    var name: String?
    var address = ""
    /// After so long without a byte a stream is taken for dead; nil for what is no stream.
    var silence: Duration?
}

/// Whether requests take a proxy.
package enum ProxyUse: Sendable, Hashable {
    case none
    /// `host:port`.
    case through(String)
    /// `HTTPS_PROXY` says what we cannot do.
    case unusable
}

/// What a call sends.
struct APIRequest: Sendable {
    var method: Route.Method
    /// With its query.
    var path: String
    var credential: Authorization?
    var idempotencyKey: String?
    var body: Data?
    var accept = "application/json"
    /// Where a stream goes on.
    var lastEventID: String?
}

/// What came back.
struct Reply: Sendable {
    var status: Int
    /// In lower case; empty where the answer had none.
    var contentType: String
    /// Seconds.
    var retryAfter: Int?
    /// The server's clock when it answered.
    var date: Date?
    var body: Data
}

extension Reply {
    /// Reads the whole of `response`.
    init(_ response: HTTPClientResponse) async throws {
        status = Int(response.status.code)
        contentType = response.headers.first(name: "content-type")?.lowercased() ?? ""
        retryAfter = response.headers.first(name: "retry-after").flatMap { Int($0) }
        date = response.headers.first(name: "date").flatMap(HTTPDate.parse)
        body = Data(try await response.body.collect(upTo: Transport.maxReply).readableBytesView)
    }
}
