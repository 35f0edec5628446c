// A mesh key as stored, by digest alone: what a script speaks with in one mesh.

package import FoundationEssentials
package import MeshAPI

package struct MeshKeyRow: Sendable {
    package struct KeyTopic: Sendable, Hashable {
        package var id: String
        package var name: String

        package init(id: String, name: String) { (self.id, self.name) = (id, name) }
    }

    package var id: String
    package var meshID: String
    package var label: String
    package var can: [Ability]
    /// These alone, as many as there still are; nil: not of topics alone.
    package var topics: [KeyTopic]?
    /// Its maker's account, and name.
    package var by: MemberName
    package var createdAt: Date
    package var expiresAt: Date?
    package var lastUsedAt: Date?
    package var revokedAt: Date?

    package init(
        id: String, meshID: String, label: String, can: [Ability], topics: [KeyTopic]?, by: MemberName, createdAt: Date,
        expiresAt: Date?
    ) {
        (self.id, self.meshID, self.label, self.can, self.topics) = (id, meshID, label, can, topics)
        (self.by, self.createdAt, self.expiresAt) = (by, createdAt, expiresAt)
    }

    package func may(_ ability: Ability) -> Bool { can.contains(ability) }

    /// Whether it is for a topic, to read or to write in it.
    package func isFor(topicID: String) -> Bool { topics?.contains { $0.id == topicID } ?? true }

    /// KEY; with its secret where it was just made.
    package func wire(secret: String? = nil) -> MeshKey {
        MeshKey(
            id: id, label: label, can: can, topics: topics?.map(\.name), by: by, createdAt: createdAt,
            expiresAt: expiresAt, lastUsedAt: lastUsedAt, key: secret)
    }
}

extension MeshKeyRow {
    init(_ row: Row, topics: [KeyTopic]?) throws {
        id = try row["id"]
        meshID = try row["mesh_id"]
        label = try row["label"]
        can = (try row["can"] as String).split(separator: " ").compactMap { Ability(rawValue: String($0)) }
        self.topics = topics
        by = MemberName(id: try row["created_by"], name: try row["by_name"])
        createdAt = try row.date("created_at")
        expiresAt = try row.dateIfAny("expires_at")
        lastUsedAt = try row.dateIfAny("last_used_at")
        revokedAt = try row.dateIfAny("revoked_at")
    }
}

package struct MeshKeyRows {
    package let transaction: Transaction

    private static let select = "SELECT k.*, a.name AS by_name FROM mesh_keys k JOIN accounts a ON a.id = k.created_by"

    package func insert(_ key: MeshKeyRow, digest: String) throws {
        try transaction.run(
            """
            INSERT INTO mesh_keys (id, mesh_id, label, digest, can, of_topics, created_by, created_at, expires_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
            """, key.id, key.meshID, key.label, digest, key.can.map(\.rawValue).joined(separator: " "),
            key.topics == nil ? 0 : 1, key.by.id, key.createdAt.milliseconds, key.expiresAt?.milliseconds)
        for topic in key.topics ?? [] {
            try transaction.run("INSERT INTO key_topics (key_id, topic_id) VALUES (?1, ?2)", key.id, topic.id)
        }
    }

    package func key(digest: String) throws -> MeshKeyRow? {
        try transaction.first("\(Self.select) WHERE k.digest = ?1", digest).map(made)
    }

    /// Good or not any more.
    package func key(id: String) throws -> MeshKeyRow? {
        try transaction.first("\(Self.select) WHERE k.id = ?1", id).map(made)
    }

    /// Those of a mesh that can still be used, in the order they were made; one more than `limit`.
    package func list(meshID: String, page: PageRequest, at now: Date) throws -> [MeshKeyRow] {
        try transaction.all(
            """
            \(Self.select)
            WHERE k.mesh_id = ?1 AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > ?2)
                AND (k.created_at > ?3 OR (k.created_at = ?3 AND k.id > ?4))
            ORDER BY k.created_at, k.id LIMIT ?5
            """, meshID, now.milliseconds, page.after.time, page.after.id, page.limit + 1
        ).map(made)
    }

    private func made(_ row: Row) throws -> MeshKeyRow {
        guard (try row["of_topics"] as Int) == 1 else { return try MeshKeyRow(row, topics: nil) }
        let topics = try transaction.all(
            """
            SELECT t.id, t.name FROM key_topics y JOIN topics t ON t.id = y.topic_id AND t.deleted_at IS NULL
            WHERE y.key_id = ?1 ORDER BY t.name
            """, try row["id"] as String
        ).map { MeshKeyRow.KeyTopic(id: try $0["id"], name: try $0["name"]) }
        return try MeshKeyRow(row, topics: topics)
    }

    package func touch(id: String, at now: Date) throws {
        try transaction.run("UPDATE mesh_keys SET last_used_at = ?2 WHERE id = ?1", id, now.milliseconds)
    }

    /// True where this call revoked it: the audit and the readers of its mesh are told.
    package func revoke(id: String, meshID: String, by actorID: String, at now: Date) throws -> Bool {
        let count = try transaction.run(
            "UPDATE mesh_keys SET revoked_at = ?3 WHERE id = ?1 AND mesh_id = ?2 AND revoked_at IS NULL", id, meshID,
            now.milliseconds)
        guard count == 1 else { return false }
        try transaction.audit.record(.keyRevoked, actor: actorID, subject: "\(meshID)/\(id)", at: now)
        try transaction.changes.note(.keyRevoked, meshID: meshID, subject: id, by: actorID, at: now)
        return true
    }

    /// Those that a member made end with their membership.
    package func revokeAll(of accountID: String, meshID: String, by actorID: String, at now: Date) throws {
        let rows = try transaction.all(
            "SELECT id FROM mesh_keys WHERE created_by = ?1 AND mesh_id = ?2 AND revoked_at IS NULL", accountID, meshID)
        for row in rows { _ = try revoke(id: try row["id"], meshID: meshID, by: actorID, at: now) }
    }

    /// What a guest made is its account's from now on.
    package func move(from guestID: String, to accountID: String) throws {
        try transaction.run("UPDATE mesh_keys SET created_by = ?2 WHERE created_by = ?1", guestID, accountID)
    }
}

extension Transaction {
    package var meshKeys: MeshKeyRows { MeshKeyRows(transaction: self) }
}
