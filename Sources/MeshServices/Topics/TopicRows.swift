// Topics, who is in them, and how far each mailbox has read.

internal import FoundationEssentials
internal import MeshStore
internal import MeshAPI

struct TopicRows {
    let transaction: Transaction

    func topic(named name: String, meshID: String) throws -> TopicRow? {
        try transaction.first(
            "SELECT * FROM topics WHERE mesh_id = ?1 AND name = ?2 AND deleted_at IS NULL", meshID, name
        ).map(TopicRow.init)
    }

    func count(meshID: String) throws -> Int {
        try transaction.count("SELECT count(*) FROM topics WHERE mesh_id = ?1 AND deleted_at IS NULL", meshID)
    }

    /// In the order they were made, one more than `limit`; or the one of an id.
    func list(_ viewer: Viewer, page: PageRequest, id: String? = nil) throws -> [Topic] {
        try transaction.all(
            """
            SELECT t.*, a.name AS maker_name, mine.joined_at AS mine_since, mine.muted AS mine_muted,
                CASE WHEN t.is_general = 1 THEN (SELECT count(*) FROM memberships s WHERE s.mesh_id = t.mesh_id)
                ELSE (SELECT count(*) FROM topic_members x
                    JOIN memberships s ON s.mesh_id = t.mesh_id AND s.account_id = x.account_id
                    WHERE x.topic_id = t.id) END AS member_count
            FROM topics t JOIN accounts a ON a.id = t.created_by
            LEFT JOIN topic_members mine ON mine.topic_id = t.id AND mine.account_id = ?2
            WHERE t.mesh_id = ?1 AND t.deleted_at IS NULL AND (t.id = ?3 OR CAST(?3 AS TEXT) IS NULL)
                AND (t.created_at > ?4 OR (t.created_at = ?4 AND t.id > ?5))
            ORDER BY t.created_at, t.id LIMIT ?6
            """, viewer.meshID, viewer.accountID, id, page.after.time, page.after.id, page.limit + 1
        ).map { row in
            let topic = try TopicRow(row)
            let isJoined = try topic.isGeneral || row["mine_since"] as Int64? != nil
            return Topic(
                id: topic.id, name: topic.name, about: topic.about, createdAt: topic.createdAt,
                by: MemberName(id: topic.createdBy, name: try row["maker_name"]), members: try row["member_count"],
                joined: isJoined, muted: (try row["mine_muted"] as Int?) == 1,
                unread: isJoined ? try unread(topic, viewer) : 0, lastAt: topic.lastAt)
        }
    }

    /// How many messages of others whom the viewer did not block stand behind their mark.
    private func unread(_ topic: TopicRow, _ viewer: Viewer) throws -> Int {
        let mark = try mark(topic, viewer)
        guard topic.lastSeq > mark.seq else { return 0 }
        return try transaction.count(
            """
            SELECT count(*) FROM messages m
            WHERE m.topic_id = ?1 AND m.seq > ?2 AND m.created_at >= ?3 AND m.withdrawn_at IS NULL
                AND NOT (m.from_kind = ?4 AND m.from_id = ?5) AND \(Self.isNotBlocked(account: "?6"))
            """, topic.id, mark.seq, mark.since, viewer.party.rawValue, viewer.id, viewer.accountID)
    }

    /// Behind this message and this time nothing is read. Whoever never read begins when they came.
    private func mark(_ topic: TopicRow, _ viewer: Viewer) throws -> (seq: Int, since: Int64) {
        let row = try transaction.first(
            "SELECT seq FROM topic_reads WHERE topic_id = ?1 AND mailbox_kind = ?2 AND mailbox_id = ?3", topic.id,
            viewer.party.rawValue, viewer.id)
        if let row { return (try row["seq"], 0) }
        let began: (mine: Int64?, joined: Int64?)? = try transaction.first(
            """
            SELECT CASE WHEN ?3 = 'peer' THEN (SELECT p.since FROM presences p WHERE p.session_id = ?4)
                ELSE (SELECT s.joined_at FROM memberships s WHERE s.mesh_id = ?1 AND s.account_id = ?2) END AS began,
                (SELECT x.joined_at FROM topic_members x WHERE x.topic_id = ?5 AND x.account_id = ?2) AS joined
            """, viewer.meshID, viewer.accountID, viewer.party.rawValue, viewer.id, topic.id,
            as: { (try $0["began"] as Int64?, try $0["joined"] as Int64?) })
        return (0, max(began?.mine ?? 0, topic.isGeneral ? 0 : began?.joined ?? 0))
    }

    func insert(id: String, meshID: String, name: String, about: String?, by accountID: String, at now: Date) throws {
        try transaction.run(
            """
            INSERT INTO topics (id, mesh_id, name, about, is_general, created_by, created_at)
            VALUES (?1, ?2, ?3, ?4, 0, ?5, ?6)
            """, id, meshID, name, about, accountID, now.milliseconds)
    }

    func change(id: String, name: String, former: String?, about: String?) throws {
        try transaction.run(
            "UPDATE topics SET name = ?2, former_name = COALESCE(?3, former_name), about = ?4 WHERE id = ?1", id, name,
            former, about)
    }

    /// Its name is free again; what was said in it is kept as long as all messages are.
    func delete(id: String, at now: Date) throws {
        try transaction.run("UPDATE topics SET deleted_at = ?2 WHERE id = ?1", id, now.milliseconds)
    }

    /// Whoever is in it already stays as they are. True where they were not.
    @discardableResult
    func join(_ topic: TopicRow, accountID: String, at now: Date) throws -> Bool {
        guard !topic.isGeneral else { return false }
        return try transaction.run(
            """
            INSERT INTO topic_members (topic_id, account_id, joined_at, muted) VALUES (?1, ?2, ?3, 0)
            ON CONFLICT (topic_id, account_id) DO NOTHING
            """, topic.id, accountID, now.milliseconds) == 1
    }

    func leave(id: String, accountID: String) throws {
        try transaction.run("DELETE FROM topic_members WHERE topic_id = ?1 AND account_id = ?2", id, accountID)
    }

    /// True where they are in it.
    func mute(_ topic: TopicRow, _ isMuted: Bool, accountID: String, at now: Date) throws -> Bool {
        if topic.isGeneral {
            try transaction.run(
                """
                INSERT INTO topic_members (topic_id, account_id, joined_at, muted) VALUES (?1, ?2, ?3, ?4)
                ON CONFLICT (topic_id, account_id) DO UPDATE SET muted = excluded.muted
                """, topic.id, accountID, now.milliseconds, isMuted ? 1 : 0)
            return true
        }
        return try transaction.run(
            "UPDATE topic_members SET muted = ?3 WHERE topic_id = ?1 AND account_id = ?2", topic.id, accountID,
            isMuted ? 1 : 0) == 1
    }

    /// Up to a message everything is read; never back.
    func read(id: String, upTo seq: Int, _ viewer: Viewer) throws {
        try transaction.run(
            """
            INSERT INTO topic_reads (topic_id, mailbox_kind, mailbox_id, seq) VALUES (?1, ?2, ?3, ?4)
            ON CONFLICT (topic_id, mailbox_kind, mailbox_id)
            DO UPDATE SET seq = CASE WHEN excluded.seq > topic_reads.seq THEN excluded.seq ELSE topic_reads.seq END
            """, id, viewer.party.rawValue, viewer.id, seq)
    }

    /// How many mailboxes but the sender's have read that far.
    func readers(of seq: Int, topicID: String, but sender: Mailbox) throws -> Int {
        try transaction.count(
            """
            SELECT count(*) FROM topic_reads
            WHERE topic_id = ?1 AND seq >= ?2 AND NOT (mailbox_kind = ?3 AND mailbox_id = ?4)
            """, topicID, seq, sender.kind.rawValue, sender.id)
    }

    /// The number of a message in a topic; nil where it does not stand there.
    func seq(ofMessage id: String, topicID: String) throws -> Int? {
        try transaction.first("SELECT seq FROM messages WHERE id = ?1 AND topic_id = ?2", id, topicID).map {
            try $0["seq"]
        }
    }

    /// SQL: whether the account did not block the sender of `m`.
    static func isNotBlocked(account: String) -> String {
        """
        NOT EXISTS (SELECT 1 FROM grants g WHERE g.mesh_id = m.mesh_id AND g.account_id = \(account)
            AND g.other_id = m.from_account AND g.state = 'blocked')
        """
    }

    /// SQL: whether a reader of that kind, id and account gets the message `m` of the topic `t`.
    static func isReader(kind: String, id: String, account: String) -> String {
        """
        ((\(kind) <> 'key' AND \(isNotBlocked(account: account)) AND (t.is_general = 1
            OR EXISTS (SELECT 1 FROM topic_members x WHERE x.topic_id = t.id AND x.account_id = \(account)
                AND x.joined_at <= m.created_at)))
        OR (\(kind) = 'key' AND EXISTS (SELECT 1 FROM mesh_keys k WHERE k.id = \(id) AND (k.of_topics = 0
            OR EXISTS (SELECT 1 FROM key_topics y WHERE y.key_id = k.id AND y.topic_id = t.id)))))
        """
    }
}

extension Transaction {
    var topics: TopicRows { TopicRows(transaction: self) }
}
