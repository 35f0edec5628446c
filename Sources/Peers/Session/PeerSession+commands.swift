// What the session's own commands ask for (`claudemesh send` in its shell and the like): answered as its mesh would, but in
// the turn's chain, and from what is on this machine where that is known better.

internal import FoundationEssentials
internal import MeshAPI
internal import MeshClient
internal import MeshStore

extension PeerSession {
    private static let patience = Duration.seconds(10)
    /// A held poll, with some room.
    private static let heldPatience = Duration.seconds(35)

    /// A call to the mesh, as it stands; what came before the model with its answer is kept in mind.
    /// - Parameter path: within the mesh, with its query.
    func relay(_ method: Route.Method, _ path: String, body: Data? = nil) async -> RelayedReply {
        do throws(APIFailure) {
            let limit = path.hasPrefix("events") ? Self.heldPatience : Self.patience
            let reply = try await client.relay(method, path, in: facts.meshID, body: body, within: limit)
            if reply.status == 200, method == .get { await read(path, reply.body) }
            return reply
        } catch {
            return RelayedReply(error, host: client.server.host)
        }
    }

    /// Texts that a command prints come before the model, like those of a tool.
    private func read(_ path: String, _ body: Data) async {
        let messages: [Message]
        if path.hasPrefix("messages/") {
            messages = (try? WireJSON.decode(Message.self, from: body)).map { [$0] } ?? []
        } else if path.hasPrefix("messages") {
            messages = (try? WireJSON.decode(Page<Message>.self, of: Routes.listMessages, from: body))?.items ?? []
        } else {
            return
        }
        let others = messages.filter { $0.from.id != id }
        turns.hear(others.map { Heard(id: $0.id, hop: $0.hop, writtenAt: $0.writtenAt ?? $0.createdAt) })
    }

    /// `POST /v1/messages`: in the turn's chain, whatever the command says of it.
    func post(_ asked: SendMessage) async -> RelayedReply {
        guard asked.wake != true else { return .personOnly }
        if let finding = SecretScan.first(in: asked.body) {
            let what = keptHere(finding, from: asked.to?.all ?? [])
            return .refusal(422, "secret", "Line \(finding.line) looks like \(what).")
        }
        switch await speak(asked) {
        case .sent(let sent): return .json(sent, status: 201)
        case .waits(let id, let why): return .json(WaitingHere(clientId: id, why: why.word), status: 202)
        case .refused(.refused(let status, let body, let retryAfter)):
            var reply = RelayedReply.json(body ?? ErrorBody(error: "http_\(status)"), status: status)
            reply.retryAfter = retryAfter
            return reply
        case .refused(let failure): return RelayedReply(failure, host: client.server.host)
        }
    }

    /// `GET /v1/inbox`: what waits, oldest first. Nothing is seen by it.
    func inboxPage() -> RelayedReply {
        let waiting = lanes.items.filter(\.isPending).compactMap { messages[$0.message.id] }
        return .list(waiting, of: Routes.listMessages)
    }

    /// `GET /v1/messages`: what waits is known here, as soon as the mesh was heard of once.
    func list(_ path: String) async -> RelayedReply {
        let isUnread = path.split(separator: "?").last?.split(separator: "&").contains("unread=1") == true
        guard isUnread, heardAt != nil || !lanes.items.isEmpty else { return await relay(.get, path) }
        let waiting = lanes.items.filter(\.isPending).compactMap { messages[$0.message.id] }
        return .list(Array(waiting.reversed()), of: Routes.listMessages)
    }

    /// `POST /v1/receipts`: what a command has printed is seen, and goes by no lane any more.
    func report(_ asked: ReportReceipts) async -> RelayedReply {
        let steps = asked.receipts.prefix(ReportReceipts.most).filter { [.seen, .acknowledged].contains($0.state) }
        turns.hear(heard(steps.map(\.messageId)))
        lanes.settled(steps.map(\.messageId))
        let id = id
        let owed = steps.map { ReportReceipts.Step(messageId: $0.messageId, state: $0.state, lane: .tool) }
        await keep(also: { transaction in
            for step in owed { try transaction.daemon.owe(step, of: id) }
        })
        outgoing.happened()
        changes.happened()
        return .json(
            ReceiptsReported(receipts: owed.map { .init(messageId: $0.messageId, state: $0.state) }), status: 200)
    }

    /// `PATCH /v1/sessions/me`: what may wake it, within what its person chose.
    func change(_ asked: ChangeSession) async -> RelayedReply {
        if let wanted = asked.attention {
            guard narrow(to: wanted, until: asked.attentionUntil) else { return .personOnly }
        }
        let change = ChangeSession(attention: asked.attention, attentionUntil: asked.attentionUntil)
        guard let body = try? WireJSON.encode(change) else { return .refusal(422, "invalid", "This can't be read.") }
        return await relay(.patch, "sessions/\(Route.encoded(id))", body: body)
    }

    /// False where that is wider than its person chose.
    func narrow(to wanted: Attention, until end: Date?) -> Bool {
        guard wanted.isWithin(lanes.session.chosen) else { return false }
        lanes.session.narrowed = wanted == lanes.session.chosen ? nil : wanted
        lanes.session.narrowedUntil = end
        changes.happened()
        return true
    }
}

extension RelayedReply {
    static let personOnly = refusal(403, "person_only", "Only a person does that.")

    static func json(_ value: some Encodable, status: Int) -> RelayedReply {
        RelayedReply(status: status, body: (try? WireJSON.encode(value)) ?? Data())
    }

    static func list(_ messages: [Message], of route: Route) -> RelayedReply {
        RelayedReply(status: 200, body: (try? WireJSON.encode(Page(items: messages), of: route)) ?? Data())
    }

    static func refusal(_ status: Int, _ code: String, _ message: String) -> RelayedReply {
        json(ErrorBody(error: code, message: message), status: status)
    }

    /// Of a call that had no answer.
    init(_ failure: APIFailure, host: String) {
        let why: Unreachable = if case .unreachable(let why) = failure { why } else { .connectionLost }
        self = .json(OutOfReach(host: host, why: why), status: 502)
    }
}
