// Who and what is in the mesh: peers by what they do, people, topics. Sorted when it changes, not when it is drawn.

import FoundationEssentials
public import MeshAPI
import Text
import Widgets

public struct Roster: Sendable, Equatable {
    public private(set) var peers: [Peer] = [] { didSet { listPeers() } }
    public private(set) var members: [Member] = [] { didSet { listPeople() } }
    public private(set) var topics: [Topic] = [] { didSet { listTopics() } }
    public var grants: [Grant] = []

    public init() {}

    /// A line of the lists.
    public struct Row: Sendable, Equatable {
        /// Nil is a heading.
        let id: RowID?
        let content: Content

        /// Apart from the row, so that a list of rows is copied cheaply.
        indirect enum Content: Sendable, Equatable {
            case peers, away, people, topics
            case peer(Peer)
            case person(Member)
            case topic(Topic)
        }

        fileprivate init(_ heading: Content) { (id, content) = (nil, heading) }
        fileprivate init(_ peer: Peer) { (id, content) = (.peer(peer.sessionID), .peer(peer)) }
        fileprivate init(_ member: Member) { (id, content) = (.person(member.id), .person(member)) }
        fileprivate init(_ topic: Topic) { (id, content) = (.topic(topic.name), .topic(topic)) }
    }

    /// Rows under a heading, with what a filter searches of each.
    private struct Section: Sendable, Equatable {
        var rows: [Row] = []
        var texts = Searched()
    }

    private var live = Section()
    private var away = Section()
    private var people = Section()
    private var topicRows = Section()

    /// How many are here, how many of them ask, and which of those are one's own.
    public private(set) var here = 0
    public private(set) var asking = 0
    private(set) var ownAsking: [Peer] = []

    private mutating func listPeers() {
        let asks = peers.prefix { $0.live && $0.status == .asking }
        asking = asks.count
        ownAsking = asks.filter(\.isSelf)
        here = peers.firstIndex { !$0.live } ?? peers.count
        func section(_ peers: ArraySlice<Peer>) -> Section {
            let texts = peers.map { "\($0.address)\n\($0.displayName)\n\($0.role ?? "")\n\($0.status.rawValue)" }
            return Section(rows: peers.map(Row.init), texts: Searched(texts))
        }
        (live, away) = (section(peers[..<here]), section(peers[here...]))
    }

    private mutating func listPeople() {
        people = Section(
            rows: members.map(Row.init), texts: Searched(members.map { "\($0.name)\n\($0.handle ?? "")" }))
    }

    private mutating func listTopics() {
        topicRows = Section(
            rows: topics.map(Row.init), texts: Searched(topics.map { "#\($0.name)\n\($0.about ?? "")" }))
    }

    mutating func set(peers: [Peer], members: [Member], topics: [Topic], grants: [Grant]) {
        self.peers = Self.sorted(peers)
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
        func fitting(_ section: Section) -> [Row] {
            filter.isEmpty ? section.rows : section.texts.matches(filter).map { section.rows[$0] }
        }
        func listed(_ heading: Row.Content, _ rows: [Row]) -> [Row] { rows.isEmpty ? [] : [Row(heading)] + rows }
        let here = fitting(live)
        let own = me.map { RowID.person($0) }
        let others = fitting(people).filter { $0.id != own }
        return (filter.isEmpty ? [Row(.peers)] + here : listed(.peers, here)) + listed(.away, fitting(away))
            + listed(.people, others) + listed(.topics, fitting(topicRows))
    }
}
