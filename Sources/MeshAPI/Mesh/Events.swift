// EVENT: what `GET events` brings, by poll or as server-sent events. Messages, receipts, holds and ends are complete;
// `peer`, `topic` and `member` are hints: after a (re)connect the lists are read.
// To add one: a case, its `type`, its two lines below.

public enum Event: Sendable, Hashable {
    public enum PeerChange: String, Codable, Sendable { case joined, left, status }
    public enum TopicChange: String, Codable, Sendable { case created, changed, deleted }
    public enum MemberChange: String, Codable, Sendable { case joined, left, removed, banned, unbanned }
    public enum End: String, Codable, Sendable { case kicked, banned, removed, moved, archived, credential }

    public struct NamedTopic: Codable, Sendable, Hashable {
        public var id: String
        public var name: String
        /// What it was called before.
        public var former: String?

        public init(id: String, name: String, former: String? = nil) {
            self.id = id
            self.name = name
            self.former = former
        }
    }

    public struct NamedMember: Codable, Sendable, Hashable {
        public var id: String
        public var name: String
        public var membership: Membership?

        public init(id: String, name: String, membership: Membership?) {
            self.id = id
            self.name = name
            self.membership = membership
        }
    }

    case message(Message)
    /// A first message that waits to be let in: to its receiver's person alone.
    case held(Message)
    case withdrawn(messageID: String)
    case receipt(Receipt)
    case peer(PeerChange, Peer)
    case topic(TopicChange, NamedTopic)
    case member(MemberChange, NamedMember)
    /// The last one of a stream.
    case ended(End)

    /// What a stream calls it.
    public var type: String {
        switch self {
        case .message: "message"
        case .held: "held"
        case .withdrawn: "withdrawn"
        case .receipt: "receipt"
        case .peer: "peer"
        case .topic: "topic"
        case .member: "member"
        case .ended: "ended"
        }
    }
}

extension Event: Codable {
    private enum CodingKeys: String, CodingKey {
        case type, message, messageId, receipt, change, peer, topic, member, reason
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        switch try container.decode(String.self, forKey: .type) {
        case "message": self = .message(try container.decode(Message.self, forKey: .message))
        case "held": self = .held(try container.decode(Message.self, forKey: .message))
        case "withdrawn": self = .withdrawn(messageID: try container.decode(String.self, forKey: .messageId))
        case "receipt": self = .receipt(try container.decode(Receipt.self, forKey: .receipt))
        case "peer":
            self = .peer(
                try container.decode(PeerChange.self, forKey: .change), try container.decode(Peer.self, forKey: .peer))
        case "topic":
            self = .topic(
                try container.decode(TopicChange.self, forKey: .change),
                try container.decode(NamedTopic.self, forKey: .topic))
        case "member":
            self = .member(
                try container.decode(MemberChange.self, forKey: .change),
                try container.decode(NamedMember.self, forKey: .member))
        case "ended": self = .ended(try container.decode(End.self, forKey: .reason))
        default:
            throw DecodingError.dataCorruptedError(forKey: .type, in: container, debugDescription: "unknown event")
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(type, forKey: .type)
        switch self {
        case .message(let message), .held(let message): try container.encode(message, forKey: .message)
        case .withdrawn(let id): try container.encode(id, forKey: .messageId)
        case .receipt(let receipt): try container.encode(receipt, forKey: .receipt)
        case .peer(let change, let peer):
            try container.encode(change, forKey: .change)
            try container.encode(peer, forKey: .peer)
        case .topic(let change, let topic):
            try container.encode(change, forKey: .change)
            try container.encode(topic, forKey: .topic)
        case .member(let change, let member):
            try container.encode(change, forKey: .change)
            try container.encode(member, forKey: .member)
        case .ended(let reason): try container.encode(reason, forKey: .reason)
        }
    }
}

/// `GET events`. Events that this program does not know are passed over.
public struct EventPage: Sendable, Hashable {
    public var events: [Event]
    public var cursor: String
    /// The place is lost: begin anew from `cursor` and the lists.
    public var reset: Bool?

    public init(events: [Event], cursor: String, reset: Bool? = nil) {
        self.events = events
        self.cursor = cursor
        self.reset = reset
    }
}

extension EventPage: Codable {
    private enum CodingKeys: String, CodingKey {
        case events, cursor, reset
    }

    private struct Known: Decodable {
        var event: Event?

        init(from decoder: any Decoder) throws {
            struct Kind: Decodable { var type: String }
            let type = try Kind(from: decoder).type
            event = Event.types.contains(type) ? try Event(from: decoder) : nil
        }
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        events = try container.decode([Known].self, forKey: .events).compactMap(\.event)
        cursor = try container.decode(String.self, forKey: .cursor)
        reset = try container.decodeIfPresent(Bool.self, forKey: .reset)
    }
}

extension Event {
    /// Whether this program knows what happens by that name.
    public static func isKnown(_ type: String) -> Bool { types.contains(type) }

    static let types: Set = ["message", "held", "withdrawn", "receipt", "peer", "topic", "member", "ended"]
}
