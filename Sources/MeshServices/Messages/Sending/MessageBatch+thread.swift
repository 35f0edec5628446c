// What a message answers, and which chain it goes on with.

internal import FoundationEssentials
internal import MeshAPI
internal import MeshStore

struct MessageThread {
    /// What it answers.
    var answered: MessageRow?
    /// The message because of which it is said.
    var parent: String?
    /// Nil: it begins one.
    var chain: String?
    var hop: Int
}

extension MessageBatch {
    /// A person begins a chain, also with `reply_to`; an agent, and a script, goes on with its parent's, else with that of
    /// what it answers.
    func thread(of wanted: SendMessage, by speaker: Speaker) throws -> MessageThread {
        let answered = try wanted.replyTo.map { id in
            guard let row = try MessageReading(transaction: transaction, meshID: meshID).message(id, for: speaker)
            else {
                throw Refusal.noMessage(id, field: "reply_to")
            }
            return row
        }
        guard !speaker.isPerson else { return MessageThread(answered: answered, hop: 0) }
        var parent = answered
        if let id = wanted.parent {
            guard let row = try MessageReading(transaction: transaction, meshID: meshID).message(id, for: speaker)
            else {
                throw Refusal.invalid("parent", "You can read no message \(id).")
            }
            parent = answered.map { $0.hop > row.hop ? $0 : row } ?? row
        }
        guard let parent else { return MessageThread(answered: nil, hop: 0) }
        return MessageThread(answered: answered, parent: parent.id, chain: parent.chain, hop: parent.hop + 1)
    }
}
