// What became of a message at one mailbox, as stored.

internal import FoundationEssentials
internal import GRDB
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

    /// The states whose times are kept, each in a column of its own.
    static let timed: [MessageState] = [
        .queued, .fetched, .handed, .seen, .acknowledged, .held, .refused, .expired, .withdrawn,
    ]

    /// What holds at `now`: what is over counts as expired at once.
    func state(at now: Date) -> MessageState { state.isWaiting && expiresAt <= now ? .expired : state }

    func receipt(at now: Date) -> Receipt {
        var times = times
        if state(at: now) == .expired { times[.expired] = times[.expired] ?? expiresAt }
        return Receipt(
            messageId: messageID, kind: mailbox.kind, id: mailbox.id, name: name, state: state(at: now), lane: lane,
            reason: note, at: times[state(at: now)] ?? at, times: times)
    }
}

extension ReceiptRow {
    init(_ row: Row) {
        messageID = row["message_id"]
        mailbox = Mailbox(kind: PartyKind(rawValue: row["mailbox_kind"]) ?? .peer, id: row["mailbox_id"])
        meshID = row["mesh_id"]
        seq = row["seq"]
        change = row["change"]
        accountID = row["account_id"]
        address = row["address"]
        name = row["name"]
        from = Mailbox(kind: PartyKind(rawValue: row["from_kind"]) ?? .peer, id: row["from_id"])
        fromAccount = row["from_account"]
        state = MessageState(rawValue: row["state"]) ?? .queued
        let lane: String? = row["lane"]
        self.lane = lane.flatMap(Lane.init)
        reason = MessageReason(rawValue: row["reason"]) ?? .direct
        note = row["note"]
        wakes = row["wakes"] == 1
        roleAsked = row["role_asked"]
        createdAt = row.date("created_at")
        expiresAt = row.date("expires_at")
        at = row.date("at")
        for state in Self.timed { times[state] = row.dateIfAny("\(state.rawValue)_at") }
    }
}
