// `POST receipts`: a mailbox says what became of what it got.

internal import FoundationEssentials
package import MeshAPI
internal import MeshStore

package struct ReceiptService: Sendable {
    let database: any Store
    let changes: MeshChanges
    let metrics: Metrics
    let now: @Sendable () -> Date

    /// What now holds, of those that are the reader's. Unknown ones and steps back are passed over. Throws `invalid`, 404.
    package func report(_ report: ReportReceipts, meshID: String, by reader: Reader) async throws -> ReceiptsReported {
        guard report.receipts.count <= ReportReceipts.most else {
            throw Refusal.invalid("receipts", "receipts has at most \(ReportReceipts.most).")
        }
        for (index, step) in report.receipts.enumerated() where !ReceiptRules.reported.contains(step.state) {
            throw Refusal.invalid("receipts[\(index)].state", "A mailbox does not say \(step.state.rawValue).")
        }
        // As it is stored.
        let (now, speaker) = (Date(milliseconds: now().milliseconds), Speaker(reader))
        let (answer, concerned, steps, written) = try await database.commit(.one(meshID)) { transaction in
            try reader.require(meshID, in: transaction)
            var (items, concerned) = ([ReceiptsReported.Item](), Set<String>())
            // What the rows of this report alone changed; of held words that are refused others change too.
            var (steps, written): ([(MessageState, Lane?)], MeshSegment?) = ([], nil)
            var isAlone = true
            for step in report.receipts {
                guard var receipt = try Self.receipt(of: step, speaker, meshID: meshID, in: transaction) else {
                    continue
                }
                if receipt.state(at: now) == .held, step.state == .refused {
                    let held = try HeldWords(meshID, in: transaction, at: now)
                    concerned.formUnion(try held?.refuse(receipt.fromAccount, by: speaker.memberID) ?? [])
                    receipt.state = .refused
                    isAlone = false
                } else if ReceiptRules.isStep(
                    from: receipt.state(at: now), to: step.state, byPerson: speaker.isPerson),
                    let head = try transaction.heads.take(meshID: meshID, changes: 1)
                {
                    receipt.step(to: step.state, at: now, change: head.change)
                    receipt.lane = step.lane ?? (step.state == .queued ? nil : receipt.lane)
                    try transaction.receipts.step(receipt)
                    written = written ?? MeshSegment(epoch: head.epoch, after: head.change - 1, upTo: head.change)
                    written?.receipts.append(receipt)
                    written?.upTo = head.change
                    steps.append((receipt.state, receipt.lane))
                    concerned.formUnion([
                        receipt.mailbox.id, receipt.accountID, receipt.from.id, receipt.fromAccount,
                    ])
                }
                items.append(.init(messageId: step.messageId, state: receipt.state(at: now)))
            }
            return (ReceiptsReported(receipts: items), concerned, steps, isAlone ? written : nil)
        } then: {
            if let written = $0.3 { changes.tail.add(written, meshID: meshID, isCommitted: true) }
        }
        try await database.flush()
        for (state, lane) in steps { metrics.stepped(state, by: lane) }
        if let written {
            changes.post(written, meshID: meshID, to: concerned)
        } else if !concerned.isEmpty {
            changes.post(meshID, to: concerned)
        }
        return answer
    }

    /// The receipt at the reader's own mailbox; for a member also at a peer of theirs that is named, and what is held, at
    /// whichever of theirs.
    private static func receipt(
        of step: ReportReceipts.Step, _ speaker: Speaker, meshID: String, in transaction: Transaction
    ) throws -> ReceiptRow? {
        let isForPeer = speaker.kind == .member && step.sessionId != nil
        let mailbox =
            isForPeer
            ? Mailbox(kind: .peer, id: step.sessionId ?? "") : Mailbox(kind: speaker.kind, id: speaker.id)
        var found = try transaction.receipts.receipt(messageID: step.messageId, mailbox: mailbox)
        if found == nil, speaker.isPerson, step.state == .refused {
            found = try transaction.receipts.receipts(messageID: step.messageId).first {
                $0.accountID == speaker.memberID && $0.state == .held
            }
        }
        guard let receipt = found, receipt.meshID == meshID else { return nil }
        let isTheirs = receipt.accountID == speaker.memberID || receipt.mailbox.kind == .key
        return isTheirs && (receipt.state != .held || speaker.isPerson) ? receipt : nil
    }
}
