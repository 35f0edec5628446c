// Whether what one says reaches another: decided in one place, before anything is stored. Every way a text can take (direct,
// to several, by a mention, by a key, as an answer) asks here.

internal import FoundationEssentials
internal import MeshAPI
internal import MeshStore

/// What becomes of a text at one member.
enum ContactDecision: Sendable, Equatable {
    case deliver
    /// Waits until the receiver's person lets its sender in.
    case hold
    /// `note` says why: a word of `RecipientReason`.
    case refuse(note: String)
}

struct ContactRules: Sendable {
    enum Way: Sendable {
        case direct
        /// To what the receiver's side said to the speaker.
        case answer
        /// `@X`, `@all`, a mention.
        case several
    }

    /// Refused, one may ask again after a day.
    static let refusalSeconds: Double = 86_400
    static let mostHeld = 100

    let book: AddressBook
    /// What others let the sender do, by who lets.
    let grants: [String: GrantRow]

    /// What becomes of a text of `senderID`'s, who speaks themself, by a session or by a key, at `member`.
    func decide(from senderID: String, to member: AddressBook.Member, by way: Way) -> ContactDecision {
        guard member.id != senderID else { return .deliver }
        if let grant = grants[member.id], let decision = decide(by: grant, way) { return decision }
        if way == .answer || isKnown(senderID, to: member) { return .deliver }
        return way == .several ? .refuse(note: RecipientReason.noBroadcast) : .hold
    }

    private func decide(by grant: GrantRow, _ way: Way) -> ContactDecision? {
        switch grant.state {
        case .blocked: return .refuse(note: RecipientReason.blocked)
        case .open:
            if way == .several ? grant.canBroadcast : grant.canDM || way == .answer { return .deliver }
            return .refuse(note: way == .several ? RecipientReason.noBroadcast : RecipientReason.blocked)
        case .refused:
            if way == .answer { return .deliver }
            let isOver = grant.refusedAt.map { book.now.timeIntervalSince($0) >= Self.refusalSeconds } ?? true
            return isOver && way == .direct ? .hold : .refuse(note: RecipientReason.refusedBefore)
        case .held: return nil
        }
    }

    /// Whether first contact lets an account in with a member who has said nothing about it.
    private func isKnown(_ accountID: String, to member: AddressBook.Member) -> Bool {
        switch member.firstContact ?? book.firstContact {
        case .open: true
        case .vouched: member.isVouched && book.members[accountID]?.isVouched == true
        case .ask: false
        }
    }
}
