// What became of a message at one mailbox, and the way its last step was made.
// To add a state: a case here, its rank, and who may set it in the server's rules of receipts.

/// STATE. Forward only, but for `expired → seen` and `handed → queued`.
public enum MessageState: String, Codable, Sendable, CaseIterable, CodingKeyRepresentable {
    case queued, fetched, handed, seen, acknowledged
    case held, refused, expired, withdrawn
    /// In a topic: one row whatever the number of its readers.
    case posted

    /// Whether nothing has shown it yet, and something still may.
    public var isWaiting: Bool { [.queued, .fetched, .handed, .held].contains(self) }
    /// Whether its reader has read it.
    public var isRead: Bool { self == .seen || self == .acknowledged }
}

/// LANE: the way the last step into Claude Code is made.
public enum Lane: String, Codable, Sendable, CaseIterable {
    case inbox, notice, tool, person
}

/// Why a message reached a mailbox.
public enum MessageReason: String, Codable, Sendable, CaseIterable {
    case direct, answer, mention, broadcast, topic
}
