// Who and what is in the mesh: peers by what they do, people, topics. Sorted when it changes, not when it is drawn.

import FoundationEssentials
public import MeshAPI
import Text
import Widgets

public struct Roster: Sendable, Equatable {
    public private(set) var peers: [Peer] = [] { didSet { count() } }
    public private(set) var members: [Member] = []
    public private(set) var topics: [Topic] = []
    public var grants: [Grant] = []

    public init() {}

    /// A line of the lists.
    public enum Row: Sendable, Hashable {
        case peers, away, people, topicsHeading
        case peer(Peer)
        case person(Member)
        case topic(Topic)

        var id: RowID? {
            switch self {
            case .peer(let peer): .peer(peer.sessionID)
            case .person(let member): .person(member.id)
            case .topic(let topic): .topic(topic.name)
            default: nil
            }
        }
    }

    /// How many are here, how many of them ask, and which of those are one's own.
    public private(set) var here = 0
    public private(set) var asking = 0
    private(set) var ownAsking: [Peer] = []

    /// What a filter searches of each session.
    private var texts: [String: Searched] = [:]

    private static func searched(_ peer: Peer) -> Searched {
        Searched([peer.address, peer.displayName, peer.role ?? "", peer.status.rawValue].joined(separator: "\n"))
    }

    private mutating func count() {
        let asks = peers.prefix { $0.live && $0.status == .asking }
        asking = asks.count
        ownAsking = asks.filter(\.isSelf)
        here = peers.firstIndex { !$0.live } ?? peers.count
    }

    mutating func set(peers: [Peer], members: [Member], topics: [Topic], grants: [Grant]) {
        self.peers = Self.sorted(peers)
        texts = Dictionary(peers.map { ($0.sessionID, Self.searched($0)) }) { $1 }
        self.members = members.sorted { ($0.name.folded(), $0.id) < ($1.name.folded(), $1.id) }
        self.grants = grants
        set(topics: topics)
    }

    mutating func set(topics: [Topic]) { self.topics = topics.sorted { $0.name < $1.name } }

    /// What became of one peer. True where it had not been there.
    mutating func note(_ change: Event.PeerChange, _ peer: Peer, at now: Date) {
        var peer = peer
        if change == .left {
            peer.live = false
            peer.awaySince = peer.awaySince ?? now
        }
        peers = Self.sorted(peers.filter { $0.sessionID != peer.sessionID } + [peer])
        texts[peer.sessionID] = Self.searched(peer)
    }

    mutating func change(_ topic: Topic) {
        set(topics: topics.filter { $0.id != topic.id } + [topic])
    }

    /// Somebody wrote to a topic, or one has read it.
    mutating func count(topic name: String, unread: Int?) {
        guard let index = topics.firstIndex(where: { $0.name == name }) else { return }
        topics[index].unread = unread ?? topics[index].unread + 1
    }

    func peer(_ id: String) -> Peer? { peers.first { $0.sessionID == id } }
    func member(_ id: String) -> Member? { members.first { $0.id == id } }
    func topic(_ name: String) -> Topic? { topics.first { $0.name == name } }
    func grant(_ member: String) -> Grant? { grants.first { $0.member.id == member } }

    /// Who asks first, then who works, then who is idle, one's own first; who is away last, the latest first.
    private static func sorted(_ peers: [Peer]) -> [Peer] {
        func rank(_ peer: Peer) -> Int {
            switch peer.status {
            case .asking: 0
            case .working: 1
            case .idle: 2
            case .deaf: 3
            case .unknown: 4
            }
        }
        let live = peers.filter(\.live).sorted {
            (rank($0), $0.isSelf ? 0 : 1, $0.address, $0.sessionID)
                < (rank($1), $1.isSelf ? 0 : 1, $1.address, $1.sessionID)
        }
        let away = peers.filter { !$0.live }.sorted {
            ($0.awaySince ?? $0.statusAt, $0.sessionID) > ($1.awaySince ?? $1.statusAt, $1.sessionID)
        }
        // A later one of an address took over what waits: the former ones are not in the list.
        var addresses = Set(live.map(\.address))
        return live + away.filter { addresses.insert($0.address).inserted }
    }

    /// The lines of the lists, those that `filter` (folded) lets through; oneself is nobody to look up.
    func rows(_ filter: String, without me: String? = nil) -> [Row] {
        func fits(_ texts: String?...) -> Bool {
            filter.isEmpty || texts.contains { $0?.folded().contains(filter) == true }
        }
        func section(_ heading: Row, _ rows: [Row]) -> [Row] { rows.isEmpty ? [] : [heading] + rows }
        let query = Array(filter.utf8)
        func fitting(_ peers: ArraySlice<Peer>) -> [Row] {
            (filter.isEmpty ? peers : peers.filter { texts[$0.sessionID]?.contains(query) == true }[...]).map(Row.peer)
        }
        let live = fitting(peers[..<here])
        return (filter.isEmpty ? [.peers] + live : section(.peers, live)) + section(.away, fitting(peers[here...]))
            + section(.people, members.filter { $0.id != me && fits($0.name, $0.handle) }.map(Row.person))
            + section(.topicsHeading, topics.filter { fits("#\($0.name)", $0.about) }.map(Row.topic))
    }
}
