// What the look of each second reads.

package import FoundationEssentials

extension MeshHeadRows {
    /// The last change of each of these meshes, or of all.
    package func changes(of meshIDs: Set<String>?) throws -> [String: Int] {
        guard let meshIDs else {
            let rows = try transaction.all("SELECT mesh_id, change FROM mesh_heads")
            return try Dictionary(rows.map { (try $0["mesh_id"], try $0["change"]) }) { first, _ in first }
        }
        return try meshIDs.reduce(into: [:]) { changes, id in changes[id] = try head(meshID: id)?.change }
    }
}

extension CredentialRows {
    /// The ids of those that ended since a time, mesh keys among them; that a key was revoked stands among the changes of
    /// its mesh too.
    package func ended(since: Date, at now: Date) throws -> Set<String> {
        Set(
            try transaction.all(
                """
                SELECT id FROM credentials WHERE revoked_at >= ?1
                UNION ALL SELECT id FROM credentials WHERE expires_at >= ?1 AND expires_at <= ?2
                UNION ALL SELECT id FROM mesh_keys WHERE expires_at >= ?1 AND expires_at <= ?2
                """, since.milliseconds, now.milliseconds
            ).map { try $0["id"] })
    }
}
