// A message as it is asked for, with what can be said of it without looking at anything: bounds.

internal import FoundationEssentials
internal import MeshAPI
internal import MeshStore

struct Outgoing: Sendable {
    let speaker: Speaker
    let wanted: SendMessage
    let meshID: String
    /// What a new message is refused with: too many were sent. One that was taken before is answered all the same.
    var overLimit: Refusal?

    /// Throws 403, 413 `too_large`, 422.
    init(_ wanted: SendMessage, by speaker: Speaker, meshID: String) throws {
        // A key that may post in topics alone is held to them by the address.
        if speaker.key?.may(.topics) != true { try speaker.require(.send) }
        guard SessionRules.isID(wanted.clientId) else {
            throw Refusal.invalid("client_id", "client_id has 1 to 64 visible ASCII characters.")
        }
        guard !wanted.body.isEmpty else { throw Refusal.invalid("body", "There is nothing to send.") }
        guard wanted.body.utf8.count <= SendMessage.mostBytes else {
            throw Refusal.bodyTooLarge(kibibytes: (wanted.body.utf8.count + 1023) / 1024)
        }
        guard !wanted.body.utf8.contains(0) else { throw Refusal.invalid("body", "body has no U+0000.") }
        let to = wanted.to?.all
        guard to.map({ !$0.isEmpty }) ?? (wanted.replyTo != nil) else {
            throw Refusal.invalid("to", "to is missing: an address, or reply_to.")
        }
        guard (to ?? []).count <= SendMessage.mostAddresses else {
            throw Refusal.invalid("to", "to has at most \(SendMessage.mostAddresses) addresses.")
        }
        guard (wanted.mentions ?? []).count <= MentionParser.mostParsed else {
            throw Refusal.invalid("mentions", "mentions has at most \(MentionParser.mostParsed) names.")
        }
        for (index, name) in (wanted.mentions ?? []).enumerated() where !AddressBook.isAddress(name) {
            throw Refusal.invalid(
                "mentions[\(index)]", "A name has 1 to \(AddressBook.longestAddress) visible characters.")
        }
        for (field, id) in [("reply_to", wanted.replyTo), ("parent", wanted.parent)] {
            guard id.map(SessionRules.isID) ?? true else { throw Refusal.invalid(field, "\(field) is a message's id.") }
        }
        guard wanted.within.map(SendMessage.within.contains) ?? true else {
            throw Refusal.invalid("within", "within is 10 to 604800 seconds.")
        }
        guard wanted.wake != true || speaker.isPerson else { throw Refusal.personOnly }
        self.speaker = speaker
        self.wanted = wanted
        self.meshID = meshID
    }
}
