// The audit chain. An event is written in the transaction of what it records: `transaction.audit.record(…)`.
// To add an event: a case below.

package import FoundationEssentials
internal import MeshAPI

package enum AuditEvent: String, Sendable {
    case sessionRequested = "auth.cli.session.requested"
    case sessionApproved = "auth.cli.session.approved"
    case sessionDenied = "auth.cli.session.denied"
    case sessionClaimed = "auth.cli.session.claimed"
    case sessionRevoked = "auth.cli.session.revoked"
    case patCreated = "auth.cli.pat.created"
    case patRevoked = "auth.cli.pat.revoked"
    case loginOK = "auth.login.ok"
    case loginFailed = "auth.login.failed"
    case passwordChanged = "auth.password.changed"
    case meshCreated = "mesh.created"
    case meshArchived = "mesh.archived"
    case meshChanged = "mesh.changed"
    case grantChanged = "mesh.grant.changed"
    case topicDeleted = "mesh.topic.deleted"
    case inviteCreated = "invite.created"
    case inviteClaimed = "invite.claimed"
    case inviteRevoked = "invite.revoked"
    case memberJoined = "member.joined"
    case memberLeft = "member.left"
    case memberRemoved = "member.removed"
    case memberBanned = "member.banned"
    case memberUnbanned = "member.unbanned"
    case peerKicked = "peer.kicked"
    case peerDisconnected = "peer.disconnected"
    case keyCreated = "mesh.key.created"
    case keyRevoked = "mesh.key.revoked"
}

/// What a row says. `subject` is the id of what it is about, `actor` that of the account that did it.
package struct AuditRow: Codable, Sendable, Hashable {
    package var number: Int
    package var at: Date
    package var event: String
    package var actor: String?
    package var subject: String?
    package var address: String?
    package var userAgent: String?
}

package struct AuditRows {
    package let transaction: Transaction

    package func record(
        _ event: AuditEvent, actor: String? = nil, subject: String? = nil, address: String? = nil,
        userAgent: String? = nil, at now: Date
    ) throws {
        let head = try AuditHead.stored(in: transaction)
        // Somebody was here: the chain goes on behind what stands, and its head, left as it is, goes on telling.
        let last = try head ?? lastRow()
        let number = last.number &+ 1
        let entry = AuditRow(
            number: number, at: now, event: event.rawValue, actor: actor, subject: subject, address: address,
            userAgent: userAgent)
        let body = String(decoding: try WireJSON.encode(entry), as: UTF8.self)
        let hash = Self.link(after: last.hash, body: Array(body.utf8))
        try transaction.run("INSERT INTO audit (number, body, hash) VALUES (?1, ?2, ?3)", number, body, hash)
        if head != nil { try AuditHead(number: number, hash: hash).store(in: transaction) }
    }

    /// Seals the empty chain, so that one that is emptied later is not taken for it. For a database that nobody has used:
    /// a row anywhere but among the migrations may be of one whose chain somebody removed.
    package func begin() throws {
        let isUsed = try transaction.runner.tables().subtracting(["migrations"]).contains { table in
            try transaction.count("SELECT count(*) FROM (SELECT 1 FROM \(table) LIMIT 1) AS used") > 0
        }
        if !isUsed { try AuditHead(number: 0, hash: "").store(in: transaction) }
    }

    /// The last row as it stands, whoever wrote it.
    private func lastRow() throws -> AuditHead {
        // Whoever has the file can put anything in it; only a whole number is its own cast.
        let row = try transaction.first(
            "SELECT number, hash FROM audit WHERE number = CAST(number AS BIGINT) ORDER BY number DESC LIMIT 1")
        guard let row, case .integer(let number)? = try row.value("number") else {
            return AuditHead(number: 0, hash: "")
        }
        guard case .text(let hash)? = try row.value("hash") else { return AuditHead(number: Int(number), hash: "") }
        return AuditHead(number: Int(number), hash: hash)
    }

    /// SHA-256 of the former hash and the row's bytes.
    package static func link(after former: String, body: [UInt8]) -> String {
        SecretDigest.of(Array(former.utf8) + body)
    }
}

/// How long the chain is and how it ends, sealed with the server's key.
package struct AuditHead: Equatable {
    package var number: Int
    package var hash: String

    package init(number: Int, hash: String) {
        self.number = number
        self.hash = hash
    }

    private func seal(_ key: ServerKey) -> String { key.hmac(.auditHead, "\(number)/\(hash)") }

    /// The head as the server wrote it; nil where it is gone or somebody else's.
    package static func stored(in transaction: Transaction) throws -> AuditHead? {
        let row = try transaction.first("SELECT number, hash, seal FROM audit_head WHERE id = 1")
        guard let row, case .integer(let number)? = try row.value("number"),
            case .text(let hash)? = try row.value("hash"), case .text(let seal)? = try row.value("seal")
        else { return nil }
        let head = AuditHead(number: Int(number), hash: hash)
        return SecretDigest.areEqual(seal, head.seal(transaction.key)) ? head : nil
    }

    package func store(in transaction: Transaction) throws {
        try transaction.run(
            """
            INSERT INTO audit_head (id, number, hash, seal) VALUES (1, ?1, ?2, ?3)
            ON CONFLICT (id) DO UPDATE SET number = excluded.number, hash = excluded.hash, seal = excluded.seal
            """, number, hash, seal(transaction.key))
    }
}

extension Transaction {
    package var audit: AuditRows { AuditRows(transaction: self) }
}
