// The form of every credential and code a person or a program may hold, and how to tell them apart.

/// `cm_session_`, `cm_pat_` or `cm_key_` and 32 random bytes in lower-case base32 without padding.
public struct TokenForm: Sendable, Hashable {
    /// What kind a prefix announces.
    public enum Kind: String, Sendable, CaseIterable {
        case session, pat
        /// A script's, for one mesh: nobody signs in with it.
        case key

        /// `cm_session_`, `cm_pat_`, `cm_key_`.
        public var prefix: String { "cm_\(rawValue)_" }

        /// Those that an account signs in with.
        public static let signIns: [Kind] = [.session, .pat]
    }

    /// Characters after the prefix.
    public static let bodyLength = 52
    static let alphabet = Set("abcdefghijklmnopqrstuvwxyz234567".unicodeScalars)

    /// What a text can still become as more is typed at its end.
    public enum Verdict: Sendable, Hashable {
        case complete(Kind)
        /// Everything so far fits; `have` characters follow the prefix (0 while the prefix itself is unfinished).
        case incomplete(have: Int)
        /// No continuation makes it a token. `have` as above, nil where the prefix itself is wrong.
        case impossible(have: Int?)
    }

    /// Judges `text`, which must be trimmed already, as a token of one of `kinds`.
    public static func judge(_ text: String, among kinds: [Kind] = Kind.signIns) -> Verdict {
        for kind in kinds {
            if kind.prefix.hasPrefix(text) && text.count < kind.prefix.count { return .incomplete(have: 0) }
            guard text.hasPrefix(kind.prefix) else { continue }
            let body = text.dropFirst(kind.prefix.count)
            guard body.unicodeScalars.allSatisfy(alphabet.contains), body.count <= bodyLength else {
                return .impossible(have: body.count)
            }
            return body.count == bodyLength ? .complete(kind) : .incomplete(have: body.count)
        }
        return .impossible(have: nil)
    }

    /// The kind of a well-formed token, or nil.
    public static func kind(of text: String, among kinds: [Kind] = Kind.signIns) -> Kind? {
        if case .complete(let kind) = judge(text, among: kinds) { kind } else { nil }
    }

    /// A token of `kind` from 32 random bytes.
    public static func make(_ kind: Kind, bytes: [UInt8]) -> String { kind.prefix + base32(bytes) }

    /// `text` with the tokens in it cut down to their prefix: one that was given in the wrong place, such as for a name, stays
    /// a secret.
    public static func masked(_ text: String) -> String {
        guard text.contains("cm_") else { return text }
        return text.replacing(/(cm_(?:session|pat|key)_)[a-z0-9]{4,}/) { "\($0.1)…" }
    }

    /// Whether there is a token in `text`, or enough of one to tell.
    public static func isIn(_ text: String) -> Bool { masked(text) != text }

    /// RFC 4648 base32, lower case, no padding.
    public static func base32(_ bytes: [UInt8]) -> String {
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count * 8 / 5 + 1)
        var buffer = 0
        var bits = 0
        for byte in bytes {
            buffer = (buffer << 8 | Int(byte)) & 0xFFFF
            bits += 8
            while bits >= 5 {
                bits -= 5
                out.append(letters[(buffer >> bits) & 31])
            }
        }
        if bits > 0 { out.append(letters[(buffer << (5 - bits)) & 31]) }
        return String(decoding: out, as: UTF8.self)
    }

    private static let letters = Array("abcdefghijklmnopqrstuvwxyz234567".utf8)
}

/// Codes that people read aloud: user codes `XXXX-XXXX`, invite codes `XXXX-XXXX-XXXX`.
public enum ReadableCode {
    /// No I, O, 0 or 1: nothing that is mistaken for something else.
    public static let alphabet = Array("ABCDEFGHJKLMNPQRSTUVWXYZ23456789")
    public static let userCodeLength = 8
    public static let inviteCodeLength = 12

    /// Any case, hyphens and spaces optional, to `XXXX-XXXX…`; nil where it cannot be a code of `length`.
    public static func normalize(_ text: some StringProtocol, length: Int) -> String? {
        // Before upper case: `ß` would become two letters of the alphabet.
        guard text.utf8.count <= 4 * length, text.utf8.allSatisfy({ $0 < 0x80 }) else { return nil }
        let letters = text.uppercased().filter { $0 != "-" && !$0.isWhitespace }
        guard letters.count == length, letters.allSatisfy(alphabet.contains) else { return nil }
        return grouped(letters)
    }

    /// A code from as many random bytes as it has letters (the alphabet has 32, so no letter is likelier).
    public static func make(bytes: [UInt8]) -> String { grouped(String(bytes.map { alphabet[Int($0 & 31)] })) }

    static func grouped(_ letters: String) -> String {
        var out = ""
        for (index, letter) in letters.enumerated() {
            if index > 0 && index % 4 == 0 { out.append("-") }
            out.append(letter)
        }
        return out
    }
}

extension String {
    /// Without white space and line ends at both ends.
    public func trimmingWhitespace() -> String {
        var view = self[...]
        while let first = view.first, first.isWhitespace { view.removeFirst() }
        while let last = view.last, last.isWhitespace { view.removeLast() }
        return String(view)
    }
}
