// How a mail of ours looks, in both of its parts: paragraphs, and lines that stand alone to be followed or typed.

import Localization

/// A mail as its texts.
struct MailBody {
    enum Paragraph {
        case text(String)
        /// An address, to be followed.
        case link(String)
        /// To be typed.
        case command(String)
    }

    var subject: String
    var paragraphs: [Paragraph]

    /// The finished message for one recipient.
    /// - Throws: `MailFailure.badAddress` where `recipient` is no single plain address.
    func message(to recipient: String, from sender: String, language: Language) throws(MailFailure) -> MailMessage {
        try MailMessage(
            to: MailAddress(recipient), from: MailAddress(sender), subject: subject,
            text: paragraphs.map(\.plain).joined(separator: "\n\n") + "\n",
            html: """
                <!doctype html>
                <html lang="\(language.rawValue)"><head><meta charset="utf-8"><title>\(subject.escapedForHTML())</title></head>
                <body style="font-family:system-ui,sans-serif;line-height:1.5;max-width:36em">
                \(paragraphs.map(\.html).joined(separator: "\n"))
                </body></html>

                """)
    }
}

extension MailBody.Paragraph {
    fileprivate var plain: String {
        switch self {
        case .text(let text): text
        case .link(let text), .command(let text): "  " + text
        }
    }

    fileprivate var html: String {
        switch self {
        case .text(let text): "<p>\(text.escapedForHTML())</p>"
        case .link(let url): "<p><a href=\"\(url.escapedForHTML())\">\(url.escapedForHTML())</a></p>"
        case .command(let text): "<p><code>\(text.escapedForHTML())</code></p>"
        }
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
