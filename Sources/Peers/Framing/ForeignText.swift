// What others wrote, made harmless for Claude's context: nothing unseen, no tag, and no line that could pass for ours.

internal import Text

enum ForeignText {
    /// The lines of a body, each inert. A tab is four spaces; every other control shows as an escape.
    static func lines(_ body: String) -> [String] {
        body.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" || $0 == "\r" }
            .map { inert($0.replacing("\t", with: "    ")) }
    }

    /// A name inside a line of ours: on one line, without what our lines are built of, at most `limit` characters.
    static func name(_ text: String, limit: Int = 40) -> String {
        let plain = inert(text).map { character -> Character in
            switch character {
            case "|": "¦"
            case "[": "("
            case "]": ")"
            default: character
            }
        }
        let name = String(plain)
        return name.count > limit ? name.prefix(limit - 1) + "…" : name
    }

    /// So many marks a character may carry: more of them hide what is under them.
    private static let mostMarks = 4

    private static func inert(_ text: some StringProtocol) -> String {
        var out = ""
        var isAfterVisible = false
        var marks = 0
        for scalar in InertText.visible(String(text)).unicodeScalars {
            let isMark = isMark(scalar)
            marks = isMark ? marks + 1 : 0
            switch scalar {
            case "<": out += "&lt;"
            case ">": out += "&gt;"
            case "\"": out += "&quot;"
            // They belong to the character before them. Elsewhere, and in a row, they can carry what nobody sees.
            case "\u{FE0E}", "\u{FE0F}", "\u{200C}", "\u{200D}":
                out += isAfterVisible ? String(scalar) : InertText.escape(scalar)
                isAfterVisible = false
                continue
            // At the beginning it would sit on what we wrote before it.
            case _ where isMark && (!isAfterVisible || marks > mostMarks): out += InertText.escape(scalar)
            case _ where scalar.properties.isDefaultIgnorableCodePoint: out += InertText.escape(scalar)
            default: out.unicodeScalars.append(scalar)
            }
            isAfterVisible = true
        }
        return out
    }

    private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .spacingMark: true
        default: false
        }
    }
}
