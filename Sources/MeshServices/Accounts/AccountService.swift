// Who may have an account, and signing in to it in a browser.

internal import FoundationEssentials
package import Localization
internal import Mail
package import MeshAPI
package import MeshStore
internal import Platform
internal import Text

extension PageText {
    /// What is wrong with a name.
    package static func of(_ problem: FieldProblem) -> PageText { problem == .control ? .nameControl : .nameInvalid }
}

package struct AccountService: Sendable {
    let database: any Store
    let changes: MeshChanges
    let hasher: PasswordHasher
    let limits: RateLimiter
    let now: @Sendable () -> Date

    /// A field that is wrong, by its key in the pages' texts.
    package struct FieldError: Error, Sendable, Hashable {
        package var field: String
        package var text: PageText

        package init(field: String, text: PageText) { (self.field, self.text) = (field, text) }
    }

    /// Makes an account; with an invite's code it joins that mesh at once, which counts as a use. Without a `caller` it
    /// is the database's owner, who has no limits. Throws `FieldError`, 429, and 404 or 410 for the invite.
    package func register(name: String, email: String, password: String, invite: String? = nil, caller: Caller? = nil)
        async throws -> AccountRow
    {
        let name = name.trimmingWhitespace()
        if let problem = FieldRule.name.problem(of: name) { throw FieldError(field: "name", text: .of(problem)) }
        let email = EmailAddress.normalized(email)
        guard EmailAddress.isPlausible(email) else { throw FieldError(field: "email", text: .emailInvalid) }
        try Self.check(newPassword: password)
        let address = caller.map { AddressKey.of($0.address) }
        if let address {
            try await limits.take(.registrations, address)
            if invite != nil { try await limits.take(.inviteClaims, address) }
        }
        let hash: String
        do {
            hash = try await hasher.hash(password)
        } catch {
            // Nothing was judged: nothing counts.
            if let address {
                await limits.giveBack(.registrations, address)
                if invite != nil { await limits.giveBack(.inviteClaims, address) }
            }
            throw error
        }
        let now = now()
        let account = AccountRow(
            id: Identifier.make(), kind: .person, name: name, email: email, password: hash, passwordChangedAt: now,
            createdAt: now)
        try await database.write { transaction in
            guard try transaction.accounts.account(email: email) == nil else {
                throw FieldError(field: "email", text: .emailTaken)
            }
            try transaction.accounts.insert(account)
            if let invite { _ = try ClaimService.join(invite, account: account, in: transaction, at: now) }
        }
        return account
    }

    /// The account of `email`, where `password` is its. Throws 429 after ten tries that failed, 503 where too many
    /// hash at once.
    package func authenticate(email: String, password: String, caller: Caller) async throws -> AccountRow? {
        let email = EmailAddress.normalized(email)
        let (subject, address) = (SecretDigest.of(email), AddressKey.of(caller.address))
        try await limits.take(.signInByAccount, subject)
        let account: AccountRow?
        let isRight: Bool
        do {
            try await limits.take(.signInByAddress, address)
            do {
                // SQLite reads no further than a NUL: with one behind it an address would be found, and its tries counted
                // as another's.
                let isNone = email.utf8.contains(0)
                account = isNone ? nil : try await database.read { try $0.accounts.account(email: email) }
                isRight = try await hasher.verify(password, against: account?.password)
            } catch {
                await limits.giveBack(.signInByAddress, address)
                throw error
            }
        } catch {
            // Nothing was judged: nothing counts.
            await limits.giveBack(.signInByAccount, subject)
            throw error
        }
        let now = now()
        guard isRight, let account else {
            try await database.write {
                try $0.audit.record(
                    .loginFailed, subject: account?.id, address: caller.address, userAgent: caller.userAgent, at: now)
            }
            return nil
        }
        await limits.giveBack(.signInByAccount, subject)
        await limits.giveBack(.signInByAddress, address)
        return account
    }

    /// Signs this browser in; returns the cookie's new secret. Whatever the cookie held before is void. Throws
    /// `FieldError` where the password is no longer the one that `account` was read with.
    package func startWebSession(_ account: AccountRow, replacing former: String, caller: Caller) async throws -> String
    {
        let secret = TokenForm.base32(randomBytes(32))
        let now = now()
        try await database.write { transaction in
            // Hashing takes its time: the password may have been changed meanwhile.
            guard let stored = try transaction.accounts.account(id: account.id), stored.password == account.password
            else { throw FieldError(field: "password", text: .signInWrong) }
            try transaction.webSessions.delete(digest: SecretDigest.of(former))
            try transaction.webSessions.insert(digest: SecretDigest.of(secret), accountID: account.id, at: now)
            try transaction.audit.record(
                .loginOK, actor: account.id, address: caller.address, userAgent: caller.userAgent, at: now)
        }
        return secret
    }

    package func endWebSession(_ session: WebSessionRow) async throws {
        try await database.write(.nothing) { try $0.webSessions.delete(digest: session.digest) }
    }

    package static func check(newPassword password: String) throws {
        guard password.count >= 8 else { throw FieldError(field: "password", text: .passwordShort) }
        guard password.utf8.count <= 1024 else { throw FieldError(field: "password", text: .passwordLong) }
        guard !password.unicodeScalars.contains(where: InertText.isControl) else {
            throw FieldError(field: "password", text: .passwordControl)
        }
    }
}
