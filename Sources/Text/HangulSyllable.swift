// Conjoining Hangul letters into syllables, which every terminal knows. Source: the Unicode Standard, 3.12.

/// The arithmetic of the 11,172 modern syllables.
enum HangulSyllable {
    /// The syllable of `text` (a leading consonant, or a syllable without a final) and the vowel or final `scalar`;
    /// nil where there is none.
    static func compose(_ text: String, _ scalar: Unicode.Scalar) -> String? {
        guard let base = text.unicodeScalars.first, text.unicodeScalars.count == 1 else { return nil }
        let composed: UInt32
        switch (base.value, scalar.value) {
        case (0x1100...0x1112, 0x1161...0x1175):
            composed = 0xAC00 + ((base.value - 0x1100) * 21 + scalar.value - 0x1161) * 28
        case (0xAC00...0xD7A3, 0x11A8...0x11C2) where (base.value - 0xAC00) % 28 == 0:
            composed = base.value + scalar.value - 0x11A7
        default: return nil
        }
        return Unicode.Scalar(composed).map { String($0) }
    }
}
