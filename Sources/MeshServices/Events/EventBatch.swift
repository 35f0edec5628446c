// What one look at a mesh gives its reader: events as they are sent, and the place behind them.

package import FoundationEssentials
internal import MeshAPI
internal import MeshStore

/// An event, and the change by which it came.
struct EventItem: Sendable {
    var change: Int
    var event: Event
}

/// An event as it is sent.
package struct WrittenEvent: Sendable, Hashable {
    package var type: String
    package var json: Data
    /// Up to this change everything is told once this event is; nil: no more than before.
    package var upTo: Int?
}

package struct EventBatch: Sendable {
    package var events: [WrittenEvent] = []
    package var cursor: EventCursor
    /// The place is lost: the reader begins anew with the lists.
    package var isReset = false
    /// Whether there was more than a batch holds.
    package var hasMore = false
    /// Whether the last event says that nothing comes behind it.
    package var isEnd = false
    /// Whether the reader's session was disconnected: it comes back.
    package var isDisconnected = false

    /// Whether there is nothing to tell.
    package var isEmpty: Bool { events.isEmpty && !isReset && !isDisconnected }

    package var byteCount: Int { events.reduce(0) { $0 + $1.json.count } }

    /// `{"events":[…],"cursor":…,"reset":true?}`.
    package var json: Data {
        var data = Data(#"{"events":["#.utf8)
        for (index, event) in events.enumerated() {
            if index > 0 { data.append(UInt8(ascii: ",")) }
            data.append(event.json)
        }
        data.append(contentsOf: #"],"cursor":"\#(cursor.text)"\#(isReset ? #","reset":true"# : "")}"#.utf8)
        return data
    }
}

/// Events in the order of their changes, from several places each of which may have been cut short.
struct EventSlice {
    private(set) var items: [EventItem] = []
    /// Up to this change nothing is missing.
    private(set) var upTo: Int
    private(set) var isCut = false
    /// Whether the reader's session was disconnected meanwhile.
    var isDisconnected = false

    init(upTo: Int) { self.upTo = upTo }

    /// What a session is told of news. Nil where it is told of a message that is not among them.
    init?(_ news: MeshNews, after cursor: EventCursor, upTo change: Int, for viewer: Viewer, at now: Date) {
        self.init(upTo: change)
        for receipt in news.receipts {
            let said = news.messages[receipt.messageID]
            let event: Event
            if receipt.mailbox.id == viewer.id && receipt.mailbox.kind == viewer.party {
                switch Delivery.of(receipt, said, after: cursor, for: viewer, at: now) {
                case .message:
                    guard let said else { return nil }
                    event = .message(said.message(mine: receipt, at: now))
                case .held: return nil
                case .withdrawn: event = .withdrawn(messageID: receipt.messageID)
                case .receipt: event = .receipt(receipt.receipt(at: now))
                case .nothing: continue
                }
            } else {
                event = .receipt(receipt.receipt(at: now))
            }
            items.append(EventItem(change: receipt.change, event: event))
        }
    }

    /// Adds what one place has, `limit` rows at most and one more, which tells whether there are others. `changes` are those
    /// of all rows that were read, in order; a row may be none for this reader.
    mutating func add(_ found: [EventItem], changes: [Int], limit: Int) {
        items += found
        guard changes.count > limit, let next = changes.last else { return }
        isCut = true
        upTo = min(upTo, next - 1)
    }

    /// Written events within `bytes`, one at least, and the change up to which nothing is missing. Events of one change stay
    /// together.
    func written(within bytes: Int) throws -> (events: [WrittenEvent], upTo: Int, hasMore: Bool) {
        let sorted = items.filter { $0.change <= upTo }.sorted { $0.change < $1.change }
        var (events, count, end, told) = ([WrittenEvent](), 0, sorted.startIndex, nil as Int?)
        while end < sorted.endIndex {
            let change = sorted[end].change
            let group = sorted[end...].prefix { $0.change == change }
            let written = try group.enumerated().map { index, item in
                WrittenEvent(
                    type: item.event.type, json: try WireJSON.written(item.event),
                    upTo: index == group.count - 1 ? change : told)
            }
            let size = written.reduce(0) { $0 + $1.json.count + 1 }
            if let told, count + size > bytes { return (events, told, true) }
            events += written
            count += size
            (end, told) = (group.endIndex, change)
        }
        return (events, upTo, isCut)
    }
}
