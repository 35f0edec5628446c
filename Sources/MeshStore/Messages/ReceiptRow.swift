// What became of a message at one mailbox, as stored.

package import FoundationEssentials
package import MeshAPI

package struct ReceiptRow: Sendable {
    package var messageID: String
    package var mailbox: Mailbox
    package var meshID: String
    package var seq: Int
    package var change: Int
    /// The member behind the mailbox.
    package var accountID: String
    /// As it was addressed.
    package var address: String
    package var name: String
    package var from: Mailbox
    package var fromAccount: String
    package var state: MessageState
    package var lane: Lane?
    package var reason: MessageReason
    /// Why it is in its state.
    package var note: String?
    package var wakes: Bool
    /// By what `@ROLE` it came.
    package var roleAsked: String?
    package var createdAt: Date
    package var expiresAt: Date
    package var at: Date
    package var times: [MessageState: Date]

    package init(
        messageID: String, mailbox: Mailbox, meshID: String, seq: Int, change: Int, accountID: String, address: String,
        name: String, from: Mailbox, fromAccount: String, state: MessageState, reason: MessageReason,
        note: String? = nil, wakes: Bool = false, roleAsked: String? = nil, createdAt: Date, expiresAt: Date, at: Date,
        times: [MessageState: Date] = [:]
    ) {
        (self.messageID, self.mailbox, self.meshID) = (messageID, mailbox, meshID)
        (self.seq, self.change, self.accountID) = (seq, change, accountID)
        (self.address, self.name, self.from, self.fromAccount) = (address, name, from, fromAccount)
        (self.state, self.reason, self.note, self.wakes, self.roleAsked) = (state, reason, note, wakes, roleAsked)
        (self.createdAt, self.expiresAt, self.at, self.times) = (createdAt, expiresAt, at, times)
    }

    /// The states whose times are kept, and each one's column.
    private static let timed: [(MessageState, String)] = [
        .queued, .fetched, .handed, .seen, .acknowledged, .held, .refused, .expired, .withdrawn,
    ].map { ($0, "\($0.rawValue)_at") }

    /// What holds at `now`: what is over counts as expired at once.
    package func state(at now: Date) -> MessageState { state.isWaiting && expiresAt <= now ? .expired : state }

    /// Comes into its next state. The time at which it first was in one stays.
    package mutating func step(to state: MessageState, at now: Date, change: Int) {
        (self.state, at, self.change) = (state, now, change)
        times[state] = times[state] ?? now
    }

    package func receipt(at now: Date) -> Receipt {
        var times = times
        if state(at: now) == .expired { times[.expired] = times[.expired] ?? expiresAt }
        return Receipt(
            messageId: messageID, kind: mailbox.kind, id: mailbox.id, name: name, state: state(at: now), lane: lane,
            reason: note, at: times[state(at: now)] ?? at, times: times)
    }
}

extension ReceiptRow {
    package init(_ row: Row) throws {
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
        times = [:]
        for (state, column) in Self.timed {
            if let time = try row.dateIfAny(column) { times[state] = time }
        }
    }
}
