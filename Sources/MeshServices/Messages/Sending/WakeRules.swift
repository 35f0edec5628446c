// Whether a message may wake the peer it reaches: a choice apart from what reaches it, made in the message's transaction.

internal import FoundationEssentials
internal import MeshAPI
internal import MeshStore

struct WakeRules {
    /// Agents wake a session so often in ten minutes.
    static let most = 6
    static let seconds: Double = 600

    /// As what the sender speaks.
    let sender: PartyKind
    let hop: Int
    /// The person asked for it, for whom a broadcast or a topic reaches too.
    let isForced: Bool
    /// The peer whose message this answers first: it asked.
    let firstAnswerTo: String?
    /// The peer whose message this answers, first or not.
    let answerTo: String?
    /// By how many messages of agents a peer was woken lately.
    let wakes: (String) throws -> Int

    /// Decides for all of them: of a role's, one is woken, the one that has been idle longest. Who is away is woken when it
    /// is back.
    func decide(_ aims: inout [Aim]) throws {
        var ofRole: [(index: Int, peer: AddressBook.PeerEntry)] = []
        for index in aims.indices {
            guard let peer = aims[index].peer, aims[index].decision == .deliver, peer.row.receives == .wake,
                peer.status != .deaf, isAllowed(peer)
            else { continue }
            if isForced {
                aims[index].wakes = true
            } else if aims[index].isOfSeveral {
                if aims[index].roleAsked != nil, hop <= 1 { ofRole.append((index, peer)) }
            } else if aims[index].reason == .mention && sender == .key {
                continue
            } else {
                aims[index].wakes = try isWithinBounds(peer)
            }
        }
        let idle = ofRole.filter { $0.peer.status == .idle }.sorted { $0.peer.row.statusAt < $1.peer.row.statusAt }
        for one in idle where try isWithinBounds(one.peer) {
            aims[one.index].wakes = true
            return
        }
    }

    /// What its attention lets through.
    private func isAllowed(_ peer: AddressBook.PeerEntry) -> Bool {
        switch peer.attention {
        case .open: true
        case .focus: sender == .member || answerTo == peer.id
        case .quiet: false
        }
    }

    private func isWithinBounds(_ peer: AddressBook.PeerEntry) throws -> Bool {
        if sender == .member || firstAnswerTo == peer.id { return true }
        return try wakes(peer.id) < Self.most
    }
}
