// What is being written, to whom, and what waits to be sent.

public import Canvas
import FoundationEssentials
public import MeshAPI
import Text

public struct Compose: Sendable, Equatable {
    public var input = TextInput()
    /// Whom it is for: changed by the person alone.
    public var to: String?
    /// The message that the next one answers.
    public var answers: String?
    /// What stood in the line, by mesh and address.
    var drafts: [String: TextInput] = [:]
    public var completion: Completion?
    /// Oldest first: what was sent and not yet taken.
    public var outbox: [OutboxMessage] = []
    /// A text that looks like a secret, which a second Enter sends.
    var confirmed: String?
    var count = 0

    public init() {}
}

/// A message on its way.
public struct OutboxMessage: Sendable, Hashable {
    public var message: SendMessage
    public var mesh: String
    /// Seconds since 1970.
    public var writtenAt: Int
    /// A request with it is under way.
    public var isSending = false
}

/// What a word begun with `@` or `#` may become.
public struct Completion: Sendable, Hashable {
    public var candidates: [String]
    public var selected = 0
    /// Clusters of the line that it takes the place of.
    public var range: Range<Int>
}

/// Where a line goes.
struct Target: Hashable {
    var to: String
    var text: String
    /// It named its address itself, for this once.
    var isOneShot: Bool
}

extension Compose {
    /// The word before the cursor where it begins with `@` or `#`, and its place.
    var word: (text: String, range: Range<Int>)? {
        let before = Array(input.text.prefix(input.cursor))
        let start = before.lastIndex { $0.isWhitespace }.map { $0 + 1 } ?? 0
        guard start < before.count, before[start] == "@" || before[start] == "#" else { return nil }
        return (String(before[start...]), start..<before.count)
    }

    /// Looks again at what the word before the cursor may become.
    mutating func complete(_ roster: Roster) {
        guard let word else {
            completion = nil
            return
        }
        let found = Self.candidates(word.text, roster)
        let isDone = found == [word.text]
        completion = found.isEmpty || isDone ? nil : Completion(candidates: found, range: word.range)
    }

    /// The longest list that is offered.
    static let mostCandidates = 5

    private static func candidates(_ word: String, _ roster: Roster) -> [String] {
        let typed = String(word.dropFirst()).folded()
        var found: [String] = []
        func offer(_ name: String, _ others: String?...) {
            guard found.count < mostCandidates, !found.contains(name) else { return }
            let parts = [String(name.dropFirst())] + others.compactMap(\.self)
            if parts.contains(where: { $0.folded().hasPrefix(typed) }) { found.append(name) }
        }
        if word.hasPrefix("#") {
            for topic in roster.topics { offer("#\(topic.name)") }
            return found
        }
        for peer in roster.peers {
            offer("@\(peer.isSelf ? peer.handle : peer.address)", peer.handle, peer.displayName)
        }
        for member in roster.members { if let handle = member.handle { offer("@\(handle)", member.name) } }
        for role in Set(roster.peers.filter(\.live).compactMap(\.role)).sorted() { offer("@\(role)") }
        offer("@all")
        return found
    }

    /// Puts the selected candidate into the line, a blank behind it.
    mutating func take() {
        guard let completion, completion.candidates.indices.contains(completion.selected) else { return }
        let characters = Array(input.text)
        let taken = completion.candidates[completion.selected] + " "
        let tail = String(characters[completion.range.upperBound...].drop { $0 == " " })
        let head = String(characters[..<completion.range.lowerBound]) + taken
        input.replace(with: head + tail)
        input.move(to: head.count)
        self.completion = nil
    }

    /// Where the line goes, nil where nobody is named. An address alone has no text.
    func target(_ roster: Roster) -> Target? {
        let text = input.text.trimmingWhitespace()
        guard let first = text.first, first == "@" || first == "#" else {
            return to.map { Target(to: $0, text: text, isOneShot: false) }
        }
        let word = String(text.prefix { !$0.isWhitespace })
        guard word.count > 1 else { return to.map { Target(to: $0, text: text, isOneShot: false) } }
        let rest = String(text.dropFirst(word.count)).trimmingWhitespace()
        return Target(to: Self.address(word, roster), text: rest, isOneShot: true)
    }

    /// `@bo/docs` is one mailbox, as is `@api` where one fits; every other `@X` is all of that role or handle.
    private static func address(_ word: String, _ roster: Roster) -> String {
        guard word.hasPrefix("@") else { return word }
        let name = String(word.dropFirst())
        if name.contains("/") { return name }
        if roster.members.contains(where: { $0.handle == name }) { return name }
        if roster.peers.contains(where: { $0.isSelf && $0.handle == name }) { return name }
        let others = roster.peers.filter { $0.live && ($0.handle == name || $0.role == name) }
        return others.count == 1 && others[0].handle == name ? others[0].address : word
    }
}
