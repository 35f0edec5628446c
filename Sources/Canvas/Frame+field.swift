// A text field: one line of a `TextInput`, scrolled so that the cursor is in view, plain or masked.

import Text

/// Which part of an input's text a field of a certain width shows, and where its cursor is.
public struct FieldView: Sendable {
    /// The column of the cursor in the field.
    public let cursorColumn: Int
    let glyphs: [(glyph: Glyph, column: Int)]
    /// The column, in the whole text, of each cluster; one more for the end.
    private let starts: [Int]
    /// Columns of the text left of the field.
    private let scroll: Int
    let isCutLeft: Bool
    let isCutRight: Bool

    /// Characters of a masked text that stay visible, at its end.
    public static let visibleWhenMasked = 4

    /// `width` is the field's; the text scrolls in steps of half of it, and fills it.
    public init(_ input: TextInput, width: Int, isMasked: Bool = false, signs: Signs = .unicode) {
        let width = max(1, width)
        var whole: [(glyph: Glyph, column: Int)] = []
        var starts: [Int] = []
        var column = 0
        let clusters = Self.clusters(of: input.text, isMasked: isMasked, signs: signs)
        for cluster in clusters {
            starts.append(column)
            for glyph in cluster {
                whole.append((glyph, column))
                column += glyph.width
            }
        }
        starts.append(column)
        let cursor = starts[min(input.cursor, starts.count - 1)]
        let mark = width >= 4 * signs.ellipsis.count ? signs.ellipsis.count : 0
        scroll = Self.scroll(cursor: cursor, total: column, width: width, mark: mark)
        isCutLeft = scroll > 0 && mark > 0
        isCutRight = column > scroll + width && mark > 0
        cursorColumn = cursor - scroll
        let shown = (isCutLeft ? scroll + mark : scroll)..<(isCutRight ? scroll + width - mark : scroll + width)
        let offset = scroll
        glyphs = whole.filter { shown.contains($0.column) && shown.contains($0.column + $0.glyph.width - 1) }
            .map { ($0.glyph, $0.column - offset) }
        self.starts = starts
    }

    /// The cluster offset that a click on `column` of the field puts the cursor at.
    public func offset(at column: Int) -> Int {
        let target = column + scroll
        let after = starts.firstIndex { $0 > target } ?? starts.count
        return max(0, after - 1)
    }

    /// The first column in view: 0 while the cursor fits, else steps of half a field, the cursor clear of both marks, and
    /// no further than for the end of the text and a cursor behind it.
    private static func scroll(cursor: Int, total: Int, width: Int, mark: Int) -> Int {
        guard total >= width, cursor >= width - mark else { return 0 }
        let step = max(1, (width - 2 * mark) / 2)
        return min(((cursor - (width - mark)) / step + 1) * step, total + 1 - width)
    }

    private static func clusters(of text: String, isMasked: Bool, signs: Signs) -> [[Glyph]] {
        let hidden = isMasked ? max(0, text.count - visibleWhenMasked) : 0
        let bullet = Glyph(text: signs.bullet, width: 1)
        return text.enumerated().map { offset, character in
            if offset < hidden { return [bullet] }
            var glyphs: [Glyph] = []
            Glyph.append(character, to: &glyphs)
            return glyphs
        }
    }
}

extension Frame {
    /// Draws the input in `width` columns from `point` and puts the cursor into it.
    public mutating func field(
        _ input: TextInput, at point: Point, width: Int, isMasked: Bool = false, style: Style = .plain
    ) {
        let view = FieldView(input, width: width, isMasked: isMasked, signs: signs)
        fill(Rect(x: point.x, y: point.y, width: width, height: 1), style: style)
        for (glyph, column) in view.glyphs { put(glyph, at: point.x + column, point.y, style) }
        let mark = signs.ellipsis.count
        if view.isCutLeft { write(signs.ellipsis, at: point, style: .muted) }
        if view.isCutRight {
            write(signs.ellipsis, at: Point(x: point.x + width - mark, y: point.y), style: .muted)
        }
        cursor = Point(x: point.x + view.cursorColumn, y: point.y)
    }
}
