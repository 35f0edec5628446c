// What a member lets another do, where they have said so: a row stands above what first contact and vouching say.

internal import FoundationEssentials
internal import MeshStore
internal import MeshAPI

struct GrantRow: Sendable {
    var meshID: String
    /// Who lets.
    var accountID: String
    /// Whom.
    var otherID: String
    var state: GrantState
    var canDM: Bool
    var canBroadcast: Bool
    var how: GrantSource?
    var since: Date
    var refusedAt: Date?
}

extension GrantRow {
    init(_ row: Row) throws {
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

struct GrantRows {
    let transaction: Transaction

    /// What others let a member do, by who lets.
    func grants(to otherID: String, meshID: String) throws -> [String: GrantRow] {
        let rows = try transaction.all(
            "SELECT * FROM grants WHERE mesh_id = ?1 AND other_id = ?2", meshID, otherID
        ).map(GrantRow.init)
        return Dictionary(uniqueKeysWithValues: rows.map { ($0.accountID, $0) })
    }

    /// A person wrote to somebody: they are let in, unless something else was said before.
    func wrote(_ accountID: String, to otherID: String, meshID: String, at now: Date) throws {
        try transaction.run(
            """
            INSERT INTO grants (mesh_id, account_id, other_id, state, can_dm, can_broadcast, how, since)
            VALUES (?1, ?2, ?3, 'open', 1, 1, 'wrote', ?4) ON CONFLICT (mesh_id, account_id, other_id) DO NOTHING
            """, meshID, accountID, otherID, now.milliseconds)
    }

    /// How many first messages wait at a receiver, of one sender and of all.
    func held(at accountID: String, from senderID: String, meshID: String) throws -> (ofSender: Int, ofAll: Int) {
        let row = try transaction.first(
            """
            SELECT count(*) AS everybody, count(CASE WHEN from_account = ?3 THEN 1 END) AS own
            FROM receipts WHERE state = 'held' AND account_id = ?1 AND mesh_id = ?2
            """, accountID, meshID, senderID)
        return (try row.map { try $0["own"] as Int } ?? 0, try row.map { try $0["everybody"] as Int } ?? 0)
    }
}

extension Transaction {
    var grants: GrantRows { GrantRows(transaction: self) }
}
