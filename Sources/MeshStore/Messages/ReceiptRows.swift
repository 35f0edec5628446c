// Receipts: one row a mailbox, moved forward by steps that each take a change of the mesh.

package import FoundationEssentials
package import MeshAPI

package struct ReceiptRows {
    package let transaction: Transaction

    package func insert(_ receipt: ReceiptRow) throws {
        let time = receipt.at.milliseconds
        try transaction.runLater(
            """
            INSERT INTO receipts (message_id, mailbox_kind, mailbox_id, mesh_id, seq, change, account_id, address, name,
                from_kind, from_id, from_account, state, reason, note, wakes, role_asked, created_at, expires_at, at,
                queued_at, held_at, refused_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?18, ?20, ?21,
                ?22)
            """, receipt.messageID, receipt.mailbox.kind.rawValue, receipt.mailbox.id, receipt.meshID, receipt.seq,
            receipt.change, receipt.accountID, receipt.address, receipt.name, receipt.from.kind.rawValue,
            receipt.from.id, receipt.fromAccount, receipt.state.rawValue, receipt.reason.rawValue, receipt.note,
            receipt.wakes ? 1 : 0, receipt.roleAsked, time, receipt.expiresAt.milliseconds,
            receipt.state == .queued ? time : nil, receipt.state == .held ? time : nil,
            receipt.state == .refused ? time : nil)
    }

    package func receipts(messageID: String) throws -> [ReceiptRow] {
        try transaction.all("SELECT * FROM receipts WHERE message_id = ?1 ORDER BY address, mailbox_id", messageID)
            .map(ReceiptRow.init)
    }

    package func receipt(messageID: String, mailbox: Mailbox) throws -> ReceiptRow? {
        try transaction.first(
            "SELECT * FROM receipts WHERE message_id = ?1 AND mailbox_kind = ?2 AND mailbox_id = ?3", messageID,
            mailbox.kind.rawValue, mailbox.id
        ).map(ReceiptRow.init)
    }

    /// Writes a step, with the time of its state.
    package func step(_ receipt: ReceiptRow) throws {
        try transaction.run(
            """
            UPDATE receipts SET state = ?4, lane = ?5, note = ?6, change = ?7, at = ?8,
                \(receipt.state.rawValue)_at = COALESCE(\(receipt.state.rawValue)_at, ?8)
            WHERE message_id = ?1 AND mailbox_kind = ?2 AND mailbox_id = ?3
            """, receipt.messageID, receipt.mailbox.kind.rawValue, receipt.mailbox.id, receipt.state.rawValue,
            receipt.lane?.rawValue, receipt.note, receipt.change, receipt.at.milliseconds)
    }

    /// How many wait at each peer of a member.
    package func waiting(of accountID: String, meshID: String) throws -> [String: Int] {
        let rows = try transaction.all(
            """
            SELECT mailbox_id, count(*) AS waiting FROM receipts
            WHERE account_id = ?1 AND mesh_id = ?2 AND mailbox_kind = 'peer'
                AND state IN ('queued', 'fetched', 'handed') GROUP BY mailbox_id
            """, accountID, meshID)
        return try Dictionary(uniqueKeysWithValues: rows.map { (try $0["mailbox_id"], try $0["waiting"]) })
    }

    /// The messages that wait unseen at a peer, oldest first.
    package func waiting(at sessionID: String, meshID: String) throws -> [String] {
        try transaction.all(
            """
            SELECT message_id FROM receipts
            WHERE mailbox_id = ?1 AND mailbox_kind = 'peer' AND mesh_id = ?2
                AND state IN ('queued', 'fetched', 'handed', 'held') ORDER BY seq
            """, sessionID, meshID
        ).map { try $0["message_id"] }
    }

    /// Another session of the same handle has it now; what was fetched or handed there waits again.
    package func move(_ messageID: String, from former: String, to sessionID: String, change: Int, at now: Date) throws
    {
        try transaction.run(
            """
            UPDATE receipts SET mailbox_id = ?3, change = ?4, at = ?5,
                state = CASE WHEN state = 'held' THEN state ELSE 'queued' END
            WHERE message_id = ?1 AND mailbox_kind = 'peer' AND mailbox_id = ?2 AND NOT EXISTS (SELECT 1 FROM receipts r
                WHERE r.message_id = ?1 AND r.mailbox_kind = 'peer' AND r.mailbox_id = ?3)
            """, messageID, former, sessionID, change, now.milliseconds)
    }

    /// Tells its readers of it once more.
    package func renumber(_ receipt: ReceiptRow, change: Int) throws {
        try transaction.run(
            "UPDATE receipts SET change = ?4 WHERE message_id = ?1 AND mailbox_kind = ?2 AND mailbox_id = ?3",
            receipt.messageID, receipt.mailbox.kind.rawValue, receipt.mailbox.id, change)
    }

    /// By how many messages of agents a peer may have been woken since then; six are enough to know.
    package func wakes(of sessionID: String, since: Date) throws -> Int {
        try wakes(of: [sessionID], since: since)[sessionID] ?? 0
    }

    /// The same of several peers.
    package func wakes(of sessionIDs: Set<String>, since: Date) throws -> [String: Int] {
        guard !sessionIDs.isEmpty else { return [:] }
        let keys = Array(sessionIDs).paddedKeys
        let arguments: [(any StoreBindable)?] = [since.milliseconds] + keys
        let found = try transaction.runner.all(Self.wakesOf(keys.count), arguments) { row in
            (try row[0] as String, try row[1] as Int)
        }
        return Dictionary(found) { first, _ in first }
    }

    /// Since a time (?1), of so many. Each is looked up, and no more than six of its rows are read: joined, an engine may read
    /// the whole table instead.
    package static func wakesOf(_ count: Int) -> String {
        """
        WITH ids (id) AS (VALUES \((0..<count).map { "(?\($0 + 2))" }.joined(separator: ", ")))
        SELECT ids.id, (SELECT count(*) FROM (SELECT 1 FROM receipts r WHERE r.mailbox_id = ids.id AND r.mailbox_kind = 'peer'
            AND r.wakes = 1 AND r.from_kind <> 'member' AND r.created_at > ?1 LIMIT 6) AS six)
        FROM ids
        """
    }

    /// Whether `sender` has answered this message already.
    package func isAnswered(_ messageID: String, by sender: String) throws -> Bool {
        try transaction.count(
            "SELECT count(*) FROM messages WHERE reply_to = ?1 AND from_id = ?2", messageID, sender) > 0
    }

    /// The others of the role that were asked too and have not seen it.
    package func unseenOfRole(messageID: String, but mailbox: Mailbox) throws -> [ReceiptRow] {
        try transaction.all(
            """
            SELECT * FROM receipts WHERE message_id = ?1 AND role_asked IS NOT NULL AND mailbox_id <> ?2
                AND state IN ('queued', 'fetched', 'handed')
            """, messageID, mailbox.id
        ).map(ReceiptRow.init)
    }

    /// First messages that wait at a member, or at anybody, of one sender or of all, the oldest first.
    package func held(at accountID: String?, from senderID: String?, meshID: String, now: Date) throws -> [ReceiptRow] {
        try transaction.all(
            """
            SELECT * FROM receipts WHERE state = 'held' AND mesh_id = ?1 AND expires_at > ?4
                AND (account_id = ?2 OR CAST(?2 AS TEXT) IS NULL) AND (from_account = ?3 OR CAST(?3 AS TEXT) IS NULL)
            ORDER BY seq, mailbox_id
            """, meshID, accountID, senderID, now.milliseconds
        ).map(ReceiptRow.init)
    }

    /// How many first messages wait at a member, by whose they are.
    package func heldCounts(at accountID: String, meshID: String, now: Date) throws -> [String: Int] {
        let rows = try transaction.all(
            """
            SELECT from_account, count(DISTINCT message_id) AS waiting FROM receipts
            WHERE state = 'held' AND account_id = ?1 AND mesh_id = ?2 AND expires_at > ?3 GROUP BY from_account
            """, accountID, meshID, now.milliseconds)
        return try Dictionary(uniqueKeysWithValues: rows.map { (try $0["from_account"], try $0["waiting"]) })
    }

    /// What was held goes on, as if it were sent now: whether it wakes is decided with it.
    package func letIn(_ receipt: ReceiptRow) throws {
        try step(receipt)
        try transaction.run(
            "UPDATE receipts SET wakes = ?4 WHERE message_id = ?1 AND mailbox_kind = ?2 AND mailbox_id = ?3",
            receipt.messageID, receipt.mailbox.kind.rawValue, receipt.mailbox.id, receipt.wakes ? 1 : 0)
    }

    /// Those whose time is over and whose rows do not say so yet, the oldest first.
    package func over(at now: Date, limit: Int) throws -> [ReceiptRow] {
        try transaction.all(
            """
            SELECT * FROM receipts WHERE state IN ('queued', 'fetched', 'handed', 'held') AND expires_at <= ?1
            ORDER BY expires_at LIMIT ?2
            """, now.milliseconds, limit
        ).map(ReceiptRow.init)
    }

    /// What waits at a member and all theirs, or at everybody in a mesh, expires.
    package func expireAll(of accountID: String? = nil, meshID: String, at now: Date) throws {
        let waiting = try transaction.all(
            """
            SELECT * FROM receipts WHERE mesh_id = ?1 AND (account_id = ?2 OR CAST(?2 AS TEXT) IS NULL)
                AND state IN ('queued', 'fetched', 'handed', 'held') ORDER BY seq
            """, meshID, accountID
        ).map(ReceiptRow.init)
        try end(waiting, as: .expired, at: now)
    }

    /// What a member, their peers and keys said and nobody has seen is taken back.
    package func withdrawAll(from accountID: String, meshID: String, note: String, at now: Date) throws {
        let waiting = try transaction.all(
            """
            SELECT r.* FROM messages m JOIN receipts r ON r.message_id = m.id
            WHERE m.from_account = ?1 AND m.mesh_id = ?2 AND r.state IN ('queued', 'fetched', 'handed', 'held')
            ORDER BY m.seq
            """, accountID, meshID
        ).map(ReceiptRow.init)
        try end(waiting, as: .withdrawn, note: note, at: now)
    }

    /// Each of them comes to this end, with a change of its own.
    package func end(_ receipts: [ReceiptRow], as state: MessageState, note: String? = nil, at now: Date) throws {
        for (meshID, rows) in Dictionary(grouping: receipts, by: \.meshID) {
            guard let head = try transaction.heads.take(meshID: meshID, changes: rows.count) else { continue }
            for (index, row) in rows.enumerated() {
                var row = row
                (row.state, row.at, row.change) = (state, now, head.change - rows.count + index + 1)
                row.note = note ?? row.note
                try step(row)
            }
        }
    }
}

extension Transaction {
    package var receipts: ReceiptRows { ReceiptRows(transaction: self) }
}
