// Whom a message reaches, by its addresses, by what it answers and by the names in it, and what contact makes of each.

internal import FoundationEssentials
internal import MeshAPI
internal import MeshStore

/// A message before it is written.
struct Draft {
    var aims: [Aim] = []
    var topic: AddressBook.TopicEntry?
    var isProbe = false
    var reason = MessageReason.direct
    var mentioned: [Aim] = []
    var notMentioned: [String] = []
    var outOfContact: [Who] = []

    /// Each mailbox once: the first way it was meant.
    mutating func add(_ aim: Aim) {
        if !aims.contains(where: { $0.mailbox == aim.mailbox }) { aims.append(aim) }
    }
}

extension MessageBatch {
    /// Throws `no_recipient`, `ambiguous`, `self`, `too_many`, and 403, 429 where contact leaves nobody.
    func aims(of wanted: SendMessage, answering answered: MessageRow?, by speaker: Speaker) throws -> Draft {
        let rules = try rules(for: speaker)
        var draft = Draft()
        if answered != nil { draft.reason = .answer }
        for address in wanted.to?.all ?? [] {
            try speaker.key?.check(writingTo: address)
            do {
                let target = try book.resolve(address, for: speaker) { member in
                    rules.decide(from: speaker.memberID, to: member, by: .several) == .deliver
                }
                try add(target, to: &draft, answering: answered, by: speaker)
            } catch let problem as AddressProblem {
                throw Refusal.of(problem, address, to: speaker)
            }
        }
        if wanted.to == nil, let answered { try addSender(of: answered, to: &draft, by: speaker) }
        guard draft.aims.count <= SendMessage.mostRecipients else {
            throw Refusal.tooManyRecipients
        }
        if let topic = draft.topic {
            // A key's own rule was asked with the address.
            if speaker.kind != .key { try speaker.require(.topics) }
            addMentions(of: wanted, in: topic, to: &draft, rules: rules, by: speaker)
        }
        try applyContacts(to: &draft, answering: answered, rules: rules, by: speaker)
        return draft
    }

    private func add(
        _ target: AddressTarget, to draft: inout Draft, answering answered: MessageRow?, by speaker: Speaker
    )
        throws
    {
        switch target {
        case .peer(let peer):
            let isAnswer = answered.map { $0.from.kind == .peer && $0.from.id == peer.id } ?? false
            var aim = Aim.of(peer, in: book, reason: isAnswer ? .answer : .direct)
            // Whoever came back under the handle is asked what its former self asked.
            aim.isAnswer =
                isAnswer || answered.map { $0.from.kind == .peer && $0.from.address == peer.address } ?? false
            draft.add(aim)
        case .member(let member):
            let isAnswer = answered.map { $0.from.member.id == member.id } ?? false
            var aim = Aim.of(member, in: book, reason: isAnswer ? .answer : .direct)
            aim.isAnswer = isAnswer && answered?.from.kind == .member
            draft.add(aim)
        case .several(let peers, let members, let outside, let role):
            if draft.aims.isEmpty { draft.reason = .broadcast }
            draft.outOfContact += outside
            for peer in peers {
                var aim = Aim.of(peer, in: book, reason: .broadcast)
                (aim.isOfSeveral, aim.roleAsked) = (true, role)
                draft.add(aim)
            }
            for member in members {
                var aim = Aim.of(member, in: book, reason: .broadcast)
                aim.isOfSeveral = true
                draft.add(aim)
            }
        case .topic(let topic):
            guard draft.topic.map({ $0.id == topic.id }) ?? true else {
                throw Refusal.invalid("to", "A message goes to one topic.")
            }
            draft.topic = topic
            if draft.aims.isEmpty { draft.reason = .topic }
        case .probe:
            draft.isProbe = true
            if let own = speaker.peer.flatMap({ book.peers[$0.sessionID] }) {
                var aim = Aim.of(own, in: book, reason: .direct)
                (aim.mailbox, aim.note, aim.peer) = (Mailbox(kind: .peer, id: own.id), nil, own)
                draft.add(aim)
            } else if let own = book.members[speaker.memberID] {
                draft.add(.of(own, in: book, reason: .direct))
            }
        }
    }

    /// An answer without an address goes where what it answers came from.
    private func addSender(of answered: MessageRow, to draft: inout Draft, by speaker: Speaker) throws {
        let from = answered.from
        if let topic = book.topics.first(where: { $0.id == answered.topicID }) {
            try speaker.key?.check(writingTo: "#\(topic.name)")
            draft.topic = topic
            // A script need not read a topic to hear what is said to it there.
            if let aim = try aim(atKeyOf: answered, by: speaker) { draft.add(aim) }
            return
        }
        try speaker.key?.check(writingTo: from.address)
        if from.kind == speaker.kind && from.id == speaker.id { throw Refusal.of(.isSelf, from.address, to: speaker) }
        guard let member = book.members[from.member.id] else {
            throw Refusal.of(.unknown(near: book.near(from.address), roles: nil), from.address, to: speaker)
        }
        var aim: Aim
        if from.kind == .peer, let peer = book.peers[from.id] {
            aim = .of(peer, in: book, reason: .answer)
        } else if from.kind == .key {
            guard let own = try self.aim(atKeyOf: answered, by: speaker) else {
                throw Refusal.of(.unknown(near: [], roles: nil), from.address, to: speaker)
            }
            aim = own
        } else {
            aim = .of(member, in: book, reason: .answer)
        }
        aim.isAnswer = true
        draft.add(aim)
    }

    /// Where a script reads the answers to what it said; nil where it was none, is the speaker itself, or its key is over.
    private func aim(atKeyOf answered: MessageRow, by speaker: Speaker) throws -> Aim? {
        let from = answered.from
        guard from.kind == .key, speaker.key?.id != from.id, let member = book.members[from.member.id],
            let key = try transaction.meshKeys.key(id: from.id), key.problem(at: now) == nil
        else { return nil }
        var aim = Aim(
            mailbox: Mailbox(kind: .key, id: from.id), member: member,
            who: Who(kind: .key, id: from.id, address: from.address, name: from.name, member: member.name),
            reason: .answer)
        aim.isAnswer = true
        return aim
    }

    /// Those who are named in a topic's message: by handle, each once, as far as contact lets it.
    private func addMentions(
        of wanted: SendMessage, in topic: AddressBook.TopicEntry, to draft: inout Draft, rules: ContactRules,
        by speaker: Speaker
    ) {
        var names = wanted.mentions ?? []
        for name in MentionParser.names(in: wanted.body) where !names.contains(name) { names.append(name) }
        for name in names.prefix(MentionParser.mostParsed) {
            let target = try? book.resolve(name, for: speaker) { _ in true }
            let aim: Aim? =
                switch target {
                case .peer(let peer): .of(peer, in: book, reason: .mention)
                case .member(let member): .of(member, in: book, reason: .mention)
                default: nil
                }
            guard let aim, draft.mentioned.count < MentionParser.mostReached,
                rules.decide(from: speaker.memberID, to: aim.member, by: .several) == .deliver
            else {
                draft.notMentioned.append(name)
                continue
            }
            if draft.mentioned.contains(where: { $0.mailbox == aim.mailbox }) { continue }
            draft.mentioned.append(aim)
            draft.add(aim)
        }
    }

    /// What contact makes of each: one that is refused says so, the others get it; where none is left, the whole is refused.
    private func applyContacts(
        to draft: inout Draft, answering answered: MessageRow?, rules: ContactRules, by speaker: Speaker
    ) throws {
        var problem: Refusal?
        let mayAnswer = try answered.map { try wasSaid($0, to: speaker) } ?? false
        for index in draft.aims.indices where draft.aims[index].reason != .mention {
            let aim = draft.aims[index]
            // Only what a script said to the speaker, or to a topic, can be answered at its key.
            let isAnswer = aim.isAnswer && (mayAnswer || aim.mailbox.kind == .key)
            let way: ContactRules.Way = aim.isOfSeveral ? .several : isAnswer ? .answer : .direct
            var decision = rules.decide(from: speaker.memberID, to: aim.member, by: way)
            if decision == .hold, let full = try heldFull(at: aim.member, from: speaker) {
                (decision, problem) = (.refuse(note: "held_full"), full)
            }
            draft.aims[index].decision = decision
            switch decision {
            case .deliver: break
            case .hold: draft.aims[index].note = RecipientReason.firstContact
            case .refuse(let note):
                draft.aims[index].note = note
                problem = problem ?? Refusal.contact(note, aim.who)
            }
        }
        let isRefused = { (aim: Aim) in if case .refuse = aim.decision { true } else { false } }
        if draft.topic == nil, draft.aims.allSatisfy(isRefused) {
            throw problem ?? Refusal.outOfContact(draft.outOfContact)
        }
    }

    /// Whether a message was for the speaker's side, which may answer it: not what merely stands in a topic that all read.
    private func wasSaid(_ message: MessageRow, to speaker: Speaker) throws -> Bool {
        try transaction.receipts.receipts(messageID: message.id).contains { receipt in
            receipt.accountID == speaker.memberID && receipt.state != .held && receipt.state != .refused
        }
    }

    private func heldFull(at member: AddressBook.Member, from speaker: Speaker) throws -> Refusal? {
        let held = try transaction.grants.held(
            at: member.id, from: speaker.memberID, meshID: meshID, now: now)
        guard held.ofSender > 0 || held.ofAll >= ContactRules.mostHeld else { return nil }
        return .heldFull(by: book.who(member))
    }
}
