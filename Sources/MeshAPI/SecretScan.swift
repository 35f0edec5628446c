// What looks like a secret and is better not sent: tokens by their beginning, private keys by their heading.
// To know one more: a line in `tokens`, and one in its test.

/// Finds what looks like a secret in a text that is about to leave this machine.
public enum SecretScan {
    /// What was found, and where.
    public struct Finding: Sendable, Hashable {
        public enum Kind: String, Sendable {
            case privateKey, token
        }

        public var kind: Kind
        /// From 1.
        public var line: Int

        public init(kind: Kind, line: Int) {
            self.kind = kind
            self.line = line
        }
    }

    /// The first secret in `text`; nil where nothing looks like one.
    public static func first(in text: String) -> Finding? {
        var line = 1
        let lines = text.utf8.split(omittingEmptySubsequences: false) { $0 == UInt8(ascii: "\n") }
        for bytes in lines {
            if isKeyHeading(bytes) { return Finding(kind: .privateKey, line: line) }
            if holdsToken(bytes) { return Finding(kind: .token, line: line) }
            line += 1
        }
        return nil
    }

    private struct Token {
        let prefix: [UInt8]
        /// How many characters must follow.
        let least: Int
        /// What they may be, beside letters and digits.
        let others: [UInt8]

        init(_ prefix: String, _ least: Int, _ others: String = "") {
            self.prefix = Array(prefix.utf8)
            self.least = least
            self.others = Array(others.utf8)
        }

        func follows(_ rest: Substring.UTF8View.SubSequence) -> Bool {
            guard rest.starts(with: prefix) else { return false }
            var count = 0
            for byte in rest.dropFirst(prefix.count) {
                guard SecretScan.isWord(byte) || others.contains(byte) else { break }
                count += 1
                if count >= least { return true }
            }
            return false
        }
    }

    private static let tokens: [Token] = [
        Token("cm_session_", 32), Token("cm_pat_", 32), Token("cm_key_", 32), Token("ClaudeMesh-Session ", 64),
        Token("ghp_", 36), Token("gho_", 36), Token("ghu_", 36), Token("ghs_", 36), Token("ghr_", 36),
        Token("github_pat_", 60, "_"), Token("glpat-", 20, "_-"), Token("AKIA", 16), Token("ASIA", 16),
        Token("xoxb-", 20, "-"), Token("xoxp-", 20, "-"), Token("xoxa-", 20, "-"), Token("xoxs-", 20, "-"),
        Token("xapp-", 20, "-"), Token("sk_live_", 16), Token("rk_live_", 16), Token("sk-ant-", 20, "_-"),
        Token("sk-proj-", 32, "_-"), Token("sk-", 40, "_"), Token("AIza", 35, "_-"), Token("npm_", 36),
        Token("pypi-AgE", 50, "_-"), Token("hf_", 30), Token("SG.", 40, "._-"), Token("dop_v1_", 64),
        Token("eyJhbGciOi", 60, "._-"), Token("ya29.", 40, "_-"),
    ]

    private static func holdsToken(_ line: Substring.UTF8View.SubSequence) -> Bool {
        var isInWord = false
        for place in line.indices {
            let byte = line[place]
            // A token stands at the beginning of a word: `task-…` is none.
            if !isInWord, starts.contains(byte) {
                let rest = line[place...]
                if tokens.contains(where: { $0.follows(rest) }) { return true }
            }
            isInWord = isWord(byte) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
        }
        return false
    }

    private static let starts = Set(tokens.compactMap(\.prefix.first))

    private static func isKeyHeading(_ line: Substring.UTF8View.SubSequence) -> Bool {
        guard line.count >= 20, let text = String(line) else { return false }
        return text.contains("-----BEGIN ") && text.contains("PRIVATE KEY") || text.contains("PuTTY-User-Key-File-")
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"):
            true
        default: false
        }
    }
}
