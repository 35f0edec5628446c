// A message's number, its row, a receipt for each mailbox, and what it changes elsewhere: what it answers is acknowledged.

internal import FoundationEssentials
internal import MeshAPI
internal import MeshStore

extension MessageBatch {
    /// Unseen, a message ends after so long.
    static let lifeSeconds: Double = 7 * 86_400
    static let probeSeconds: Double = 60

    func write(
        _ draft: Draft, _ thread: MessageThread, _ wanted: SendMessage, from sender: Sender, by speaker: Speaker
    ) throws -> SentMessage {
        let id = Identifier.make(at: now)
        let life = draft.isProbe ? Self.probeSeconds : wanted.within.map(Double.init) ?? Self.lifeSeconds
        var message = MessageRow(
            id: id, meshID: meshID, seq: nextSeq(), change: nextChange(), from: sender, to: wanted.to?.all ?? [],
            topicID: draft.topic?.id, body: wanted.body, replyTo: thread.answered?.id, parent: thread.parent,
            chain: thread.chain ?? id, hop: thread.hop, reason: draft.reason, clientID: wanted.clientId,
            createdAt: now, writtenAt: wanted.writtenAt.map { Date(milliseconds: $0.milliseconds) },
            expiresAt: now.addingTimeInterval(life),
            isProbe: draft.isProbe)
        if !draft.notMentioned.isEmpty || !draft.outOfContact.isEmpty {
            message.leftOut = MessageRow.LeftOut(
                notMentioned: draft.notMentioned.isEmpty ? nil : draft.notMentioned,
                notInContact: draft.outOfContact.isEmpty ? nil : draft.outOfContact)
        }
        try transaction.messages.insert(message)
        let receipts = draft.aims.map { receipt(of: message, at: $0) }
        for receipt in receipts { try transaction.receipts.insert(receipt) }
        note(message, receipts)
        if let topic = draft.topic { try post(message, in: topic, draft, by: speaker) }
        if let answered = thread.answered { try acknowledge(answered, by: speaker, as: sender) }
        try letInWhomAPersonWroteTo(draft, by: speaker)
        return answer(message, receipts)
    }

    private func letInWhomAPersonWroteTo(_ draft: Draft, by speaker: Speaker) throws {
        guard speaker.isPerson, let own = book.members[speaker.memberID] else { return }
        for aim in draft.aims where aim.member.id != own.id && !aim.isOfSeveral && aim.reason != .mention {
            if case .refuse = aim.decision { continue }
            try letIn(aim.member, by: own)
        }
    }

    private func receipt(of message: MessageRow, at aim: Aim) -> ReceiptRow {
        let state: MessageState =
            switch aim.decision {
            case .deliver: .queued
            case .hold: .held
            case .refuse: .refused
            }
        return ReceiptRow(
            messageID: message.id, mailbox: aim.mailbox, meshID: meshID, seq: message.seq, change: nextChange(),
            accountID: aim.member.id, address: aim.who.address, name: aim.who.name,
            from: Mailbox(kind: message.from.kind, id: message.from.id), fromAccount: message.from.member.id,
            state: state, reason: aim.reason, note: aim.note, wakes: aim.wakes, roleAsked: aim.roleAsked,
            createdAt: now, expiresAt: message.expiresAt, at: now, times: [state: now])
    }

    /// The topic's newest, its writer among its readers, and a notification for each who is named.
    private func post(_ message: MessageRow, in topic: AddressBook.TopicEntry, _ draft: Draft, by speaker: Speaker)
        throws
    {
        try transaction.topicPosts.post(
            message, topicID: topic.id, joining: speaker.kind == .key ? nil : speaker.memberID)
        for aim in draft.mentioned where aim.decision == .deliver {
            try transaction.topicPosts.notify(aim.mailbox, of: aim.member.id, in: message, topicID: topic.id)
        }
    }

    /// What is answered has been taken up; the others of its role need not any more.
    private func acknowledge(_ answered: MessageRow, by speaker: Speaker, as sender: Sender) throws {
        let mailbox = Mailbox(kind: speaker.kind, id: speaker.id)
        guard var receipt = try transaction.receipts.receipt(messageID: answered.id, mailbox: mailbox),
            [.queued, .fetched, .handed, .seen, .expired].contains(receipt.state)
        else { return }
        receipt.step(to: .acknowledged, at: now, change: nextChange())
        try transaction.receipts.step(receipt)
        written.receipts.append(receipt)
        guard receipt.roleAsked != nil else { return }
        for var other in try transaction.receipts.unseenOfRole(messageID: answered.id, but: mailbox) {
            other.step(to: .withdrawn, at: now, change: nextChange())
            other.note = RecipientReason.answeredBy + sender.address
            try transaction.receipts.step(other)
            written.receipts.append(other)
        }
    }

    /// With today's states.
    func answer(_ message: MessageRow, _ receipts: [ReceiptRow]) -> SentMessage {
        var recipients = receipts.map { receipt in
            Recipient(
                who: who(receipt), state: receipt.state(at: now), reason: receipt.note,
                wakes: receipt.mailbox.kind == .peer ? receipt.wakes : nil)
        }
        if let topic = book.topics.first(where: { $0.id == message.topicID }) {
            recipients.append(Recipient(who: book.who(topic), state: .posted))
        }
        return SentMessage(
            id: message.id, seq: message.seq, chain: message.chain, hop: message.hop, createdAt: message.createdAt,
            expiresAt: message.expiresAt, recipients: recipients, notMentioned: message.leftOut?.notMentioned,
            notInContact: message.leftOut?.notInContact)
    }

    private func who(_ receipt: ReceiptRow) -> Who {
        if receipt.mailbox.kind == .peer, let peer = book.peers[receipt.mailbox.id] { return book.who(peer) }
        if receipt.note == RecipientReason.receivesNothing,
            let peer = book.peers.values.first(where: { $0.address == receipt.address })
        {
            return book.who(peer)
        }
        let member = book.members[receipt.accountID]?.name
        return Who(
            kind: receipt.mailbox.kind, id: receipt.mailbox.id, address: receipt.address, name: receipt.name,
            member: member)
    }
}
