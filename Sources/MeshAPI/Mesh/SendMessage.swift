// `POST messages` and its answer.

public import FoundationEssentials

/// One address, or a list of them: `"bo"` and `["bo"]` are the same.
public struct Addresses: Codable, Sendable, Hashable, ExpressibleByStringLiteral, ExpressibleByArrayLiteral {
    public var all: [String]

    public init(_ all: [String]) { self.all = all }
    public init(stringLiteral value: String) { all = [value] }
    public init(arrayLiteral elements: String...) { all = elements }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let one = try? container.decode(String.self) {
            all = [one]
        } else {
            all = try container.decode([String].self)
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        if all.count == 1 { try container.encode(all[0]) } else { try container.encode(all) }
    }
}

/// What is to be sent.
public struct SendMessage: Codable, Sendable, Hashable {
    /// Needed without `replyTo`.
    public var to: Addresses?
    public var body: String
    /// The sender's choice, 1 to 64 visible ASCII: the same again is the same message.
    public var clientId: String
    public var replyTo: String?
    /// The message of the highest hop because of which this is said; its chain goes on.
    public var parent: String?
    public var mentions: [String]?
    /// Seconds, 10 to 7 days: unseen until then, it ends.
    public var within: Int?
    public var writtenAt: Date?
    /// Wakes also whom `@all` or a topic reaches; a person's alone.
    public var wake: Bool?

    public static let mostAddresses = 16
    public static let mostRecipients = 500
    public static let mostBytes = 64 * 1024
    /// Of a body of the request.
    public static let mostRequestBytes = 512 * 1024
    public static let within = 10...604_800
    public static let mostHops = 8

    public init(
        to: Addresses? = nil, body: String, clientId: String, replyTo: String? = nil, parent: String? = nil,
        mentions: [String]? = nil, within: Int? = nil, writtenAt: Date? = nil, wake: Bool? = nil
    ) {
        self.to = to
        self.body = body
        self.clientId = clientId
        self.replyTo = replyTo
        self.parent = parent
        self.mentions = mentions
        self.within = within
        self.writtenAt = writtenAt
        self.wake = wake
    }
}

/// A recipient, and what became of the message there: WHO with `state`, `reason`, `wakes`.
public struct Recipient: Codable, Sendable, Hashable {
    public var who: Who
    public var state: MessageState
    /// Why it is in this state, where that needs saying: `RecipientReason`.
    public var reason: String?
    public var wakes: Bool?

    public init(who: Who, state: MessageState, reason: String? = nil, wakes: Bool? = nil) {
        self.who = who
        self.state = state
        self.reason = reason
        self.wakes = wakes
    }

    private enum CodingKeys: String, CodingKey {
        case state, reason, wakes
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        who = try Who(from: decoder)
        state = try container.decode(MessageState.self, forKey: .state)
        reason = try container.decodeIfPresent(String.self, forKey: .reason)
        wakes = try container.decodeIfPresent(Bool.self, forKey: .wakes)
    }

    public func encode(to encoder: any Encoder) throws {
        try who.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(state, forKey: .state)
        try container.encodeIfPresent(reason, forKey: .reason)
        try container.encodeIfPresent(wakes, forKey: .wakes)
    }
}

/// Words of `Recipient.reason` and `Receipt.reason`. Others are shown as they are.
public enum RecipientReason {
    /// The peer takes nothing: it went to its member's mailbox.
    public static let receivesNothing = "receives_nothing"
    /// A first message, which waits until its person lets the sender in.
    public static let firstContact = "first_contact"
    /// Its person takes none from this sender.
    public static let blocked = "blocked"
    /// Its person takes no messages to everyone from this sender.
    public static let noBroadcast = "no_broadcast"
    /// It was refused before; one may ask again after a day.
    public static let refusedBefore = "refused_before"
    /// Another of the role has answered: `answered by ADDRESS`.
    public static let answeredBy = "answered by "
    /// Its sender was banned.
    public static let banned = "banned"
}

/// The answer: what was taken, and what became of it so far.
public struct SentMessage: Codable, Sendable, Hashable {
    public var id: String
    public var seq: Int
    public var chain: String
    public var hop: Int
    public var createdAt: Date
    public var expiresAt: Date
    public var recipients: [Recipient]
    /// Mentions that reach nobody.
    public var notMentioned: [String]?
    /// Whom an address of several left out.
    public var notInContact: [Who]?

    public init(
        id: String, seq: Int, chain: String, hop: Int, createdAt: Date, expiresAt: Date, recipients: [Recipient],
        notMentioned: [String]? = nil, notInContact: [Who]? = nil
    ) {
        self.id = id
        self.seq = seq
        self.chain = chain
        self.hop = hop
        self.createdAt = createdAt
        self.expiresAt = expiresAt
        self.recipients = recipients
        self.notMentioned = notMentioned
        self.notInContact = notInContact
    }
}
