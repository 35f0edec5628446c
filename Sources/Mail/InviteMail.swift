// The one mail this project writes: an invite, as text and as HTML, in the language of the person who invites.
// To add another mail: a type like this one, its texts in the `mail` section of assets/l10n, a case in the tests.

public import FoundationEssentials
public import Localization

/// What an invite's mail says.
public struct InviteMail: Sendable {
    /// The name of the mesh, as its owner wrote it.
    public var meshName: String
    /// The name of the person who invites.
    public var inviterName: String
    /// The invite's page, `https://HOST/i/CODE`.
    public var url: String
    /// When the invite ends.
    public var expiresAt: Date

    /// - Parameter url: built from the server's configured address, never from a request's Host.
    public init(meshName: String, inviterName: String, url: String, expiresAt: Date) {
        self.meshName = meshName
        self.inviterName = inviterName
        self.url = url
        self.expiresAt = expiresAt
    }

    /// The finished message for one recipient.
    /// - Throws: `MailFailure.badAddress` where `recipient` is no single plain address.
    public func message(to recipient: String, from sender: String, strings: Strings, now: Date) throws(MailFailure)
        -> MailMessage
    {
        let values = [
            "mesh": meshName, "inviter": inviterName, "url": url, "command": "claudemesh \(url)",
            "date": strings.date(expiresAt, now: now, offset: 0),
        ]
        return try MailBody(
            subject: strings(MailText.inviteSubject, values),
            paragraphs: [
                .text(strings(MailText.inviteLead, values)), .text(strings(MailText.inviteOpen, values)), .link(url),
                .text(strings(MailText.inviteType, values)), .command(strings(MailText.inviteCommand, values)),
                .text(strings(MailText.inviteExpires, values)), .text(strings(MailText.inviteIgnore, values)),
            ]
        ).message(to: recipient, from: sender, language: strings.language)
    }
}
