// Who reads which message: a peer what it sent and got and what stands in topics, a member also what their peers did and what
// is held for them, a key the answers to its own and, made to read, its topics.

internal import FoundationEssentials
internal import MeshAPI
internal import MeshStore

struct MessageReading {
    let transaction: Transaction
    let meshID: String

    /// The message of that id, or of one that begins so with six characters or more, where the speaker may read it.
    func message(_ id: String, for speaker: Speaker) throws -> MessageRow? {
        if let row = try transaction.messages.message(id: id, meshID: meshID) {
            return try canRead(row, speaker) ? row : nil
        }
        guard id.utf8.count >= 6 else { return nil }
        let fitting = try transaction.messages.messages(idPrefix: id, meshID: meshID)
        guard fitting.count == 1, let row = fitting.first else { return nil }
        return try canRead(row, speaker) ? row : nil
    }

    func canRead(_ message: MessageRow, _ speaker: Speaker) throws -> Bool {
        if isOwn(message, speaker) { return true }
        if let topicID = message.topicID, speaker.may(.read), speaker.key?.isFor(topicID: topicID) ?? true,
            try speaker.kind == .key
                || !transaction.grants.isBlocked(message.from.member.id, by: speaker.memberID, meshID: meshID)
        {
            return true
        }
        return try !mailboxes(of: message, speaker).isEmpty
    }

    /// Whether the speaker, or for a member one of theirs, sent it.
    func isOwn(_ message: MessageRow, _ speaker: Speaker) -> Bool {
        speaker.kind == .member
            ? message.from.member.id == speaker.memberID
            : message.from.kind == speaker.kind && message.from.id == speaker.id
    }

    /// The speaker's mailboxes that it is in: nothing that a grant refused, and what is held for the person alone.
    func mailboxes(of message: MessageRow, _ speaker: Speaker) throws -> [ReceiptRow] {
        try transaction.receipts.receipts(messageID: message.id).filter { isMine($0, speaker) }
    }

    func isMine(_ receipt: ReceiptRow, _ speaker: Speaker) -> Bool {
        guard receipt.state != .withdrawn || receipt.times[.seen] != nil else { return false }
        if speaker.kind == .member {
            let wasRefusedUnseen = receipt.state == .refused && receipt.times[.held] == nil
            return receipt.accountID == speaker.memberID && receipt.mailbox.kind != .key && !wasRefusedUnseen
        }
        return receipt.mailbox.kind == speaker.kind && receipt.mailbox.id == speaker.id
            && receipt.state != .held && receipt.state != .refused
    }
}
