// What is said in a mesh: sent, read, followed and acknowledged; and what a session says of itself.

internal import FoundationEssentials
package import MeshAPI

extension APIClient {
    /// `POST messages`. The same `clientId` again is the same message.
    package func sendMessage(_ message: SendMessage, in mesh: String) async throws(APIFailure) -> SentMessage {
        try await call(Routes.sendMessage, Self.sending(message, in: mesh))
    }

    static func sending(_ message: SendMessage, in mesh: String) throws(APIFailure) -> Options {
        Options(path: Routes.sendMessage.path(mesh), body: try body(message), isRepeatable: true)
    }

    /// `GET messages`, one page, newest first.
    /// - Parameters:
    ///   - with: an id of whom it was said with or by; nil for all.
    ///   - topic: its name; nil for all.
    ///   - unread: what waits for the one who asks, alone.
    package func messages(
        in mesh: String, with: String? = nil, topic: String? = nil, unread: Bool = false, held: Bool = false,
        cursor: String? = nil, limit: Int = 100
    ) async throws(APIFailure) -> Page<Message> {
        var query = [("limit", "\(limit)")]
        if let with { query.append(("with", with)) }
        if let topic { query.append(("topic", topic)) }
        if unread { query.append(("unread", "1")) }
        if held { query.append(("held", "1")) }
        if let cursor { query.append(("cursor", cursor)) }
        let data = try await send(
            Routes.listMessages, Options(path: Routes.listMessages.path(mesh), query: query))
        do { return try WireJSON.decode(Page<Message>.self, of: Routes.listMessages, from: data) } catch {
            throw .unreachable(.malformed)
        }
    }

    /// `GET messages/{id}`; to its sender with what became of it.
    package func message(_ id: String, in mesh: String) async throws(APIFailure) -> Message {
        try await call(Routes.message, Options(path: Routes.message.path(mesh, id)))
    }

    /// `DELETE messages/{id}`: takes it back. 409 `seen` where somebody has seen it.
    package func withdrawMessage(_ id: String, in mesh: String) async throws(APIFailure) -> Message {
        try await call(Routes.withdrawMessage, Options(path: Routes.withdrawMessage.path(mesh, id)))
    }

    /// `POST receipts`, 200 at most.
    package func reportReceipts(
        _ receipts: [ReportReceipts.Step], in mesh: String
    ) async throws(APIFailure) -> [ReceiptsReported.Item] {
        let answer: ReceiptsReported = try await call(
            Routes.reportReceipts,
            Options(
                path: Routes.reportReceipts.path(mesh), body: Self.body(ReportReceipts(receipts: receipts)),
                isRepeatable: true))
        return answer.receipts
    }

    /// `GET events` by poll: held until something happens, `wait` seconds (25) at most. Without `after` at once, with the
    /// cursor of now.
    package func events(in mesh: String, after: String?, wait: Int) async throws(APIFailure) -> EventPage {
        var query: [(String, String)] = []
        if let after { query = [("after", after), ("wait", "\(wait)")] }
        return try await call(
            Routes.events,
            Options(path: Routes.events.path(mesh), query: query, timeout: .seconds(wait + 10)))
    }

    /// `POST sessions`, with what the server makes of it.
    package func register(_ session: RegisterSession, in mesh: String) async throws(APIFailure) -> Peer {
        try await call(
            Routes.registerSession,
            Options(path: Routes.registerSession.path(mesh), body: Self.body(session), isRepeatable: true))
    }

    /// `PATCH sessions/{id}`: what a session does, and what may wake it.
    @discardableResult
    package func changeSession(
        _ id: String, to change: ChangeSession, in mesh: String
    ) async throws(APIFailure) -> Peer {
        try await call(
            Routes.changeSession, Options(path: Routes.changeSession.path(mesh, id), body: Self.body(change)))
    }

    /// `GET sessions?away=1`: who is in it, and who was.
    package func peersHereAndAway(in mesh: String) async throws(APIFailure) -> [Peer] {
        var peers: [Peer] = []
        try await eachPage(Routes.listPeers, path: Routes.listPeers.path(mesh), query: [("away", "1")]) { page, _ in
            peers += page
        }
        return peers
    }

    /// `GET topics`.
    package func topics(in mesh: String) async throws(APIFailure) -> [Topic] {
        try await list(Routes.listTopics, path: Routes.listTopics.path(mesh))
    }

    /// `POST topics`. 409 `topic_taken`.
    package func createTopic(_ topic: CreateTopic, in mesh: String) async throws(APIFailure) -> Topic {
        try await call(Routes.createTopic, Options(path: Routes.createTopic.path(mesh), body: Self.body(topic)))
    }

    /// `PUT topics/{name}/members/me`.
    package func joinTopic(_ name: String, in mesh: String) async throws(APIFailure) -> Topic {
        try await call(Routes.joinTopic, Options(path: Routes.joinTopic.path(mesh, name)))
    }

    /// `DELETE topics/{name}/members/me`.
    package func leaveTopic(_ name: String, in mesh: String) async throws(APIFailure) {
        try await send(Routes.leaveTopic, Options(path: Routes.leaveTopic.path(mesh, name)))
    }

    /// `POST topics/{name}/read`.
    package func readTopic(_ name: String, upTo message: String, in mesh: String) async throws(APIFailure) {
        try await send(
            Routes.readTopic,
            Options(
                path: Routes.readTopic.path(mesh, name), body: Self.body(ReadTopic(upTo: message)), isRepeatable: true))
    }
}
