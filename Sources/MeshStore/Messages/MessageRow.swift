// A message, as stored. What its readers see of it is made in `MessageView`.

package import FoundationEssentials
package import MeshAPI

package struct MessageRow: Sendable {
    package var id: String
    package var meshID: String
    package var seq: Int
    package var change: Int
    package var from: Sender
    /// As written.
    package var to: [String]
    package var topicID: String?
    package var body: String
    package var bodyVersion = 1
    package var replyTo: String?
    package var parent: String?
    package var chain: String
    package var hop: Int
    package var reason: MessageReason
    package var clientID: String
    package var createdAt: Date
    package var writtenAt: Date?
    package var expiresAt: Date
    package var withdrawnAt: Date?
    package var isProbe: Bool
    package var leftOut: LeftOut?

    package init(
        id: String, meshID: String, seq: Int, change: Int, from: Sender, to: [String], topicID: String? = nil,
        body: String, replyTo: String? = nil, parent: String? = nil, chain: String, hop: Int, reason: MessageReason,
        clientID: String, createdAt: Date, writtenAt: Date? = nil, expiresAt: Date, isProbe: Bool = false
    ) {
        (self.id, self.meshID, self.seq, self.change) = (id, meshID, seq, change)
        (self.from, self.to, self.topicID, self.body) = (from, to, topicID, body)
        (self.replyTo, self.parent, self.chain, self.hop) = (replyTo, parent, chain, hop)
        (self.reason, self.clientID, self.isProbe) = (reason, clientID, isProbe)
        (self.createdAt, self.writtenAt, self.expiresAt) = (createdAt, writtenAt, expiresAt)
    }

    /// Whom it did not reach, for the same answer to the same request.
    package struct LeftOut: Codable, Sendable {
        package var notMentioned: [String]?
        package var notInContact: [Who]?

        package init(notMentioned: [String]?, notInContact: [Who]?) {
            (self.notMentioned, self.notInContact) = (notMentioned, notInContact)
        }
    }

    /// Whether the same was asked for before.
    package func isSame(_ wanted: SendMessage) -> Bool {
        let isSameAnswer = wanted.replyTo.map { replyTo?.hasPrefix($0) ?? false } ?? (replyTo == nil)
        return to == (wanted.to?.all ?? []) && body == wanted.body && isSameAnswer
    }
}

extension MessageRow {
    package init(_ row: Row) throws {
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
