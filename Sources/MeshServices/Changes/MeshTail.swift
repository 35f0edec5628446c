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

    /// Where the receipts of each session stand: of its mailbox, or of what it sent.
    fileprivate var receiptsBySession: [String: [Int]] {
        var places: [String: [Int]] = [:]
        for (index, receipt) in receipts.enumerated() {
            for party in Set([receipt.mailbox, receipt.from]) where party.kind == .peer {
                places[party.id, default: []].append(index)
            }
        }
        return places
    }
}

/// What of it concerns one session.
struct MeshNews: Sendable {
    /// In the order of their changes, each in its newest state.
    var receipts: [ReceiptRow] = []
    /// What was said to it, by its id.
    var messages: [String: MessageRow] = [:]
    /// Where everything that was said stands, for whomever.
    fileprivate var segments: [MeshSegment] = []

    /// The newest message that came with or before a change.
    func newest(upTo change: Int) -> MessageRow? {
        for segment in segments.reversed() {
            if let found = segment.messages.last(where: { $0.change <= change }) { return found }
        }
        return nil
    }
}

final class MeshTail: Sendable {
    fileprivate struct Tail {
        /// Each begins where the former ends.
        var segments: [(written: MeshSegment, receiptsBySession: [String: [Int]])] = []
        var cost = 0
        /// The last change that is known to be in the database, and the last that its disk has, whether they are here or not.
        var committed = 0
        var flushed = 0

        func message(of receipt: ReceiptRow) -> MessageRow? {
            // Numbers have no gap, so that its place is known.
            for (segment, _) in segments.reversed() {
                guard let first = segment.messages.first, receipt.seq >= first.seq else { continue }
                let index = receipt.seq - first.seq
                return segment.messages.indices.contains(index) ? segment.messages[index] : nil
            }
            return nil
        }
    }

    private let tails = Mutex<[String: Tail]>([:])
    private let mostOfMesh: Int
    private let mostMeshes: Int

    /// Bytes a mesh, about, and meshes.
    init(mostOfMesh: Int = 1 << 20, mostMeshes: Int = 16) {
        (self.mostOfMesh, self.mostMeshes) = (mostOfMesh, mostMeshes)
    }

    /// What a transaction writes, before its commit, which `commit` follows or, where it fails, `forget`, and maybe the next one's
    /// `add` before that.
    func add(_ segment: MeshSegment, meshID: String, isCommitted: Bool = false) {
        guard segment.isWhole else { return dropUncommitted(meshID) }
        let receiptsBySession = segment.receiptsBySession
        tails.withLock { tails in
            var tail = tails.removeValue(forKey: meshID) ?? Tail()
            // Something came in between that is not here, or this came late.
            // Nor does it follow on what never came to be: a transaction that is run again was added twice.
            if let last = tail.segments.last?.written,
                last.epoch != segment.epoch || last.upTo != segment.after || last.upTo > tail.committed
            {
                let isOfOneHistory = last.epoch == segment.epoch
                tail = isOfOneHistory ? Tail(committed: tail.committed, flushed: tail.flushed) : Tail()
            }
            tail.segments.append((segment, receiptsBySession))
            if isCommitted { tail.committed = max(tail.committed, segment.upTo) }
            tail.cost += segment.cost
            while tail.cost > mostOfMesh, tail.segments.count > 1 {
                tail.cost -= tail.segments.removeFirst().written.cost
            }
            // Of the many meshes of a large server those that are busy come back at once.
            if tails.count >= mostMeshes { tails = [:] }
            if tail.cost <= mostOfMesh { tails[meshID] = tail }
        }
    }

    /// The changes of one that failed are another's now.
    private func dropUncommitted(_ meshID: String) {
        tails.withLock { tails in
            guard let tail = tails[meshID], let last = tail.segments.last?.written else { return }
            if last.upTo > tail.committed { tails[meshID] = nil }
        }
    }

    /// What was added is in the database.
    func commit(_ segment: MeshSegment, meshID: String) { advance(\.committed, of: meshID, to: segment.upTo) }

    /// The disk has it, and what was committed before.
    func flush(_ segment: MeshSegment, meshID: String) {
        advance(\.committed, of: meshID, to: segment.upTo)
        advance(\.flushed, of: meshID, to: segment.upTo)
    }

    private func advance(_ place: WritableKeyPath<Tail, Int>, of meshID: String, to change: Int) {
        tails.withLock { tails in
            guard let last = tails[meshID]?[keyPath: place] else { return }
            tails[meshID]?[keyPath: place] = max(last, change)
        }
    }

    /// What was written there may not be what is in the database.
    func forget(_ meshID: String) { tails.withLock { _ = $0.removeValue(forKey: meshID) } }

    /// What happened after a cursor and up to a head, as far as it concerns the session `id`; nil where not all of it is here.
    /// `newestID`, which the database has of its newest message, says that what is here was written: nobody makes it twice.
    func news(after cursor: EventCursor, upTo head: MeshHead, newestID: String?, for id: String) -> MeshNews? {
        tails.withLock { tails in
            guard let tail = tails[cursor.meshID], head.epoch == cursor.epoch,
                let news = tail.news(after: cursor, upTo: head.change, for: id)
            else { return nil }
            if let newest = news.newest(upTo: head.change), newest.id != newestID { return nil }
            return news
        }
    }

    /// As above, up to the last commit that the disk has.
    func news(after cursor: EventCursor, for id: String) -> (news: MeshNews, upTo: Int)? {
        tails.withLock { tails in
            guard let tail = tails[cursor.meshID], tail.flushed > cursor.change,
                let news = tail.news(after: cursor, upTo: tail.flushed, for: id)
            else { return nil }
            return (news, tail.flushed)
        }
    }
}

extension MeshTail.Tail {
    fileprivate func news(after cursor: EventCursor, upTo change: Int, for id: String) -> MeshNews? {
        guard let first = segments.first?.written, first.epoch == cursor.epoch, first.after <= cursor.change,
            let end = segments.lastIndex(where: { $0.written.upTo == change })
        else { return nil }
        // The newest are few, and looked for from the end.
        let start = segments[...end].lastIndex { $0.written.upTo <= cursor.change }.map { $0 + 1 } ?? 0
        let found = segments[start..<end + 1]
        var news = MeshNews(segments: found.map(\.written))
        for (segment, places) in found {
            news.receipts += (places[id] ?? []).map { segment.receipts[$0] }.filter { $0.change > cursor.change }
        }
        news.receipts = Self.newest(news.receipts)
        for receipt in news.receipts where receipt.mailbox.id == id {
            news.messages[receipt.messageID] = message(of: receipt)
        }
        return news
    }

    /// Of each mailbox's row of a message the last.
    private static func newest(_ receipts: [ReceiptRow]) -> [ReceiptRow] {
        guard receipts.count > 1 else { return receipts }
        let place = { (receipt: ReceiptRow) in MailboxPlace(messageID: receipt.messageID, mailbox: receipt.mailbox) }
        let last = Dictionary(receipts.map { (place($0), $0.change) }) { max($0, $1) }
        return receipts.filter { last[place($0)] == $0.change }
    }
}

/// A row of receipts.
private struct MailboxPlace: Hashable {
    var messageID: String
    var mailbox: Mailbox
}
