// What a terminal shows at one moment, as a value.

import CVTerm

/// One cell of an emulated terminal.
public struct ScreenCell: Sendable, Hashable {
    /// A cluster; a space in a blank cell, empty in the right half of a wide character.
    public var text: String
    public var bold = false
    public var underline = false
    public var reverse = false
    /// -1 is the terminal's own colour, 0 to 255 an index, above that `0x1000000 | RGB`.
    public var foreground = -1
    public var background = -1
}

/// A picture of the whole terminal.
public struct Screen: Sendable {
    public let cells: [[ScreenCell]]
    public let cursor: (x: Int, y: Int)
    public let isCursorVisible: Bool
    /// Whether a full-screen program has the screen; the shell's text is on the main one.
    public let isAlternate: Bool

    /// The rows as text, without the white space at their ends.
    public var lines: [String] {
        cells.map { row in
            let text = row.map(\.text).joined()
            return text.lastIndex { $0 != " " }.map { String(text[...$0]) } ?? ""
        }
    }

    /// All of it, rows separated by newlines.
    public var text: String { lines.joined(separator: "\n") }

    /// For failures: all of it but the empty rows at the end.
    var shown: String {
        let rows = lines
        return rows[...(rows.lastIndex { !$0.isEmpty } ?? 0)].joined(separator: "\n")
    }

    /// The row the cursor stands in.
    public var cursorLine: String { lines.indices.contains(cursor.y) ? lines[cursor.y] : "" }

    init(of screen: OpaquePointer, rows: Int, columns: Int) {
        cells = (0..<rows).map { y in
            (0..<columns).map { x in ScreenCell(cv_screen_cell(screen, Int32(y), Int32(x))) }
        }
        cursor = (Int(cv_screen_cursor_column(screen)), Int(cv_screen_cursor_row(screen)))
        isCursorVisible = cv_screen_cursor_is_visible(screen)
        isAlternate = cv_screen_is_alternate(screen)
    }
}

extension ScreenCell {
    init(_ cell: cv_cell) {
        let scalars = withUnsafeBytes(of: cell.scalars) { Array($0.bindMemory(to: UInt32.self)) }
        if scalars.first == .max {
            text = ""
        } else {
            var cluster = ""
            for scalar in scalars.prefix(while: { $0 != 0 }).compactMap(Unicode.Scalar.init) {
                cluster.unicodeScalars.append(scalar)
            }
            text = cluster.isEmpty ? " " : cluster
        }
        bold = cell.bold
        underline = cell.underline
        reverse = cell.reverse
        foreground = Int(cell.foreground)
        background = Int(cell.background)
    }
}
