// Text for a terminal whose locale is not UTF-8: every column of it in ASCII, so that nothing shifts.
// To add a character: a line in `lookalikes`.

internal import MeshAPI

/// The nearest ASCII for what is drawn.
public enum AsciiText {
    /// `text` in ASCII with the width it had: accents dropped, signs and quotes by their lookalikes, the rest `?`.
    /// Harmful characters become their visible escapes, as everywhere.
    public static func of(_ text: String) -> String {
        if TextWidth.isPlainASCII(text) { return text }
        var glyphs: [Glyph] = []
        for character in text { Glyph.append(character, to: &glyphs) }
        return glyphs.reduce(into: "") { out, glyph in
            out.append(letter(glyph.text))
            if glyph.width == 2 { out.append(" ") }
        }
    }

    /// One ASCII character for one drawn character.
    static func letter(_ drawn: String) -> Character {
        guard let base = drawn.unicodeScalars.first else { return " " }
        if base.value < 0x7F { return Character(base) }
        if let known = lookalikes[base] { return known }
        if (0xFF01...0xFF5E).contains(base.value) { return Character(Unicode.Scalar(UInt8(base.value - 0xFEE0))) }
        if base.properties.generalCategory == .spaceSeparator { return " " }
        guard let letter = String(base).withoutMarks().unicodeScalars.first, letter.isASCII else { return "?" }
        return Character(letter)
    }

    private static let lookalikes: [Unicode.Scalar: Character] = [
        "✔": "+", "✘": "x", "⚠": "!", "▸": ">", "•": "*", "·": ".", "›": ">", "…": ".", "█": "#", "↑": "^", "↓": "v",
        "←": "<", "→": ">", "‹": "<", "«": "\"", "»": "\"", "“": "\"", "”": "\"", "„": "\"", "‘": "'", "’": "'",
        "‚": "'", "´": "'", "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "−": "-", "×": "x", "¡": "!",
        "▀": "#", "▄": "#", "─": "-", "◆": "?", "●": "*", "○": "o", "ß": "s", "æ": "a", "Æ": "A", "œ": "o", "Œ": "O",
        "ø": "o", "Ø": "O", "ł": "l", "Ł": "L",
        "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "ı": "i", "þ": "t", "Þ": "T",
    ]
}

extension Frame {
    /// The same picture with every cell in ASCII, for a terminal whose locale is not UTF-8.
    public func ascii() -> Frame {
        var frame = self
        for index in frame.cells.indices {
            let text = frame.cells[index].text
            if TextWidth.isPlainASCII(text) && !text.isEmpty { continue }
            frame.cells[index].text = String(AsciiText.letter(text))
        }
        return frame
    }
}
