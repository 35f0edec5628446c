// That somebody was named in a topic: who sends writes a row, whoever reads the topic or says so has read it.

internal import FoundationEssentials
internal import MeshStore
internal import MeshAPI

struct NotificationRows {
    let transaction: Transaction

    /// Whose a notification is: a session's its own, a member's with those of all their sessions.
    private static let mine = """
        n.mesh_id = ?1 AND ((?2 = 'member' AND n.account_id = ?3)
            OR (?2 = 'peer' AND n.mailbox_kind = 'peer' AND n.mailbox_id = ?3))
        """

    /// The newest first, one more than `limit`.
    func list(_ viewer: Viewer, unreadOnly: Bool, page: PageRequest) throws -> [Mention] {
        try transaction.all(
            """
            SELECT n.id, n.message_id, n.created_at, n.read_at, t.name AS topic_name FROM notifications n JOIN messages m ON m.id = n.message_id JOIN topics t ON t.id = n.topic_id
            WHERE \(Self.mine) AND (n.read_at IS NULL OR ?4 = 0) AND m.withdrawn_at IS NULL AND t.deleted_at IS NULL
                AND \(TopicRows.isNotBlocked(account: "?8"))
                AND (n.created_at < ?5 OR (n.created_at = ?5 AND n.id < ?6))
            ORDER BY n.created_at DESC, n.id DESC LIMIT ?7
            """, viewer.meshID, viewer.party.rawValue, viewer.id, unreadOnly ? 1 : 0, page.after.time, page.after.id,
            page.limit + 1, viewer.accountID
        ).compactMap { row in
            let message = try transaction.messages.message(id: try row["message_id"], meshID: viewer.meshID)
            return try message.map {
                Mention(
                    id: try row["id"], messageId: $0.id, topic: try row["topic_name"], from: $0.from,
                    createdAt: try row.date("created_at"), readAt: try row.dateIfAny("read_at"))
            }
        }
    }

    /// Returns how many were not read before.
    func read(ids: [String], _ viewer: Viewer, at now: Date) throws -> Int {
        try ids.reduce(0) { count, id in
            count
                + (try transaction.run(
                    """
                    UPDATE notifications AS n SET read_at = ?5 WHERE \(Self.mine) AND n.id = ?4 AND n.read_at IS NULL
                    """, viewer.meshID, viewer.party.rawValue, viewer.id, id, now.milliseconds))
        }
    }

    /// All of the viewer's up to one of them; nil where it is none of theirs.
    func read(upTo id: String, _ viewer: Viewer, at now: Date) throws -> Int? {
        let last = try transaction.first(
            "SELECT n.seq AS seq FROM notifications n WHERE \(Self.mine) AND n.id = ?4", viewer.meshID,
            viewer.party.rawValue, viewer.id, id)
        guard let last else { return nil }
        return try transaction.run(
            """
            UPDATE notifications AS n SET read_at = ?5 WHERE \(Self.mine) AND n.seq <= ?4 AND n.read_at IS NULL
            """, viewer.meshID, viewer.party.rawValue, viewer.id, try last["seq"] as Int, now.milliseconds)
    }

    /// What a session has not read is another's now.
    func move(from former: String, to sessionID: String, meshID: String) throws {
        try transaction.run(
            """
            UPDATE notifications SET mailbox_id = ?2
            WHERE mailbox_id = ?1 AND mailbox_kind = 'peer' AND mesh_id = ?3 AND read_at IS NULL
            """, former, sessionID, meshID)
    }

    /// Those of one topic, which is read up to a message.
    func read(topicID: String, upTo seq: Int, _ viewer: Viewer, at now: Date) throws {
        try transaction.run(
            """
            UPDATE notifications SET read_at = ?5
            WHERE topic_id = ?1 AND mailbox_kind = ?2 AND mailbox_id = ?3 AND seq <= ?4 AND read_at IS NULL
            """, topicID, viewer.party.rawValue, viewer.id, seq, now.milliseconds)
    }
}

extension Transaction {
    var notifications: NotificationRows { NotificationRows(transaction: self) }
}
