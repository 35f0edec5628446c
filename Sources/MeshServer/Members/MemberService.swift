// Members: who belongs, leaving, and being removed.

internal import FoundationEssentials
internal import MeshAPI
internal import MeshStore

struct MemberService: Sendable {
    let database: any Store
    let changes: MeshChanges
    let now: @Sendable () -> Date

    func list(meshID: String, for reader: Reader, page: PageRequest) async throws -> Page<Member> {
        let rows = try await database.read { transaction in
            try reader.require(meshID, in: transaction)
            return try transaction.memberships.list(meshID: meshID, page: page)
        }
        return page.page(rows) {
            Cursor(time: $0.joinedAt.milliseconds, id: $0.id)
        } item: {
            $0
        }
    }

    /// What may wake one's sessions, and whose first message waits. Throws `invalid`, 404.
    func change(_ wanted: ChangeMyself, meshID: String, by account: Account) async throws -> Member {
        if case .some(.some(let first)) = wanted.firstContact, first != .ask {
            throw Refusal.invalid("first_contact", "first_contact is ask or null.")
        }
        let now = now()
        return try await database.write { transaction in
            try transaction.meshes.require(meshID, for: account.id, atLeast: .member)
            if let attention = wanted.attention {
                try transaction.memberships.set(
                    attention, until: wanted.attentionUntil, meshID: meshID, accountID: account.id)
            }
            if let firstContact = wanted.firstContact {
                try transaction.memberships.set(firstContact, meshID: meshID, accountID: account.id)
            }
            guard let member = try transaction.memberships.member(meshID: meshID, accountID: account.id, at: now) else {
                throw Refusal.notFound
            }
            return member
        }
    }

    /// Removes `memberID`, or the caller itself (`me`). Admins remove members, owners anybody. Throws 403, 404 and
    /// `last_owner`.
    func remove(_ memberID: String, meshID: String, by account: Account) async throws {
        let now = now()
        let memberID = memberID == "me" ? account.id : memberID
        try await database.write { transaction in
            let own = try transaction.meshes.require(meshID, for: account.id, atLeast: .member)
            guard let theirs = try transaction.memberships.membership(meshID: meshID, accountID: memberID) else {
                throw Refusal.notFound
            }
            let isSelf = memberID == account.id
            guard isSelf || own == .owner || (own == .admin && theirs == .member) else { throw Refusal.forbidden }
            if try theirs == .owner && transaction.memberships.ownerCount(meshID: meshID) == 1 {
                throw Refusal.conflict("last_owner", "The last owner can't leave. Archive the mesh instead.")
            }
            try Self.end(memberID, meshID: meshID, by: account, in: transaction, at: now)
            try transaction.audit.record(
                isSelf ? .memberLeft : .memberRemoved, actor: account.id, subject: "\(meshID)/\(memberID)", at: now)
            try transaction.changes.note(
                isSelf ? .memberLeft : .memberRemoved, meshID: meshID, subject: memberID, by: account.id, at: now)
        }
        changes.post(meshID)
    }

    /// The membership, what lives in the mesh by it, the invites by which they could come back, and a guest that has no
    /// other with it.
    private static func end(
        _ memberID: String, meshID: String, by account: Account, in transaction: Transaction, at now: Date
    ) throws {
        try transaction.memberships.delete(meshID: meshID, accountID: memberID)
        try transaction.invites.revokeAll(of: memberID, meshID: meshID, by: account.id, at: now)
        try transaction.endedTokens.endAll(of: memberID, meshID: meshID, .removed, by: account.id, at: now)
        try transaction.receipts.expireAll(of: memberID, meshID: meshID, at: now)
        guard let member = try transaction.accounts.account(id: memberID), member.kind == .guest,
            try transaction.memberships.count(accountID: memberID) == 0
        else { return }
        for credential in try transaction.credentials.live(of: memberID, kind: .guest, at: now)
        where try transaction.credentials.revoke(id: credential.id, at: now) {
            try transaction.audit.record(.sessionRevoked, subject: credential.id, at: now)
        }
    }
}
