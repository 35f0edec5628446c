// What a look at a mesh asks first, in one statement: most looks find out by it that there is nothing else to ask. It says that
// all is in order or that it is not; why not is said by `StandingRows`.

internal import FoundationEssentials
internal import MeshAPI
internal import MeshStore

struct Glance: Sendable {
    /// Whether what lets the viewer look holds.
    var isInOrder: Bool
    var head: MeshHead
    /// The id of the message that the cursor's number means.
    var idThere: String?
    /// The id of the newest message; nil where it is kept no longer, or there is none.
    var newestID: String?
    /// Whether anything was said in a topic since, by anybody.
    var isTopicNew: Bool
    /// Whether anything is new that is neither a message nor a receipt.
    var isMeshNew: Bool
    /// Whether each change since is a message's own: none has a receipt.
    var isAllSaid: Bool

    func isNothingNew(after cursor: EventCursor) -> Bool {
        head.epoch == cursor.epoch && head.change == cursor.change
    }
}

struct GlanceRows {
    let transaction: Transaction

    /// Behind so many changes it is not asked whether each is a message's.
    private static let mostCounted = 128

    // Put together once: each wake of a stream may ask.
    private static let select = """
        SELECT h.epoch, h.seq, h.change, m.archived_at, s.account_id, c.revoked_at, c.expires_at, c.first_use_by,
            c.id, e.reason, p.mesh_id, p.token_digest,
            (SELECT a.id FROM messages a WHERE a.mesh_id = m.id AND a.seq = ?6),
            (SELECT b.id FROM messages b WHERE b.mesh_id = m.id AND b.seq = h.seq),
            (SELECT max(t.last_seq) FROM topics t WHERE t.mesh_id = m.id AND t.deleted_at IS NULL),
            (SELECT max(o.change) FROM mesh_changes o WHERE o.mesh_id = m.id),
            (SELECT count(*) FROM (SELECT 1 FROM messages n WHERE n.mesh_id = m.id AND n.seq > ?6
                AND n.change > ?7 LIMIT \(mostCounted)) AS said)
        FROM meshes m JOIN mesh_heads h ON h.mesh_id = m.id
        LEFT JOIN memberships s ON s.mesh_id = m.id AND s.account_id = ?2
        LEFT JOIN credentials c ON c.id = ?3
        LEFT JOIN presences p ON p.session_id = ?4
        LEFT JOIN ended_tokens e ON e.token_digest = ?5
        WHERE m.id = ?1
        """

    /// Nil where there is no such mesh. Of a browser and of a key it does not say that all is in order: theirs stands elsewhere.
    func glance(_ viewer: Viewer, after cursor: EventCursor, at now: Date) throws -> Glance? {
        let peer = viewer.speaker.peer
        return try transaction.first(
            Self.select, viewer.meshID, viewer.accountID, Self.credential(of: viewer), peer?.sessionID,
            peer?.tokenDigest, cursor.seq, cursor.change
        ) { row -> Glance in
            let (isArchived, isMember) = (try row[3] as Int64? != nil, try row[4] as String? != nil)
            let isOver = try Self.isOver(revoked: row[5], expires: row[6], firstUseBy: row[7], at: now.milliseconds)
            let isKnown = try row[8] as String? != nil
            let isEnded = try row[9] as String? != nil
            let (there, digest): (String?, String?) = (try row[10], try row[11])
            let isMoved = there.map { $0 != peer?.meshID || digest != peer?.tokenDigest } ?? false
            let head = MeshHead(epoch: try row[0], seq: try row[1], change: try row[2])
            return Glance(
                isInOrder: !isArchived && isMember && isKnown && !isOver && !isEnded && !isMoved,
                head: head, idThere: try row[12], newestID: try row[13],
                isTopicNew: (try row[14] as Int? ?? 0) > cursor.seq,
                isMeshNew: (try row[15] as Int? ?? 0) > cursor.change,
                isAllSaid: try row[16] as Int == head.change - cursor.change)
        }
    }

    private static func credential(of viewer: Viewer) -> String? {
        if case .credential(let id) = viewer.proof, viewer.party != .key { id } else { nil }
    }

    private static func isOver(revoked: Int64?, expires: Int64?, firstUseBy: Int64?, at now: Int64) -> Bool {
        revoked != nil || expires.map { $0 <= now } ?? false || firstUseBy.map { $0 <= now } ?? false
    }
}

extension Transaction {
    var glances: GlanceRows { GlanceRows(transaction: self) }
}

extension EventCursor {
    /// Whether it still leads anywhere.
    func holds(at glance: Glance, in transaction: Transaction) throws -> Bool {
        let oldest = try glance.idThere == nil ? transaction.events.oldestMessage(meshID: meshID) : nil
        return holds(at: glance.head, idThere: glance.idThere, oldest: oldest)
    }
}
