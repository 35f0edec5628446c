// TOPIC: a named, kept conversation, and what a mention in one leaves with whom it names.

public import FoundationEssentials

public struct Topic: Codable, Sendable, Hashable, Identifiable {
    public var id: String
    public var name: String
    public var about: String?
    public var createdAt: Date
    public var by: MemberName
    public var members: Int
    public var joined: Bool
    public var muted: Bool
    public var unread: Int
    public var lastAt: Date?

    /// `a-z 0-9 - _`, so many at most.
    public static let longestName = 48
    /// In a mesh.
    public static let most = 500
    /// The one that every mesh has.
    public static let general = "general"

    /// Whether `name` is one that a topic may have.
    public static func isName(_ name: String) -> Bool {
        (1...longestName).contains(name.utf8.count)
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                    UInt8(ascii: "-"), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }

    public init(
        id: String, name: String, about: String? = nil, createdAt: Date, by: MemberName, members: Int, joined: Bool,
        muted: Bool, unread: Int, lastAt: Date? = nil
    ) {
        self.id = id
        self.name = name
        self.about = about
        self.createdAt = createdAt
        self.by = by
        self.members = members
        self.joined = joined
        self.muted = muted
        self.unread = unread
        self.lastAt = lastAt
    }
}

/// `POST topics`.
public struct CreateTopic: Codable, Sendable, Hashable {
    public var name: String
    public var about: String?

    public init(name: String, about: String? = nil) {
        self.name = name
        self.about = about
    }
}

/// `PATCH topics/{name}`: what is absent stays.
public struct ChangeTopic: Codable, Sendable, Hashable {
    public var name: String?
    public var about: String?

    public init(name: String? = nil, about: String? = nil) {
        self.name = name
        self.about = about
    }
}

/// `PUT topics/{name}/attention`.
public struct MuteTopic: Codable, Sendable, Hashable {
    public var mute: Bool

    public init(mute: Bool) { self.mute = mute }
}

/// `POST topics/{name}/read`: everything up to that message is read.
public struct ReadTopic: Codable, Sendable, Hashable {
    public var upTo: String

    public init(upTo: String) { self.upTo = upTo }
}

/// That one was named in a topic.
public struct Mention: Codable, Sendable, Hashable, Identifiable {
    public var id: String
    public var messageId: String
    /// The topic's name.
    public var topic: String
    public var from: Sender
    public var createdAt: Date
    public var readAt: Date?

    public init(id: String, messageId: String, topic: String, from: Sender, createdAt: Date, readAt: Date?) {
        self.id = id
        self.messageId = messageId
        self.topic = topic
        self.from = from
        self.createdAt = createdAt
        self.readAt = readAt
    }

    /// "Not read" is said, not left out.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(id, forKey: .id)
        try container.encode(messageId, forKey: .messageId)
        try container.encode(topic, forKey: .topic)
        try container.encode(from, forKey: .from)
        try container.encode(createdAt, forKey: .createdAt)
        try container.encode(readAt, forKey: .readAt)
    }
}

/// `POST notifications/read`: these, or all up to one.
public struct ReadMentions: Codable, Sendable, Hashable {
    public var ids: [String]?
    public var upTo: String?

    public init(ids: [String]? = nil, upTo: String? = nil) {
        self.ids = ids
        self.upTo = upTo
    }
}

public struct MentionsRead: Codable, Sendable, Hashable {
    public var read: Int

    public init(read: Int) { self.read = read }
}
