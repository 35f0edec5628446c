// The other side of an invite: looking at it, joining by it as an account or as a guest, and a guest that becomes an
// account. A guest is an account without e-mail and password, in one mesh, with one token.

package import FoundationEssentials
package import MeshAPI
package import MeshStore
internal import Platform

package struct ClaimService: Sendable {
    let database: any Store
    let changes: MeshChanges
    let limits: RateLimiter
    let now: @Sendable () -> Date

    /// What a person sees before joining; a member of that mesh also what they are in it. An invite that was used up, by
    /// them or others, is still theirs to look at. `code` is nil where what was sent is none. Throws 404, 410 and 429.
    package func preview(_ code: String?, by account: AccountRow? = nil, caller: Caller) async throws -> InvitePreview {
        try await limits.take(.invitePreviews, AddressKey.of(caller.address))
        guard let code else { throw Refusal.notFound }
        let now = now()
        return try await database.read { transaction in
            guard let invite = try transaction.invites.invite(code: code) else { throw Refusal.notFound }
            let membership = try account.flatMap {
                try transaction.memberships.membership(meshID: invite.meshID, accountID: $0.id)
            }
            if let problem = invite.problem(at: now), membership == nil || problem != .exhausted {
                throw problem.refusal
            }
            guard let mesh = try transaction.meshes.summary(id: invite.meshID),
                let inviter = try transaction.accounts.account(id: invite.inviterID)
            else { throw Refusal.notFound }
            return InvitePreview(
                meshName: mesh.name, inviterName: inviter.name, role: invite.membership, expiresAt: invite.expiresAt,
                usesLeft: invite.maxUses - invite.uses, memberCount: mesh.memberCount, membership: membership)
        }
    }

    /// Whether there is such an invite. Throws 410 where it lets nobody in any more, and 429: it is a look at an invite.
    package func letsIn(_ code: String, caller: Caller) async throws -> Bool {
        try await limits.take(.invitePreviews, AddressKey.of(caller.address))
        let now = now()
        let invite = try await database.read { try $0.invites.invite(code: code) }
        if let problem = invite?.problem(at: now) { throw problem.refusal }
        return invite != nil
    }

    /// Joins as `bearer`, or makes a guest of that name where there is none. Being a member already costs no use.
    /// `code` is nil where what was sent is none. Throws 404, 410, 422 and 429; `guest_only` where the bearer is a guest of
    /// another mesh.
    package func claim(
        _ code: String?, displayName: String?, bearer: Bearer?, key: IdempotencyKey?, caller: Caller
    ) async throws -> InviteClaim {
        try await limits.take(.inviteClaims, AddressKey.of(caller.address))
        guard let code else { throw Refusal.notFound }
        let name = displayName?.trimmingWhitespace()
        if let name, FieldRule.name.problem(of: name) != nil {
            throw Refusal.invalid("display_name", "display_name has 1 to 64 visible characters and no controls.")
        }
        let now = now()
        let token = TokenForm.make(.session, bytes: randomBytes(32))
        return try await database.write { transaction in
            guard let bearer else {
                return try Self.claimAsGuest(
                    code, name: name ?? "guest", token: token, key: key, in: transaction, at: now)
            }
            return try transaction.idempotency.once(key, fingerprint: code, at: now) {
                let mesh = try Self.join(code, account: bearer.account, in: transaction, at: now)
                return InviteClaim(mesh: mesh, membership: mesh.membership)
            }
        }
    }

    /// Counts a use and makes `account` a member, where it is none yet. For registration by invite too.
    package static func join(_ code: String, account: AccountRow, in transaction: Transaction, at now: Date) throws
        -> Mesh
    {
        guard let invite = try transaction.invites.invite(code: code) else { throw Refusal.notFound }
        if let mesh = try transaction.meshes.mesh(id: invite.meshID, accountID: account.id) { return mesh }
        try transaction.bans.requireNone(account.id, meshID: invite.meshID)
        let isElsewhere = try account.kind == .guest && transaction.memberships.count(accountID: account.id) > 0
        guard !isElsewhere else {
            throw Refusal(.forbidden, "guest_only", "A guest belongs to one mesh. Sign in to join another.")
        }
        guard try transaction.invites.use(id: invite.id, at: now) else {
            throw (invite.problem(at: now) ?? .exhausted).refusal
        }
        try transaction.memberships.insert(
            meshID: invite.meshID, accountID: account.id, membership: invite.membership,
            by: invite.letsIn(account), at: now)
        try transaction.audit.record(.inviteClaimed, actor: account.id, subject: invite.id, at: now)
        try transaction.audit.record(.memberJoined, actor: account.id, subject: invite.meshID, at: now)
        try transaction.changes.note(.memberJoined, meshID: invite.meshID, subject: account.id, at: now)
        guard let mesh = try transaction.meshes.mesh(id: invite.meshID, accountID: account.id) else {
            throw Refusal.fault
        }
        return mesh
    }

    /// The answer is kept without its token; who asks again with the same key gets a fresh one, and the former is void.
    private static func claimAsGuest(
        _ code: String, name: String, token: String, key: IdempotencyKey?, in transaction: Transaction, at now: Date
    ) throws -> InviteClaim {
        try transaction.idempotency.once(key, fingerprint: "\(code)/\(name)", at: now) {
            let guest = AccountRow(
                id: Identifier.make(), kind: .guest, name: name, passwordChangedAt: now, createdAt: now)
            try transaction.accounts.insert(guest)
            let mesh = try join(code, account: guest, in: transaction, at: now)
            let credential = CredentialRow(
                id: Identifier.make(), accountID: guest.id, kind: .guest, name: name, createdAt: now,
                expiresAt: now.addingTimeInterval(CredentialRow.slidingSeconds))
            try transaction.credentials.insert(credential, digest: SecretDigest.of(token))
            try transaction.audit.record(.sessionClaimed, actor: guest.id, subject: credential.id, at: now)
            return InviteClaim(
                mesh: mesh, membership: mesh.membership, token: token, user: guest.user,
                expiresAt: credential.expiresAt)
        } kept: { claim in
            var kept = claim
            kept.token = nil
            return kept
        } replayed: { kept in
            var claim = kept
            let former = try transaction.credentials.live(of: claim.user?.id ?? "", kind: .guest, at: now).first
            guard let former else { throw Refusal.keySpent }
            if key?.isGuessable ?? true, former.lastUsedAt != nil { throw Refusal.keyInUse }
            try CredentialService.replace(former, digest: SecretDigest.of(token), in: transaction, at: now)
            claim.token = token
            return claim
        }
    }

    /// What the guest has becomes the bearer's: memberships, sessions, mailboxes, what it said, contacts and topics. Its token
    /// ends. Throws 404 where the token is no guest's.
    package func adopt(_ token: String, by bearer: Bearer, key: IdempotencyKey? = nil) async throws -> [Mesh] {
        guard TokenForm.kind(of: token) != nil else { throw Refusal.invalid("token", "token is no token.") }
        guard bearer.account.kind == .person else { throw Refusal.forbidden }
        let now = now()
        let meshes = try await database.write { transaction in
            try transaction.idempotency.once(key, fingerprint: token, at: now) {
                try Self.adopt(token, by: bearer, in: transaction, at: now)
            }
        }
        for mesh in meshes { changes.post(mesh.id) }
        return meshes
    }

    private static func adopt(_ token: String, by bearer: Bearer, in transaction: Transaction, at now: Date) throws
        -> [Mesh]
    {
        let account = bearer.account
        guard let guest = try transaction.credentials.bearer(digest: SecretDigest.of(token)),
            guest.account.kind == .guest, CredentialService.problem(guest.credential, at: now) == nil
        else { throw Refusal.notFound }
        let meshes = try transaction.memberships.meshIDs(accountID: guest.account.id)
        let adoption = GuestAdoption(
            transaction: transaction, guest: guest.account, account: account, credentialID: bearer.credential.id,
            now: now)
        for meshID in meshes {
            try transaction.bans.requireNone(account.id, meshID: meshID)
            try adoption.take(meshID)
            try transaction.audit.record(.memberJoined, actor: account.id, subject: meshID, at: now)
        }
        try transaction.invites.move(from: guest.account.id, to: account.id)
        try transaction.meshKeys.move(from: guest.account.id, to: account.id)
        // Who was there as less than the guest stays so, and invites nobody.
        for meshID in meshes
        where try transaction.memberships.membership(meshID: meshID, accountID: account.id)?.isAtLeast(.admin) == false
        {
            try transaction.invites.revokeAll(of: account.id, meshID: meshID, by: account.id, at: now)
            try transaction.meshKeys.revokeAll(of: account.id, meshID: meshID, by: account.id, at: now)
        }
        for meshID in meshes { try HeldWords(meshID, in: transaction, at: now)?.decideAnew() }
        if try transaction.credentials.revoke(id: guest.credential.id, at: now) {
            try transaction.audit.record(
                .sessionRevoked, actor: account.id, subject: guest.credential.id, at: now)
        }
        return try meshes.compactMap { try transaction.meshes.mesh(id: $0, accountID: account.id) }
    }
}

extension InviteProblem {
    var refusal: Refusal { Refusal(.gone, "invite_\(rawValue)", "The invite is \(rawValue).") }
}
