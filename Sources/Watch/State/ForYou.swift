// What is for the person: sessions of theirs that ask, words to them, first words of strangers, chains that wait.

import FoundationEssentials
public import MeshAPI
public import Widgets

public enum ForYou: Sendable, Hashable {
    case asks(Peer)
    case word(Message)
    case firstWord(Message)
    /// The last message of a chain that may not go on by itself.
    case chain(Message)

    public var id: RowID {
        switch self {
        case .asks(let peer): RowID(rawValue: "asks:\(peer.sessionID)")
        case .word(let message): RowID(rawValue: "word:\(message.id)")
        case .firstWord(let message): RowID(rawValue: "first:\(message.id)")
        case .chain(let message): RowID(rawValue: "chain:\(message.id)")
        }
    }
}

public struct InTray: Sendable, Equatable {
    /// Messages in the person's own mailbox that nothing was done about, oldest first.
    public private(set) var words: [String] = []
    /// First words that wait to be let in, oldest first.
    public private(set) var held: [Message] = []
    /// Chains at their last hop, by their last message.
    private var chains: [String] = []
    /// What waits was asked for and is here, or cannot be had.
    public internal(set) var isRead = false

    public init() {}

    mutating func note(_ message: Message, isMine: Bool, isOurs: Bool) {
        if isMine {
            // What is held is somebody's first word, until they are let in.
            if message.state?.isWaiting == true, message.state != .held, !words.contains(message.id) {
                words.append(message.id)
            }
            if let state = message.state, !state.isWaiting, state != .seen { settle(message.id) }
        }
        if isOurs, message.hop >= SendMessage.mostHops, !chains.contains(message.id) { chains.append(message.id) }
    }

    mutating func settle(_ id: String) {
        words.removeAll { $0 == id }
        held.removeAll { $0.id == id }
        chains.removeAll { $0 == id }
    }

    mutating func hold(_ message: Message) {
        held.removeAll { $0.id == message.id }
        held.append(message)
    }

    mutating func set(held: [Message]) {
        self.held = held.sorted { $0.seq < $1.seq }
        isRead = true
    }

    /// A person spoke to this address: what waited for that goes on.
    mutating func goOn(_ address: String, _ log: Log) {
        chains.removeAll { id in
            guard let message = log[id] else { return true }
            return message.from.address == address || message.to.contains(address)
        }
    }

    /// Held words of a member, who is let in or not.
    mutating func settleHeld(of member: String) { held.removeAll { $0.from.member.id == member } }

    func count(_ roster: Roster, _ log: Log) -> Int {
        func known(_ ids: [String]) -> Int { ids.count { log.index(of: $0) != nil } }
        return roster.ownAsking.count + known(words) + held.count + known(chains)
    }

    func rows(_ roster: Roster, _ log: Log, _ me: Member?) -> [ForYou] {
        roster.ownAsking.map(ForYou.asks)
            + words.compactMap { log[$0] }.map(ForYou.word) + held.map(ForYou.firstWord)
            + chains.compactMap { log[$0] }.map(ForYou.chain)
    }
}
