// What a message in a topic leaves there: the topic's newest number, its writer among its readers, a notification for each who
// is named.

internal import FoundationEssentials
internal import MeshStore
internal import MeshAPI

struct TopicPostRows {
    let transaction: Transaction

    /// `joining` is the member who reads along from now on.
    func post(_ message: MessageRow, topicID: String, joining accountID: String?) throws {
        try transaction.run(
            "UPDATE topics SET last_seq = ?2, last_at = ?3 WHERE id = ?1", topicID, message.seq,
            message.createdAt.milliseconds)
        guard let accountID else { return }
        try transaction.run(
            """
            INSERT INTO topic_members (topic_id, account_id, joined_at, muted)
            SELECT id, ?2, ?3, 0 FROM topics WHERE id = ?1 AND is_general = 0
            ON CONFLICT (topic_id, account_id) DO NOTHING
            """, topicID, accountID, message.createdAt.milliseconds)
    }

    func name(id: String) throws -> String? {
        try transaction.first("SELECT name FROM topics WHERE id = ?1", id).map { try $0["name"] }
    }

    func notify(_ message: MessageRow, topicID: String, _ aim: Aim) throws {
        try transaction.run(
            """
            INSERT INTO notifications (id, mesh_id, message_id, mailbox_kind, mailbox_id, account_id, topic_id, seq,
                created_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
            """, Identifier.make(), message.meshID, message.id, aim.mailbox.kind.rawValue, aim.mailbox.id,
            aim.member.id, topicID, message.seq, message.createdAt.milliseconds)
    }
}

extension Transaction {
    var topicPosts: TopicPostRows { TopicPostRows(transaction: self) }
}
