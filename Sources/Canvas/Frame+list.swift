// A list of rows of which one is selected, seen through a window. Only the rows in the window are made and drawn, so
// that a list of 100,000 costs what a short one does.

import Text

/// Which rows of a list are in view.
public struct ListWindow: Sendable, Hashable {
    /// The indices in view; as many as there are rows for, never beyond the list.
    public let rows: Range<Int>

    /// The window of `height` rows onto `count` that has `selected` in view and is as near as that allows to the one
    /// that began at `first`.
    public init(count: Int, height: Int, selected: Int?, first: Int = 0) {
        let height = min(max(0, height), max(0, count))
        var start = min(max(0, first), max(0, count) - height)
        if let selected, height > 0, (0..<count).contains(selected) {
            start = max(min(start, selected), selected - height + 1)
        }
        rows = start..<start + height
    }

    /// The row's index that is drawn `offset` lines below the top of the window, for a click; nil below the last.
    public func index(at offset: Int) -> Int? {
        (0..<rows.count).contains(offset) ? rows.lowerBound + offset : nil
    }
}

/// A row of a list, as texts for its columns.
public struct ListRow: Sendable, Hashable {
    public var columns: [String]
    /// Of the first column; the others are muted.
    public var style: Style
    /// Characters of the first column that stand out, by their offset.
    public var marks: Set<Int> = []

    public init(_ columns: String..., style: Style = .plain) {
        self.columns = columns
        self.style = style
    }

    public init(columns: [String], style: Style = .plain, marks: Set<Int> = []) {
        self.columns = columns
        self.style = style
        self.marks = marks
    }
}

extension Frame {
    /// Columns before a row's text: the pointer and a blank.
    public static let listIndent = 2

    /// Draws the rows of `window` from the top of `rect`; `row` is asked for those alone. `widths` are those of the
    /// columns (blank between them included); the last text of a row takes what is left. Returns where the selected
    /// row's pointer stands, for the cursor.
    @discardableResult
    public mutating func list(
        _ window: ListWindow, selected: Int?, in rect: Rect, widths: [Int] = [], row: (Int) -> ListRow
    ) -> Point? {
        var pointer: Point?
        for (y, index) in zip(rect.rows, window.rows) {
            let isSelected = index == selected
            if isSelected {
                pointer = Point(x: rect.origin.x, y: y)
                write(
                    signs.pointer, at: Point(x: rect.origin.x, y: y), style: Style(.primary, bold: true),
                    width: rect.size.width)
            }
            drawRow(row(index), at: y, in: rect, widths: widths, isSelected: isSelected)
        }
        return pointer
    }

    private mutating func drawRow(_ row: ListRow, at y: Int, in rect: Rect, widths: [Int], isSelected: Bool) {
        var x = rect.origin.x + Self.listIndent
        let end = rect.origin.x + rect.size.width
        for (offset, text) in row.columns.enumerated() where x < end {
            let isLast = offset >= widths.count || offset == row.columns.count - 1
            let width = isLast ? end - x : widths[offset]
            var style = offset == 0 ? row.style : .muted
            if isSelected && offset == 0 { style = Style(.primary, bold: true) }
            let room = min(isLast ? width : width - 1, end - x)
            write(text, at: Point(x: x, y: y), style: style, width: room)
            // What is bold already is underlined too, so that it stands out without colours.
            if offset == 0, !row.marks.isEmpty {
                let look = Style(style.role, bold: true, underline: isSelected)
                mark(row.marks, of: text, in: Rect(x: x, y: y, width: room, height: 1), look)
            }
            x += width
        }
    }

    /// Gives characters of a text that stands in `rect` another look.
    private mutating func mark(_ offsets: Set<Int>, of text: String, in rect: Rect, _ style: Style) {
        var x = rect.origin.x
        for (offset, character) in text.enumerated() {
            var glyphs: [Glyph] = []
            let width = Glyph.append(character, to: &glyphs)
            guard x + width <= rect.origin.x + rect.size.width else { return }
            if offsets.contains(offset) { restyle(x..<x + width, row: rect.origin.y, style) }
            x += width
        }
    }
}
