// How a session registers with a mesh, and says what it does.

public import FoundationEssentials

/// `POST /api/my/meshes/{id}/sessions`, repeated every 30 s while the session lives.
public struct RegisterSession: Codable, Sendable, Hashable {
    public var sessionId: String
    public var displayName: String
    public var role: String?
    public var pid: Int
    public var host: String
    /// SHA-256 of the session token's 64 hex digits, as 64 hex digits.
    public var tokenHash: String
    public var directory: String?
    /// Absent, as from older launches: nothing.
    public var receives: Receives?
    /// What its person chose for it.
    public var attention: Attention?
    /// Absent: all.
    public var can: [Ability]?

    public init(
        sessionId: String, displayName: String, role: String?, pid: Int, host: String, tokenHash: String,
        directory: String? = nil, receives: Receives? = nil, attention: Attention? = nil, can: [Ability]? = nil
    ) {
        self.sessionId = sessionId
        self.displayName = displayName
        self.role = role
        self.pid = pid
        self.host = host
        self.tokenHash = tokenHash
        self.directory = directory
        self.receives = receives
        self.attention = attention
        self.can = can
    }
}

/// `PATCH /api/my/meshes/{id}/sessions/{session_id}`: what is absent stays.
public struct ChangeSession: Codable, Sendable, Hashable {
    public var status: PeerStatus?
    /// With status `asking`: the tool.
    public var asks: String?
    public var attention: Attention?
    public var attentionUntil: Date?

    public init(
        status: PeerStatus? = nil, asks: String? = nil, attention: Attention? = nil, attentionUntil: Date? = nil
    ) {
        self.status = status
        self.asks = asks
        self.attention = attention
        self.attentionUntil = attentionUntil
    }
}

/// `PATCH /api/my/meshes/{id}/members/me`: what is absent stays.
public struct ChangeMyself: Codable, Sendable, Hashable {
    public var attention: Attention?
    public var attentionUntil: Date?
    /// `.some(nil)`, null on the wire: as the mesh has it.
    public var firstContact: FirstContact??

    private enum CodingKeys: String, CodingKey {
        case attention, attentionUntil, firstContact
    }

    public init(attention: Attention? = nil, attentionUntil: Date? = nil, firstContact: FirstContact?? = nil) {
        self.attention = attention
        self.attentionUntil = attentionUntil
        self.firstContact = firstContact
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        attention = try container.decodeIfPresent(Attention.self, forKey: .attention)
        attentionUntil = try container.decodeIfPresent(Date.self, forKey: .attentionUntil)
        if container.contains(.firstContact) {
            firstContact = .some(try container.decodeIfPresent(FirstContact.self, forKey: .firstContact))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encodeIfPresent(attention, forKey: .attention)
        try container.encodeIfPresent(attentionUntil, forKey: .attentionUntil)
        if let firstContact { try container.encode(firstContact, forKey: .firstContact) }
    }
}

/// `POST sessions/kick`.
public struct KickSessions: Codable, Sendable, Hashable {
    /// Idle so long.
    public var staleSeconds: Int?
    public var all: Bool?

    public init(staleSeconds: Int? = nil, all: Bool? = nil) {
        self.staleSeconds = staleSeconds
        self.all = all
    }
}

public struct KickedSessions: Codable, Sendable, Hashable {
    public struct Item: Codable, Sendable, Hashable {
        public var sessionId: String
        public var displayName: String

        public init(sessionId: String, displayName: String) {
            self.sessionId = sessionId
            self.displayName = displayName
        }
    }

    public var kicked: [Item]

    public init(kicked: [Item]) { self.kicked = kicked }
}
