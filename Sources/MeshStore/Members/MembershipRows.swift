// Who belongs to which mesh, as stored.

package import FoundationEssentials
package import MeshAPI

/// How somebody came into a mesh.
package struct Entry: Sendable {
    /// Whether they are in contact with all who are vouched for too.
    package var isVouched: Bool
    package var invitedBy: String?
    package var inviteID: String?

    package init(
        isVouched: Bool, invitedBy: String? = nil, inviteID: String? = nil
    ) {
        self.isVouched = isVouched
        self.invitedBy = invitedBy
        self.inviteID = inviteID
    }

    /// As its owner.
    package static let isVouched = Entry(isVouched: true)
}

package struct MembershipRows {
    package let transaction: Transaction

    /// With a handle of its own.
    package func insert(meshID: String, accountID: String, membership: Membership, by entry: Entry, at now: Date) throws
    {
        let name = try transaction.accounts.account(id: accountID)?.name ?? ""
        try transaction.run(
            """
            INSERT INTO memberships (mesh_id, account_id, membership, joined_at, handle, vouched, invited_by, invite_id)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
            """, meshID, accountID, membership.rawValue, now.milliseconds,
            try transaction.handles.forMember(named: name, meshID: meshID), entry.isVouched ? 1 : 0, entry.invitedBy,
            entry.inviteID)
    }

    /// What an account may do in a mesh that is not archived; nil where it does not belong to it.
    package func membership(meshID: String, accountID: String) throws -> Membership? {
        let row = try transaction.first(
            """
            SELECT s.membership FROM memberships s JOIN meshes m ON m.id = s.mesh_id AND m.archived_at IS NULL
            WHERE s.mesh_id = ?1 AND s.account_id = ?2
            """, meshID, accountID)
        return try row.flatMap { Membership(rawValue: try $0["membership"]) }
    }

    /// The members in the order they joined, one more than `limit`.
    package func list(meshID: String, page: PageRequest) throws -> [Member] {
        try transaction.all(
            """
            SELECT s.account_id, s.membership, s.joined_at, s.handle, a.name
            FROM memberships s JOIN accounts a ON a.id = s.account_id
            WHERE s.mesh_id = ?1 AND (s.joined_at > ?2 OR (s.joined_at = ?2 AND s.account_id > ?3))
            ORDER BY s.joined_at, s.account_id LIMIT ?4
            """, meshID, page.after.time, page.after.id, page.limit + 1
        ).map { row in
            Member(
                id: try row["account_id"], name: try row["name"],
                membership: Membership(rawValue: try row["membership"]) ?? .member,
                joinedAt: try row.date("joined_at"),
                handle: try row["handle"])
        }
    }

    /// A member with what is their own to choose.
    package func member(meshID: String, accountID: String, at now: Date) throws -> Member? {
        let row = try transaction.first(
            """
            SELECT s.*, a.name FROM memberships s JOIN accounts a ON a.id = s.account_id
            WHERE s.mesh_id = ?1 AND s.account_id = ?2
            """, meshID, accountID)
        guard let row else { return nil }
        let firstContact: String? = try row["first_contact"]
        let until = try row.dateIfAny("attention_until")
        let isOver = until.map { $0 <= now } ?? false
        return Member(
            id: accountID, name: try row["name"], membership: Membership(rawValue: try row["membership"]) ?? .member,
            joinedAt: try row.date("joined_at"), handle: try row["handle"],
            attention: isOver ? .open : Attention(rawValue: try row["attention"]) ?? .open,
            attentionUntil: isOver ? nil : until, firstContact: firstContact.flatMap(FirstContact.init))
    }

    /// What a member chose for all their sessions; nil where that narrows nothing.
    package func attention(meshID: String, accountID: String, at now: Date) throws -> Attention? {
        try transaction.first(
            """
            SELECT attention FROM memberships WHERE mesh_id = ?1 AND account_id = ?2 AND attention <> 'open'
                AND (attention_until IS NULL OR attention_until > ?3)
            """, meshID, accountID, now.milliseconds
        ).flatMap { Attention(rawValue: try $0["attention"]) }
    }

    /// What members of a mesh chose for all their sessions, of those whose choice narrows.
    package func attentions(meshID: String, at now: Date) throws -> [String: Attention] {
        let rows = try transaction.all(
            """
            SELECT account_id, attention FROM memberships
            WHERE mesh_id = ?1 AND attention <> 'open' AND (attention_until IS NULL OR attention_until > ?2)
            """, meshID, now.milliseconds
        ).map { (try $0["account_id"] as String, Attention(rawValue: try $0["attention"]) ?? .open) }
        return Dictionary(uniqueKeysWithValues: rows)
    }

    package func set(_ attention: Attention, until end: Date?, meshID: String, accountID: String) throws {
        try transaction.run(
            "UPDATE memberships SET attention = ?3, attention_until = ?4 WHERE mesh_id = ?1 AND account_id = ?2",
            meshID, accountID, attention.rawValue, end?.milliseconds)
    }

    package func set(_ firstContact: FirstContact?, meshID: String, accountID: String) throws {
        try transaction.run(
            "UPDATE memberships SET first_contact = ?3 WHERE mesh_id = ?1 AND account_id = ?2", meshID, accountID,
            firstContact?.rawValue)
    }

    /// The invite by which they came; nil for its owner.
    package func inviteID(meshID: String, accountID: String) throws -> String? {
        try transaction.first(
            "SELECT invite_id FROM memberships WHERE mesh_id = ?1 AND account_id = ?2", meshID, accountID
        ).flatMap { try $0["invite_id"] }
    }

    /// In how many meshes that are not archived an account is.
    package func count(accountID: String) throws -> Int {
        try transaction.count(
            """
            SELECT count(*) FROM memberships s JOIN meshes m ON m.id = s.mesh_id AND m.archived_at IS NULL
            WHERE s.account_id = ?1
            """, accountID)
    }

    package func ownerCount(meshID: String) throws -> Int {
        try transaction.count(
            "SELECT count(*) FROM memberships WHERE mesh_id = ?1 AND membership = 'owner'", meshID)
    }

    package func meshIDs(accountID: String) throws -> [String] {
        try transaction.all("SELECT mesh_id FROM memberships WHERE account_id = ?1", accountID) { try $0[0] }
    }

    package func delete(meshID: String, accountID: String) throws {
        try transaction.run("DELETE FROM memberships WHERE mesh_id = ?1 AND account_id = ?2", meshID, accountID)
    }

    /// A guest's membership becomes an account's, with its handle; one that the account has already stays as it is.
    package func move(meshID: String, from guestID: String, to accountID: String) throws {
        let moved = try transaction.run(
            """
            UPDATE memberships SET account_id = ?3 WHERE mesh_id = ?1 AND account_id = ?2
                AND NOT EXISTS (SELECT 1 FROM memberships s WHERE s.mesh_id = ?1 AND s.account_id = ?3)
            """, meshID, guestID, accountID)
        if moved == 0 { try delete(meshID: meshID, accountID: guestID) }
    }
}

extension Transaction {
    package var memberships: MembershipRows { MembershipRows(transaction: self) }
}

extension Membership {
    /// Owners may what admins may, and those what members may.
    package func isAtLeast(_ other: Membership) -> Bool { rank >= other.rank }

    private var rank: Int {
        switch self {
        case .member: 0
        case .admin: 1
        case .owner: 2
        }
    }
}
