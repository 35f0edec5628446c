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
        let subject = strings(MailText.inviteSubject, values)
        let paragraphs: [(text: MailText, isCommand: Bool)] = [
            (.inviteLead, false), (.inviteOpen, false), (.inviteLink, true), (.inviteType, false),
            (.inviteCommand, true),
            (.inviteExpires, false), (.inviteIgnore, false),
        ]
        let text = paragraphs.map { ($0.isCommand ? "  " : "") + strings($0.text, values) }.joined(separator: "\n\n")
        let html = paragraphs.map { paragraph in
            let words = strings(paragraph.text, values).escapedForHTML()
            guard paragraph.isCommand else { return "<p>\(words)</p>" }
            return paragraph.text == .inviteLink
                ? "<p><a href=\"\(url.escapedForHTML())\">\(words)</a></p>" : "<p><code>\(words)</code></p>"
        }
        return try MailMessage(
            to: MailAddress(recipient), from: MailAddress(sender), subject: subject, text: text + "\n",
            html: """
                <!doctype html>
                <html lang="\(strings.language.rawValue)"><head><meta charset="utf-8"><title>\(subject.escapedForHTML())</title></head>
                <body style="font-family:system-ui,sans-serif;line-height:1.5;max-width:36em">
                \(html.joined(separator: "\n"))
                </body></html>

                """)
    }
}

extension String {
    /// Inert inside HTML text and double-quoted attributes.
    func escapedForHTML() -> String {
        var out = ""
        for character in self {
            switch character {
            case "&": out += "&amp;"
            case "<": out += "&lt;"
            case ">": out += "&gt;"
            case "\"": out += "&quot;"
            case "'": out += "&#39;"
            default: out.append(character)
            }
        }
        return out
    }
}
