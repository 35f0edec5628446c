// Members: who belongs, leaving, and being removed.

internal import FoundationEssentials
package import MeshAPI
package import MeshStore

package struct MemberService: Sendable {
    let database: any Store
    let changes: MeshChanges
    let now: @Sendable () -> Date

    package func list(meshID: String, for reader: Reader, page: PageRequest) async throws -> Page<Member> {
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

    /// What may wake one's sessions, and whose first message waits: what does not have to any more goes on. Throws `invalid`,
    /// 404.
    package func change(_ wanted: ChangeMyself, meshID: String, by account: AccountRow) async throws -> Member {
        if case .some(.some(let first)) = wanted.firstContact, first != .ask {
            throw Refusal.invalid("first_contact", "first_contact is ask or null.")
        }
        let now = now()
        guard wanted.attentionUntil.map({ $0 > now }) ?? true else {
            throw Refusal.invalid("attention_until", "attention_until is in the past.")
        }
        let (member, concerned) = try await database.write { transaction in
            try transaction.meshes.require(meshID, for: account.id, atLeast: .member)
            func own() throws -> Member {
                let own = try transaction.memberships.member(meshID: meshID, accountID: account.id, at: now)
                guard let own else { throw Refusal.notFound }
                return own
            }
            if wanted.attention != nil || wanted.attentionUntil != nil {
                try transaction.memberships.set(
                    try wanted.attention ?? own().attention ?? .open, until: wanted.attentionUntil, meshID: meshID,
                    accountID: account.id)
            }
            guard let firstContact = wanted.firstContact, try own().firstContact != firstContact else {
                return (try own(), Set<String>())
            }
            try transaction.memberships.set(firstContact, meshID: meshID, accountID: account.id)
            try transaction.audit.record(
                .grantChanged, actor: account.id, subject: "\(meshID)/\(account.id)", at: now)
            let held = try HeldWords(meshID, in: transaction, at: now)
            return (try own(), try held?.decideAnew(at: account.id) ?? [])
        }
        if !concerned.isEmpty { changes.post(meshID, to: concerned) }
        return member
    }

    /// Removes `memberID`, or the caller itself (`me`). Admins remove members, owners anybody. Throws 403, 404 and
    /// `last_owner`.
    package func remove(_ memberID: String, meshID: String, by account: AccountRow) async throws {
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
