// Accounts and the browsers that are signed in to them, as stored.

package import FoundationEssentials
package import MeshAPI

package struct AccountRow: Sendable {
    package enum Kind: String, Sendable {
        case person, guest, local
    }

    package var id: String
    package var kind: Kind
    package var name: String
    package var email: String?
    /// The scrypt string; nil where nobody can sign in with a password.
    package var password: String?
    package var passwordChangedAt: Date
    package var createdAt: Date

    package init(
        id: String, kind: Kind, name: String, email: String? = nil, password: String? = nil, passwordChangedAt: Date,
        createdAt: Date
    ) {
        self.id = id
        self.kind = kind
        self.name = name
        self.email = email
        self.password = password
        self.passwordChangedAt = passwordChangedAt
        self.createdAt = createdAt
    }

    /// As the wire shows it.
    package var user: User { User(id: id, name: name, email: email) }
}

extension AccountRow {
    package init(_ row: Row) throws {
        id = try row["id"]
        kind = try Kind(rawValue: row["kind"]) ?? .person
        name = try row["name"]
        email = try row["email"]
        password = try row["password"]
        passwordChangedAt = try row.date("password_changed_at")
        createdAt = try row.date("created_at")
    }
}

package struct AccountRows {
    package let transaction: Transaction

    package func insert(_ account: AccountRow) throws {
        try transaction.run(
            """
            INSERT INTO accounts (id, kind, name, email, password, password_changed_at, created_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
            """, account.id, account.kind.rawValue, account.name, account.email, account.password,
            account.passwordChangedAt.milliseconds, account.createdAt.milliseconds)
    }

    package func account(id: String) throws -> AccountRow? {
        try transaction.first("SELECT * FROM accounts WHERE id = ?1", id).map(AccountRow.init)
    }

    package func account(email: String) throws -> AccountRow? {
        try transaction.first("SELECT * FROM accounts WHERE email = ?1", email).map(AccountRow.init)
    }

    package func setPassword(id: String, hash: String, at now: Date) throws {
        try transaction.run(
            "UPDATE accounts SET password = ?2, password_changed_at = ?3 WHERE id = ?1", id, hash, now.milliseconds)
    }

    /// The account that the database's owner made for this machine.
    package func local() throws -> AccountRow? {
        try transaction.first("SELECT * FROM accounts WHERE kind = 'local' ORDER BY created_at LIMIT 1")
            .map(AccountRow.init)
    }
}

extension Transaction {
    package var accounts: AccountRows { AccountRows(transaction: self) }
    package var webSessions: WebSessionRows { WebSessionRows(transaction: self) }
}

/// A browser that is signed in.
package struct WebSessionRow: Sendable {
    package var digest: String
    package var account: AccountRow
    package var lastSeenAt: Date

    package init(
        digest: String, account: AccountRow, lastSeenAt: Date
    ) {
        self.digest = digest
        self.account = account
        self.lastSeenAt = lastSeenAt
    }

    /// Without use it ends after 30 days.
    package static let idleSeconds: Double = 30 * 86_400
}

package struct WebSessionRows {
    package let transaction: Transaction

    package func insert(digest: String, accountID: String, at now: Date) throws {
        try transaction.run(
            "INSERT INTO web_sessions (digest, account_id, created_at, last_seen_at) VALUES (?1, ?2, ?3, ?3)",
            digest, accountID, now.milliseconds)
    }

    package func live(digest: String, at now: Date) throws -> WebSessionRow? {
        let row = try transaction.first(
            """
            SELECT a.*, w.last_seen_at FROM web_sessions w JOIN accounts a ON a.id = w.account_id
            WHERE w.digest = ?1 AND w.last_seen_at > ?2
            """, digest, now.addingTimeInterval(-WebSessionRow.idleSeconds).milliseconds)
        return try row.map {
            WebSessionRow(digest: digest, account: try AccountRow($0), lastSeenAt: try $0.date("last_seen_at"))
        }
    }

    package func touch(digest: String, at now: Date) throws {
        try transaction.run(
            "UPDATE web_sessions SET last_seen_at = ?2 WHERE digest = ?1", digest, now.milliseconds)
    }

    package func delete(digest: String) throws {
        try transaction.run("DELETE FROM web_sessions WHERE digest = ?1", digest)
    }

    package func deleteAll(of accountID: String) throws {
        try transaction.run("DELETE FROM web_sessions WHERE account_id = ?1", accountID)
    }

    /// Removes those that ended by themselves.
    package func sweep(at now: Date) throws {
        try transaction.run(
            "DELETE FROM web_sessions WHERE last_seen_at <= ?1",
            now.addingTimeInterval(-WebSessionRow.idleSeconds).milliseconds)
    }
}
