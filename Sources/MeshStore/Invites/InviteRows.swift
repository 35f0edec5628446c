// Invites, as stored.

package import FoundationEssentials
package import MeshAPI

package struct InviteRow: Sendable {
    package var id: String
    package var meshID: String
    package var inviterID: String
    package var code: String
    package var email: String?
    package var membership: Membership
    package var createdAt: Date
    package var expiresAt: Date
    package var maxUses: Int
    package var uses = 0
    package var revokedAt: Date?
    package var emailedAt: Date?

    package init(
        id: String, meshID: String, inviterID: String, code: String, email: String? = nil, membership: Membership,
        createdAt: Date, expiresAt: Date, maxUses: Int, uses: Int = 0, revokedAt: Date? = nil, emailedAt: Date? = nil
    ) {
        self.id = id
        self.meshID = meshID
        self.inviterID = inviterID
        self.code = code
        self.email = email
        self.membership = membership
        self.createdAt = createdAt
        self.expiresAt = expiresAt
        self.maxUses = maxUses
        self.uses = uses
        self.revokedAt = revokedAt
        self.emailedAt = emailedAt
    }

    /// Why it lets nobody in any more.
    package func problem(at now: Date) -> InviteProblem? {
        if revokedAt != nil { return .revoked }
        if expiresAt <= now { return .expired }
        return uses < maxUses ? nil : .exhausted
    }
}

/// Why an invite lets nobody in.
package enum InviteProblem: String, Sendable {
    case expired, revoked, exhausted
}

extension InviteRow {
    /// Who is invited singly, or as an admin, is vouched for; a guest, and one of several, is a stranger.
    package func letsIn(_ account: AccountRow) -> Entry {
        let isVouched = account.kind != .guest && (maxUses == 1 || membership != .member)
        return Entry(isVouched: isVouched, invitedBy: inviterID, inviteID: id)
    }
}

extension InviteRow {
    package init(_ row: Row) throws {
        id = try row["id"]
        meshID = try row["mesh_id"]
        inviterID = try row["inviter_id"]
        code = try row["code"]
        email = try row["email"]
        membership = try Membership(rawValue: row["membership"]) ?? .member
        createdAt = try row.date("created_at")
        expiresAt = try row.date("expires_at")
        maxUses = try row["max_uses"]
        uses = try row["uses"]
        revokedAt = try row.dateIfAny("revoked_at")
        emailedAt = try row.dateIfAny("emailed_at")
    }
}

package struct InviteRows {
    package let transaction: Transaction

    package func insert(_ invite: InviteRow) throws {
        try transaction.run(
            """
            INSERT INTO invites
                (id, mesh_id, inviter_id, code, email, membership, created_at, expires_at, max_uses, uses)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 0)
            """, invite.id, invite.meshID, invite.inviterID, invite.code, invite.email, invite.membership.rawValue,
            invite.createdAt.milliseconds, invite.expiresAt.milliseconds, invite.maxUses)
    }

    /// By its code, as `XXXX-XXXX-XXXX`; nil too where its mesh was archived.
    package func invite(code: String) throws -> InviteRow? {
        try transaction.first(
            """
            SELECT i.* FROM invites i JOIN meshes m ON m.id = i.mesh_id AND m.archived_at IS NULL
            WHERE i.code = ?1
            """, code
        ).map(InviteRow.init)
    }

    /// Those of a mesh that still let somebody in, or did until they were used up; one more than `limit`.
    package func list(meshID: String, page: PageRequest, at now: Date) throws -> [InviteRow] {
        try transaction.all(
            """
            SELECT * FROM invites
            WHERE mesh_id = ?1 AND revoked_at IS NULL AND expires_at > ?2
                AND (created_at > ?3 OR (created_at = ?3 AND id > ?4))
            ORDER BY created_at, id LIMIT ?5
            """, meshID, now.milliseconds, page.after.time, page.after.id, page.limit + 1
        ).map(InviteRow.init)
    }

    /// Counts one use; true where there was one left.
    package func use(id: String, at now: Date) throws -> Bool {
        try transaction.run(
            """
            UPDATE invites SET uses = uses + 1
            WHERE id = ?1 AND revoked_at IS NULL AND expires_at > ?2 AND uses < max_uses
            """, id, now.milliseconds) == 1
    }

    /// True where this call revoked it.
    package func revoke(id: String, meshID: String, at now: Date) throws -> Bool {
        try transaction.run(
            "UPDATE invites SET revoked_at = ?3 WHERE id = ?1 AND mesh_id = ?2 AND revoked_at IS NULL", id, meshID,
            now.milliseconds) == 1
    }

    /// Revokes those of `inviterID` in a mesh that would still let somebody in, and writes down who ended them.
    package func revokeAll(of inviterID: String, meshID: String, by actorID: String, at now: Date) throws {
        let rows = try transaction.all(
            """
            UPDATE invites SET revoked_at = ?3
            WHERE mesh_id = ?1 AND inviter_id = ?2 AND revoked_at IS NULL AND expires_at > ?3 AND uses < max_uses
            RETURNING id
            """, meshID, inviterID, now.milliseconds)
        for row in rows {
            try transaction.audit.record(.inviteRevoked, actor: actorID, subject: try row["id"], at: now)
        }
    }

    package func noteMail(id: String, at now: Date) throws {
        try transaction.run("UPDATE invites SET emailed_at = ?2 WHERE id = ?1", id, now.milliseconds)
    }

    package func wasMailed(id: String) throws -> Bool {
        try transaction.count("SELECT count(*) FROM invites WHERE id = ?1 AND emailed_at IS NOT NULL", id) > 0
    }

    /// What a guest made is its account's from now on.
    package func move(from guestID: String, to accountID: String) throws {
        try transaction.run("UPDATE invites SET inviter_id = ?2 WHERE inviter_id = ?1", guestID, accountID)
    }
}

extension Transaction {
    package var invites: InviteRows { InviteRows(transaction: self) }
}
