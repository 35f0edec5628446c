// A mesh key as stored, by digest alone: what a script speaks with in one mesh.

internal import FoundationEssentials
package import MeshAPI
internal import MeshStore

package struct MeshKeyRow: Sendable {
    package struct KeyTopic: Sendable, Hashable {
        var id: String
        package var name: String
    }

    var id: String
    package var meshID: String
    package var label: String
    package var can: [Ability]
    /// These alone, as many as there still are; nil: not of topics alone.
    package var topics: [KeyTopic]?
    /// Its maker's account, and name.
    var by: MemberName
    var createdAt: Date
    var expiresAt: Date?
    var lastUsedAt: Date?
    var revokedAt: Date?

    func may(_ ability: Ability) -> Bool { can.contains(ability) }

    func problem(at now: Date) -> Refusal.TokenProblem? {
        if revokedAt != nil { return .revoked }
        return expiresAt.map { $0 <= now } ?? false ? .expired : nil
    }

    /// Whether it is for a topic, to read or to write in it.
    func isFor(topicID: String) -> Bool { topics?.contains { $0.id == topicID } ?? true }

    /// Throws 403 where it may not write to an address, before anything is looked for there.
    func check(writingTo address: String) throws {
        let name = address.hasPrefix("#") ? address.dropFirst().lowercased() : nil
        let isAllowed =
            if let name { topics?.contains { $0.name == name } ?? true } else { topics == nil && may(.send) }
        guard isAllowed else { throw refusal }
    }

    /// 403, saying what it may.
    package var refusal: Refusal { .notAllowed(limits) }

    /// "This key may only send to #ci."
    var limits: String {
        let names = topics.map {
            $0.isEmpty ? "topics that are gone" : $0.map { "#\($0.name)" }.joined(separator: ", ")
        }
        let deeds = can.sorted { $0.rawValue < $1.rawValue }.map { ability in
            switch ability {
            case .read: "read \(names ?? "topics")"
            case .send: names.map { "send to \($0)" } ?? "send messages"
            case .topics: names.map { "post in \($0)" } ?? "post in topics and make them"
            }
        }
        return "This key may only \(deeds.joined(separator: ", "))."
    }

    /// KEY; with its secret where it was just made.
    func wire(secret: String? = nil) -> MeshKey {
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

struct MeshKeyRows {
    let transaction: Transaction

    private static let select = "SELECT k.*, a.name AS by_name FROM mesh_keys k JOIN accounts a ON a.id = k.created_by"

    func insert(_ key: MeshKeyRow, digest: String) throws {
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

    func key(digest: String) throws -> MeshKeyRow? {
        try transaction.first("\(Self.select) WHERE k.digest = ?1", digest).map(made)
    }

    /// Good or not any more.
    func key(id: String) throws -> MeshKeyRow? {
        try transaction.first("\(Self.select) WHERE k.id = ?1", id).map(made)
    }

    /// Those of a mesh that can still be used, in the order they were made; one more than `limit`.
    func list(meshID: String, page: PageRequest, at now: Date) throws -> [MeshKeyRow] {
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

    func touch(id: String, at now: Date) throws {
        try transaction.run("UPDATE mesh_keys SET last_used_at = ?2 WHERE id = ?1", id, now.milliseconds)
    }

    /// True where this call revoked it: the audit and the readers of its mesh are told.
    func revoke(id: String, meshID: String, by actorID: String, at now: Date) throws -> Bool {
        let count = try transaction.run(
            "UPDATE mesh_keys SET revoked_at = ?3 WHERE id = ?1 AND mesh_id = ?2 AND revoked_at IS NULL", id, meshID,
            now.milliseconds)
        guard count == 1 else { return false }
        try transaction.audit.record(.keyRevoked, actor: actorID, subject: "\(meshID)/\(id)", at: now)
        try transaction.changes.note(.keyRevoked, meshID: meshID, subject: id, by: actorID, at: now)
        return true
    }

    /// Those that a member made end with their membership.
    func revokeAll(of accountID: String, meshID: String, by actorID: String, at now: Date) throws {
        let rows = try transaction.all(
            "SELECT id FROM mesh_keys WHERE created_by = ?1 AND mesh_id = ?2 AND revoked_at IS NULL", accountID, meshID)
        for row in rows { _ = try revoke(id: try row["id"], meshID: meshID, by: actorID, at: now) }
    }

    /// What a guest made is its account's from now on.
    func move(from guestID: String, to accountID: String) throws {
        try transaction.run("UPDATE mesh_keys SET created_by = ?2 WHERE created_by = ?1", guestID, accountID)
    }
}

extension Transaction {
    var meshKeys: MeshKeyRows { MeshKeyRows(transaction: self) }
}
