// Invites, as stored.

internal import FoundationEssentials
internal import GRDB
internal import HTTPTypes
internal import MeshAPI

struct InviteRow: Sendable {
    var id: String
    var meshID: String
    var inviterID: String
    var code: String
    var email: String?
    var membership: Membership
    var createdAt: Date
    var expiresAt: Date
    var maxUses: Int
    var uses = 0
    var revokedAt: Date?
    var emailedAt: Date?

    /// Why it lets nobody in any more.
    func problem(at now: Date) -> InviteProblem? {
        if revokedAt != nil { return .revoked }
        if expiresAt <= now { return .expired }
        return uses < maxUses ? nil : .exhausted
    }
}

/// Why an invite lets nobody in: 410.
enum InviteProblem: String, Sendable {
    case expired, revoked, exhausted

    var refusal: Refusal { Refusal(.gone, "invite_\(rawValue)", "The invite is \(rawValue).") }
}

extension InviteRow {
    /// Who is invited singly, or as an admin, is vouched for; a guest, and one of several, is a stranger.
    func letsIn(_ account: Account) -> Entry {
        let isVouched = account.kind != .guest && (maxUses == 1 || membership != .member)
        return Entry(isVouched: isVouched, invitedBy: inviterID, inviteID: id)
    }
}

extension InviteRow {
    init(_ row: Row) {
        id = row["id"]
        meshID = row["mesh_id"]
        inviterID = row["inviter_id"]
        code = row["code"]
        email = row["email"]
        membership = Membership(rawValue: row["membership"]) ?? .member
        createdAt = row.date("created_at")
        expiresAt = row.date("expires_at")
        maxUses = row["max_uses"]
        uses = row["uses"]
        revokedAt = row.dateIfAny("revoked_at")
        emailedAt = row.dateIfAny("emailed_at")
    }
}

struct InviteRows {
    let transaction: Transaction

    func insert(_ invite: InviteRow) throws {
        try transaction.run(
            """
            INSERT INTO invites
                (id, mesh_id, inviter_id, code, email, membership, created_at, expires_at, max_uses, uses)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 0)
            """, invite.id, invite.meshID, invite.inviterID, invite.code, invite.email, invite.membership.rawValue,
            invite.createdAt.milliseconds, invite.expiresAt.milliseconds, invite.maxUses)
    }

    /// By its code, as `XXXX-XXXX-XXXX`; nil too where its mesh was archived.
    func invite(code: String) throws -> InviteRow? {
        try transaction.first(
            """
            SELECT i.* FROM invites i JOIN meshes m ON m.id = i.mesh_id AND m.archived_at IS NULL
            WHERE i.code = ?1
            """, code
        ).map(InviteRow.init)
    }

    /// Those of a mesh that still let somebody in, or did until they were used up; one more than `limit`.
    func list(meshID: String, page: PageRequest, at now: Date) throws -> [InviteRow] {
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
    func use(id: String, at now: Date) throws -> Bool {
        try transaction.run(
            """
            UPDATE invites SET uses = uses + 1
            WHERE id = ?1 AND revoked_at IS NULL AND expires_at > ?2 AND uses < max_uses
            """, id, now.milliseconds) == 1
    }

    /// True where this call revoked it.
    func revoke(id: String, meshID: String, at now: Date) throws -> Bool {
        try transaction.run(
            "UPDATE invites SET revoked_at = ?3 WHERE id = ?1 AND mesh_id = ?2 AND revoked_at IS NULL", id, meshID,
            now.milliseconds) == 1
    }

    /// Revokes those of `inviterID` in a mesh that would still let somebody in, and writes down who ended them.
    func revokeAll(of inviterID: String, meshID: String, by actorID: String, at now: Date) throws {
        let rows = try transaction.all(
            """
            UPDATE invites SET revoked_at = ?3
            WHERE mesh_id = ?1 AND inviter_id = ?2 AND revoked_at IS NULL AND expires_at > ?3 AND uses < max_uses
            RETURNING id
            """, meshID, inviterID, now.milliseconds)
        for row in rows {
            try transaction.audit.record(.inviteRevoked, actor: actorID, subject: row["id"], at: now)
        }
    }

    func noteMail(id: String, at now: Date) throws {
        try transaction.run("UPDATE invites SET emailed_at = ?2 WHERE id = ?1", id, now.milliseconds)
    }

    func wasMailed(id: String) throws -> Bool {
        try transaction.count("SELECT count(*) FROM invites WHERE id = ?1 AND emailed_at IS NOT NULL", id) > 0
    }

    /// What a guest made is its account's from now on.
    func move(from guestID: String, to accountID: String) throws {
        try transaction.run("UPDATE invites SET inviter_id = ?2 WHERE inviter_id = ?1", guestID, accountID)
    }
}

extension Transaction {
    var invites: InviteRows { InviteRows(transaction: self) }
}
