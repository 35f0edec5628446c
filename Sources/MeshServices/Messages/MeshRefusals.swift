// What the mesh says no to, in one place: code, words, and what a caller needs to do better. To add one: a member here.

internal import MeshAPI
internal import MeshStore

extension Refusal {
    static func noMessage(_ id: String, field: String? = nil) -> Refusal {
        var refusal = Refusal(.notFound, "not_found", "You can read no message \(id).")
        refusal.body.field = field
        return refusal
    }

    static func noTopic(_ name: String) -> Refusal { Refusal(.notFound, "not_found", "There is no #\(name) here.") }

    static func bodyTooLarge(kibibytes: Int) -> Refusal {
        Refusal(.contentTooLarge, "too_large", "A message holds 64 KiB; this one has \(kibibytes).")
    }

    static let tooManyRecipients = Refusal(
        .unprocessableContent, "too_many", "A message has at most \(SendMessage.mostRecipients) recipients.")

    static func loopLimit(_ reason: String, _ message: String, retryAfter seconds: Int? = nil) -> Refusal {
        var refusal = Refusal(.tooManyRequests, "loop_limit", message)
        refusal.body.reason = reason
        return waiting(refusal, seconds)
    }

    static func heldFull(by who: Who) -> Refusal {
        let name = who.member?.name ?? who.name
        let refusal = Refusal(.tooManyRequests, "held_full", "\(name) has not let in your first message yet.")
        return waiting(refusal.about([who]), 3600)
    }

    private static func waiting(_ refusal: Refusal, _ seconds: Int?) -> Refusal {
        guard let seconds else { return refusal }
        var refusal = refusal
        refusal.retryAfter = seconds
        return refusal
    }

    /// Refused by a grant: what is said where nobody is left.
    static func contact(_ note: String, _ who: Who) -> Refusal {
        let name = who.member?.name ?? who.name
        var refusal =
            switch note {
            case RecipientReason.noBroadcast: notAllowed("\(name) takes no messages to everyone from you.")
            case RecipientReason.refusedBefore:
                notAllowed("\(name) did not take your message. You can ask again tomorrow.")
            default: Refusal(.forbidden, "blocked", "\(name) takes no messages from you. Nothing was kept.")
            }
        refusal.body.reason = note
        return refusal.about([who])
    }

    /// Sent to several of whom nobody takes it.
    static func outOfContact(_ others: [Who]) -> Refusal {
        let people = Set(others.compactMap(\.member))
        if let only = people.first, people.count == 1 {
            let who = Who(kind: .member, id: only.id, address: only.handle ?? only.id, name: only.name, member: only)
            return contact(RecipientReason.noBroadcast, who)
        }
        return notAllowed("Nobody of them is in contact with you. Write to them one by one.").about(others)
    }

    /// With whom it is about, for programs that say it in words of their own.
    func about(_ who: [Who]) -> Refusal {
        var refusal = self
        refusal.body.candidates = who
        return refusal
    }

    /// A script is not told who else is there. `field` is where the address stood.
    static func of(_ problem: AddressProblem, _ address: String, to speaker: Speaker, field: String = "to") -> Refusal {
        var refusal = of(problem, address, field)
        if speaker.kind == .key {
            (refusal.body.near, refusal.body.roles, refusal.body.candidates) = (nil, nil, nil)
        }
        return refusal
    }

    private static func of(_ problem: AddressProblem, _ address: String, _ field: String) -> Refusal {
        var refusal: Refusal
        switch problem {
        case .unknown(let near, let roles):
            refusal = Refusal(.notFound, "no_recipient", "Nobody here is called \(address).")
            (refusal.body.near, refusal.body.roles) = (near, roles)
        case .ambiguous(let candidates):
            refusal = .conflict("ambiguous", "Several fit \(address).")
            refusal.body.candidates = candidates
        case .isSelf: refusal = Refusal(.unprocessableContent, "self", "That is this very sender.")
        case .malformed: return .invalid(field, "An address has 1 to \(AddressBook.longestAddress) visible characters.")
        }
        refusal.body.address = address
        return refusal
    }
}
