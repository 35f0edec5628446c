// An invite as a person holds it, and as it comes out of mails and chats: with a tracking query, within a sentence, in
// brackets. To take one more decoration: its sign in `around`.

/// An invite as a person holds it: a bare code, or a link `SCHEME://HOST/i/CODE`.
public struct InviteReference: Sendable, Hashable {
    /// `XXXX-XXXX-XXXX`.
    public var code: String
    /// The server of the link, `https://host[:port]`, nil for a bare code.
    public var server: String?

    public init(code: String, server: String? = nil) {
        self.code = code
        self.server = server
    }

    /// No text with an invite in it is longer.
    private static let longest = 4096

    /// Reads a link or a code, whatever stands around it; nil where there is none, or more than one.
    public static func parse(_ text: String) -> InviteReference? {
        guard text.utf8.count <= longest else { return nil }
        if let code = code(in: text) { return InviteReference(code: code) }
        let links = Set(words(of: text).compactMap(link))
        return links.count == 1 ? links.first : nil
    }

    /// The code of a text that is nothing else: `XXXX-XXXX-XXXX` in any case, in quotes, with a full stop, with the dashes
    /// that a word processor made of the hyphens.
    public static func code(in text: some StringProtocol) -> String? {
        let bare = String(
            String.UnicodeScalarView(trimmed(String(text)).unicodeScalars.map { dashes.contains($0) ? "-" : $0 }))
        return ReadableCode.normalize(bare, length: ReadableCode.inviteCodeLength)
    }

    /// What may hold a link: the pieces between blanks, brackets and quotes. Those of an IPv6 address are no brackets.
    private static func words(of text: String) -> [String] {
        text.split { $0.isWhitespace || between.contains($0) }.map { word in
            let isAddress =
                word.firstIndex(of: "]").map { word[..<$0].contains(":") && !word[..<$0].contains("/") } ?? false
            return isAddress ? String(word) : String(word.drop { $0 == "[" })
        }
    }

    private static func link(_ word: String) -> InviteReference? {
        let word = trimmed(word)
        let end = word.firstIndex { $0 == "?" || $0 == "#" } ?? word.endIndex
        var rest = word[..<end]
        var scheme = ""
        if let mark = rest.firstRange(of: "://") {
            scheme = rest[..<mark.upperBound].lowercased()
            guard scheme == "https://" || scheme == "http://" else { return nil }
            rest = rest[mark.upperBound...]
        }
        let parts = rest.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 3 || (parts.count == 4 && trimmed(String(parts[3])).isEmpty), parts[1].lowercased() == "i",
            let server = try? ServerAddress(scheme + parts[0]), let code = code(in: parts[2]),
            // Of a word with a slash in it there are many: without a scheme a host must look like one.
            !scheme.isEmpty || server.isLoopback || server.port != nil || server.host.contains(".")
        else { return nil }
        return InviteReference(code: code, server: server.description)
    }

    private static func trimmed(_ text: String) -> String {
        var view = text[...]
        while let first = view.first, around.contains(first) || isUnseen(first) { view.removeFirst() }
        while let last = view.last, around.contains(last) || last == "]" && !view.contains("[") || isUnseen(last) {
            view.removeLast()
        }
        return String(view)
    }

    private static func isUnseen(_ character: Character) -> Bool {
        character.isWhitespace || character.unicodeScalars.allSatisfy(\.properties.isDefaultIgnorableCodePoint)
    }

    private static let between = Set<Character>("<>(){}\"“”„«»`|*,;")
    private static let around = Set<Character>("<>(){}\"“”„«»`|*,;.:!…'‘’‚›‹_~")
    /// Hyphens of other kinds, the dashes, the minus.
    private static let dashes = Set<Unicode.Scalar>("‐‑‒–—―−﹣－".unicodeScalars)
}
