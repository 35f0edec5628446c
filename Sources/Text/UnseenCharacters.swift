// Characters of which nothing is seen: with one of them a name looks like another. They stay where they make a character
// that people use: in an emoji, in a flag, between the letters of a script that joins them. To let another one pass: a
// case in `isUnseen`.

public enum UnseenCharacters {
    /// Whether `text` has a control, or a character of which nothing is seen where it does nothing.
    public static func areIn(_ text: String) -> Bool { judged(text).contains(where: \.isUnseen) }

    /// `text` without them.
    public static func removed(from text: String) -> String {
        String(String.UnicodeScalarView(judged(text).filter { !$0.isUnseen }.map(\.scalar)))
    }

    /// As `areIn`, of a text that is being typed: what stands at its end may still become a part of something.
    public static func areIn(typed text: String) -> Bool {
        var scalars = text.unicodeScalars
        while let last = scalars.last, InertText.isJoiner(last) || InertText.isTag(last) || isEmojiSelector(last) {
            scalars.removeLast()
        }
        return areIn(String(scalars))
    }

    private static func judged(_ text: String) -> [(scalar: Unicode.Scalar, isUnseen: Bool)] {
        let all = Array(text.unicodeScalars)
        var out: [(scalar: Unicode.Scalar, isUnseen: Bool)] = []
        for character in text {
            let isFlag = InertText.isTaggedFlag(character)
            for scalar in character.unicodeScalars {
                let (last, next) = (out.last?.scalar, all.dropFirst(out.count + 1).first)
                out.append((scalar, !isFlag && isUnseen(scalar, after: last, before: next)))
            }
        }
        return out
    }

    private static func isUnseen(_ scalar: Unicode.Scalar, after last: Unicode.Scalar?, before next: Unicode.Scalar?)
        -> Bool
    {
        if InertText.isJoiner(scalar) {
            let isInEmoji = isEmojiPart(last) && isEmojiPart(next) && scalar == "\u{200D}"
            return !isInEmoji && !(joins(last) && joins(next))
        }
        if isEmojiSelector(scalar) {
            let isKeycap = next == "\u{20E3}" && last?.isASCII == true
            return !(last?.properties.isEmoji == true && (isKeycap || last?.isASCII == false))
        }
        return InertText.isControl(scalar) || scalar.properties.isDefaultIgnorableCodePoint
    }

    /// They choose between the two looks of an emoji.
    private static func isEmojiSelector(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "\u{FE0E}" || scalar == "\u{FE0F}"
    }

    private static func isEmojiPart(_ scalar: Unicode.Scalar?) -> Bool {
        guard let scalar else { return false }
        return isEmojiSelector(scalar) || (!scalar.isASCII && scalar.properties.isEmoji)
    }

    /// Letters and marks of the scripts from Arabic to Myanmar and from Khmer to Vedic, whose look joiners change.
    private static func joins(_ scalar: Unicode.Scalar?) -> Bool {
        guard let scalar, (0x0600...0x109F).contains(scalar.value) || (0x1780...0x1CFF).contains(scalar.value) else {
            return false
        }
        switch scalar.properties.generalCategory {
        case .otherLetter, .modifierLetter, .nonspacingMark, .spacingMark:
            return !scalar.properties.isDefaultIgnorableCodePoint
        default: return false
        }
    }
}
