// What a member lets others do: listed, said, taken back. A change is in force with its commit, for what waits too.

internal import FoundationEssentials
package import MeshAPI
package import MeshStore

package struct GrantService: Sendable {
    let database: any Store
    let changes: MeshChanges
    let now: @Sendable () -> Date

    /// Throws 404.
    package func list(meshID: String, for account: AccountRow, page: PageRequest) async throws -> Page<Grant> {
        let now = now()
        let all = try await database.read { transaction in
            try ContactList(transaction: transaction, meshID: meshID, account: account, now: now).all()
        }
        let after = all.drop { ($0.position.time, $0.position.id) <= (page.after.time, page.after.id) }
        return page.page(Array(after.prefix(page.limit + 1))) {
            $0.position
        } item: {
            $0.grant
        }
    }

    /// Lets `otherID` do that, and no more; none blocks them. What waits of theirs goes on, or is refused. Throws `invalid`,
    /// 404.
    package func put(_ wanted: PutGrant, to otherID: String, meshID: String, by account: AccountRow) async throws
        -> Grant
    {
        try await change(otherID, meshID: meshID, by: account) { transaction, now in
            guard try transaction.memberships.membership(meshID: meshID, accountID: otherID) != nil else {
                throw Refusal.notFound
            }
            var grant = GrantRow(
                letting: otherID, do: Set(wanted.can), by: account.id, meshID: meshID, at: now)
            let former = try transaction.grants.grant(of: account.id, to: otherID, meshID: meshID)
            if let former, former.state == grant.state { (grant.since, grant.how) = (former.since, former.how) }
            try transaction.grants.put(grant)
            return true
        } answer: {
            try $0.one(otherID)
        }
    }

    /// As first contact has it again. Throws `invalid`, 404.
    package func delete(_ otherID: String, meshID: String, by account: AccountRow) async throws {
        try await change(otherID, meshID: meshID, by: account) { transaction, _ in
            if try transaction.grants.delete(of: account.id, to: otherID, meshID: meshID) { return true }
            guard try transaction.memberships.membership(meshID: meshID, accountID: otherID) != nil else {
                throw Refusal.notFound
            }
            return false
        } answer: { _ in
        }
    }

    /// `make` says whether it changed anything.
    private func change<Answer: Sendable>(
        _ otherID: String, meshID: String, by account: AccountRow,
        make: @escaping @Sendable (Transaction, Date) throws -> Bool,
        answer: @escaping @Sendable (ContactList) throws -> Answer
    ) async throws -> Answer {
        guard otherID != account.id else { throw Refusal.invalid("member_id", "That is yourself.") }
        let now = now()
        let (value, concerned) = try await database.write { transaction in
            try transaction.meshes.require(meshID, for: account.id, atLeast: .member)
            var concerned: Set<String> = []
            if try make(transaction, now) {
                try transaction.audit.record(
                    .grantChanged, actor: account.id, subject: "\(meshID)/\(otherID)", at: now)
                concerned =
                    try HeldWords(meshID, in: transaction, at: now)?.decideAnew(at: account.id, from: otherID) ?? []
            }
            let list = ContactList(transaction: transaction, meshID: meshID, account: account, now: now)
            return (try answer(list), concerned)
        }
        if !concerned.isEmpty { changes.post(meshID, to: concerned) }
        return value
    }
}
