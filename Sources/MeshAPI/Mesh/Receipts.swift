// RECEIPT: what became of a message at one mailbox, and `POST receipts`, by which a mailbox says so.

public import FoundationEssentials

public struct Receipt: Codable, Sendable, Hashable {
    public var messageId: String
    public var kind: PartyKind
    public var id: String
    public var name: String
    public var state: MessageState
    public var lane: Lane?
    public var reason: String?
    /// When it came into this state, by the server's clock.
    public var at: Date
    public var times: [MessageState: Date]

    public init(
        messageId: String, kind: PartyKind, id: String, name: String, state: MessageState, lane: Lane? = nil,
        reason: String? = nil, at: Date, times: [MessageState: Date]
    ) {
        self.messageId = messageId
        self.kind = kind
        self.id = id
        self.name = name
        self.state = state
        self.lane = lane
        self.reason = reason
        self.at = at
        self.times = times
    }
}

/// `POST receipts`.
public struct ReportReceipts: Codable, Sendable, Hashable {
    public struct Step: Codable, Sendable, Hashable {
        public var messageId: String
        /// A member for a peer of theirs.
        public var sessionId: String?
        public var state: MessageState
        public var lane: Lane?

        public init(messageId: String, sessionId: String? = nil, state: MessageState, lane: Lane? = nil) {
            self.messageId = messageId
            self.sessionId = sessionId
            self.state = state
            self.lane = lane
        }
    }

    public var receipts: [Step]

    public static let most = 200

    public init(receipts: [Step]) { self.receipts = receipts }
}

/// What now holds, of those that are known.
public struct ReceiptsReported: Codable, Sendable, Hashable {
    public struct Item: Codable, Sendable, Hashable {
        public var messageId: String
        public var state: MessageState

        public init(messageId: String, state: MessageState) {
            self.messageId = messageId
            self.state = state
        }
    }

    public var receipts: [Item]

    public init(receipts: [Item]) { self.receipts = receipts }
}
