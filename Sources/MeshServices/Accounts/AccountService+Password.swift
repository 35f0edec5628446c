// Changing a password: it ends what was signed in by the old one, in browsers and on machines; access tokens stay.

internal import FoundationEssentials
internal import Localization
internal import MeshAPI
package import MeshStore

extension AccountService {
    /// Sets the password and, in the same transaction, revokes the account's CLI sessions and ends its browsers' sessions.
    /// With a `session` it is that browser's change: the session must still be there, and the password the one that
    /// `account` was read with; `isReset`, it is a mailed link's, and the latter alone must hold. Returns the account as it is now. Throws `FieldError` for that and for a password that
    /// is too short or long, 503 where too many hash at once.
    @discardableResult
    package func setPassword(
        of account: AccountRow, to password: String, session: WebSessionRow? = nil, isReset: Bool = false,
        caller: Caller
    ) async throws -> AccountRow {
        try Self.check(newPassword: password)
        let hash = try await hasher.hash(password)
        let now = now()
        let (changed, ended) = try await database.write { transaction in
            if let session {
                guard try transaction.webSessions.live(digest: session.digest, at: now)?.account.id == account.id,
                    try transaction.accounts.account(id: account.id)?.password == account.password
                else { throw FieldError(field: "current", text: .currentWrong) }
            }
            if isReset {
                // A link is good once, for whoever was first.
                guard try transaction.accounts.account(id: account.id)?.password == account.password else {
                    throw FieldError(field: "link", text: .resetUnusable)
                }
            }
            // Behind what was decided since the former change, though the clock was set back since.
            let changedAt = max(now, account.passwordChangedAt.addingTimeInterval(0.001))
            try transaction.accounts.setPassword(id: account.id, hash: hash, at: changedAt)
            try transaction.webSessions.deleteAll(of: account.id)
            let ended = try transaction.credentials.revokeSessions(of: account.id, at: now)
            for id in ended {
                try transaction.presences.endAll(credentialID: id)
                try transaction.audit.record(
                    .sessionRevoked, actor: account.id, subject: id, address: caller.address,
                    userAgent: caller.userAgent, at: now)
            }
            try transaction.audit.record(
                .passwordChanged, actor: account.id, address: caller.address, userAgent: caller.userAgent, at: now)
            var changed = account
            changed.password = hash
            changed.passwordChangedAt = changedAt
            return (changed, ended)
        }
        changes.end(ofCredentials: ended)
        return changed
    }
}
