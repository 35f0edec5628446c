// What happens in a mesh and is neither a message nor a step of a receipt: each with a change of its own, so that readers are
// told on every server, and find it again after they were away. To add a kind: a case, its line in `EventRows.event`, and
// `note` in the transaction of what happens.

package import FoundationEssentials
internal import MeshAPI

package enum MeshChangeKind: String, Sendable, CaseIterable {
    // About a session, by its id.
    case peerJoined = "peer.joined"
    case peerLeft = "peer.left"
    case peerStatus = "peer.status"
    case peerKicked = "peer.kicked"
    /// Its streams end, and it comes back.
    case peerDisconnected = "peer.disconnected"
    // About an account, by its id; the detail is its name.
    case memberJoined = "member.joined"
    case memberLeft = "member.left"
    case memberRemoved = "member.removed"
    case memberBanned = "member.banned"
    case memberUnbanned = "member.unbanned"
    // About a topic, by its id; the detail is what it was called before.
    case topicCreated = "topic.created"
    case topicChanged = "topic.changed"
    case topicDeleted = "topic.deleted"
    /// About a message of a topic, by its id.
    case messageWithdrawn = "message.withdrawn"
    // These end streams, and are no events.
    case keyRevoked = "key.revoked"
    case meshArchived = "mesh.archived"
}

package struct MeshChange: Sendable, Hashable {
    package var change: Int
    package var kind: MeshChangeKind
    package var subjectID: String
    package var detail: String?
}

package struct MeshChangeRows {
    package let transaction: Transaction

    /// Notes what happened, in the transaction of it. After the commit `MeshChanges.post` tells those who wait.
    package func note(
        _ kind: MeshChangeKind, meshID: String, subject: String, by actorID: String? = nil, detail: String? = nil,
        at now: Date
    ) throws {
        guard let head = try transaction.heads.take(meshID: meshID, changes: 1) else { return }
        try transaction.run(
            """
            INSERT INTO mesh_changes (mesh_id, change, kind, subject_id, by_id, detail, at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
            """, meshID, head.change, kind.rawValue, subject, actorID, detail, now.milliseconds)
    }

    /// What happened after one change, up to another, `limit` at most. Of kinds that this version does not know nothing.
    package func list(meshID: String, after: Int, upTo: Int, limit: Int) throws -> [MeshChange] {
        try transaction.all(
            """
            SELECT change, kind, subject_id, detail FROM mesh_changes
            WHERE mesh_id = ?1 AND change > ?2 AND change <= ?3 ORDER BY change LIMIT ?4
            """, meshID, after, upTo, limit
        ).compactMap { row in
            try MeshChangeKind(rawValue: try row["kind"]).map {
                MeshChange(
                    change: try row["change"], kind: $0, subjectID: try row["subject_id"], detail: try row["detail"])
            }
        }
    }

    /// Removes what was noted before a time: whoever was away for longer begins anew.
    package func sweep(before horizon: Date) throws {
        try transaction.run("DELETE FROM mesh_changes WHERE at < ?1", horizon.milliseconds)
    }
}

extension Transaction {
    package var changes: MeshChangeRows { MeshChangeRows(transaction: self) }
}
