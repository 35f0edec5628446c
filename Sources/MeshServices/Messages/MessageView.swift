// MESSAGE as one of its readers, or its sender, sees it.

internal import FoundationEssentials
internal import MeshAPI
internal import MeshStore

struct MessageView {
    let transaction: Transaction
    let speaker: Speaker
    let now: Date

    /// With `receipts` its sender is told of each mailbox.
    func message(_ row: MessageRow, withReceipts: Bool = false) throws -> Message {
        let reading = MessageReading(transaction: transaction, meshID: row.meshID)
        let all = try transaction.receipts.receipts(messageID: row.id)
        // Of a member's several its own mailbox.
        let mine = all.filter { reading.isMine($0, speaker) }
        let isOwn = reading.isOwn(row, speaker)
        var message = row.message(
            mine: mine.first { $0.mailbox.id == speaker.id } ?? mine.first, own: isOwn ? all : nil,
            topic: try topic(row), withReceipts: withReceipts, at: now)
        if isOwn { message.readers = try readers(of: row) }
        return message
    }

    /// How many have read it in its topic, for its sender; nil where it stands in none.
    func readers(of row: MessageRow) throws -> Int? {
        try row.topicID.map { topicID in
            try transaction.topics.readers(
                of: row.seq, topicID: topicID, but: Mailbox(kind: row.from.kind, id: row.from.id))
        }
    }

    private func topic(_ row: MessageRow) throws -> String? {
        try row.topicID.flatMap { try transaction.topicPosts.name(id: $0) }
    }
}

extension MessageRow {
    /// `mine` is the reader's mailbox that it is in; `own` are all receipts, for its sender alone.
    func message(
        mine: ReceiptRow?, own: [ReceiptRow]? = nil, topic: String? = nil, withReceipts: Bool = false, at now: Date
    ) -> Message {
        let isGone = withdrawnAt != nil
        var message = Message(
            id: id, seq: seq, from: from, to: to, topic: topic, body: isGone ? "" : body, bodyVersion: bodyVersion,
            replyTo: replyTo, chain: chain, hop: hop, reason: mine?.reason ?? reason, createdAt: createdAt,
            writtenAt: writtenAt, expiresAt: expiresAt)
        if let mine {
            message.mailbox = mine.mailbox
            message.state = mine.state(at: now)
            message.wakes = mine.wakes ? true : nil
        }
        if isGone { message.state = .withdrawn }
        if let own {
            message.states = Dictionary(grouping: own) { $0.state(at: now) }.mapValues(\.count)
            message.receipts = withReceipts ? own.map { $0.receipt(at: now) } : nil
        }
        return message
    }
}
