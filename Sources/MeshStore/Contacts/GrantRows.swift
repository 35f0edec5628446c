// What a member lets another do, where they have said so: a row stands above what first contact and vouching say.

package import FoundationEssentials
package import MeshAPI

package struct GrantRow: Sendable {
    package var meshID: String
    /// Who lets.
    package var accountID: String
    /// Whom.
    package var otherID: String
    package var state: GrantState
    package var canDM: Bool
    package var canBroadcast: Bool
    package var how: GrantSource?
    package var since: Date
    package var refusedAt: Date?
}

extension GrantRow {
    /// What a person says of another: nothing blocks.
    package init(letting otherID: String, do can: Set<GrantAbility>, by accountID: String, meshID: String, at now: Date)
    {
        (self.meshID, self.accountID, self.otherID) = (meshID, accountID, otherID)
        state = can.isEmpty ? .blocked : .open
        (canDM, canBroadcast) = (can.contains(.dm), can.contains(.broadcast))
        (how, since) = (can.isEmpty ? nil : .letIn, now)
    }

    /// What a person did not take: a day later the other may ask again.
    package init(refusing otherID: String, by accountID: String, meshID: String, at now: Date) {
        self.init(letting: otherID, do: [], by: accountID, meshID: meshID, at: now)
        (state, refusedAt) = (.refused, now)
    }

    package init(_ row: Row) throws {
        meshID = try row["mesh_id"]
        accountID = try row["account_id"]
        otherID = try row["other_id"]
        state = GrantState(rawValue: try row["state"]) ?? .open
        canDM = (try row["can_dm"] as Int) == 1
        canBroadcast = (try row["can_broadcast"] as Int) == 1
        let how: String? = try row["how"]
        self.how = how.flatMap(GrantSource.init)
        since = try row.date("since")
        refusedAt = try row.dateIfAny("refused_at")
    }
}

package struct GrantRows {
    package let transaction: Transaction

    /// What others let a member do, by who lets.
    package func grants(to otherID: String, meshID: String) throws -> [String: GrantRow] {
        let rows = try transaction.all(
            "SELECT * FROM grants WHERE mesh_id = ?1 AND other_id = ?2", meshID, otherID
        ).map(GrantRow.init)
        return Dictionary(uniqueKeysWithValues: rows.map { ($0.accountID, $0) })
    }

    /// What a member lets others do, where they have said so, by whom.
    package func grants(of accountID: String, meshID: String) throws -> [String: GrantRow] {
        let rows = try transaction.all(
            "SELECT * FROM grants WHERE mesh_id = ?1 AND account_id = ?2", meshID, accountID
        ).map(GrantRow.init)
        return Dictionary(uniqueKeysWithValues: rows.map { ($0.otherID, $0) })
    }

    package func grant(of accountID: String, to otherID: String, meshID: String) throws -> GrantRow? {
        try transaction.first(
            "SELECT * FROM grants WHERE mesh_id = ?1 AND account_id = ?2 AND other_id = ?3", meshID, accountID, otherID
        ).map(GrantRow.init)
    }

    /// Writes what a member lets another do, over what they said before.
    package func put(_ grant: GrantRow) throws {
        try transaction.run(
            """
            INSERT INTO grants (mesh_id, account_id, other_id, state, can_dm, can_broadcast, how, since, refused_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT (mesh_id, account_id, other_id) DO UPDATE
            SET state = excluded.state, can_dm = excluded.can_dm, can_broadcast = excluded.can_broadcast,
                how = excluded.how, since = excluded.since, refused_at = excluded.refused_at
            """, grant.meshID, grant.accountID, grant.otherID, grant.state.rawValue, grant.canDM ? 1 : 0,
            grant.canBroadcast ? 1 : 0, grant.how?.rawValue, grant.since.milliseconds, grant.refusedAt?.milliseconds)
    }

    /// It is as first contact has it again. True where something else was said before.
    package func delete(of accountID: String, to otherID: String, meshID: String) throws -> Bool {
        try transaction.run(
            "DELETE FROM grants WHERE mesh_id = ?1 AND account_id = ?2 AND other_id = ?3", meshID, accountID, otherID)
            == 1
    }

    /// A person wrote to somebody: they are let in, also where they were refused; what was opened or blocked stays. True
    /// where that is new.
    package func wrote(_ accountID: String, to otherID: String, meshID: String, at now: Date) throws -> Bool {
        try transaction.run(
            """
            INSERT INTO grants (mesh_id, account_id, other_id, state, can_dm, can_broadcast, how, since)
            VALUES (?1, ?2, ?3, 'open', 1, 1, 'wrote', ?4) ON CONFLICT (mesh_id, account_id, other_id) DO UPDATE
            SET state = 'open', can_dm = 1, can_broadcast = 1, how = 'wrote', since = excluded.since, refused_at = NULL
            WHERE grants.state IN ('held', 'refused')
            """, meshID, accountID, otherID, now.milliseconds) == 1
    }

    package func isBlocked(_ otherID: String, by accountID: String, meshID: String) throws -> Bool {
        try transaction.count(
            """
            SELECT count(*) FROM grants
            WHERE mesh_id = ?1 AND account_id = ?2 AND other_id = ?3 AND state = 'blocked'
            """, meshID, accountID, otherID) > 0
    }

    /// How many first messages wait at a receiver, of one sender and of all.
    package func held(at accountID: String, from senderID: String, meshID: String, now: Date) throws -> (
        ofSender: Int, ofAll: Int
    ) {
        let row = try transaction.first(
            """
            SELECT count(*) AS everybody, count(CASE WHEN from_account = ?3 THEN 1 END) AS own
            FROM receipts WHERE state = 'held' AND account_id = ?1 AND mesh_id = ?2 AND expires_at > ?4
            """, accountID, meshID, senderID, now.milliseconds)
        return (try row.map { try $0["own"] as Int } ?? 0, try row.map { try $0["everybody"] as Int } ?? 0)
    }
}

extension Transaction {
    package var grants: GrantRows { GrantRows(transaction: self) }
}
