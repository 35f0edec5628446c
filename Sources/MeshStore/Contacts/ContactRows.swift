// Who else is in a mesh and how they came there, as their contacts are shown it.

package import FoundationEssentials
package import MeshAPI

package struct ContactRow: Sendable {
    package var name: MemberName
    /// When they joined; of one who left, when they were blocked.
    package var since: Date
    package var isGuest: Bool
    /// Whether they are in contact with all who are vouched for too.
    package var isVouched: Bool
    package var invitedBy: MemberName?
    /// Whom the reader of the list was invited by.
    package var readerInvitedBy: String?
    package var invite: Grant.ByInvite?

    package var id: String { name.id }
}

extension ContactRow {
    package init(_ row: Row) throws {
        name = try row.memberName
        since = try row.date("since")
        isGuest = (try row["kind"] as String) == AccountRow.Kind.guest.rawValue
        isVouched = (try row["vouched"] as Int) == 1
        if let inviter: String = try row["invited_by"] {
            invitedBy = MemberName(id: inviter, name: try row["inviter_name"], handle: try row["inviter_handle"])
        }
        readerInvitedBy = try row["reader_invited_by"]
        if let uses: Int = try row["uses"], let maxUses: Int = try row["max_uses"] {
            invite = Grant.ByInvite(uses: uses, maxUses: maxUses)
        }
    }
}

package struct ContactRows {
    package let transaction: Transaction

    /// All members but one, in the order they joined, and whom that one blocked before they left.
    package func of(_ accountID: String, meshID: String) throws -> [ContactRow] {
        try transaction.all(
            """
            SELECT s.account_id, a.name AS member_name, s.handle AS member_handle, s.joined_at AS since, a.kind, s.vouched,
                s.invited_by, b.name AS inviter_name, h.handle AS inviter_handle, i.uses, i.max_uses,
                (SELECT o.invited_by FROM memberships o WHERE o.mesh_id = ?1 AND o.account_id = ?2) AS reader_invited_by
            FROM memberships s JOIN accounts a ON a.id = s.account_id
            LEFT JOIN accounts b ON b.id = s.invited_by
            LEFT JOIN memberships h ON h.mesh_id = s.mesh_id AND h.account_id = s.invited_by
            LEFT JOIN invites i ON i.id = s.invite_id
            WHERE s.mesh_id = ?1 AND s.account_id <> ?2
            UNION ALL
            SELECT g.other_id, a.name, NULL, g.since, a.kind, 0, NULL, NULL, NULL, NULL, NULL, NULL
            FROM grants g JOIN accounts a ON a.id = g.other_id
            WHERE g.mesh_id = ?1 AND g.account_id = ?2 AND g.state = 'blocked' AND NOT EXISTS
                (SELECT 1 FROM memberships s WHERE s.mesh_id = ?1 AND s.account_id = g.other_id)
            ORDER BY 4, 1
            """, meshID, accountID
        ).map(ContactRow.init)
    }
}

extension Transaction {
    package var contacts: ContactRows { ContactRows(transaction: self) }
}
