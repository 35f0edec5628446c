// What goes out: messages, from the disk until the server has taken or refused them; and receipts, until it knows them.

internal import FoundationEssentials
internal import Logging
internal import MeshAPI
internal import MeshClient
internal import MeshStore

/// What came of sending.
enum Sending: Sendable {
    case sent(SentMessage)
    case refused(APIFailure)
    /// It waits here, and goes by itself.
    case waits(id: String, why: APIFailure)
}

extension PeerSession {
    /// How long a sender waits for the server before its message waits here.
    private static let patience = Duration.seconds(8)
    private static let longest: TimeInterval = 7 * 86_400

    /// Stored first, then sent: whatever dies in between, it goes once.
    func send(_ message: SendMessage) async -> Sending {
        let (id, now) = (id, world.now())
        do {
            try await world.store.write(.nothing) { try $0.daemon.keepToSend(message, of: id, at: now) }
        } catch {
            return .refused(.unreachable(.other("disk")))
        }
        do throws(APIFailure) {
            let sent = try await client.within(Self.patience).sendMessage(message, in: facts.meshID)
            await isSettled(message.clientId)
            return .sent(sent)
        } catch {
            guard Self.isFinal(error) else {
                outgoing.happened()
                return .waits(id: message.clientId, why: error)
            }
            await isSettled(message.clientId)
            return .refused(error)
        }
    }

    /// What waits goes as soon as the server is there, in its order.
    func deliverMessages() async {
        var pause = 1.0
        while !Task.isCancelled {
            let (id, count) = (id, outgoing.count)
            let waiting = (try? await world.store.read { try $0.daemon.toSend(of: id) }) ?? []
            // One that is being sent right now is in there too, and known by its id: the same again is the same message.
            let due = waiting.filter { world.now().timeIntervalSince($0.writtenAt) > 10 }
            var hasFailed = false
            for (message, writtenAt) in due where !hasFailed {
                hasFailed = await !delivers(message, writtenAt)
            }
            pause = hasFailed ? min(30, pause * 2) : 1
            await outgoing.wait(for: .seconds(waiting.isEmpty ? 60 : hasFailed ? pause : 2), since: count)
        }
    }

    private func delivers(_ message: SendMessage, _ writtenAt: Date) async -> Bool {
        var message = message
        message.writtenAt = writtenAt
        do throws(APIFailure) {
            _ = try await client.sendMessage(message, in: facts.meshID)
        } catch {
            guard Self.isFinal(error) || world.now().timeIntervalSince(writtenAt) > Self.longest else { return false }
            let to = message.to?.all.joined(separator: ", ") ?? "…"
            toPerson.append(words.lateRefused(to: to))
        }
        await isSettled(message.clientId)
        return true
    }

    var hasNothingLeft: Bool {
        get async {
            let id = id
            let isEmpty = try? await world.store.read { transaction in
                let daemon = transaction.daemon
                return try daemon.toSend(of: id).isEmpty && daemon.owed(of: id).isEmpty
            }
            return isEmpty ?? true
        }
    }

    private func isSettled(_ clientID: String) async {
        let id = id
        try? await world.store.write(.nothing) { try $0.daemon.sentOrRefused(clientID, of: id) }
    }

    /// Whether to try again is of no use.
    private static func isFinal(_ failure: APIFailure) -> Bool {
        guard case .refused(let status, _, _) = failure else { return false }
        return (400..<500).contains(status) && status != 401 && status != 408
    }

    func deliverReceipts() async {
        var pause = 1.0
        while !Task.isCancelled {
            let count = outgoing.count
            let isDone = await deliverReceiptsOnce()
            pause = isDone ? 1 : min(30, pause * 2)
            await outgoing.wait(for: .seconds(isDone ? 60 : pause), since: count)
        }
    }

    /// Whether the server knows all there is to tell.
    @discardableResult
    func deliverReceiptsOnce(within limit: Duration = .seconds(5)) async -> Bool {
        let id = id
        while true {
            guard let steps = try? await world.store.read({ try $0.daemon.owed(of: id) }) else { return false }
            guard !steps.isEmpty else { return true }
            do throws(APIFailure) {
                _ = try await client.within(limit).reportReceipts(steps, in: facts.meshID)
            } catch {
                guard Self.isFinal(error), error.status != 429 else { return false }
                logger.warning("receipts refused", metadata: ["session": "\(id)", "status": "\(error.status ?? 0)"])
            }
            do { try await world.store.write(.nothing) { try $0.daemon.told(steps, of: id) } } catch { return false }
        }
    }

    /// Tells the mesh what the session does, where that has changed.
    func reportStatus() async {
        while !Task.isCancelled {
            let (status, count) = (status, outgoing.count)
            if link == .following, status != reported {
                let change = ChangeSession(status: status, asks: status == .asking ? asks : nil)
                do throws(APIFailure) {
                    let peer = try await client.within(.seconds(5)).changeSession(id, to: change, in: facts.meshID)
                    address = peer.address
                    reported = status
                } catch {
                    if Self.isFinal(error) { reported = status }
                    try? await Task.sleep(for: .seconds(2))
                }
                // Who works in short steps is not told of each.
                try? await Task.sleep(for: .milliseconds(200))
                continue
            }
            await outgoing.wait(for: .seconds(30), since: count)
        }
    }
}
