// A message, as stored. What its readers see of it is made in `MessageView`.

internal import FoundationEssentials
internal import GRDB
internal import MeshAPI

struct MessageRow: Sendable {
    var id: String
    var meshID: String
    var seq: Int
    var change: Int
    var from: Sender
    /// As written.
    var to: [String]
    var topicID: String?
    var body: String
    var bodyVersion = 1
    var replyTo: String?
    var parent: String?
    var chain: String
    var hop: Int
    var reason: MessageReason
    var clientID: String
    var createdAt: Date
    var writtenAt: Date?
    var expiresAt: Date
    var withdrawnAt: Date?
    var isProbe = false
    var leftOut: LeftOut?

    /// Whom it did not reach, for the same answer to the same request.
    struct LeftOut: Codable, Sendable {
        var notMentioned: [String]?
        var notInContact: [Who]?
    }

    /// Whether the same was asked for before.
    func isSame(_ wanted: SendMessage) -> Bool {
        let isSameAnswer = wanted.replyTo.map { replyTo?.hasPrefix($0) ?? false } ?? (replyTo == nil)
        return to == (wanted.to?.all ?? []) && body == wanted.body && isSameAnswer
    }
}

extension MessageRow {
    init(_ row: Row) {
        id = row["id"]
        meshID = row["mesh_id"]
        seq = row["seq"]
        change = row["change"]
        from = Sender(
            kind: PartyKind(rawValue: row["from_kind"]) ?? .peer, id: row["from_id"], address: row["from_address"],
            name: row["from_name"],
            member: MemberName(id: row["from_account"], name: row["from_member_name"], handle: row["from_handle"]),
            role: row["from_role"], host: row["from_host"])
        to = (try? WireJSON.decode([String].self, from: Data((row["to_written"] as String).utf8))) ?? []
        topicID = row["topic_id"]
        body = row["body"]
        bodyVersion = row["body_version"]
        replyTo = row["reply_to"]
        parent = row["parent"]
        chain = row["chain"]
        hop = row["hop"]
        reason = MessageReason(rawValue: row["reason"]) ?? .direct
        clientID = row["client_id"]
        createdAt = row.date("created_at")
        writtenAt = row.dateIfAny("written_at")
        expiresAt = row.date("expires_at")
        withdrawnAt = row.dateIfAny("withdrawn_at")
        isProbe = row["is_probe"] == 1
        let kept: String? = row["left_out"]
        leftOut = kept.flatMap { try? WireJSON.decode(LeftOut.self, from: Data($0.utf8)) }
    }
}
