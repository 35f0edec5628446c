// Sentences on a terminal: broken between words, where the terminal itself would break inside one.

extension String {
    /// Lines of at most `width` columns. A word that is wider, such as an address, and a command in backquotes stay whole:
    /// the terminal folds them so that they can still be copied.
    package func wrapped(to width: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        for piece in unbreakable {
            if !line.isEmpty && TextWidth.of(line) + 1 + TextWidth.of(piece) > width {
                lines.append(line)
                line = piece
            } else {
                line += line.isEmpty ? piece : " " + piece
            }
        }
        return lines + [line]
    }

    /// The words, those between two backquotes as one.
    private var unbreakable: [String] {
        var pieces: [String] = []
        var isOpen = false
        for word in split(separator: " ", omittingEmptySubsequences: false) {
            if isOpen { pieces[pieces.count - 1] += " " + word } else { pieces.append(String(word)) }
            if word.count(where: { $0 == "`" }) % 2 == 1 { isOpen.toggle() }
        }
        return pieces
    }
}
