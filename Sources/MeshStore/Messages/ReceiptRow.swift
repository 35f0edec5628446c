// What became of a message at one mailbox, as stored.

internal import FoundationEssentials
internal import MeshStore
internal import MeshAPI

struct ReceiptRow: Sendable {
    var messageID: String
    var mailbox: Mailbox
    var meshID: String
    var seq: Int
    var change: Int
    /// The member behind the mailbox.
    var accountID: String
    /// As it was addressed.
    var address: String
    var name: String
    var from: Mailbox
    var fromAccount: String
    var state: MessageState
    var lane: Lane?
    var reason: MessageReason
    /// Why it is in its state.
    var note: String?
    var wakes = false
    /// By what `@ROLE` it came.
    var roleAsked: String?
    var createdAt: Date
    var expiresAt: Date
    var at: Date
    var times: [MessageState: Date] = [:]

    /// The states whose times are kept, and each one's column.
    private static let timed: [(MessageState, String)] = [
        .queued, .fetched, .handed, .seen, .acknowledged, .held, .refused, .expired, .withdrawn,
    ].map { ($0, "\($0.rawValue)_at") }

    /// What holds at `now`: what is over counts as expired at once.
    func state(at now: Date) -> MessageState { state.isWaiting && expiresAt <= now ? .expired : state }

    /// Comes into its next state. The time at which it first was in one stays.
    mutating func step(to state: MessageState, at now: Date, change: Int) {
        (self.state, at, self.change) = (state, now, change)
        times[state] = times[state] ?? now
    }

    func receipt(at now: Date) -> Receipt {
        var times = times
        if state(at: now) == .expired { times[.expired] = times[.expired] ?? expiresAt }
        return Receipt(
            messageId: messageID, kind: mailbox.kind, id: mailbox.id, name: name, state: state(at: now), lane: lane,
            reason: note, at: times[state(at: now)] ?? at, times: times)
    }
}

extension ReceiptRow {
    init(_ row: Row) throws {
        messageID = try row["message_id"]
        mailbox = Mailbox(kind: PartyKind(rawValue: try row["mailbox_kind"]) ?? .peer, id: try row["mailbox_id"])
        meshID = try row["mesh_id"]
        seq = try row["seq"]
        change = try row["change"]
        accountID = try row["account_id"]
        address = try row["address"]
        name = try row["name"]
        from = Mailbox(kind: PartyKind(rawValue: try row["from_kind"]) ?? .peer, id: try row["from_id"])
        fromAccount = try row["from_account"]
        state = MessageState(rawValue: try row["state"]) ?? .queued
        let lane: String? = try row["lane"]
        self.lane = lane.flatMap(Lane.init)
        reason = MessageReason(rawValue: try row["reason"]) ?? .direct
        note = try row["note"]
        wakes = (try row["wakes"] as Int) == 1
        roleAsked = try row["role_asked"]
        createdAt = try row.date("created_at")
        expiresAt = try row.date("expires_at")
        at = try row.date("at")
        for (state, column) in Self.timed {
            if let time = try row.dateIfAny(column) { times[state] = time }
        }
    }
}
