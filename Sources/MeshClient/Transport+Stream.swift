// An answer that has no end of its own, handed over as it comes.

internal import AsyncHTTPClient
internal import FoundationEssentials
internal import MeshAPI
internal import NIOCore
internal import NIOHTTP1

extension Transport {
    /// Sends `request` and hands over the bytes of the answer until it ends. The head has `limit` to come; without a byte for
    /// as long as `silence` the connection is taken for dead.
    func stream(
        _ request: APIRequest, to server: ServerAddress, within limit: Duration, silence: Duration,
        _ body: (ByteBufferView) async throws(APIFailure) -> Void
    ) async throws(APIFailure) {
        let ways = ways(to: server, silence: silence)
        do throws(APIFailure) { try await stream(request, to: server, by: ways.first, limit, silence, body) } catch {
            guard error == .unreachable(.refused), let other = ways.other else { throw error }
            try await stream(request, to: server, by: other, limit, silence, body)
        }
    }

    private func stream(
        _ request: APIRequest, to server: ServerAddress, by way: Way, _ limit: Duration, _ silence: Duration,
        _ body: (ByteBufferView) async throws(APIFailure) -> Void
    ) async throws(APIFailure) {
        let client = try client(way)
        let prepared = try prepare(request, server)
        do throws(APIFailure) {
            let response = try await Deadline.run(limit) { () async throws(APIFailure) -> HTTPClientResponse in
                do { return try await client.execute(prepared, deadline: .distantFuture) } catch {
                    throw APIFailure(transport: error, limit: limit)
                }
            }
            try await Self.read(response, silence, body)
        } catch {
            throw await way.choice.explain(error, towards: server)
        }
    }

    private static func read(
        _ response: HTTPClientResponse, _ silence: Duration, _ body: (ByteBufferView) async throws(APIFailure) -> Void
    ) async throws(APIFailure) {
        let type = response.headers.first(name: "content-type")?.lowercased() ?? ""
        guard response.status == .ok, type.hasPrefix("text/event-stream") else {
            let reply: Reply
            do { reply = try await Reply(response) } catch { throw APIFailure(transport: error, limit: silence) }
            _ = try reply.accepted()
            throw .unreachable(.malformed)
        }
        do {
            for try await bytes in response.body { try await body(bytes.readableBytesView) }
        } catch {
            throw APIFailure(transport: error, limit: silence)
        }
    }
}
