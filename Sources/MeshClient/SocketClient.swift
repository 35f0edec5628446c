// HTTP over a Unix socket: how a session speaks with the daemon of this machine.

internal import AsyncHTTPClient
package import FoundationEssentials
internal import MeshAPI
internal import NIOCore
internal import NIOHTTP1

/// One socket. Cheap to make; connections are kept between calls.
package final class SocketClient: Sendable {
    /// More than any answer of ours.
    private static let maxReply = 8 << 20

    private let base: String
    private let token: String?
    private let client: HTTPClient

    /// - Parameters:
    ///   - path: of the socket.
    ///   - token: of the session that speaks; nil for the person.
    package init(path: String, token: String?) {
        base = Self.address(of: path)
        self.token = token
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.httpVersion = .http1Only
        configuration.connectionPool.retryConnectionEstablishment = false
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    deinit { client.shutdown { _ in } }

    /// Of a socket's path.
    static func address(of path: String) -> String {
        "http+unix://" + PercentCoding.encode(path, plain: "")
    }

    /// The status and the body of the answer, whatever they are. Throws where there is none in time.
    package func send(
        _ method: String, _ path: String, body: Data? = nil, within limit: Duration
    ) async throws -> (status: Int, body: Data) {
        var request = HTTPClientRequest(url: base + path)
        request.method = HTTPMethod(rawValue: method)
        request.headers.add(name: "host", value: "localhost")
        if let token { request.headers.add(name: "authorization", value: "ClaudeMesh-Session \(token)") }
        if let body {
            request.headers.add(name: "content-type", value: "application/json")
            request.body = .bytes(ByteBuffer(bytes: body))
        }
        let response = try await client.execute(request, timeout: .nanoseconds(limit.wholeNanoseconds))
        let bytes = try await response.body.collect(upTo: Self.maxReply)
        return (Int(response.status.code), Data(bytes.readableBytesView))
    }
}
