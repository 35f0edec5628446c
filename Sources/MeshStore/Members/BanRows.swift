// Who may not come back into a mesh.

package import FoundationEssentials
package import MeshAPI

package struct BanRows {
    package let transaction: Transaction

    package func has(_ accountID: String, meshID: String) throws -> Bool {
        try transaction.count(
            "SELECT count(*) FROM bans WHERE mesh_id = ?1 AND account_id = ?2", meshID, accountID) > 0
    }

    package func insert(_ accountID: String, meshID: String, by actorID: String, at now: Date) throws {
        try transaction.run(
            "INSERT INTO bans (mesh_id, account_id, by_id, banned_at) VALUES (?1, ?2, ?3, ?4)", meshID, accountID,
            actorID, now.milliseconds)
    }

    /// True where there was one.
    package func delete(_ accountID: String, meshID: String) throws -> Bool {
        try transaction.run("DELETE FROM bans WHERE mesh_id = ?1 AND account_id = ?2", meshID, accountID) == 1
    }

    /// The oldest first, one more than `limit`.
    package func list(meshID: String, page: PageRequest) throws -> [Ban] {
        try transaction.all(
            """
            SELECT b.account_id, b.banned_at, a.name, o.id AS by_id, o.name AS by_name
            FROM bans b JOIN accounts a ON a.id = b.account_id JOIN accounts o ON o.id = b.by_id
            WHERE b.mesh_id = ?1 AND (b.banned_at > ?2 OR (b.banned_at = ?2 AND b.account_id > ?3))
            ORDER BY b.banned_at, b.account_id LIMIT ?4
            """, meshID, page.after.time, page.after.id, page.limit + 1
        ).map { row in
            Ban(
                id: try row["account_id"], name: try row["name"], bannedAt: try row.date("banned_at"),
                by: MemberName(id: try row["by_id"], name: try row["by_name"]))
        }
    }
}

extension Transaction {
    package var bans: BanRows { BanRows(transaction: self) }
}
