// The audit chain. An event is written in the transaction of what it records: `transaction.audit.record(…)`.
// To add an event: a case below.

internal import FoundationEssentials
internal import GRDB
internal import MeshAPI

enum AuditEvent: String, Sendable {
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
    case inviteCreated = "invite.created"
    case inviteClaimed = "invite.claimed"
    case inviteRevoked = "invite.revoked"
    case memberJoined = "member.joined"
    case memberLeft = "member.left"
    case memberRemoved = "member.removed"
}

/// What a row says. `subject` is the id of what it is about, `actor` that of the account that did it.
struct AuditEntry: Codable, Sendable, Hashable {
    var number: Int
    var at: Date
    var event: String
    var actor: String?
    var subject: String?
    var address: String?
    var userAgent: String?
}

struct AuditRows {
    let transaction: Transaction

    func record(
        _ event: AuditEvent, actor: String? = nil, subject: String? = nil, address: String? = nil,
        userAgent: String? = nil, at now: Date
    ) throws {
        let head = try transaction.first("SELECT number, hash FROM audit_head WHERE id = 1")
        let number: Int = (head?["number"] ?? 0) + 1
        let entry = AuditEntry(
            number: number, at: now, event: event.rawValue, actor: actor, subject: subject, address: address,
            userAgent: userAgent)
        let body = String(decoding: try WireJSON.encode(entry), as: UTF8.self)
        let hash = Self.link(after: head?["hash"] ?? "", body: body)
        try transaction.run("INSERT INTO audit (number, body, hash) VALUES (?1, ?2, ?3)", number, body, hash)
        let seal = transaction.key.hmac(.auditHead, "\(number)/\(hash)")
        try transaction.run(
            """
            INSERT INTO audit_head (id, number, hash, seal) VALUES (1, ?1, ?2, ?3)
            ON CONFLICT (id) DO UPDATE SET number = excluded.number, hash = excluded.hash, seal = excluded.seal
            """, number, hash, seal)
    }

    /// SHA-256 of the former hash and the row's bytes.
    static func link(after former: String, body: String) -> String { Secret.digest(former + body) }
}

extension Transaction {
    var audit: AuditRows { AuditRows(transaction: self) }
}
