// What a guest has in a mesh, made an account's, table by table. A column that names an account anywhere has its line here.

internal import FoundationEssentials
internal import MeshAPI

package struct GuestRows {
    let transaction: Transaction
    let meshID: String
    let guestID: String
    let accountID: String

    package init(transaction: Transaction, meshID: String, guestID: String, accountID: String) {
        (self.transaction, self.meshID, self.guestID, self.accountID) = (transaction, meshID, guestID, accountID)
    }

    /// `?1` is the mesh, `?2` the guest, `?3` the account.
    private func run(_ statements: String...) throws {
        for sql in statements { try transaction.run(sql, meshID, guestID, accountID) }
    }

    /// Returns what waits there. Of a message that both got one is enough.
    package func moveMailboxes() throws -> [ReceiptRow] {
        try run(
            """
            DELETE FROM receipts WHERE mesh_id = ?1 AND mailbox_kind = 'member' AND mailbox_id = ?2 AND EXISTS
                (SELECT 1 FROM receipts r WHERE r.message_id = receipts.message_id AND r.mailbox_kind = 'member'
                    AND r.mailbox_id = ?3)
            """,
            """
            UPDATE receipts SET mailbox_id = ?3 WHERE mesh_id = ?1 AND mailbox_kind = 'member' AND mailbox_id = ?2
            """)
        let waiting = try transaction.all(
            """
            SELECT * FROM receipts WHERE mesh_id = ?1 AND account_id = ?2
                AND state IN ('queued', 'fetched', 'handed', 'held') ORDER BY seq
            """, meshID, guestID
        ).map(ReceiptRow.init)
        try run(
            "UPDATE receipts SET account_id = ?3 WHERE mesh_id = ?1 AND account_id = ?2",
            """
            UPDATE notifications SET mailbox_id = ?3 WHERE mesh_id = ?1 AND mailbox_kind = 'member' AND mailbox_id = ?2
            """, "UPDATE notifications SET account_id = ?3 WHERE mesh_id = ?1 AND account_id = ?2")
        return waiting
    }

    /// A sender's own ids are one's own: one that both used is the account's.
    package func moveAuthorship() throws {
        try run(
            """
            UPDATE messages SET client_id = id WHERE mesh_id = ?1 AND from_kind = 'member' AND from_id = ?2 AND EXISTS
                (SELECT 1 FROM messages m WHERE m.mesh_id = ?1 AND m.from_kind = 'member' AND m.from_id = ?3
                    AND m.client_id = messages.client_id)
            """, "UPDATE messages SET from_id = ?3 WHERE mesh_id = ?1 AND from_kind = 'member' AND from_id = ?2",
            "UPDATE messages SET from_account = ?3 WHERE mesh_id = ?1 AND from_account = ?2",
            "UPDATE receipts SET from_id = ?3 WHERE mesh_id = ?1 AND from_kind = 'member' AND from_id = ?2",
            """
            UPDATE receipts SET from_account = ?3 WHERE mesh_id = ?1 AND from_account = ?2 AND message_id IN
                (SELECT m.id FROM messages m WHERE m.mesh_id = ?1 AND m.from_account = ?3)
            """)
    }

    package func moveTopics() throws {
        let ofMesh = "topic_id IN (SELECT t.id FROM topics t WHERE t.mesh_id = ?1)"
        try run(
            "UPDATE topics SET created_by = ?3 WHERE mesh_id = ?1 AND created_by = ?2",
            """
            DELETE FROM topic_members WHERE account_id = ?2 AND \(ofMesh) AND EXISTS
                (SELECT 1 FROM topic_members x WHERE x.topic_id = topic_members.topic_id AND x.account_id = ?3)
            """, "UPDATE topic_members SET account_id = ?3 WHERE account_id = ?2 AND \(ofMesh)",
            // Whatever either has read is read.
            """
            UPDATE topic_reads SET seq = (SELECT max(x.seq) FROM topic_reads x WHERE x.topic_id = topic_reads.topic_id
                AND x.mailbox_kind = 'member' AND x.mailbox_id IN (?2, ?3))
            WHERE mailbox_kind = 'member' AND mailbox_id = ?3 AND \(ofMesh)
            """,
            """
            DELETE FROM topic_reads WHERE mailbox_kind = 'member' AND mailbox_id = ?2 AND \(ofMesh) AND EXISTS
                (SELECT 1 FROM topic_reads x WHERE x.topic_id = topic_reads.topic_id AND x.mailbox_kind = 'member'
                    AND x.mailbox_id = ?3)
            """,
            """
            UPDATE topic_reads SET mailbox_id = ?3 WHERE mailbox_kind = 'member' AND mailbox_id = ?2 AND \(ofMesh)
            """)
    }

    /// What the account said, or others said of it, stands above what they said as and of the guest; a block stands above
    /// all: nobody signs in to be rid of one.
    package func moveGrants() throws {
        try run(
            """
            DELETE FROM grants WHERE mesh_id = ?1 AND account_id IN (?2, ?3) AND other_id IN (?2, ?3)
            """,
            """
            UPDATE grants SET state = 'blocked', can_dm = 0, can_broadcast = 0, how = NULL, refused_at = NULL
            WHERE mesh_id = ?1 AND ((account_id = ?3 AND EXISTS (SELECT 1 FROM grants g WHERE g.mesh_id = ?1
                    AND g.account_id = ?2 AND g.other_id = grants.other_id AND g.state = 'blocked'))
                OR (other_id = ?3 AND EXISTS (SELECT 1 FROM grants g WHERE g.mesh_id = ?1
                    AND g.other_id = ?2 AND g.account_id = grants.account_id AND g.state = 'blocked')))
            """,
            """
            DELETE FROM grants WHERE mesh_id = ?1 AND ((account_id = ?2 AND EXISTS (SELECT 1 FROM grants g
                    WHERE g.mesh_id = ?1 AND g.account_id = ?3 AND g.other_id = grants.other_id))
                OR (other_id = ?2 AND EXISTS (SELECT 1 FROM grants g
                    WHERE g.mesh_id = ?1 AND g.other_id = ?3 AND g.account_id = grants.account_id)))
            """, "UPDATE grants SET account_id = ?3 WHERE mesh_id = ?1 AND account_id = ?2",
            "UPDATE grants SET other_id = ?3 WHERE mesh_id = ?1 AND other_id = ?2")
    }

    /// Ends of tokens, and whom they let in and put out; keys and invites go along with all of theirs.
    package func moveRest() throws {
        try run(
            "UPDATE ended_tokens SET account_id = ?3 WHERE mesh_id = ?1 AND account_id = ?2",
            "UPDATE ended_tokens SET by_id = ?3 WHERE mesh_id = ?1 AND by_id = ?2",
            "UPDATE bans SET by_id = ?3 WHERE mesh_id = ?1 AND by_id = ?2",
            "UPDATE mesh_changes SET by_id = ?3 WHERE mesh_id = ?1 AND by_id = ?2",
            "UPDATE memberships SET invited_by = ?3 WHERE mesh_id = ?1 AND invited_by = ?2")
    }
}
