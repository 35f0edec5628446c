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
            try Departure(
                meshID: meshID, memberID: memberID, actorID: account.id, transaction: transaction, now: now
            ).leave()
            try transaction.audit.record(
                isSelf ? .memberLeft : .memberRemoved, actor: account.id, subject: "\(meshID)/\(memberID)", at: now)
            try transaction.changes.note(
                isSelf ? .memberLeft : .memberRemoved, meshID: meshID, subject: memberID, by: account.id, at: now)
        }
        changes.post(meshID)
    }
}
