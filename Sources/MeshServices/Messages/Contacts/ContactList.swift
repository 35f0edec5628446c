// Everybody else in a mesh as one member's contacts, GRANT: what they may do as things stand, whether they said so or first
// contact has it.

internal import FoundationEssentials
internal import MeshAPI
internal import MeshStore

struct ContactList {
    let transaction: Transaction
    let meshID: String
    let account: AccountRow
    let now: Date

    /// With where each stands in the list.
    typealias Entry = (position: Cursor, grant: Grant)

    /// In the order they joined; those who left only while they are blocked.
    func all() throws -> [Entry] {
        guard let book = try AddressBook.load(meshID: meshID, in: transaction, at: now),
            let own = book.members[account.id]
        else { throw Refusal.notFound }
        let said = try transaction.grants.grants(of: account.id, meshID: meshID)
        let held = try transaction.receipts.heldCounts(at: account.id, meshID: meshID, now: now)
        return try transaction.contacts.of(account.id, meshID: meshID).map { contact in
            let rules = ContactRules(book: book, grants: said[contact.id].map { [own.id: $0] } ?? [:])
            return (
                Cursor(time: contact.since.milliseconds, id: contact.id),
                grant(contact, for: own, said[contact.id], held: held[contact.id] ?? 0) {
                    rules.decide(from: contact.id, to: own, by: $0)
                }
            )
        }
    }

    /// Throws 404 where the other is none.
    func one(_ otherID: String) throws -> Grant {
        guard let found = try all().first(where: { $0.grant.member.id == otherID }) else { throw Refusal.notFound }
        return found.grant
    }

    private func grant(
        _ contact: ContactRow, for own: AddressBook.Member, _ said: GrantRow?, held: Int,
        _ decide: (ContactRules.Way) -> ContactDecision
    ) -> Grant {
        var can: [GrantAbility] = []
        if decide(.direct) == .deliver { can.append(.dm) }
        if decide(.several) == .deliver { can.append(.broadcast) }
        let state: GrantState =
            if said?.state == .blocked {
                .blocked
            } else if held > 0 || can.isEmpty && decide(.direct) == .hold {
                .held
            } else {
                can.isEmpty ? .refused : .open
            }
        var grant = Grant(
            member: contact.name, can: can, state: state, held: held > 0 ? held : nil, since: contact.since,
            invitedBy: contact.invitedBy, invite: contact.invite, guest: contact.isGuest ? true : nil)
        if let said, said.state == state { grant.since = said.since }
        if state == .open {
            grant.by = said.flatMap { $0.state == .open ? $0.how : nil } ?? contact.source(with: own)
        }
        return grant
    }
}

extension ContactRow {
    /// How they are in contact where nothing was said: one invited the other, or both are vouched for.
    func source(with reader: AddressBook.Member) -> GrantSource? {
        guard isVouched, reader.isVouched else { return nil }
        return invitedBy?.id == reader.id || readerInvitedBy == id ? .invite : .vouched
    }
}
