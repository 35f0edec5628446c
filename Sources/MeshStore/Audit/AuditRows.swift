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
    case meshChanged = "mesh.changed"
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
        let head = try AuditHead.stored(in: transaction)
        // Somebody was here: the chain goes on behind what stands, and its head, left as it is, goes on telling.
        let last = try head ?? lastRow()
        let number = last.number &+ 1
        let entry = AuditEntry(
            number: number, at: now, event: event.rawValue, actor: actor, subject: subject, address: address,
            userAgent: userAgent)
        let body = String(decoding: try WireJSON.encode(entry), as: UTF8.self)
        let hash = Self.link(after: last.hash, body: Array(body.utf8))
        try transaction.run("INSERT INTO audit (number, body, hash) VALUES (?1, ?2, ?3)", number, body, hash)
        if head != nil { try AuditHead(number: number, hash: hash).store(in: transaction) }
    }

    /// Seals the empty chain, so that one that is emptied later is not taken for it. For a database that nobody has used:
    /// a row anywhere but among the migrations may be of one whose chain somebody removed.
    func begin() throws {
        let tables = try transaction.all(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'migrations' AND name NOT LIKE 'sqlite_%'")
        let isUsed = try tables.contains { table in
            try transaction.count("SELECT EXISTS (SELECT 1 FROM \(table["name"] as String))") > 0
        }
        if !isUsed { try AuditHead(number: 0, hash: "").store(in: transaction) }
    }

    /// The last row as it stands, whoever wrote it.
    private func lastRow() throws -> AuditHead {
        let row = try transaction.first(
            "SELECT number, hash FROM audit WHERE typeof(number) = 'integer' ORDER BY number DESC LIMIT 1")
        guard let row, let number = Int.fromDatabaseValue(row["number"]) else { return AuditHead(number: 0, hash: "") }
        return AuditHead(number: number, hash: String.fromDatabaseValue(row["hash"]) ?? "")
    }

    /// SHA-256 of the former hash and the row's bytes.
    static func link(after former: String, body: [UInt8]) -> String { Secret.digest(Array(former.utf8) + body) }
}

/// How long the chain is and how it ends, sealed with the server's key.
struct AuditHead: Equatable {
    var number: Int
    var hash: String

    private func seal(_ key: ServerKey) -> String { key.hmac(.auditHead, "\(number)/\(hash)") }

    /// The head as the server wrote it; nil where it is gone or somebody else's.
    static func stored(in transaction: Transaction) throws -> AuditHead? {
        let row = try transaction.first("SELECT number, hash, seal FROM audit_head WHERE id = 1")
        guard let row, case .int64(let number) = (row["number"] as DatabaseValue).storage,
            case .string(let hash) = (row["hash"] as DatabaseValue).storage,
            case .string(let seal) = (row["seal"] as DatabaseValue).storage
        else { return nil }
        let head = AuditHead(number: Int(number), hash: hash)
        return Secret.areEqual(seal, head.seal(transaction.key)) ? head : nil
    }

    func store(in transaction: Transaction) throws {
        try transaction.run(
            """
            INSERT INTO audit_head (id, number, hash, seal) VALUES (1, ?1, ?2, ?3)
            ON CONFLICT (id) DO UPDATE SET number = excluded.number, hash = excluded.hash, seal = excluded.seal
            """, number, hash, seal(transaction.key))
    }
}

extension Transaction {
    var audit: AuditRows { AuditRows(transaction: self) }
}
