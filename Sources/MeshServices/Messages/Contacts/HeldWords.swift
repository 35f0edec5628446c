// First messages that wait, decided anew when what lets them in has changed: a grant, first contact, who they are from.
// What is let in is delivered as if it were sent now; what is not wanted is refused; the rest goes on waiting.

internal import FoundationEssentials
internal import MeshAPI
internal import MeshStore

struct HeldWords {
    let transaction: Transaction
    let meshID: String
    let book: AddressBook
    let now: Date
    /// Takes the next number of the mesh's changes.
    let nextChange: () throws -> Int

    /// At a member, or at everybody; of one sender, or of all. Returns the sessions, accounts and keys it concerns.
    @discardableResult
    func decideAnew(at accountID: String? = nil, from senderID: String? = nil) throws -> Set<String> {
        let held = try transaction.receipts.held(at: accountID, from: senderID, meshID: meshID, now: now)
        var concerned: Set<String> = []
        for (sender, rows) in Dictionary(grouping: held, by: \.fromAccount).sorted(by: { $0.key < $1.key }) {
            let rules = ContactRules(
                book: book, grants: try transaction.grants.grants(to: sender, meshID: meshID))
            for (messageID, receipts) in Dictionary(grouping: rows, by: \.messageID).sorted(by: { $0.key < $1.key }) {
                concerned.formUnion(try decide(receipts, of: messageID, rules))
            }
        }
        return concerned
    }

    /// A person does not take what waits of a sender: told so, they may ask again after a day.
    func refuse(_ senderID: String, by accountID: String) throws -> Set<String> {
        let former = try transaction.grants.grant(of: accountID, to: senderID, meshID: meshID)
        guard former?.state != .blocked else { return [] }
        try transaction.grants.put(GrantRow(refusing: senderID, by: accountID, meshID: meshID, at: now))
        try transaction.audit.record(.grantChanged, actor: accountID, subject: "\(meshID)/\(senderID)", at: now)
        return try decideAnew(at: accountID, from: senderID)
    }

    private func decide(_ receipts: [ReceiptRow], of messageID: String, _ rules: ContactRules) throws -> Set<String> {
        guard let message = try transaction.messages.message(id: messageID, meshID: meshID) else { return [] }
        var concerned: Set<String> = []
        var aims: [(receipt: ReceiptRow, aim: Aim)] = []
        for receipt in receipts {
            guard let member = book.members[receipt.accountID] else { continue }
            switch rules.decide(from: receipt.fromAccount, to: member, by: .direct) {
            case .hold: continue
            case .deliver: aims.append((receipt, aim(of: receipt, member)))
            case .refuse(let note):
                var refused = receipt
                (refused.state, refused.at, refused.change) = (.refused, now, try nextChange())
                if note == RecipientReason.blocked { refused.note = note }
                try transaction.receipts.step(refused)
            }
            concerned.formUnion([receipt.mailbox.id, receipt.accountID, receipt.from.id, receipt.fromAccount])
        }
        var woken = aims.map(\.aim)
        try wakes(of: message).decide(&woken)
        for (place, aim) in zip(aims, woken) {
            var queued = place.receipt
            (queued.state, queued.at, queued.change) = (.queued, now, try nextChange())
            (queued.note, queued.wakes) = (aim.note, aim.wakes)
            try transaction.receipts.letIn(queued)
        }
        return concerned
    }

    private func aim(of receipt: ReceiptRow, _ member: AddressBook.Member) -> Aim {
        let peer = receipt.mailbox.kind == .peer ? book.peers[receipt.mailbox.id] : nil
        return Aim(
            mailbox: receipt.mailbox, member: member, who: peer.map(book.who) ?? book.who(member), peer: peer,
            reason: receipt.reason)
    }

    private func wakes(of message: MessageRow) -> WakeRules {
        WakeRules(sender: message.from.kind, hop: message.hop, isForced: false, firstAnswerTo: nil, answerTo: nil) {
            try transaction.receipts.wakes(of: $0, since: now.addingTimeInterval(-WakeRules.seconds))
        }
    }
}

extension HeldWords {
    /// In a transaction that takes its changes one by one. Nil where there is no such mesh, or it is archived.
    init?(_ meshID: String, in transaction: Transaction, at now: Date) throws {
        guard let book = try AddressBook.load(meshID: meshID, in: transaction, at: now) else { return nil }
        self.init(transaction: transaction, meshID: meshID, book: book, now: now) {
            guard let head = try transaction.heads.take(meshID: meshID, changes: 1) else { throw Refusal.notFound }
            return head.change
        }
    }
}
