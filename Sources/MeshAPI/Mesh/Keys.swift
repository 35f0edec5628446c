// KEY: what a script speaks with in one mesh.

public import FoundationEssentials

public struct MeshKey: Codable, Sendable, Hashable, Identifiable {
    public var id: String
    public var label: String
    public var can: [Ability]
    /// The names of the topics it is for; absent: not of topics alone.
    public var topics: [String]?
    public var by: MemberName
    public var createdAt: Date
    public var expiresAt: Date?
    public var lastUsedAt: Date?
    /// The secret itself, once, in the answer to its making.
    public var key: String?

    public init(
        id: String, label: String, can: [Ability], topics: [String]? = nil, by: MemberName, createdAt: Date,
        expiresAt: Date?, lastUsedAt: Date?, key: String? = nil
    ) {
        self.id = id
        self.label = label
        self.can = can
        self.topics = topics
        self.by = by
        self.createdAt = createdAt
        self.expiresAt = expiresAt
        self.lastUsedAt = lastUsedAt
        self.key = key
    }

    /// "Never used" and "never ends" are said, not left out.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(id, forKey: .id)
        try container.encode(label, forKey: .label)
        try container.encode(can, forKey: .can)
        try container.encodeIfPresent(topics, forKey: .topics)
        try container.encode(by, forKey: .by)
        try container.encode(createdAt, forKey: .createdAt)
        try container.encode(expiresAt, forKey: .expiresAt)
        try container.encode(lastUsedAt, forKey: .lastUsedAt)
        try container.encodeIfPresent(key, forKey: .key)
    }
}

/// `POST keys`. No `can` is to send; no `expiresInDays` is never.
public struct CreateKey: Codable, Sendable, Hashable {
    public var label: String
    public var can: [Ability]?
    public var topics: [String]?
    public var expiresInDays: Int?

    public init(label: String, can: [Ability]? = nil, topics: [String]? = nil, expiresInDays: Int? = nil) {
        self.label = label
        self.can = can
        self.topics = topics
        self.expiresInDays = expiresInDays
    }
}

/// `GET /api/my/whoami` with a key: no account, one mesh.
public struct WhoIsKey: Codable, Sendable, Hashable {
    public struct Credential: Codable, Sendable, Hashable {
        public var kind: PartyKind
        public var name: String
        public var can: [Ability]
        public var topics: [String]?
        public var mesh: MeshName

        public init(name: String, can: [Ability], topics: [String]? = nil, mesh: MeshName) {
            kind = .key
            self.name = name
            self.can = can
            self.topics = topics
            self.mesh = mesh
        }
    }

    public var credential: Credential

    public init(credential: Credential) { self.credential = credential }
}
