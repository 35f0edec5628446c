// The numbers of the messages that a reader asks for, newest first: those of its mailboxes, those it sent, and those of its
// topics.

internal import FoundationEssentials
internal import MeshStore
internal import MeshAPI

struct MessageListRows {
    let transaction: Transaction
    let meshID: String
    let speaker: Speaker
    let now: Date

    /// Nobody is in their own mailbox, but by a probe, which is in no list.
    private static let isNoProbe = "NOT (r.from_id = r.mailbox_id AND r.from_kind = r.mailbox_kind)"

    /// One more than the limit, where there are.
    func numbers(_ query: MessageQuery, with party: Mailbox?) throws -> [Int] {
        if let topic = query.topic { return try ofTopic(topic, query) }
        if query.isUnread || query.isHeld { return try waiting(query) }
        // By account for a member, who reads what their peers sent and got too; by mailbox for a peer.
        let isMember = speaker.kind == .member
        let got = isMember ? "r.account_id" : "r.mailbox_id"
        let sent = isMember ? "m.from_account" : "m.from_id"
        let states = isMember ? "'nothing'" : "'held', 'refused'"
        // A key asks for a topic by its name.
        let reader = party == nil && speaker.kind != .key && speaker.may(.read) ? speaker.memberID : nil
        let (fromParty, toParty) = Self.columns(party)
        // Each half in its own order and cut by itself: of the two as one, all that was ever said would be sorted.
        return try transaction.all(
            """
            SELECT seq FROM (SELECT seq FROM (
                SELECT DISTINCT r.seq FROM receipts r WHERE \(got) = ?1 AND r.mesh_id = ?2 AND r.seq < ?3
                    AND r.state NOT IN (\(states)) AND (r.state <> 'withdrawn' OR r.seen_at IS NOT NULL)
                    AND (r.state <> 'refused' OR r.held_at IS NOT NULL)
                    AND (CASE WHEN r.mailbox_kind = 'key' THEN 1 ELSE 0 END) = ?6
                    AND (\(fromParty) = ?5 OR CAST(?5 AS TEXT) IS NULL) AND \(Self.isNoProbe)
                ORDER BY r.seq DESC LIMIT ?4) AS got
                UNION SELECT seq FROM (
                SELECT m.seq FROM messages m WHERE \(sent) = ?1 AND m.mesh_id = ?2 AND m.seq < ?3 AND m.is_probe = 0
                    AND (CAST(?5 AS TEXT) IS NULL OR EXISTS (SELECT 1 FROM receipts t
                        WHERE t.message_id = m.id AND \(toParty) = ?5))
                ORDER BY m.seq DESC LIMIT ?4) AS sent
                \(Self.ofTopics)
            ) AS numbers ORDER BY seq DESC LIMIT ?4
            """, isMember ? speaker.memberID : speaker.id, meshID, query.before, query.limit + 1, party?.id,
            speaker.kind == .key ? 1 : 0, reader
        ).map { try $0["seq"] }
    }

    /// What was said in the topics that a member or a peer is in (?7), also before they joined. No more rows than a page has: by
    /// a count, so that an engine goes through the messages and not, topic by topic, through all there are.
    private static let ofTopics = """
        UNION
        SELECT seq FROM (
            SELECT m.seq FROM messages m
            WHERE CAST(?7 AS TEXT) IS NOT NULL AND m.mesh_id = ?2 AND m.seq < ?3 AND m.withdrawn_at IS NULL
                AND m.topic_id IS NOT NULL
                AND (SELECT count(*) FROM topics t WHERE t.id = m.topic_id AND t.deleted_at IS NULL
                    AND (t.is_general = 1 OR EXISTS (SELECT 1 FROM topic_members x
                        WHERE x.topic_id = t.id AND x.account_id = ?7))) > 0
                AND \(TopicRows.isNotBlocked(account: "?7"))
            ORDER BY m.seq DESC LIMIT ?4) AS said
        """

    /// With a member: with all theirs.
    private static func columns(_ party: Mailbox?) -> (from: String, to: String) {
        party?.kind == .member ? ("r.from_account", "t.account_id") : ("r.from_id", "t.mailbox_id")
    }

    private func ofTopic(_ name: String, _ query: MessageQuery) throws -> [Int] {
        let topic = try transaction.first(
            "SELECT id FROM topics WHERE mesh_id = ?1 AND name = ?2 AND deleted_at IS NULL", meshID, name)
        if let key = speaker.key, try topic.map({ !key.isFor(topicID: try $0["id"]) }) ?? (key.topics != nil) {
            throw key.refusal
        }
        guard let topic else {
            throw Refusal.noTopic(name)
        }
        return try transaction.all(
            """
            SELECT m.seq FROM messages m WHERE m.topic_id = ?1 AND m.seq < ?2
                AND \(TopicRows.isNotBlocked(account: "?4"))
            ORDER BY m.seq DESC LIMIT ?3
            """, try topic["id"] as String, query.before, query.limit + 1, speaker.memberID
        ).map { try $0["seq"] }
    }

    /// Unread: of the reader's own mailbox. Held: what waits for a member to let it in, at them and all theirs.
    private func waiting(_ query: MessageQuery) throws -> [Int] {
        let (column, id) = query.isHeld ? ("account_id", speaker.memberID) : ("mailbox_id", speaker.id)
        let states = query.isHeld ? "'held'" : "'queued', 'fetched', 'handed'"
        return try transaction.all(
            """
            SELECT DISTINCT r.seq FROM receipts r
            WHERE r.\(column) = ?1 AND r.mesh_id = ?2 AND r.seq < ?3 AND r.expires_at > ?4 AND r.state IN (\(states))
                AND (r.mailbox_kind = ?6 OR r.state = 'held') AND \(Self.isNoProbe)
            ORDER BY r.seq DESC LIMIT ?5
            """, id, meshID, query.before, now.milliseconds, query.limit + 1, speaker.kind.rawValue
        ).map { try $0["seq"] }
    }
}

extension MessageRows {
    func message(seq: Int, meshID: String) throws -> MessageRow? {
        try transaction.first("\(Self.select) WHERE m.mesh_id = ?1 AND m.seq = ?2", meshID, seq).map(MessageRow.init)
    }
}
