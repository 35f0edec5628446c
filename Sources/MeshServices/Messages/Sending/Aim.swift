// One mailbox that a message is for, and how it comes to be so.

internal import MeshAPI
internal import MeshStore

struct Aim: Sendable {
    var mailbox: Mailbox
    /// The member behind it.
    var member: AddressBook.Member
    /// Whom it is said to: where a peer takes nothing, that peer, though the mailbox is its member's.
    var who: Who
    var peer: AddressBook.PeerEntry?
    var reason: MessageReason
    /// Whether it came by `@X` or `@all`.
    var isOfSeveral = false
    var roleAsked: String?
    /// Whether it goes back to where the message came from that it answers.
    var isAnswer = false
    var note: String?
    var decision = ContactDecision.deliver
    var wakes = false

    /// Of a peer: its own mailbox, or, where it takes nothing, its member's.
    static func of(_ peer: AddressBook.PeerEntry, in book: AddressBook, reason: MessageReason) -> Aim {
        let takesNothing = peer.row.receives == .nothing
        return Aim(
            mailbox: takesNothing
                ? Mailbox(kind: .member, id: peer.member.id) : Mailbox(kind: .peer, id: peer.id),
            member: peer.member, who: book.who(peer), peer: takesNothing ? nil : peer, reason: reason,
            note: takesNothing ? RecipientReason.receivesNothing : nil)
    }

    static func of(_ member: AddressBook.Member, in book: AddressBook, reason: MessageReason) -> Aim {
        Aim(mailbox: Mailbox(kind: .member, id: member.id), member: member, who: book.who(member), reason: reason)
    }
}
