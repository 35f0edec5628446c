// Tokens, as stored: by digest alone.

internal import FoundationEssentials
internal import GRDB
internal import MeshAPI

struct Credential: Sendable {
    var id: String
    var accountID: String
    var kind: CredentialKind
    var name: String
    var os = ""
    var arch = ""
    var createdAt: Date
    var lastUsedAt: Date?
    /// nil is never.
    var expiresAt: Date?
    var revokedAt: Date?
    /// Void when not used until then; nil once it was.
    var firstUseBy: Date?

    /// Sessions and guests live this long from their last use.
    static let slidingSeconds: Double = 90 * 86_400
    /// A claimed session that is never used is void after ten minutes.
    static let firstUseSeconds: Double = 10 * 60
    /// The last use is written down at most this often.
    static let touchSeconds: Double = 60

    var slides: Bool { kind == .session || kind == .guest }

    var info: CredentialInfo { CredentialInfo(id: id, kind: kind, name: name, expiresAt: expiresAt) }
}

extension Credential {
    init(_ row: Row) {
        id = row["id"]
        accountID = row["account_id"]
        kind = CredentialKind(rawValue: row["kind"]) ?? .session
        name = row["name"]
        os = row["os"]
        arch = row["arch"]
        createdAt = row.date("created_at")
        lastUsedAt = row.dateIfAny("last_used_at")
        expiresAt = row.dateIfAny("expires_at")
        revokedAt = row.dateIfAny("revoked_at")
        firstUseBy = row.dateIfAny("first_use_by")
    }
}

/// Whom a token speaks for.
struct Bearer: Sendable {
    var account: Account
    var credential: Credential
}

struct CredentialRows {
    let transaction: Transaction

    func insert(_ credential: Credential, digest: String) throws {
        try transaction.run(
            """
            INSERT INTO credentials
                (id, account_id, kind, digest, name, os, arch, created_at, last_used_at, expires_at, revoked_at,
                first_use_by)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
            """, credential.id, credential.accountID, credential.kind.rawValue, digest, credential.name, credential.os,
            credential.arch, credential.createdAt.milliseconds, credential.lastUsedAt?.milliseconds,
            credential.expiresAt?.milliseconds, credential.revokedAt?.milliseconds, credential.firstUseBy?.milliseconds)
    }

    func bearer(digest: String) throws -> Bearer? {
        guard let row = try transaction.first("SELECT * FROM credentials WHERE digest = ?1", digest) else { return nil }
        let credential = Credential(row)
        return try transaction.accounts.account(id: credential.accountID).map {
            Bearer(account: $0, credential: credential)
        }
    }

    func credential(id: String) throws -> Credential? {
        try transaction.first("SELECT * FROM credentials WHERE id = ?1", id).map(Credential.init)
    }

    /// An account's that can still be used, in the order they were made; one more than `limit`.
    func live(
        of accountID: String, kind: CredentialKind, page: PageRequest = PageRequest(of: .sessions, limit: 1000),
        at now: Date
    ) throws -> [Credential] {
        try transaction.all(
            """
            SELECT * FROM credentials
            WHERE account_id = ?1 AND kind = ?2 AND revoked_at IS NULL
                AND (expires_at IS NULL OR expires_at > ?3) AND (first_use_by IS NULL OR first_use_by > ?3)
                AND (created_at > ?4 OR (created_at = ?4 AND id > ?5))
            ORDER BY created_at, id LIMIT ?6
            """, accountID, kind.rawValue, now.milliseconds, page.after.time, page.after.id, page.limit + 1
        ).map(Credential.init)
    }

    /// Gives a credential a new secret. The former is void, and the sessions it registered are gone.
    func replace(id: String, digest: String) throws {
        try transaction.presences.deleteAll(credentialID: id)
        try transaction.run("UPDATE credentials SET digest = ?2, last_used_at = NULL WHERE id = ?1", id, digest)
    }

    /// Notes a use, and moves the end of a credential that slides.
    func touch(_ credential: Credential, at now: Date) throws {
        let end = credential.slides ? now.addingTimeInterval(Credential.slidingSeconds) : credential.expiresAt
        try transaction.run(
            "UPDATE credentials SET last_used_at = ?2, expires_at = ?3, first_use_by = NULL WHERE id = ?1",
            credential.id, now.milliseconds, end?.milliseconds)
    }

    /// True where this call revoked it. The sessions it registered are gone too.
    func revoke(id: String, at now: Date) throws -> Bool {
        try transaction.presences.deleteAll(credentialID: id)
        return try transaction.run(
            "UPDATE credentials SET revoked_at = ?2 WHERE id = ?1 AND revoked_at IS NULL", id, now.milliseconds) == 1
    }

    /// The claimed sessions whose time for a first use is over.
    func neverUsed(at now: Date) throws -> [Credential] {
        try transaction.all(
            "SELECT * FROM credentials WHERE first_use_by <= ?1 AND revoked_at IS NULL", now.milliseconds
        ).map(Credential.init)
    }
}

extension Transaction {
    var credentials: CredentialRows { CredentialRows(transaction: self) }
}
