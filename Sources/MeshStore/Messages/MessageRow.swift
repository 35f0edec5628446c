// A message, as stored. What its readers see of it is made in `MessageView`.

internal import FoundationEssentials
internal import MeshStore
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
    init(_ row: Row) throws {
        id = try row["id"]
        meshID = try row["mesh_id"]
        seq = try row["seq"]
        change = try row["change"]
        from = Sender(
            kind: PartyKind(rawValue: try row["from_kind"]) ?? .peer, id: try row["from_id"],
            address: try row["from_address"],
            name: try row["from_name"],
            member: MemberName(
                id: try row["from_account"], name: try row["from_member_name"], handle: try row["from_handle"]),
            role: try row["from_role"], host: try row["from_host"])
        to = Self.texts(try row["to_written"])
        topicID = try row["topic_id"]
        body = try row["body"]
        bodyVersion = try row["body_version"]
        replyTo = try row["reply_to"]
        parent = try row["parent"]
        chain = try row["chain"]
        hop = try row["hop"]
        reason = MessageReason(rawValue: try row["reason"]) ?? .direct
        clientID = try row["client_id"]
        createdAt = try row.date("created_at")
        writtenAt = try row.dateIfAny("written_at")
        expiresAt = try row.date("expires_at")
        withdrawnAt = try row.dateIfAny("withdrawn_at")
        isProbe = (try row["is_probe"] as Int) == 1
        let kept: String? = try row["left_out"]
        leftOut = kept.flatMap { try? WireJSON.decode(LeftOut.self, from: Data($0.utf8)) }
    }

    /// A JSON list of texts. Of one text without anything escaped, as nearly all are, without a decoder.
    private static func texts(_ json: String) -> [String] {
        if json.hasPrefix("[\""), json.hasSuffix("\"]"), json.utf8.count >= 4 {
            let inner = json.utf8.dropFirst(2).dropLast(2)
            if !inner.contains(where: { $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") }) {
                return [String(Substring(inner))]
            }
        }
        return (try? WireJSON.decode([String].self, from: Data(json.utf8))) ?? []
    }
}
