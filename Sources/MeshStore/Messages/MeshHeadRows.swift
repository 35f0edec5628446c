// What a mesh counts by: the number of messages, and of all changes that its readers are told of. Taking numbers locks the
// row until the commit, so that they come without gaps and in the order of the commits.

internal import FoundationEssentials

package struct MeshHead: Sendable, Hashable {
    /// Random: another one is another history.
    package var epoch: String
    /// The number of the newest message.
    package var seq: Int
    /// The number of the newest change.
    package var change: Int

    package init(
        epoch: String, seq: Int, change: Int
    ) {
        self.epoch = epoch
        self.seq = seq
        self.change = change
    }
}

extension MeshHead {
    package init(_ row: Row) throws {
        self.init(epoch: try row["epoch"], seq: try row["seq"], change: try row["change"])
    }
}

package struct MeshHeadRows {
    package let transaction: Transaction

    /// For a mesh that is new.
    package func begin(meshID: String) throws {
        try transaction.run(
            "INSERT INTO mesh_heads (mesh_id, epoch, seq, change) VALUES (?1, ?2, 0, 0)", meshID, Identifier.make())
    }

    package func head(meshID: String) throws -> MeshHead? {
        try transaction.first("SELECT epoch, seq, change FROM mesh_heads WHERE mesh_id = ?1", meshID).map(MeshHead.init)
    }

    /// Takes `messages` numbers and `changes`; the head that is given is after them. Nil where there is no such mesh.
    package func take(meshID: String, messages: Int = 0, changes: Int) throws -> MeshHead? {
        try transaction.first(
            """
            UPDATE mesh_heads SET seq = seq + ?2, change = change + ?3 WHERE mesh_id = ?1
            RETURNING epoch, seq, change
            """, meshID, messages, changes
        ).map(MeshHead.init)
    }

    /// Begins another history of every mesh: readers begin anew, since what they were told may never have been.
    package func renewEpochs() throws {
        for mesh in try transaction.all("SELECT mesh_id FROM mesh_heads") {
            try transaction.run(
                "UPDATE mesh_heads SET epoch = ?2 WHERE mesh_id = ?1", try mesh["mesh_id"] as String, Identifier.make())
        }
    }

    /// Writes back what was taken from a head under its lock.
    package func set(_ head: MeshHead, meshID: String) throws {
        try transaction.runLater(
            "UPDATE mesh_heads SET seq = ?2, change = ?3 WHERE mesh_id = ?1", meshID, head.seq, head.change)
    }
}

extension Transaction {
    package var heads: MeshHeadRows { MeshHeadRows(transaction: self) }
}
