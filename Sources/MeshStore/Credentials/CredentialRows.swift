// Tokens, as stored: by digest alone.

package import FoundationEssentials
package import MeshAPI

package struct CredentialRow: Sendable {
    package var id: String
    package var accountID: String
    package var kind: CredentialKind
    package var name: String
    package var os = ""
    package var arch = ""
    package var createdAt: Date
    package var lastUsedAt: Date?
    /// nil is never.
    package var expiresAt: Date?
    package var revokedAt: Date?
    /// Void when not used until then; nil once it was.
    package var firstUseBy: Date?

    package init(
        id: String, accountID: String, kind: CredentialKind, name: String, os: String = "", arch: String = "",
        createdAt: Date, lastUsedAt: Date? = nil, expiresAt: Date? = nil, revokedAt: Date? = nil,
        firstUseBy: Date? = nil
    ) {
        self.id = id
        self.accountID = accountID
        self.kind = kind
        self.name = name
        self.os = os
        self.arch = arch
        self.createdAt = createdAt
        self.lastUsedAt = lastUsedAt
        self.expiresAt = expiresAt
        self.revokedAt = revokedAt
        self.firstUseBy = firstUseBy
    }

    /// Sessions and guests live this long from their last use.
    package static let slidingSeconds: Double = 90 * 86_400
    /// A claimed session that is never used is void after ten minutes.
    package static let firstUseSeconds: Double = 10 * 60
    /// The last use is written down at most this often.
    package static let touchSeconds: Double = 60

    package var slides: Bool { kind == .session || kind == .guest }

    package var info: CredentialInfo { CredentialInfo(id: id, kind: kind, name: name, expiresAt: expiresAt) }
}

extension CredentialRow {
    package init(_ row: Row) throws {
        id = try row["id"]
        accountID = try row["account_id"]
        kind = CredentialKind(rawValue: try row["kind"]) ?? .session
        name = try row["name"]
        os = try row["os"]
        arch = try row["arch"]
        createdAt = try row.date("created_at")
        lastUsedAt = try row.dateIfAny("last_used_at")
        expiresAt = try row.dateIfAny("expires_at")
        revokedAt = try row.dateIfAny("revoked_at")
        firstUseBy = try row.dateIfAny("first_use_by")
    }
}

/// Whom a token speaks for.
package struct Bearer: Sendable {
    package var account: AccountRow
    package var credential: CredentialRow

    package init(
        account: AccountRow, credential: CredentialRow
    ) {
        self.account = account
        self.credential = credential
    }
}

extension Bearer {
    /// A credential's columns, and those of its account under names of their own where both have one.
    fileprivate init(_ row: Row) throws {
        credential = try CredentialRow(row)
        account = AccountRow(
            id: credential.accountID, kind: try AccountRow.Kind(rawValue: row["account_kind"]) ?? .person,
            name: try row["account_name"], email: try row["email"], password: try row["password"],
            passwordChangedAt: try row.date("password_changed_at"), createdAt: try row.date("account_created_at"))
    }
}

package struct CredentialRows {
    package let transaction: Transaction

    package func insert(_ credential: CredentialRow, digest: String) throws {
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

    package func bearer(digest: String) throws -> Bearer? {
        // One statement: this is asked with every request.
        try transaction.first(
            """
            SELECT credentials.*, accounts.kind AS account_kind, accounts.name AS account_name, email, password,
                password_changed_at, accounts.created_at AS account_created_at
            FROM credentials JOIN accounts ON accounts.id = account_id WHERE digest = ?1
            """, digest
        ).map(Bearer.init)
    }

    package func credential(id: String) throws -> CredentialRow? {
        try transaction.first("SELECT * FROM credentials WHERE id = ?1", id).map(CredentialRow.init)
    }

    /// An account's that can still be used, in the order they were made; one more than `limit`.
    package func live(
        of accountID: String, kind: CredentialKind, page: PageRequest = PageRequest(of: .sessions, limit: 1000),
        at now: Date
    ) throws -> [CredentialRow] {
        try transaction.all(
            """
            SELECT * FROM credentials
            WHERE account_id = ?1 AND kind = ?2 AND revoked_at IS NULL
                AND (expires_at IS NULL OR expires_at > ?3) AND (first_use_by IS NULL OR first_use_by > ?3)
                AND (created_at > ?4 OR (created_at = ?4 AND id > ?5))
            ORDER BY created_at, id LIMIT ?6
            """, accountID, kind.rawValue, now.milliseconds, page.after.time, page.after.id, page.limit + 1
        ).map(CredentialRow.init)
    }

    /// Gives a credential a new secret. The former is void, and the sessions it registered are gone.
    package func replace(id: String, digest: String) throws {
        try transaction.presences.endAll(credentialID: id)
        try transaction.run("UPDATE credentials SET digest = ?2, last_used_at = NULL WHERE id = ?1", id, digest)
    }

    /// Notes a use, and moves the end of a credential that slides.
    package func touch(_ credential: CredentialRow, at now: Date) throws {
        let end = credential.slides ? now.addingTimeInterval(CredentialRow.slidingSeconds) : credential.expiresAt
        try transaction.run(
            "UPDATE credentials SET last_used_at = ?2, expires_at = ?3, first_use_by = NULL WHERE id = ?1",
            credential.id, now.milliseconds, end?.milliseconds)
    }

    /// True where this call revoked it. The sessions it registered are gone too.
    package func revoke(id: String, at now: Date) throws -> Bool {
        try transaction.presences.endAll(credentialID: id)
        return try transaction.run(
            "UPDATE credentials SET revoked_at = ?2 WHERE id = ?1 AND revoked_at IS NULL", id, now.milliseconds) == 1
    }

    /// Revokes every signed-in machine of the account; returns the ids of those that were not revoked before.
    package func revokeSessions(of accountID: String, at now: Date) throws -> [String] {
        try transaction.all(
            """
            UPDATE credentials SET revoked_at = ?2
            WHERE account_id = ?1 AND kind = 'session' AND revoked_at IS NULL RETURNING id
            """, accountID, now.milliseconds
        ) { try $0[0] }
    }

    /// The claimed sessions whose time for a first use is over.
    package func neverUsed(at now: Date) throws -> [CredentialRow] {
        try transaction.all(
            "SELECT * FROM credentials WHERE first_use_by <= ?1 AND revoked_at IS NULL", now.milliseconds
        ).map(CredentialRow.init)
    }
}

extension Transaction {
    package var credentials: CredentialRows { CredentialRows(transaction: self) }
}
