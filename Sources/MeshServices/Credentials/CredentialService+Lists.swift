// What an account has out there: signed-in machines and access tokens, listed, made and revoked. The API and the pages
// share it.

internal import FoundationEssentials
package import MeshAPI
package import MeshStore
internal import Platform

extension CredentialService {
    /// An access token's days: a year where none are said, never for 0.
    package static let defaultDays = 365
    static let mostDays = 3650

    /// The machines that are signed in; `current` is the asking credential's id.
    package func sessions(of account: AccountRow, current: String?, page: PageRequest) async throws -> Page<CLISession>
    {
        let now = now()
        let rows = try await database.read {
            try $0.credentials.live(of: account.id, kind: .session, page: page, at: now)
        }
        return page.page(rows) {
            Cursor(time: $0.createdAt.milliseconds, id: $0.id)
        } item: { row in
            CLISession(
                id: row.id, name: row.name, os: row.os, arch: row.arch, createdAt: row.createdAt,
                lastUsedAt: row.lastUsedAt, expiresAt: row.expiresAt ?? .distantFuture, current: row.id == current)
        }
    }

    package func tokens(of account: AccountRow, page: PageRequest) async throws -> Page<AccessToken> {
        let now = now()
        let rows = try await database.read { try $0.credentials.live(of: account.id, kind: .pat, page: page, at: now) }
        return page.page(rows) {
            Cursor(time: $0.createdAt.milliseconds, id: $0.id)
        } item: {
            Self.wire($0)
        }
    }

    /// A new access token, with its secret. Throws `invalid`.
    package func createToken(_ request: CreateAccessToken, for account: AccountRow, key: IdempotencyKey?) async throws
        -> AccessToken
    {
        let name = request.name.trimmingWhitespace()
        guard FieldRule.label.problem(of: name) == nil else {
            throw Refusal.invalid("name", "name has 1 to 64 visible characters and no controls.")
        }
        let days = request.expiresInDays ?? Self.defaultDays
        guard (0...Self.mostDays).contains(days) else {
            throw Refusal.invalid("expires_in_days", "expires_in_days is 0 (never) to \(Self.mostDays).")
        }
        let token = TokenForm.make(.pat, bytes: randomBytes(32))
        let now = now()
        return try await database.write { transaction in
            try transaction.idempotency.once(key, fingerprint: "\(name)/\(days)", at: now) {
                let credential = CredentialRow(
                    id: Identifier.make(), accountID: account.id, kind: .pat, name: name, createdAt: now,
                    expiresAt: days == 0 ? nil : now.addingTimeInterval(Double(days) * 86_400))
                try transaction.credentials.insert(credential, digest: SecretDigest.of(token))
                try transaction.audit.record(.patCreated, actor: account.id, subject: credential.id, at: now)
                return Self.wire(credential, token: token)
            } kept: { made in
                var kept = made
                kept.token = nil
                return kept
            } replayed: { kept in
                guard let former = try transaction.credentials.credential(id: kept.id),
                    Self.problem(former, at: now) == nil
                else { throw Refusal.keySpent }
                try Self.replace(former, digest: SecretDigest.of(token), in: transaction, at: now)
                var again = kept
                again.token = token
                return again
            }
        }
    }

    /// Revokes one of the account's by its id. Throws 404 where there is none, or it was revoked before.
    package func revoke(id: String, kind: CredentialKind, by account: AccountRow) async throws {
        let now = now()
        try await database.write { transaction in
            guard let credential = try transaction.credentials.credential(id: id),
                credential.accountID == account.id, credential.kind == kind
            else { throw Refusal.notFound }
            try Self.revoke(credential, by: account, in: transaction, at: now)
        }
        changes.end(ofCredentials: [id])
    }

    /// Whether it is one of the account's, good or not any more.
    package func has(id: String, kind: CredentialKind, account: AccountRow) async throws -> Bool {
        let found = try await database.read { try $0.credentials.credential(id: id) }
        return found.map { $0.accountID == account.id && $0.kind == kind } ?? false
    }

    /// Revokes `credential`. Throws 404 where it was revoked before.
    package func revoke(_ credential: CredentialRow, by account: AccountRow) async throws {
        let now = now()
        try await database.write { try Self.revoke(credential, by: account, in: $0, at: now) }
        changes.end(ofCredentials: [credential.id])
    }

    private static func revoke(
        _ credential: CredentialRow, by account: AccountRow, in transaction: Transaction, at now: Date
    ) throws {
        guard try transaction.credentials.revoke(id: credential.id, at: now) else { throw Refusal.notFound }
        try transaction.audit.record(
            credential.kind == .pat ? .patRevoked : .sessionRevoked, actor: account.id, subject: credential.id,
            at: now)
    }

    /// Gives `former` a new secret: the one before is void, and the audit says that one ended and one began.
    static func replace(
        _ former: CredentialRow, digest: String, in transaction: Transaction, at now: Date
    ) throws {
        try transaction.credentials.replace(id: former.id, digest: digest)
        let events: [AuditEvent] =
            former.kind == .pat ? [.patRevoked, .patCreated] : [.sessionRevoked, .sessionClaimed]
        for event in events {
            try transaction.audit.record(event, actor: former.accountID, subject: former.id, at: now)
        }
    }

    private static func wire(_ row: CredentialRow, token: String? = nil) -> AccessToken {
        AccessToken(
            id: row.id, name: row.name, createdAt: row.createdAt, lastUsedAt: row.lastUsedAt,
            expiresAt: row.expiresAt, token: token)
    }
}
