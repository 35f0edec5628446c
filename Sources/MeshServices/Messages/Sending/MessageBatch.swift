// The messages of one mesh that one transaction takes: what they share (who can be addressed, the counters, the grants) is read
// once. All checks of a message come before its first write, so that a refusal leaves no trace and spoils nobody else's.
// Its steps: `+thread` (answers and chains), `+aims` (whom it reaches), `+write`.

internal import FoundationEssentials
package import MeshAPI
internal import MeshStore

final class MessageBatch {
    let transaction: Transaction
    let meshID: String
    let book: AddressBook
    let isLimited: Bool
    let now: Date
    private(set) var head: MeshHead
    /// Whether the message that is being taken let somebody in, whose first word waited.
    var hasLetIn = false
    private var grants: [String: [String: GrantRow]] = [:]
    /// By how many messages of agents peers may have been woken lately, where it was asked.
    private var woken: [String: Int] = [:]
    /// What these senders sent before, or in this batch, under the ids of this batch.
    private var sent: [SentID: MessageRow] = [:]
    /// What was written so far.
    var written: MeshSegment

    /// Takes the counters' lock for these messages. Throws 404.
    init(_ outgoing: [Outgoing], meshID: String, in transaction: Transaction, isLimited: Bool, at now: Date) throws {
        guard let head = try transaction.heads.take(meshID: meshID, changes: 0),
            let book = try AddressBook.load(meshID: meshID, in: transaction, at: now)
        else { throw Refusal.notFound }
        self.transaction = transaction
        self.meshID = meshID
        self.head = head
        written = MeshSegment(epoch: head.epoch, after: head.change, upTo: head.change)
        self.book = book
        self.isLimited = isLimited
        self.now = now
        let ids = outgoing.map { (kind: $0.speaker.kind, sender: $0.speaker.id, clientID: $0.wanted.clientId) }
        for row in try transaction.messages.sent(ids, meshID: meshID) { sent[SentID(row)] = row }
        if outgoing.count > 1 { woken = try wakes(ofThoseAddressedBy: outgoing) }
    }

    /// Of the peers that agents write to here by their own addresses, asked for all at once.
    private func wakes(ofThoseAddressedBy outgoing: [Outgoing]) throws -> [String: Int] {
        var ids: Set<String> = []
        for item in outgoing where !item.speaker.isPerson && item.overLimit == nil {
            for address in item.wanted.to?.all ?? [] where address.first != "@" && address.first != "#" {
                // What cannot be resolved is refused where it is taken.
                let target = try? book.resolve(address, for: item.speaker) { _ in true }
                if case .peer(let peer)? = target, peer.row.receives == .wake { ids.insert(peer.id) }
            }
        }
        return try transaction.receipts.wakes(of: ids, since: now.addingTimeInterval(-WakeRules.seconds))
    }

    /// One message: taken, taken before, or refused. Throws `Refusal` alone but for faults of the store.
    func take(_ outgoing: Outgoing) throws -> Sent {
        let (speaker, wanted) = (outgoing.speaker, outgoing.wanted)
        guard let sender = speaker.sender(in: book) else { throw Refusal.notFound }
        if let former = sent[SentID(kind: speaker.kind, sender: speaker.id, clientID: wanted.clientId)] {
            guard former.isSame(wanted) else {
                throw Refusal.conflict("client_id_reused", "\(wanted.clientId) was sent already, with another text.")
            }
            let receipts = try transaction.receipts.receipts(messageID: former.id)
            return Sent(message: answer(former, receipts), isNew: false)
        }
        if let over = outgoing.overLimit { throw over }
        hasLetIn = false
        let thread = try thread(of: wanted, by: speaker)
        var draft = try aims(of: wanted, answering: thread.answered, by: speaker)
        try checkLoops(draft, thread, by: speaker)
        try WakeRules(
            sender: speaker.kind, hop: thread.hop, isForced: wanted.wake == true,
            firstAnswerTo: try firstAnswerTo(thread, by: speaker),
            answerTo: thread.answered.flatMap { $0.from.kind == .peer ? $0.from.id : nil }
        ) { [self] in try wakes(of: $0) }.decide(&draft.aims)
        let message = try write(draft, thread, wanted, from: sender, by: speaker)
        let isOfFew = draft.topic == nil && thread.answered == nil && !hasLetIn
        return Sent(message: message, isNew: true, concerned: isOfFew ? concerned(draft, speaker) : nil)
    }

    /// By how many messages of agents a peer may have been woken lately: asked once, and then counted.
    private func wakes(of sessionID: String) throws -> Int {
        let since = now.addingTimeInterval(-WakeRules.seconds)
        let known = try woken[sessionID] ?? transaction.receipts.wakes(of: sessionID, since: since)
        woken[sessionID] = known
        return known
    }

    /// What was just written, for those behind it in the batch.
    func note(_ message: MessageRow, _ receipts: [ReceiptRow]) {
        sent[SentID(message)] = message
        written.messages.append(message)
        written.receipts += receipts
        guard message.from.kind != .member else { return }
        for receipt in receipts where receipt.wakes { woken[receipt.mailbox.id]? += 1 }
    }

    /// Writes the counters back: the last thing in the transaction. What it wrote goes to those who wait for it.
    func finish() throws -> MeshSegment {
        try transaction.heads.set(head, meshID: meshID)
        written.upTo = head.change
        return written
    }

    func nextSeq() -> Int {
        head.seq += 1
        return head.seq
    }

    func nextChange() -> Int {
        head.change += 1
        return head.change
    }

    /// What others let this member do.
    func rules(for speaker: Speaker) throws -> ContactRules { try rules(for: speaker.memberID) }

    private func rules(for memberID: String) throws -> ContactRules {
        let known = try grants[memberID] ?? transaction.grants.grants(to: memberID, meshID: meshID)
        grants[memberID] = known
        return ContactRules(book: book, grants: known)
    }

    /// A person wrote to somebody: who is written to is let in, and what waits of theirs goes on.
    func letIn(_ other: AddressBook.Member, by own: AddressBook.Member) throws {
        let former = try rules(for: other.id)
        guard try transaction.grants.wrote(own.id, to: other.id, meshID: meshID, at: now) else { return }
        grants[other.id] = nil
        guard former.decide(from: other.id, to: own, by: .several) != .deliver else { return }
        try transaction.audit.record(.grantChanged, actor: own.id, subject: "\(meshID)/\(other.id)", at: now)
        let held = HeldWords(transaction: transaction, meshID: meshID, book: book, now: now, nextChange: nextChange)
        hasLetIn = try !held.decideAnew(at: own.id, from: other.id).isEmpty || hasLetIn
    }

    private func concerned(_ draft: Draft, _ speaker: Speaker) -> Set<String> {
        draft.aims.reduce(into: [speaker.id, speaker.memberID]) { ids, aim in
            ids.formUnion([aim.mailbox.id, aim.member.id])
        }
    }

    private func checkLoops(_ draft: Draft, _ thread: MessageThread, by speaker: Speaker) throws {
        guard isLimited, !speaker.isPerson else { return }
        do {
            try LoopRules.check(hop: thread.hop)
            if let chain = thread.chain {
                try LoopRules.check(chainCount: try transaction.messages.count(chain: chain))
            }
        } catch let refusal as Refusal {
            throw refusal.about(([book.peers[speaker.id]] + draft.aims.map(\.peer)).compactMap { $0.map(book.who) })
        }
        guard speaker.kind == .peer, let own = book.peers[speaker.id] else { return }
        let since = now.addingTimeInterval(-3600)
        for peer in draft.aims.compactMap(\.peer) {
            let most = LoopRules.perHour
            let there = try transaction.messages.times(from: own.id, to: peer.id, since: since, most: most)
            let back = try transaction.messages.times(from: peer.id, to: own.id, since: since, most: most)
            do {
                try LoopRules.check(
                    (own.address, peer.address), times: (there + back).sorted(by: >), at: now)
            } catch let refusal as Refusal {
                throw refusal.about([book.who(own), book.who(peer)])
            }
        }
    }

    /// The peer that asked, where nobody at this speaker has answered it yet.
    private func firstAnswerTo(_ thread: MessageThread, by speaker: Speaker) throws -> String? {
        guard let answered = thread.answered, answered.from.kind == .peer,
            try !transaction.receipts.isAnswered(answered.id, by: speaker.id)
        else { return nil }
        return answered.from.id
    }
}

/// What became of a request to send.
package struct Sent: Sendable {
    package var message: SentMessage
    package var isNew: Bool
    /// Sessions, accounts and keys that something changed for; nil where it is everybody.
    var concerned: Set<String>?
}

/// A message as its sender knows it.
private struct SentID: Hashable {
    var kind: PartyKind
    var sender: String
    var clientID: String
}

extension SentID {
    init(_ row: MessageRow) { self.init(kind: row.from.kind, sender: row.from.id, clientID: row.clientID) }
}
