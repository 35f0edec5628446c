// The one sink that makes text from a server, a person or a file harmless to a terminal. The wizard's canvas and the
// plain output of the commands both go through it; pages have their own escaping.
// To add a character to what is escaped: a line in `isHarmful`.

/// Text whose every character is either shown as itself or named.
public enum InertText {
    /// `text` with every control, direction mark and invisible character as a visible escape like `\u{202E}`.
    /// A zero-width joiner or non-joiner stays where it is inside a grapheme cluster, and the tags of a flag stay
    /// behind their flag. Harmless text comes back as it is; escaping twice changes nothing.
    public static func visible(_ text: String) -> String {
        if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return text }
        if !text.unicodeScalars.contains(where: isSuspect) { return text }
        var out = ""
        for character in text {
            let scalars = character.unicodeScalars
            let tagsBelong = isTaggedFlag(character)
            for (offset, scalar) in scalars.enumerated() {
                let harmful = isJoiner(scalar) ? offset == 0 : isHarmful(scalar) && !(isTag(scalar) && tagsBelong)
                // To append several scalars to a view of them copies all there are before.
                if harmful { out += escape(scalar) } else { out.unicodeScalars.append(scalar) }
            }
        }
        return out
    }

    /// JSON of the same value, in which every such character is written by its number.
    public static func json(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isSuspect) else { return text }
        var out = ""
        for scalar in text.unicodeScalars {
            guard isSuspect(scalar) else {
                out.unicodeScalars.append(scalar)
                continue
            }
            for unit in String(scalar).utf16 {
                let digits = String(unit, radix: 16)
                out += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            }
        }
        return out
    }

    /// The visible form of a scalar: `\u{`, its number in capital hexadecimal digits, `}`.
    public static func escape(_ scalar: Unicode.Scalar) -> String {
        "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
    }

    /// Whether a scalar never reaches a terminal as itself (joiners and tags aside, which may, in their place).
    public static func isHarmful(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x00...0x1F, 0x7F...0x9F: true  // C0, DEL, C1
        case 0x061C, 0x200E...0x200F, 0x202A...0x202E, 0x2066...0x2069: true  // they turn the reading direction
        case 0x200B, 0x2060...0x2065, 0xFEFF: true  // invisible
        case 0x2028...0x2029: true  // line and paragraph separators
        case 0xFFF9...0xFFFB: true  // interlinear annotation
        default: isTag(scalar)
        }
    }

    /// C0, DEL, C1, line and paragraph separators, and what turns the reading direction or is never of use: harmful
    /// wherever it stands. What its neighbours decide is in `UnseenCharacters`.
    public static func isControl(_ scalar: Unicode.Scalar) -> Bool { isHarmful(scalar) && !isTag(scalar) }

    /// Whether a scalar has to be looked at together with its cluster: harmful, or a joiner.
    public static func isSuspect(_ scalar: Unicode.Scalar) -> Bool { isHarmful(scalar) || isJoiner(scalar) }

    static func isJoiner(_ scalar: Unicode.Scalar) -> Bool { scalar.value == 0x200C || scalar.value == 0x200D }

    static func isTag(_ scalar: Unicode.Scalar) -> Bool { (0xE0000...0xE007F).contains(scalar.value) }

    /// A black flag, three to six tag letters or digits, and the closing tag: the flag of a region, such as Wales.
    static func isTaggedFlag(_ character: Character) -> Bool {
        let scalars = Array(character.unicodeScalars)
        guard (5...8).contains(scalars.count), scalars[0].value == 0x1F3F4, scalars.last?.value == 0xE007F else {
            return false
        }
        return scalars[1..<scalars.count - 1].allSatisfy {
            (0xE0030...0xE0039).contains($0.value) || (0xE0061...0xE007A).contains($0.value)
        }
    }
}
