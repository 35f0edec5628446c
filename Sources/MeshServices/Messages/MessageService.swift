// What is said in a mesh: taken by a commit that sends share, read by who may, taken back while nobody has seen it.
// Reading is in `+lists`.

internal import FoundationEssentials
package import MeshAPI
internal import MeshStore

package struct MessageService: Sendable {
    let database: any Store
    let changes: MeshChanges
    let isLimited: Bool
    let metrics: Metrics
    let now: @Sendable () -> Date
    private let commits: GroupCommit<Outgoing, Sent>
    private let limits: MessageLimits

    init(
        database: any Store, changes: MeshChanges, limits: RateLimiter, isLimited: Bool, isAlone: Bool,
        metrics: Metrics, now: @escaping @Sendable () -> Date
    ) {
        self.database = database
        self.changes = changes
        self.isLimited = isLimited
        self.metrics = metrics
        self.now = now
        self.limits = MessageLimits(limits: limits)
        commits = GroupCommit(isAhead: isAlone) { meshID, items in
            let outcomes: [Result<Sent, any Error>]
            let written: MeshSegment
            do {
                (outcomes, written) = try await database.commit(.one(meshID)) { transaction in
                    let items = items()
                    // As it is stored.
                    let now = Date(milliseconds: now().milliseconds)
                    let batch = try MessageBatch(items, meshID: meshID, in: transaction, isLimited: isLimited, at: now)
                    let outcomes = try items.map { item -> Result<Sent, any Error> in
                        do { return .success(try batch.take(item)) } catch let refusal as Refusal {
                            return .failure(refusal)
                        }
                    }
                    // Before the commit: whoever sees what it wrote looks there at once.
                    let written = try batch.finish()
                    changes.tail.add(written, meshID: meshID)
                    return (outcomes, written)
                } then: {
                    // Before the next transaction adds to it.
                    changes.tail.commit($0.1, meshID: meshID)
                }
            } catch {
                changes.tail.forget(meshID)
                throw error
            }
            return {
                try await database.flush()
                // All at once: whom several of them concern looks once.
                let new = outcomes.compactMap { try? $0.get() }.filter(\.isNew)
                if !new.isEmpty { changes.post(written, meshID: meshID, to: Self.concerned(new)) }
                return outcomes
            }
        }
    }

    /// Takes a message, or says what became of the one that was taken before under its `client_id`; after the commit is on
    /// the disk. Throws what assets/openapi.json lists for it.
    package func send(_ wanted: SendMessage, meshID: String, by reader: Reader) async throws -> Sent {
        try await reader.require(meshID, before: database)
        var outgoing = try outgoing(wanted, meshID: meshID, by: reader)
        outgoing.overLimit = try await limits.problem(outgoing.speaker)
        let sent: Sent
        do { sent = try await commits.take(outgoing, key: meshID) } catch let refusal as Refusal {
            metrics.refused(refusal)
            throw refusal
        }
        if !sent.isNew && outgoing.overLimit == nil { await limits.giveBack(outgoing.speaker) }
        if sent.isNew { for recipient in sent.message.recipients { metrics.stepped(recipient.state) } }
        return sent
    }

    /// Nil where one of them concerns everybody.
    private static func concerned(_ sent: [Sent]) -> Set<String>? {
        var all: Set<String> = []
        for one in sent {
            guard let concerned = one.concerned else { return nil }
            all.formUnion(concerned)
        }
        return all
    }

    private func outgoing(_ wanted: SendMessage, meshID: String, by reader: Reader) throws -> Outgoing {
        do { return try Outgoing(wanted, by: Speaker(reader), meshID: meshID) } catch let refusal as Refusal {
            metrics.refused(refusal)
            throw refusal
        }
    }

    /// Taken back where nobody has seen it. Throws 404, 409 `seen`.
    package func withdraw(_ id: String, meshID: String, by reader: Reader) async throws -> Message {
        let (now, speaker) = (now(), Speaker(reader))
        let (message, count) = try await database.write(.one(meshID)) { transaction in
            try reader.require(meshID, in: transaction)
            let reading = MessageReading(transaction: transaction, meshID: meshID)
            guard let row = try reading.message(id, for: speaker), reading.isOwn(row, speaker) else {
                throw Refusal.notFound
            }
            let receipts = try transaction.receipts.receipts(messageID: row.id)
            let seen = receipts.first { $0.state.isRead }
            guard seen == nil else {
                throw Refusal.conflict("seen", "\(seen?.address ?? "Somebody") has seen it already.")
            }
            let view = MessageView(transaction: transaction, speaker: speaker, now: now)
            if let readers = try view.readers(of: row), readers > 0 {
                throw Refusal.conflict("seen", "\(readers) in the topic have read it already.")
            }
            let open = receipts.filter { $0.state(at: now).isWaiting }
            try transaction.receipts.end(open, as: .withdrawn, at: now)
            if row.topicID != nil, row.withdrawnAt == nil,
                let head = try transaction.heads.take(meshID: meshID, changes: 1)
            {
                try transaction.messages.withdraw(id: row.id, change: head.change, at: now)
                try transaction.changes.note(.messageWithdrawn, meshID: meshID, subject: row.id, at: now)
            }
            guard let after = try transaction.messages.message(id: row.id, meshID: meshID) else {
                throw Refusal.notFound
            }
            return (try view.message(after), open.count)
        }
        if count > 0 { metrics.stepped(.withdrawn, count: count) }
        changes.post(meshID)
        return message
    }
}
