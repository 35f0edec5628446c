// What happened in a mesh between two changes, as one reader may see it: what came to their mailboxes, what became of what they
// sent, what was said in their topics, and who came and went. Each row in its newest state.
// To add something that happens: a kind of change, or a source of rows here, and its items in `slice`.

internal import FoundationEssentials
internal import MeshStore
internal import MeshAPI

struct EventRows {
    let transaction: Transaction

    /// So many rows with texts, and without, are read at once; more than the mailboxes that one message reaches.
    static let limit = 128
    static let receiptLimit = 600

    func oldestMessage(meshID: String) throws -> Int? {
        try transaction.first(
            "SELECT min(seq) AS seq FROM messages WHERE mesh_id = ?1", meshID, as: { try $0["seq"] as Int? }
        ).flatMap { $0 }
    }

    /// The newest message that came with or before a change, of those after `seq`.
    func newestMessage(meshID: String, after seq: Int, upTo change: Int) throws -> (seq: Int, id: String)? {
        try transaction.first(
            """
            SELECT seq, id FROM messages WHERE mesh_id = ?1 AND seq > ?2 AND change <= ?3 ORDER BY seq DESC LIMIT 1
            """, meshID, seq, change
        ).map { (try $0["seq"], try $0["id"]) }
    }

    /// How many messages wait in a member's own mailbox.
    func waiting(for accountID: String, meshID: String) throws -> Int {
        try transaction.count(
            """
            SELECT count(*) FROM receipts WHERE account_id = ?1 AND mesh_id = ?2 AND mailbox_kind = 'member'
                AND state IN ('queued', 'fetched', 'handed')
            """, accountID, meshID)
    }

    func slice(after cursor: EventCursor, _ glance: Glance, for viewer: Viewer, at now: Date) throws -> EventSlice {
        let head = glance.head
        var slice = EventSlice(upTo: head.change)
        if !glance.isAllSaid {
            try addMailbox(to: &slice, after: cursor, head, viewer, at: now)
            try addSent(to: &slice, after: cursor, head, viewer, at: now)
        }
        // A member is told what they themselves said, wherever.
        if glance.isTopicNew || (viewer.isPerson && head.seq > cursor.seq) {
            try addSaid(to: &slice, after: cursor, glance, viewer, at: now)
        }
        if glance.isMeshNew && viewer.party != .key {
            try addChanges(to: &slice, after: cursor, head, viewer, at: now)
        }
        return slice
    }

    /// The mailboxes and senders that are the viewer's: of a member with all their sessions.
    private static func own(_ viewer: Viewer) -> String {
        viewer.isPerson
            ? """
            (SELECT CAST(?4 AS TEXT) UNION ALL
                SELECT p.session_id FROM presences p WHERE p.mesh_id = ?1 AND p.account_id = ?4)
            """ : "(?4)"
    }

    private func addMailbox(
        to slice: inout EventSlice, after: EventCursor, _ head: MeshHead, _ viewer: Viewer, at now: Date
    )
        throws
    {
        let isMine = """
            WHERE r.mesh_id = ?1 AND r.change > ?2 AND r.change <= ?3 AND r.mailbox_id IN \(Self.own(viewer))
                AND (r.mailbox_kind = ?5 OR (?5 = 'member' AND r.mailbox_kind = 'peer'))
            ORDER BY r.change LIMIT ?6
            """
        func all<Value>(_ sql: String, as make: (Row) throws -> Value) throws -> [Value] {
            try transaction.all(
                "\(sql) \(isMine)", viewer.meshID, after.change, head.change, viewer.id, viewer.party.rawValue,
                Self.limit + 1, as: make)
        }
        let rows = try all("SELECT r.* FROM receipts r", as: ReceiptRow.init)
        guard !rows.isEmpty else { return }
        let messages = try all(
            """
            SELECT m.*, a.name AS from_member_name FROM receipts r JOIN messages m ON m.id = r.message_id
            JOIN accounts a ON a.id = m.from_account
            """, as: MessageRow.init)
        let byID = Dictionary(messages.map { ($0.id, $0) }) { first, _ in first }
        let items = try rows.compactMap { receipt -> EventItem? in
            guard let said = byID[receipt.messageID] else { return nil }
            let event: Event? =
                switch Delivery.of(receipt, said, after: after, for: viewer, at: now) {
                case .message: .message(try message(said, mine: receipt, viewer, at: now))
                case .held: .held(try message(said, mine: receipt, viewer, at: now))
                case .withdrawn: .withdrawn(messageID: receipt.messageID)
                case .receipt: .receipt(receipt.receipt(at: now))
                case .nothing: nil
                }
            return event.map { EventItem(change: receipt.change, event: $0) }
        }
        slice.add(items, changes: rows.map(\.change), limit: Self.limit)
    }

    /// What became of what the viewer sent. Of a mailbox of their own it was told above.
    private func addSent(
        to slice: inout EventSlice, after: EventCursor, _ head: MeshHead, _ viewer: Viewer, at now: Date
    )
        throws
    {
        let rows = try transaction.all(
            """
            SELECT r.* FROM receipts r
            WHERE r.mesh_id = ?1 AND r.change > ?2 AND r.change <= ?3 AND r.from_id IN \(Self.own(viewer))
                AND (r.from_kind = ?5 OR (?5 = 'member' AND r.from_kind = 'peer'))
                AND r.mailbox_id NOT IN \(Self.own(viewer))
            ORDER BY r.change LIMIT ?6
            """, viewer.meshID, after.change, head.change, viewer.id, viewer.party.rawValue, Self.receiptLimit + 1,
            as: ReceiptRow.init)
        slice.add(
            rows.map { EventItem(change: $0.change, event: .receipt($0.receipt(at: now))) },
            changes: rows.map(\.change), limit: Self.receiptLimit)
    }

    /// What was said in the viewer's topics by others whom they did not block, and what a member said, wherever.
    private func addSaid(
        to slice: inout EventSlice, after: EventCursor, _ glance: Glance, _ viewer: Viewer, at now: Date
    )
        throws
    {
        guard viewer.reads else { return }
        let found = try transaction.all(
            """
            SELECT m.*, a.name AS from_member_name, t.name AS topic_name
            FROM messages m JOIN accounts a ON a.id = m.from_account LEFT JOIN topics t ON t.id = m.topic_id
            WHERE m.mesh_id = ?1 AND m.seq > ?2 AND m.seq <= ?3 AND m.change > ?8 AND m.is_probe = 0
                AND m.withdrawn_at IS NULL
                AND ((?5 = 'member' AND m.from_account = ?6 AND m.from_kind <> 'key')
                    OR (t.deleted_at IS NULL AND m.topic_id IS NOT NULL
                        AND NOT (m.from_kind = ?5 AND m.from_id = ?4)
                        AND \(TopicRows.isReader(kind: "?5", id: "?4", account: "?6"))
                        AND NOT EXISTS (SELECT 1 FROM receipts r
                            WHERE r.message_id = m.id AND r.mailbox_kind = ?5 AND r.mailbox_id = ?4)))
            ORDER BY m.seq LIMIT ?7
            """, viewer.meshID, after.seq, glance.head.seq, viewer.id, viewer.party.rawValue, viewer.accountID,
            Self.limit + 1, after.change
        ) { (said: try MessageRow($0), topic: try $0["topic_name"] as String?) }
        let items = try found.map { said, topic in
            let message = try message(
                said, mine: nil, topic: topic, isWithoutReceipts: glance.isAllSaid, viewer, at: now)
            return EventItem(change: said.change, event: .message(message))
        }
        slice.add(items, changes: found.map(\.said.change), limit: Self.limit)
    }

    private func message(_ row: MessageRow, mine: ReceiptRow?, _ viewer: Viewer, at now: Date) throws -> Message {
        let topic = try row.topicID.flatMap { try transaction.topicPosts.name(id: $0) }
        return try message(row, mine: mine, topic: topic, isWithoutReceipts: false, viewer, at: now)
    }

    /// As the viewer sees it: with what became of it where they, or one of theirs, said it.
    private func message(
        _ row: MessageRow, mine: ReceiptRow?, topic: String?, isWithoutReceipts: Bool, _ viewer: Viewer, at now: Date
    ) throws -> Message {
        let view = MessageView(transaction: transaction, speaker: viewer.speaker, now: now)
        let reading = MessageReading(transaction: transaction, meshID: viewer.meshID)
        let isOwn = mine == nil && reading.isOwn(row, viewer.speaker)
        var own: [ReceiptRow]?
        if isOwn { own = try isWithoutReceipts ? [] : transaction.receipts.receipts(messageID: row.id) }
        var message = row.message(mine: mine, own: own, topic: topic, at: now)
        if isOwn { message.readers = try view.readers(of: row) }
        if mine == nil && topic != nil { message.state = .posted }
        return message
    }
}

extension Transaction {
    var events: EventRows { EventRows(transaction: self) }
}
