// The mail that lets a person set a new password.

public import Localization

/// A way back to an account whose password was forgotten.
public struct PasswordMail: Sendable {
    /// The page where a new one is set.
    public var url: String

    /// - Parameter url: built from the server's configured address, never from a request's Host.
    public init(url: String) { self.url = url }

    /// The finished message for one recipient.
    /// - Throws: `MailFailure.badAddress` where `recipient` is no single plain address.
    public func message(to recipient: String, from sender: String, strings: Strings) throws(MailFailure)
        -> MailMessage
    {
        try MailBody(
            subject: strings[MailText.passwordSubject],
            paragraphs: [
                .text(strings[MailText.passwordLead]), .link(url), .text(strings[MailText.passwordExpires]),
                .text(strings[MailText.passwordIgnore]),
            ]
        ).message(to: recipient, from: sender, language: strings.language)
    }
}
