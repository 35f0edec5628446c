// Calls passed on as they come: by the daemon, for the commands of a session.

package import FoundationEssentials
package import MeshAPI

/// An answer as it came, whatever its status.
package struct RelayedReply: Sendable, Hashable {
    package var status: Int
    package var body: Data
    /// Seconds.
    package var retryAfter: Int?

    package init(status: Int, body: Data, retryAfter: Int? = nil) {
        self.status = status
        self.body = body
        self.retryAfter = retryAfter
    }
}

/// `POST messages` through the daemon.
package enum SentOrWaiting: Sendable {
    case sent(SentMessage)
    case waits(WaitingHere)
}

extension APIClient {
    /// - Parameters:
    ///   - path: within the mesh, with its query: `messages?unread=1`.
    ///   - limit: how long it may take.
    package func relay(
        _ method: Route.Method, _ path: String, in mesh: String, body: Data?, within limit: Duration
    ) async throws(APIFailure) -> RelayedReply {
        let request = APIRequest(
            method: method, path: "/api/my/meshes/\(Route.encoded(mesh))/\(path)", credential: credential, body: body)
        let reply = try await transport.send(request, to: server, within: limit)
        return RelayedReply(status: reply.status, body: reply.body, retryAfter: reply.retryAfter)
    }

    /// As `sendMessage`; where the daemon is asked, it may keep the message for later.
    package func sendOrLeaveMessage(
        _ message: SendMessage, in mesh: String
    ) async throws(APIFailure) -> SentOrWaiting {
        let data = try await send(Routes.sendMessage, Self.sending(message, in: mesh))
        if let waiting = try? WireJSON.decode(WaitingHere.self, from: data), waiting.state == WaitingHere.state {
            return .waits(waiting)
        }
        do { return .sent(try WireJSON.decode(SentMessage.self, from: data)) } catch { throw .unreachable(.malformed) }
    }
}
