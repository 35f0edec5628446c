// A message with a text and an HTML part, and how it is written down for a sendmail-compatible program (RFC 5322, 2045–2047).

internal import FoundationEssentials

/// One plain address, `local@domain` or `Name <local@domain>`: nothing that could start another header or recipient.
public struct MailAddress: Sendable, Hashable {
    /// As it is written into a header.
    public let text: String

    /// - Throws: `MailFailure.badAddress`.
    public init(_ text: String) throws(MailFailure) {
        let bare: Substring
        if let open = text.firstIndex(of: "<") {
            guard text.last == ">" else { throw .badAddress }
            bare = text[text.index(after: open)...].dropLast()
        } else {
            bare = text[...]
        }
        guard Self.isAddress(bare), text.utf8.count <= 320,
            text.unicodeScalars.allSatisfy({ $0.isASCII && $0.value >= 0x20 && $0 != "," && $0 != ";" })
        else { throw .badAddress }
        self.text = text
    }

    /// Labels between dots, none of them empty, with a hyphen at its start or its end.
    public static func isDomain(_ text: some StringProtocol) -> Bool {
        text.utf8.count <= 255
            && text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy {
                !$0.isEmpty && $0.first != "-" && $0.last != "-"
            }
    }

    /// Whether `text` can be an address at all: one `@`, something on both sides, no white space, controls or brackets.
    public static func isAddress(_ text: some StringProtocol) -> Bool {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, parts[0].utf8.count <= 64, parts[0].first != "-", isDomain(parts[1])
        else { return false }
        return text.unicodeScalars.allSatisfy {
            $0.isASCII && $0.value > 0x20 && $0.value < 0x7F && !"<>,;()[]\\\"".unicodeScalars.contains($0)
        }
    }
}

/// A finished message.
public struct MailMessage: Sendable {
    /// The one recipient.
    public let to: MailAddress
    /// The sender.
    public let from: MailAddress
    /// One line; controls are dropped.
    public let subject: String
    /// The plain part.
    public let text: String
    /// The HTML part.
    public let html: String

    init(to: MailAddress, from: MailAddress, subject: String, text: String, html: String) {
        self.to = to
        self.from = from
        self.subject = String(subject.map { $0.isNewline || $0.unicodeScalars.contains { $0.value < 0x20 } ? " " : $0 })
        self.text = text
        self.html = html
    }

    /// The whole message with CRLF line ends; `boundary` must occur in neither part (random).
    func rfc5322(boundary: String) -> String {
        var lines = [
            "From: \(from.text)", "To: \(to.text)", "Subject: \(Self.encodedWords(subject))", "MIME-Version: 1.0",
            "Content-Type: multipart/alternative; boundary=\"\(boundary)\"", "Auto-Submitted: auto-generated", "",
        ]
        for (type, body) in [("text/plain", text), ("text/html", html)] {
            lines += ["--\(boundary)", "Content-Type: \(type); charset=utf-8", "Content-Transfer-Encoding: base64", ""]
            lines += Self.base64Lines(body)
        }
        lines += ["--\(boundary)--", ""]
        return lines.joined(separator: "\r\n")
    }

    /// RFC 2047: chunks of at most 42 bytes, cut between characters, so that no encoded word passes 75 characters.
    static func encodedWords(_ text: String) -> String {
        if text.utf8.allSatisfy({ $0 < 0x7F }) && text.utf8.count <= 66 { return text }
        var words: [String] = []
        var chunk = ""
        func flush() {
            if !chunk.isEmpty { words.append("=?utf-8?B?\(Data(chunk.utf8).base64EncodedString())?=") }
            chunk = ""
        }
        for scalar in text.unicodeScalars {
            if chunk.utf8.count + String(scalar).utf8.count > 42 { flush() }
            chunk.unicodeScalars.append(scalar)
        }
        flush()
        return words.joined(separator: "\r\n ")
    }

    private static func base64Lines(_ text: String) -> [String] {
        var rest = Data(text.utf8).base64EncodedString()[...]
        var lines: [String] = []
        while !rest.isEmpty {
            lines.append(String(rest.prefix(76)))
            rest = rest.dropFirst(76)
        }
        return lines
    }
}
