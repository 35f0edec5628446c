// MESSAGE: one text from a sender to an address, as one of its readers or its sender sees it.

public import FoundationEssentials

/// Where a message waits.
public struct Mailbox: Codable, Sendable, Hashable {
    public var kind: PartyKind
    public var id: String

    public init(kind: PartyKind, id: String) {
        self.kind = kind
        self.id = id
    }
}

public struct Message: Codable, Sendable, Hashable, Identifiable {
    public var id: String
    /// Its number in the mesh: without gaps, in the order of the commits.
    public var seq: Int
    public var from: Sender
    /// As its sender wrote it.
    public var to: [String]
    /// The name of the topic it stands in.
    public var topic: String?
    public var body: String
    public var bodyVersion: Int
    public var replyTo: String?
    /// The first message of all that was said because of it, itself where it is that.
    public var chain: String
    public var hop: Int
    public var reason: MessageReason
    public var createdAt: Date
    /// The sender's clock, where it waited to be sent.
    public var writtenAt: Date?
    public var expiresAt: Date
    /// Mine that it is in.
    public var mailbox: Mailbox?
    /// Of my mailbox.
    public var state: MessageState?
    /// Whether it may wake me, decided when it was taken; absent is no.
    public var wakes: Bool?
    /// To its sender and the sender's member: how many mailboxes are in which state.
    public var states: [MessageState: Int]?
    /// To its sender and the sender's member: how many have read it in a topic.
    public var readers: Int?
    /// `GET messages/{id}`, to its sender and the sender's member.
    public var receipts: [Receipt]?

    public init(
        id: String, seq: Int, from: Sender, to: [String], topic: String? = nil, body: String, bodyVersion: Int = 1,
        replyTo: String? = nil, chain: String, hop: Int, reason: MessageReason, createdAt: Date,
        writtenAt: Date? = nil, expiresAt: Date, mailbox: Mailbox? = nil, state: MessageState? = nil,
        wakes: Bool? = nil, states: [MessageState: Int]? = nil, readers: Int? = nil, receipts: [Receipt]? = nil
    ) {
        self.id = id
        self.seq = seq
        self.from = from
        self.to = to
        self.topic = topic
        self.body = body
        self.bodyVersion = bodyVersion
        self.replyTo = replyTo
        self.chain = chain
        self.hop = hop
        self.reason = reason
        self.createdAt = createdAt
        self.writtenAt = writtenAt
        self.expiresAt = expiresAt
        self.mailbox = mailbox
        self.state = state
        self.wakes = wakes
        self.states = states
        self.readers = readers
        self.receipts = receipts
    }
}
