// Accounts and the browsers that are signed in to them, as stored.

internal import FoundationEssentials
internal import GRDB
internal import MeshAPI

struct Account: Sendable {
    enum Kind: String, Sendable {
        case person, guest, local
    }

    var id: String
    var kind: Kind
    var name: String
    var email: String?
    /// The scrypt string; nil where nobody can sign in with a password.
    var password: String?
    var passwordChangedAt: Date
    var createdAt: Date

    /// As the wire shows it.
    var user: User { User(id: id, name: name, email: email) }
}

extension Account {
    init(_ row: Row) {
        id = row["id"]
        kind = Kind(rawValue: row["kind"]) ?? .person
        name = row["name"]
        email = row["email"]
        password = row["password"]
        passwordChangedAt = row.date("password_changed_at")
        createdAt = row.date("created_at")
    }
}

struct AccountRows {
    let transaction: Transaction

    func insert(_ account: Account) throws {
        try transaction.run(
            """
            INSERT INTO accounts (id, kind, name, email, password, password_changed_at, created_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
            """, account.id, account.kind.rawValue, account.name, account.email, account.password,
            account.passwordChangedAt.milliseconds, account.createdAt.milliseconds)
    }

    func account(id: String) throws -> Account? {
        try transaction.first("SELECT * FROM accounts WHERE id = ?1", id).map(Account.init)
    }

    func account(email: String) throws -> Account? {
        try transaction.first("SELECT * FROM accounts WHERE email = ?1", email).map(Account.init)
    }

    /// The account that the database's owner made for this machine.
    func local() throws -> Account? {
        try transaction.first("SELECT * FROM accounts WHERE kind = 'local' ORDER BY created_at LIMIT 1")
            .map(Account.init)
    }
}

extension Transaction {
    var accounts: AccountRows { AccountRows(transaction: self) }
    var webSessions: WebSessionRows { WebSessionRows(transaction: self) }
}

/// A browser that is signed in.
struct WebSession: Sendable {
    var digest: String
    var account: Account
    var lastSeenAt: Date

    /// Without use it ends after 30 days.
    static let idleSeconds: Double = 30 * 86_400
}

struct WebSessionRows {
    let transaction: Transaction

    func insert(digest: String, accountID: String, at now: Date) throws {
        try transaction.run(
            "INSERT INTO web_sessions (digest, account_id, created_at, last_seen_at) VALUES (?1, ?2, ?3, ?3)",
            digest, accountID, now.milliseconds)
    }

    func live(digest: String, at now: Date) throws -> WebSession? {
        let row = try transaction.first(
            """
            SELECT a.*, w.last_seen_at FROM web_sessions w JOIN accounts a ON a.id = w.account_id
            WHERE w.digest = ?1 AND w.last_seen_at > ?2
            """, digest, now.addingTimeInterval(-WebSession.idleSeconds).milliseconds)
        return row.map { WebSession(digest: digest, account: Account($0), lastSeenAt: $0.date("last_seen_at")) }
    }

    func touch(digest: String, at now: Date) throws {
        try transaction.run(
            "UPDATE web_sessions SET last_seen_at = ?2 WHERE digest = ?1", digest, now.milliseconds)
    }

    func delete(digest: String) throws {
        try transaction.run("DELETE FROM web_sessions WHERE digest = ?1", digest)
    }

    func deleteAll(of accountID: String) throws {
        try transaction.run("DELETE FROM web_sessions WHERE account_id = ?1", accountID)
    }

    /// Removes those that ended by themselves.
    func sweep(at now: Date) throws {
        try transaction.run(
            "DELETE FROM web_sessions WHERE last_seen_at <= ?1",
            now.addingTimeInterval(-WebSession.idleSeconds).milliseconds)
    }
}
