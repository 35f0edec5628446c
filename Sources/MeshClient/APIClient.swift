// A server's interface as typed calls. Every call throws `APIFailure` and nothing else, ends when its task is cancelled,
// and takes at most `timeout`. To add a call: a line of `Routes`, a method in the file of its topic; a POST that may be asked
// twice says so.

internal import FoundationEssentials
package import MeshAPI

/// One server as seen with one credential. A value: copies share the transport.
package struct APIClient: Sendable {
    package let server: ServerAddress
    package var credential: Authorization?
    /// How long a call may take, from its name's lookup to the last byte. Held polls take longer.
    package var timeout: Duration

    /// Hears of every call that failed, before its caller does.
    package var onFailure: (@Sendable (Route, APIFailure) -> Void)?

    /// Hears once a list that a further page of it is waited for, and for how many seconds.
    package var onPause: (@Sendable (_ seconds: Int) -> Void)?

    let transport: Transport

    package init(
        server: ServerAddress, credential: Authorization? = nil, transport: Transport, timeout: Duration = .seconds(10)
    ) {
        self.server = server
        self.credential = credential
        self.transport = transport
        self.timeout = timeout
    }

    /// The same server with another credential.
    package func with(_ credential: Authorization?) -> APIClient {
        var client = self
        client.credential = credential
        return client
    }

    /// The same client with another bound on its calls.
    package func within(_ timeout: Duration) -> APIClient {
        var client = self
        client.timeout = timeout
        return client
    }
}

extension APIClient {
    /// How a call differs from the plain one.
    struct Options: Sendable {
        /// Values of the path's parameters.
        var path: String
        var query: [(String, String)] = []
        var body: Data?
        var idempotencyKey: String?
        /// Whether the credential goes along.
        var signed = true
        /// Whether the answer or the path holds a secret, so that it must not travel in the clear.
        var secret = false
        var timeout: Duration?
        /// Whether twice is as once; nil: as its method and its key have it.
        var isRepeatable: Bool?
    }

    /// Calls and reads the answer as `Value`.
    func call<Value: Decodable>(
        _ route: Route, _ options: Options, as type: Value.Type = Value.self
    ) async throws(APIFailure) -> Value {
        let data = try await send(route, options)
        do { return try WireJSON.decode(type, from: data) } catch {
            onFailure?(route, .unreachable(.malformed))
            throw .unreachable(.malformed)
        }
    }

    /// Calls and gives the body of an answer of 200 to 299. Where its server went on the way, what is repeatable goes once
    /// more: to another server, perhaps.
    @discardableResult
    func send(_ route: Route, _ options: Options) async throws(APIFailure) -> Data {
        guard !options.secret || server.takesSecrets else { throw .unreachable(.insecure) }
        var path = options.path
        for (index, (name, value)) in options.query.enumerated() {
            path += "\(index == 0 ? "?" : "&")\(name)=\(Route.encoded(value))"
        }
        let request = APIRequest(
            method: route.method, path: path, credential: options.signed ? credential : nil,
            idempotencyKey: options.idempotencyKey, body: options.body)
        let limit = options.timeout ?? timeout
        let end = ContinuousClock.now + limit
        var failure: APIFailure
        do throws(APIFailure) {
            return try await transport.send(request, to: server, within: limit).accepted()
        } catch {
            failure = error
        }
        let isRepeatable = options.isRepeatable ?? (route.method != .post || options.idempotencyKey != nil)
        if isRepeatable, let pause = failure.secondTry, .now + pause < end {
            do throws(APIFailure) {
                try await Self.sleep(pause)
                return try await transport.send(request, to: server, within: end - .now).accepted()
            } catch {
                // The first try may have removed it.
                if route.method == .delete, error.status == 404 { return Data() }
                failure = error
            }
        }
        onFailure?(route, failure)
        throw failure
    }

    static func sleep(_ pause: Duration) async throws(APIFailure) {
        do { try await Task.sleep(for: pause) } catch { throw .cancelled }
    }

    /// Sees to it that a token which an answer holds is one: it goes into a file and a header.
    func checked(
        _ route: Route, _ token: String?, among kinds: [TokenForm.Kind] = TokenForm.Kind.signIns
    ) throws(APIFailure) {
        guard let token, TokenForm.kind(of: token, among: kinds) == nil else { return }
        onFailure?(route, .unreachable(.malformed))
        throw .unreachable(.malformed)
    }

    /// `value` as a request's body.
    static func body(_ value: some Encodable) throws(APIFailure) -> Data {
        do { return try WireJSON.encode(value) } catch { throw .unreachable(.other("\(type(of: value))")) }
    }

    /// All pages of a list, in order.
    func list<Item: Codable & Sendable>(
        _ route: Route, path: String, of type: Item.Type = Item.self
    ) async throws(APIFailure) -> [Item] {
        var items: [Item] = []
        try await eachPage(route, path: path, query: []) { page, _ in items += page }
        return items
    }

    /// Hands over the pages of a list as they come. Ends at a cursor that was seen before.
    func eachPage<Item: Codable & Sendable>(
        _ route: Route, path: String, query: [(String, String)], _ body: (_ items: [Item], _ isLast: Bool) async -> Void
    ) async throws(APIFailure) {
        var seen: Set<String> = []
        var cursor: String?
        var count = 0
        var pauses = 0
        repeat {
            var query = query + [("limit", "1000")]
            if let cursor { query.append(("cursor", cursor)) }
            let page: Page<Item> = try await self.page(
                route, Options(path: path, query: query), mayWait: cursor != nil, &pauses)
            count += page.items.count
            cursor = count < Self.mostItems ? page.nextCursor.flatMap { seen.insert($0).inserted ? $0 : nil } : nil
            await body(page.items, cursor == nil)
        } while cursor != nil
    }

    /// One page. A long list can exceed what a token may ask in a minute: then it waits as long as the server says, but
    /// for what follows alone. Whoever is refused at once has asked too much before, and is told.
    private func page<Item>(
        _ route: Route, _ options: Options, mayWait: Bool, _ pauses: inout Int
    ) async throws(APIFailure) -> Page<Item> {
        var waits = 0
        while true {
            do throws(APIFailure) {
                let data = try await send(route, options)
                do { return try WireJSON.decode(Page<Item>.self, of: route, from: data) } catch {
                    throw .unreachable(.malformed)
                }
            } catch {
                guard mayWait, error.status == 429, let pause = error.retryAfter, pause <= 60, waits < 3 else {
                    throw error
                }
                if pauses == 0 { onPause?(max(pause, 1)) }
                waits += 1
                pauses += 1
                try await Self.sleep(.seconds(max(pause, 1)))
            }
        }
    }

    /// No list is read further than this: a server that never ends must not fill the memory.
    static var mostItems: Int { 200_000 }
}

extension APIFailure {
    /// When the same may go through: a server went, or its database, and another is there. One that is killed takes connections
    /// for a moment still. 502 and 504 are a balancer's.
    fileprivate var secondTry: Duration? {
        switch self {
        case .unreachable(.connectionLost), .refused(status: 502, _, _), .refused(status: 504, _, _): .milliseconds(500)
        case .refused(status: 503, _, let seconds?) where seconds <= 2: .seconds(seconds)
        default: nil
        }
    }
}

extension Reply {
    /// The body of an answer that accepts; throws what another one means.
    func accepted() throws(APIFailure) -> Data {
        switch status {
        case 200..<300:
            guard !isHTML else { throw .unreachable(.webPage) }
            return body
        case 300..<400:
            throw .unreachable(.redirected)
        default:
            let error = try? WireJSON.decode(ErrorBody.self, from: body)
            // A page instead of the interface: only a gateway's own trouble and 401 mean the same from anybody.
            if error == nil, isHTML, status < 500, status != 401, status != 429 { throw .unreachable(.webPage) }
            throw .refused(status: status, body: error, retryAfter: retryAfter)
        }
    }

    private var isHTML: Bool {
        contentType.contains("html") || body.first { !" \t\r\n".utf8.contains($0) } == UInt8(ascii: "<")
    }
}
