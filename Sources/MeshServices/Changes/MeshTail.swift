// What was written in a mesh just now, kept in memory for those who wait for it: a commit wakes many, and each would read in the
// database what was written there a moment before. It is given out only where nothing is missing between the reader's place
// and the mesh's head: whatever else happened, here or on another server, leaves a gap, and the database is asked.

internal import FoundationEssentials
internal import MeshAPI
internal import MeshStore
internal import Synchronization

/// Messages and receipts as one transaction wrote them, each with a change of its own.
struct MeshSegment: Sendable {
    var epoch: String
    /// The change before the first of them.
    var after: Int
    /// That of the last.
    var upTo: Int
    /// In the order of their changes.
    var messages: [MessageRow] = []
    var receipts: [ReceiptRow] = []

    /// Whether they are all that the transaction changed. What is said in a topic has readers that only the database knows.
    var isWhole: Bool {
        upTo > after && messages.count + receipts.count == upTo - after && messages.allSatisfy { $0.topicID == nil }
    }

    fileprivate var cost: Int {
        messages.reduce(0) { $0 + 1024 + $1.body.utf8.count } + receipts.count * 1024
    }
}

/// What of it concerns one session.
struct MeshNews: Sendable {
    /// In the order of their changes, each in its newest state.
    var receipts: [ReceiptRow] = []
    /// What was said, by its id.
    var messages: [String: MessageRow] = [:]
    /// Number, id and change of everything that was said, for whomever, oldest first.
    var said: [(seq: Int, id: String, change: Int)] = []
}

final class MeshTail: Sendable {
    private struct Tail {
        /// Each begins where the former ends.
        var segments: [MeshSegment] = []
        var cost = 0

        func message(of receipt: ReceiptRow) -> MessageRow? {
            // Numbers have no gap, so that its place is known.
            for segment in segments.reversed() {
                guard let first = segment.messages.first, receipt.seq >= first.seq else { continue }
                let index = receipt.seq - first.seq
                return segment.messages.indices.contains(index) ? segment.messages[index] : nil
            }
            return nil
        }
    }

    private struct Place: Hashable {
        var messageID: String
        var mailbox: Mailbox
    }

    private let tails = Mutex<[String: Tail]>([:])
    private let mostOfMesh: Int
    private let mostMeshes: Int

    /// Bytes a mesh, about, and meshes.
    init(mostOfMesh: Int = 1 << 20, mostMeshes: Int = 16) {
        (self.mostOfMesh, self.mostMeshes) = (mostOfMesh, mostMeshes)
    }

    /// What a transaction wrote, after its commit.
    func add(_ segment: MeshSegment, meshID: String) {
        guard segment.isWhole else { return }
        tails.withLock { tails in
            var tail = tails.removeValue(forKey: meshID) ?? Tail()
            // Something came in between that is not here, or this came late.
            if let last = tail.segments.last, last.epoch != segment.epoch || last.upTo != segment.after {
                tail = Tail()
            }
            tail.segments.append(segment)
            tail.cost += segment.cost
            while tail.cost > mostOfMesh, tail.segments.count > 1 { tail.cost -= tail.segments.removeFirst().cost }
            // Of the many meshes of a large server those that are busy come back at once.
            if tails.count >= mostMeshes { tails = [:] }
            if tail.cost <= mostOfMesh { tails[meshID] = tail }
        }
    }

    /// What happened after a cursor and up to a head, as far as it concerns the session `id`; nil where not all of it is here.
    func news(after cursor: EventCursor, upTo head: MeshHead, for id: String) -> MeshNews? {
        tails.withLock { tails in
            guard let tail = tails[cursor.meshID], let first = tail.segments.first, let last = tail.segments.last,
                first.epoch == head.epoch, first.epoch == cursor.epoch, first.after <= cursor.change,
                last.upTo >= head.change
            else { return nil }
            let isNew = { (change: Int) in change > cursor.change && change <= head.change }
            var news = MeshNews()
            for segment in tail.segments where segment.upTo > cursor.change {
                for message in segment.messages where isNew(message.change) {
                    news.said.append((message.seq, message.id, message.change))
                }
                for receipt in segment.receipts where isNew(receipt.change) && receipt.concerns(id) {
                    news.receipts.append(receipt)
                }
            }
            news.receipts = Self.newest(news.receipts)
            for receipt in news.receipts where receipt.mailbox.id == id {
                news.messages[receipt.messageID] = tail.message(of: receipt)
            }
            return news
        }
    }

    /// Of each mailbox's row of a message the last.
    private static func newest(_ receipts: [ReceiptRow]) -> [ReceiptRow] {
        guard receipts.count > 1 else { return receipts }
        let place = { (receipt: ReceiptRow) in Place(messageID: receipt.messageID, mailbox: receipt.mailbox) }
        let last = Dictionary(receipts.map { (place($0), $0.change) }) { max($0, $1) }
        return receipts.filter { last[place($0)] == $0.change }
    }
}

extension ReceiptRow {
    /// Whether it is of that session's mailbox, or of what it sent.
    fileprivate func concerns(_ sessionID: String) -> Bool {
        (mailbox.id == sessionID && mailbox.kind == .peer) || (from.id == sessionID && from.kind == .peer)
    }
}
