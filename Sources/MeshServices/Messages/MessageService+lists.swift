// Reading what was said: one message, and lists of them, newest first.

internal import FoundationEssentials
package import MeshAPI
internal import MeshStore

/// What of a mesh's messages is asked for.
package struct MessageQuery: Sendable {
    /// With whom, as an address.
    package var with: String?
    package var topic: String?
    package var isUnread: Bool
    package var isHeld: Bool
    /// Before this number.
    package var before: Int
    package var limit: Int

    package init(
        with: String? = nil, topic: String? = nil, isUnread: Bool = false, isHeld: Bool = false, before: Int, limit: Int
    ) {
        (self.with, self.topic, self.isUnread, self.isHeld) = (with, topic, isUnread, isHeld)
        (self.before, self.limit) = (before, limit)
    }
}

extension MessageService {
    /// Throws 404.
    package func message(_ id: String, meshID: String, for reader: Reader) async throws -> Message {
        let (now, speaker) = (now(), Speaker(reader))
        return try await database.read { transaction in
            try reader.require(meshID, in: transaction)
            guard let row = try MessageReading(transaction: transaction, meshID: meshID).message(id, for: speaker)
            else {
                throw Refusal.noMessage(id)
            }
            return try MessageView(transaction: transaction, speaker: speaker, now: now).message(
                row, withReceipts: true)
        }
    }

    /// Newest first, and the number to ask on from. Throws 403, 404, 422.
    package func list(_ query: MessageQuery, meshID: String, for reader: Reader) async throws -> (
        messages: [Message], next: Int?
    ) {
        let (now, speaker) = (now(), Speaker(reader))
        return try await database.read { transaction in
            try reader.require(meshID, in: transaction)
            if query.topic != nil { try speaker.require(.read) }
            if query.isHeld, !speaker.isPerson { throw Refusal.personOnly }
            let rows = MessageListRows(transaction: transaction, meshID: meshID, speaker: speaker, now: now)
            let numbers = try rows.numbers(query, with: try party(query.with, speaker, meshID, in: transaction))
            let view = MessageView(transaction: transaction, speaker: speaker, now: now)
            var (messages, size) = ([Message](), 0)
            for number in numbers.prefix(query.limit) {
                guard let row = try transaction.messages.message(seq: number, meshID: meshID) else { continue }
                size += row.body.utf8.count
                // A page ends at 1 MiB, and holds one.
                if size > Self.mostPageBytes, !messages.isEmpty { break }
                messages.append(try view.message(row))
            }
            let isMore = numbers.count > messages.count
            return (messages, isMore ? messages.last?.seq : nil)
        }
    }

    static let mostPageBytes = 1024 * 1024

    private func party(_ address: String?, _ speaker: Speaker, _ meshID: String, in transaction: Transaction) throws
        -> Mailbox?
    {
        guard let address else { return nil }
        guard let book = try AddressBook.load(meshID: meshID, in: transaction, at: now()) else {
            throw Refusal.notFound
        }
        do {
            switch try book.resolve(address, for: speaker, isInContact: { _ in true }) {
            case .peer(let peer): return Mailbox(kind: .peer, id: peer.id)
            case .member(let member): return Mailbox(kind: .member, id: member.id)
            default: throw Refusal.invalid("with", "with is a peer's or a member's address.")
            }
        } catch let problem as AddressProblem {
            throw Refusal.of(problem, address, to: speaker, field: "with")
        }
    }
}
