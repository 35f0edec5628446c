// Messages: written once, read by number, by sender, by topic, by chain.

package import FoundationEssentials
package import MeshAPI

package struct MessageRows {
    package let transaction: Transaction

    /// With the name its sender's member has now.
    package static let select = """
        SELECT m.*, a.name AS from_member_name FROM messages m JOIN accounts a ON a.id = m.from_account
        """

    package func insert(_ message: MessageRow) throws {
        let from = message.from
        let leftOut = try message.leftOut.map { String(decoding: try WireJSON.encode($0), as: UTF8.self) }
        try transaction.runLater(
            """
            INSERT INTO messages (id, mesh_id, seq, change, from_kind, from_id, from_account, from_address, from_name,
                from_handle, from_role, from_host, to_written, topic_id, body, body_version, reply_to, parent, chain,
                hop, reason, client_id, created_at, written_at, expires_at, is_probe, left_out)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21,
                ?22, ?23, ?24, ?25, ?26, ?27)
            """, message.id, message.meshID, message.seq, message.change, from.kind.rawValue, from.id, from.member.id,
            from.address, from.name, from.member.handle, from.role, from.host,
            WireJSON.written(message.to), message.topicID, message.body,
            message.bodyVersion, message.replyTo, message.parent, message.chain, message.hop, message.reason.rawValue,
            message.clientID, message.createdAt.milliseconds, message.writtenAt?.milliseconds,
            message.expiresAt.milliseconds, message.isProbe ? 1 : 0, leftOut)
    }

    package func message(id: String, meshID: String) throws -> MessageRow? {
        try transaction.first("\(Self.select) WHERE m.id = ?1 AND m.mesh_id = ?2", id, meshID).map(MessageRow.init)
    }

    /// Those whose id begins so, two at most: `id` itself alone where it is one.
    package func messages(idPrefix: String, meshID: String) throws -> [MessageRow] {
        try transaction.all(
            "\(Self.select) WHERE m.id >= ?1 AND m.mesh_id = ?2 ORDER BY m.id LIMIT 2", idPrefix, meshID
        ).map(MessageRow.init).filter { $0.id.hasPrefix(idPrefix) }
    }

    package func id(meshID: String, seq: Int) throws -> String? {
        try transaction.first("SELECT id FROM messages WHERE mesh_id = ?1 AND seq = ?2", meshID, seq).map {
            try $0["id"]
        }
    }

    /// What these senders sent under these ids of theirs.
    package func sent(_ ids: [(kind: PartyKind, sender: String, clientID: String)], meshID: String) throws
        -> [MessageRow]
    {
        guard !ids.isEmpty else { return [] }
        let keys = ids.paddedKeys
        let arguments = [meshID] + keys.flatMap { [$0.kind.rawValue, $0.sender, $0.clientID] }
        let found = try transaction.runner.all(Self.sentBefore(keys.count), arguments) { try $0[0] as String? }
        // Hardly ever any.
        return try Set(found.compactMap { $0 }).compactMap { try message(id: $0, meshID: meshID) }
    }

    /// Their ids, of a mesh (?1), by a sender's kind, its id and the message's. Each is looked up: joined, an engine may read
    /// the whole log of the mesh instead.
    package static func sentBefore(_ count: Int) -> String {
        let places = (0..<count).map { "(?\(3 * $0 + 2), ?\(3 * $0 + 3), ?\(3 * $0 + 4))" }.joined(separator: ", ")
        return """
            WITH ids (kind, sender, client) AS (VALUES \(places))
            SELECT (SELECT m.id FROM messages m WHERE m.from_id = ids.sender AND m.mesh_id = ?1
                AND m.client_id = ids.client AND m.from_kind = ids.kind)
            FROM ids
            """
    }

    /// The first one has the chain's id, and stands in no index of it: most messages begin a chain that nothing follows.
    package func count(chain: String) throws -> Int {
        try transaction.count("SELECT count(*) FROM messages WHERE chain = ?1 AND chain <> id", chain) + 1
    }

    /// The newest times at which `sender` wrote to the peer `receiver`, newest first.
    package func times(from sender: String, to receiver: String, since: Date, most: Int) throws -> [Date] {
        try transaction.all(
            """
            SELECT created_at FROM receipts
            WHERE mailbox_id = ?1 AND from_id = ?2 AND created_at > ?3 AND mailbox_kind = 'peer' AND from_kind = 'peer'
            ORDER BY created_at DESC LIMIT ?4
            """, receiver, sender, since.milliseconds, most
        ).map { try $0.date("created_at") }
    }

    /// In its topic the words are gone; the row stays, for its number.
    package func withdraw(id: String, change: Int, at now: Date) throws {
        try transaction.run(
            "UPDATE messages SET withdrawn_at = ?2, change = ?3 WHERE id = ?1", id, now.milliseconds, change)
    }

    /// Removes what is older than that, and probes that are over; the newest message of a mesh stays, whose number and tag
    /// are in every cursor.
    package func sweep(before end: Date, at now: Date) throws {
        let isNotNewest =
            "NOT EXISTS (SELECT 1 FROM mesh_heads h WHERE h.mesh_id = messages.mesh_id AND h.seq = messages.seq)"
        try transaction.run("DELETE FROM messages WHERE created_at < ?1 AND \(isNotNewest)", end.milliseconds)
        // Those of the last days: the whole log is not read for what is in no list.
        try transaction.run(
            """
            DELETE FROM messages WHERE created_at BETWEEN ?1 AND ?2 AND is_probe = 1 AND expires_at <= ?2
                AND \(isNotNewest)
            """, now.addingTimeInterval(-2 * 86_400).milliseconds, now.milliseconds)
    }
}

extension Transaction {
    package var messages: MessageRows { MessageRows(transaction: self) }
}
