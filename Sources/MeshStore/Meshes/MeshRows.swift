// Meshes, as stored.

package import FoundationEssentials
package import MeshAPI
import Text

package struct MeshRows {
    package let transaction: Transaction

    /// One row per mesh of an account; `?1` is the account's id.
    private static let select = """
        SELECT m.id, m.slug, m.name, m.created_at, m.first_contact, mine.membership, mine.joined_at, o.name AS owner_name,
            (SELECT count(*) FROM memberships everyone WHERE everyone.mesh_id = m.id) AS member_count
        FROM memberships mine
        JOIN meshes m ON m.id = mine.mesh_id AND m.archived_at IS NULL
        JOIN accounts o ON o.id = m.owner_id
        WHERE mine.account_id = ?1
        """

    /// The meshes of an account in the order it joined them, one more than `limit`. `query` is folded; it is found in
    /// names and slugs.
    package func list(accountID: String, query: String?, page: PageRequest) throws -> [Mesh] {
        let pattern = query.map { "%" + Self.escaped($0) + "%" }
        return try transaction.all(
            """
            \(Self.select)
                AND (mine.joined_at > ?2 OR (mine.joined_at = ?2 AND m.id > ?3))
                AND (CAST(?4 AS TEXT) IS NULL OR m.name_folded LIKE ?4 ESCAPE '\\' OR m.slug LIKE ?4 ESCAPE '\\')
            ORDER BY mine.joined_at, mine.mesh_id LIMIT ?5
            """, accountID, page.after.time, page.after.id, pattern, page.limit + 1
        ).map(Mesh.init(row:))
    }

    /// A mesh that the account belongs to.
    package func mesh(id: String, accountID: String) throws -> Mesh? {
        try transaction.first("\(Self.select) AND m.id = ?2", accountID, id).map(Mesh.init(row:))
    }

    package func hasSlug(_ slug: String, ownerID: String) throws -> Bool {
        try transaction.count(
            "SELECT count(*) FROM meshes WHERE owner_id = ?1 AND slug = ?2 AND archived_at IS NULL", ownerID, slug) > 0
    }

    /// Makes a mesh with its owner in it.
    package func insert(id: String, ownerID: String, slug: String, name: String, at now: Date) throws {
        try transaction.run(
            "INSERT INTO meshes (id, owner_id, slug, name, name_folded, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            id, ownerID, slug, name, name.folded(), now.milliseconds)
        try transaction.memberships.insert(
            meshID: id, accountID: ownerID, membership: .owner, by: .isVouched, at: now)
        try MeshGround(transaction: transaction).lay(meshID: id, ownerID: ownerID, at: now)
    }

    /// What a stranger with an invite sees.
    package func summary(id: String) throws -> (name: String, memberCount: Int)? {
        let row = try transaction.first(
            """
            SELECT name, (SELECT count(*) FROM memberships s WHERE s.mesh_id = m.id) AS member_count
            FROM meshes m WHERE m.id = ?1 AND m.archived_at IS NULL
            """, id)
        return try row.map { (try $0["name"], try $0["member_count"]) }
    }

    /// The slug stays: it is in people's notes and scripts.
    package func rename(id: String, name: String) throws {
        try transaction.run("UPDATE meshes SET name = ?2, name_folded = ?3 WHERE id = ?1", id, name, name.folded())
    }

    package func set(_ firstContact: FirstContact, id: String) throws {
        try transaction.run("UPDATE meshes SET first_contact = ?2 WHERE id = ?1", id, firstContact.rawValue)
    }

    /// True where this call archived it.
    package func archive(id: String, at now: Date) throws -> Bool {
        try transaction.run(
            "UPDATE meshes SET archived_at = ?2 WHERE id = ?1 AND archived_at IS NULL", id, now.milliseconds) == 1
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("%", with: "\\%").replacing("_", with: "\\_")
    }
}

extension Mesh {
    package init(row: Row) throws {
        self.init(
            id: try row["id"], slug: try row["slug"], name: try row["name"],
            membership: Membership(rawValue: try row["membership"]) ?? .member, memberCount: try row["member_count"],
            createdAt: try row.date("created_at"), joinedAt: try row.date("joined_at"),
            ownerName: try row["owner_name"],
            firstContact: FirstContact(rawValue: try row["first_contact"]))
    }
}

extension Transaction {
    package var meshes: MeshRows { MeshRows(transaction: self) }
}
