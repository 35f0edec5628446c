// How many columns a text takes when it is drawn, and how to make it fit: cutting, padding, wrapping, always between
// grapheme clusters. Text that is plain ASCII takes a fast path; everything else goes through `Glyph`,
// which makes it inert.

/// Measures and fits text by what is drawn of it.
public enum TextWidth {
    /// Columns that `text` takes on one line.
    public static func of(_ text: String) -> Int {
        if isPlainASCII(text) { return text.utf8.count }
        var glyphs: [Glyph] = []
        return text.reduce(0) { width, character in
            glyphs.removeAll(keepingCapacity: true)
            return width + Glyph.append(character, to: &glyphs)
        }
    }

    /// `text` as it is drawn in at most `width` columns; what does not fit ends in the ellipsis.
    public static func clip(_ text: String, to width: Int, ellipsis: String = "…") -> String {
        if isPlainASCII(text) && text.utf8.count <= width { return text }
        return glyphs(of: text, fitting: width, ellipsis: ellipsis).reduce(into: "") { $0 += $1.text }
    }

    /// `text` in lines of at most `width` columns (at least 1), broken at spaces, and inside a word where it is wider
    /// than a line. A line end in `text` begins a new line; runs of spaces become one.
    public static func wrap(_ text: String, width: Int) -> [String] {
        let width = max(1, width)
        if isPlainASCII(text) { return wrapPlain(text, width: width) }
        return text.split(separator: "\n", omittingEmptySubsequences: false).flatMap { paragraph -> [String] in
            var lines: [String] = []
            var line = ""
            var used = 0
            for word in paragraph.split(separator: " ") {
                let wordWidth = of(String(word))
                if used > 0 && used + 1 + wordWidth <= width {
                    line += " " + word
                    used += 1 + wordWidth
                    continue
                }
                if used > 0 { lines.append(line) }
                (line, used) = (String(word), wordWidth)
                if used > width { (line, used) = breakWord(line, width: width, into: &lines) }
            }
            lines.append(line)
            return lines
        }
    }

    /// The same of one line of plain ASCII, whose bytes are its columns.
    private static func wrapPlain(_ text: String, width: Int) -> [String] {
        var lines: [String] = []
        var line: [UInt8] = []
        line.reserveCapacity(width)
        func end(_ line: ArraySlice<UInt8>) { lines.append(String(decoding: line, as: UTF8.self)) }
        for word in Array(text.utf8).split(separator: UInt8(ascii: " ")) {
            if !line.isEmpty, line.count + 1 + word.count <= width {
                line.append(UInt8(ascii: " "))
                line += word
                continue
            }
            if !line.isEmpty { end(line[...]) }
            line.replaceSubrange(0..., with: word)
            while line.count > width {
                let full = line[..<width].lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? width
                end(line[..<full])
                line.removeFirst(full)
            }
        }
        end(line[...])
        return lines
    }

    /// Moves all full lines of a word that is too long into `lines`; what is left begins the next one.
    private static func breakWord(_ word: String, width: Int, into lines: inout [String]) -> (String, Int) {
        var line = ""
        var used = 0
        for character in word {
            let characterWidth = of(String(character))
            if used > 0 && used + characterWidth > width {
                // Behind a `/` where there is one: inside a word nobody would look for its end.
                let end = line.lastIndex(of: "/").map(line.index(after:)) ?? line.endIndex
                lines.append(String(line[..<end]))
                line = String(line[end...])
                used = of(line)
            }
            line.append(character)
            used += characterWidth
        }
        return (line, used)
    }

    /// What is drawn of `text` in at most `width` columns, with the ellipsis where something is cut off.
    public static func glyphs(of text: String, fitting width: Int, ellipsis: String) -> [Glyph] {
        guard width > 0 else { return [] }
        let reserve = width - ellipsis.count
        var glyphs: [Glyph] = []
        var used = 0
        var kept = 0
        if isPlainASCII(text) {
            let count = text.utf8.count
            let fits = count <= width
            glyphs = text.utf8.prefix(fits ? count : max(0, reserve)).map { Glyph.ascii[Int($0)] }
            return fits ? glyphs : glyphs + ellipsisGlyphs(ellipsis, width)
        }
        for character in text {
            used += Glyph.append(character, to: &glyphs)
            if used > width { return glyphs.prefix(kept) + ellipsisGlyphs(ellipsis, width) }
            if used <= reserve { kept = glyphs.count }
        }
        return glyphs
    }

    private static func ellipsisGlyphs(_ ellipsis: String, _ width: Int) -> [Glyph] {
        ellipsis.prefix(width).map { Glyph(text: String($0), width: 1) }
    }

    public static func isPlainASCII(_ text: String) -> Bool {
        func isPlain(_ bytes: some Sequence<UInt8>) -> Bool { bytes.allSatisfy { $0 >= 0x20 && $0 < 0x7F } }
        return text.utf8.withContiguousStorageIfAvailable(isPlain) ?? isPlain(text.utf8)
    }
}
