// What a message in a topic leaves there: the topic's newest number, its writer among its readers, a notification for each who
// is named.

internal import FoundationEssentials
package import MeshAPI

package struct TopicPostRows {
    package let transaction: Transaction

    /// `joining` is the member who reads along from now on.
    package func post(_ message: MessageRow, topicID: String, joining accountID: String?) throws {
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

    package func name(id: String) throws -> String? {
        try transaction.first("SELECT name FROM topics WHERE id = ?1", id).map { try $0["name"] }
    }

    package func notify(_ mailbox: Mailbox, of accountID: String, in message: MessageRow, topicID: String) throws {
        try transaction.run(
            """
            INSERT INTO notifications (id, mesh_id, message_id, mailbox_kind, mailbox_id, account_id, topic_id, seq,
                created_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
            """, Identifier.make(), message.meshID, message.id, mailbox.kind.rawValue, mailbox.id, accountID,
            topicID, message.seq, message.createdAt.milliseconds)
    }
}

extension Transaction {
    package var topicPosts: TopicPostRows { TopicPostRows(transaction: self) }
}
