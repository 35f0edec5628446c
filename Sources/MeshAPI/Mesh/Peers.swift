// PEER: a launched session in a mesh, and how it registers and says what it does.

public import FoundationEssentials

/// What a peer takes: a message that wakes it, at its next turn, when it looks, or none.
public enum Receives: String, Codable, Sendable, CaseIterable {
    case wake, turn, look, nothing
}

public enum PeerStatus: String, Codable, Sendable, CaseIterable {
    case idle, working, asking, deaf, unknown
}

/// What may wake a session, never what reaches it; from wide to narrow.
public enum Attention: String, Codable, Sendable, CaseIterable {
    case open, focus, quiet

    /// Whether this lets less through than `other`, or as much.
    public func isWithin(_ other: Attention) -> Bool { rank >= other.rank }

    /// Of the two the one that lets less through.
    public func narrowed(by other: Attention) -> Attention { isWithin(other) ? self : other }

    private var rank: Int {
        switch self {
        case .open: 0
        case .focus: 1
        case .quiet: 2
        }
    }
}

/// What a peer, or a mesh key, may do.
public enum Ability: String, Codable, Sendable, CaseIterable {
    case read, send, topics
}

public struct Peer: Codable, Sendable, Hashable {
    public var sessionID: String
    public var handle: String
    public var address: String
    public var displayName: String
    public var receives: Receives
    public var role: String?
    public var host: String
    public var since: Date
    /// Whether this is a session of the caller's own account.
    public var isSelf: Bool
    /// Whose it is; absent from servers before this.
    public var member: MemberName?
    public var live: Bool
    public var status: PeerStatus
    public var statusAt: Date
    /// The tool it asks its person about; one's own.
    public var asks: String?
    public var attention: Attention
    /// The whole of one's own, the last part of others'.
    public var directory: String?
    public var can: [Ability]?
    public var lane: Lane?
    /// How many messages wait for it; one's own.
    public var waiting: Int?
    /// Of one that is kept: since when it is away.
    public var awaySince: Date?
    /// In the answer to its registration: where its events begin.
    public var cursor: String?

    enum CodingKeys: String, CodingKey {
        // `convertFromSnakeCase` makes `sessionId` of `session_id`.
        case sessionID = "sessionId"
        case handle, address, displayName, receives, role, host, since
        case isSelf = "self"
        case member, live, status, statusAt, asks, attention, directory, can, lane, waiting, awaySince, cursor
    }

    public init(
        sessionID: String, handle: String? = nil, address: String? = nil, displayName: String,
        receives: Receives = .nothing, role: String?, host: String, since: Date, isSelf: Bool,
        member: MemberName? = nil, live: Bool = true, status: PeerStatus = .unknown, statusAt: Date? = nil,
        attention: Attention = .open
    ) {
        self.sessionID = sessionID
        self.handle = handle ?? Handle.ofPeer(named: displayName)
        self.address = address ?? self.handle
        self.displayName = displayName
        self.receives = receives
        self.role = role
        self.host = host
        self.since = since
        self.isSelf = isSelf
        self.member = member
        self.live = live
        self.status = status
        self.statusAt = statusAt ?? since
        self.attention = attention
    }
}

extension Peer {
    /// Servers before this say no more than that a session is there: what they leave out is as with them.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            sessionID: try container.decode(String.self, forKey: .sessionID),
            handle: try container.decodeIfPresent(String.self, forKey: .handle),
            address: try container.decodeIfPresent(String.self, forKey: .address),
            displayName: try container.decode(String.self, forKey: .displayName),
            receives: try container.decodeIfPresent(Receives.self, forKey: .receives) ?? .nothing,
            role: try container.decodeIfPresent(String.self, forKey: .role),
            host: try container.decode(String.self, forKey: .host),
            since: try container.decode(Date.self, forKey: .since),
            isSelf: try container.decode(Bool.self, forKey: .isSelf),
            member: try container.decodeIfPresent(MemberName.self, forKey: .member),
            live: try container.decodeIfPresent(Bool.self, forKey: .live) ?? true,
            status: try container.decodeIfPresent(PeerStatus.self, forKey: .status) ?? .unknown,
            statusAt: try container.decodeIfPresent(Date.self, forKey: .statusAt),
            attention: try container.decodeIfPresent(Attention.self, forKey: .attention) ?? .open)
        asks = try container.decodeIfPresent(String.self, forKey: .asks)
        directory = try container.decodeIfPresent(String.self, forKey: .directory)
        can = try container.decodeIfPresent([Ability].self, forKey: .can)
        lane = try container.decodeIfPresent(Lane.self, forKey: .lane)
        waiting = try container.decodeIfPresent(Int.self, forKey: .waiting)
        awaySince = try container.decodeIfPresent(Date.self, forKey: .awaySince)
        cursor = try container.decodeIfPresent(String.self, forKey: .cursor)
    }
}
