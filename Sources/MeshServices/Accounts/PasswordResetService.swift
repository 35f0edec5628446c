// A forgotten password: where mail is configured, a link that lets its reader set a new one. The link is a signed text and
// no row: it carries whose it is and until when, and is signed over the password that it is to replace, so that it is good
// once.

internal import FoundationEssentials
package import Localization
package import Logging
internal import Mail
internal import MeshAPI
package import MeshStore

package struct PasswordResetService: Sendable {
    let database: any Store
    let accounts: AccountService
    let address: PublicAddress
    let mail: MailTransport?
    let mailFrom: String?
    let limits: RateLimiter
    let now: @Sendable () -> Date

    /// How long a link is good.
    static let seconds: Double = 3600

    /// Without mail there is nobody to send the link by.
    package var isOffered: Bool { mail != nil }

    /// Mails a link where `email` is an account's. Whoever asks is told nothing of that, nor by the time it takes: the mail
    /// leaves behind the answer. Throws 429 where too many were asked for from one address.
    package func ask(email: String, language: Language, caller: Caller, logger: Logger) async throws {
        guard let mail else { throw Refusal.notFound }
        try await limits.take(.passwordMailsByAddress, AddressKey.of(caller.address))
        let email = EmailAddress.normalized(email)
        guard EmailAddress.isPlausible(email), !email.utf8.contains(0) else { return }
        let account = try await database.read { try $0.accounts.account(email: email) }
        // To one person no more than a few, and nobody is told who has had them.
        guard let account, try await limits.problem(.passwordMailsByAccount, account.id) == nil else { return }
        let url = "\(address.base)/reset/\(token(for: account, until: now().addingTimeInterval(Self.seconds)))"
        Task {
            do {
                let sender = mailFrom ?? address.defaultSender
                try await mail.deliver(
                    PasswordMail(url: url).message(to: email, from: sender, strings: Strings(language)))
            } catch {
                logger.warning("mail did not leave", metadata: InviteService.facts(of: error))
            }
        }
    }

    /// Whose link it is, while it is good.
    package func account(of token: String) async throws -> AccountRow? {
        let parts = token.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3, let until = Int(parts[1]), Double(until) > now().timeIntervalSince1970 else {
            return nil
        }
        let account = try await database.read { try $0.accounts.account(id: parts[0]) }
        guard let account else { return nil }
        // Digests are compared, so that the time it takes says nothing of the signature.
        let wanted = signature(of: account, until: until)
        return SecretDigest.of(wanted) == SecretDigest.of(parts[2]) ? account : nil
    }

    /// Sets the new password, and ends every session of the account. Throws `FieldError`, also where the link is good no
    /// more.
    package func reset(_ token: String, to password: String, caller: Caller) async throws -> AccountRow {
        guard let account = try await account(of: token) else {
            throw AccountService.FieldError(field: "link", text: .resetUnusable)
        }
        return try await accounts.setPassword(of: account, to: password, isReset: true, caller: caller)
    }

    private func token(for account: AccountRow, until: Date) -> String {
        let until = Int(until.timeIntervalSince1970)
        return "\(account.id)-\(until)-\(signature(of: account, until: until))"
    }

    private func signature(of account: AccountRow, until: Int) -> String {
        database.key.hmac(.passwordReset, "\(account.id) \(until) \(account.password ?? "")")
    }
}
