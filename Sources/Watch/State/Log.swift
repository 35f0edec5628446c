// What was said, in the mesh's own order, with what became of it. A message more costs its own insertion; a frame costs
// the rows it shows, whatever the number of messages.

import FoundationEssentials
public import MeshAPI

public struct Log: Sendable, Equatable {
    /// Ascending by `seq`.
    public private(set) var messages: [Message] = []
    /// What a filter searches of each, beside `messages`.
    private var texts = Searched()
    private var numbers: [String: Int] = [:]
    /// What became of a message at single mailboxes, as far as it was told.
    private var marks: [String: [String: Mark]] = [:]

    private struct Mark: Sendable, Equatable {
        var state: MessageState
        var at: Date
    }

    /// Where the page before the oldest begins; nil where nothing is before it.
    public var older: String?
    public var isLoadingOlder = false
    /// Up to this number nothing is missing: what one writes oneself may stand behind it before what others said.
    var heardTo: Int?
    /// What was said after this is being read, page by page back to it; nil where nothing is missing.
    var missedAfter: Int?
    /// The first message the person has not seen, where they left; a line stands above it.
    public var newFrom: Int?

    public init() {}

    public var isEmpty: Bool { messages.isEmpty }

    public subscript(id: String) -> Message? { index(of: id).map { messages[$0] } }

    func index(of id: String) -> Int? { numbers[id].flatMap(index(number:)) }

    private func index(number: Int) -> Int? {
        let place = self.place(number)
        return place < messages.count && messages[place].seq == number ? place : nil
    }

    /// The index of the first message of this number or a later one.
    func place(_ number: Int) -> Int {
        var (low, high) = (0, messages.count)
        while low < high {
            let middle = (low + high) / 2
            if messages[middle].seq < number { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Takes one in, or its newest state. False where it was there.
    @discardableResult
    mutating func add(_ message: Message) -> Bool {
        var message = message
        // An answer need not be addressed: it goes to whose message it answers.
        if message.to.isEmpty, message.topic == nil, let asked = message.replyTo.flatMap({ self[$0] }) {
            message.to = [asked.from.address]
        }
        if let index = index(of: message.id) {
            // An event of one's own mailbox does not carry what became of the others.
            message.states = message.states ?? messages[index].states
            messages[index] = message
            note(message.receipts)
            return false
        }
        let place = messages.last.map { $0.seq < message.seq } ?? true ? messages.count : place(message.seq)
        messages.insert(message, at: place)
        texts.insert([Self.searched(message)], at: place)
        numbers[message.id] = message.seq
        note(message.receipts)
        return true
    }

    /// A page of history, in any order.
    mutating func add(_ page: [Message]) {
        let new = page.filter { numbers[$0.id] == nil }.sorted { $0.seq < $1.seq }
        for message in page where numbers[message.id] != nil { add(message) }
        guard let first = new.first, let last = new.last else { return }
        let place = place(first.seq)
        if place < messages.count, place == self.place(last.seq) {
            messages.insert(contentsOf: new, at: place)
            texts.insert(new.map(Self.searched), at: place)
            for message in new { numbers[message.id] = message.seq }
        } else {
            for message in new { add(message) }
        }
    }

    /// What became of a message at one mailbox. False where the whole has to be asked for.
    mutating func note(_ receipt: Receipt) -> Bool {
        guard let index = index(of: receipt.messageId) else { return true }
        if messages[index].mailbox?.id == receipt.id { messages[index].state = receipt.state }
        guard var states = messages[index].states else { return true }
        let count = states.values.reduce(0, +)
        let before = marks[receipt.messageId]?[receipt.id]?.state ?? (count == 1 ? states.keys.first : nil)
        mark(receipt)
        guard let before, let had = states[before] else { return before == receipt.state }
        states[before] = had > 1 ? had - 1 : nil
        states[receipt.state, default: 0] += 1
        messages[index].states = states
        return true
    }

    private mutating func note(_ receipts: [Receipt]?) {
        for receipt in receipts ?? [] { mark(receipt) }
    }

    private mutating func mark(_ receipt: Receipt) {
        marks[receipt.messageId, default: [:]][receipt.id] = Mark(state: receipt.state, at: receipt.at)
    }

    /// To which mailbox a message with one receiver was handed over, and when; nil where it is further, or nobody said.
    func handed(_ id: String) -> (mailbox: String, at: Date)? {
        guard let marks = marks[id], marks.count == 1, let (mailbox, mark) = marks.first, mark.state == .handed
        else { return nil }
        return (mailbox, mark.at)
    }

    /// The connection is there again: what was said without it is to be read.
    mutating func beginCatchingUp() { missedAfter = missedAfter ?? heardTo }

    mutating func heard(_ number: Int?) { heardTo = [heardTo, number].compactMap(\.self).max() }

    /// A page came of what was missed. Gives the cursor to go on at; nil where all of it is here.
    mutating func caughtUp(_ page: [Message], older: String?) -> String? {
        heard(page.map(\.seq).max())
        guard let last = missedAfter else { return nil }
        if let older, let first = page.map(\.seq).min(), first > last { return older }
        missedAfter = nil
        return nil
    }

    mutating func withdraw(_ id: String) {
        guard let index = index(of: id) else { return }
        if messages[index].state != nil { messages[index].state = .withdrawn }
        if messages[index].states != nil { messages[index].states = [.withdrawn: 1] }
    }

    mutating func setState(_ state: MessageState, of id: String) {
        guard let index = index(of: id) else { return }
        messages[index].state = state
    }

    /// Bytes of a text that a filter looks at.
    private static let searchedBytes = 1024

    private static func searched(_ message: Message) -> String {
        let to = message.topic.map { "#\($0)" } ?? message.to.joined(separator: " ")
        let body = String(decoding: message.body.utf8.prefix(searchedBytes), as: UTF8.self)
        return "\(message.from.address) \(message.from.name) \(to) \(body)"
    }

    /// Indices of the messages that hold `text` (folded).
    func matches(_ text: String) -> [Int] { texts.matches(text) }

    public static func == (one: Log, other: Log) -> Bool {
        one.messages == other.messages && one.older == other.older && one.isLoadingOlder == other.isLoadingOlder
            && one.newFrom == other.newFrom
    }
}
