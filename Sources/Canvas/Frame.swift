// One picture of the whole screen: a flat array of cells, the cursor, and the links. Terminal puts it on the screen,
// tests compare it as text, the tests' `Pictures` makes pictures of it for the README.
// To add a way of drawing: an extension in a file of its own (`Frame+paragraph.swift`) made of `write` and `fill`.

import Text

/// What one column of one row shows.
public struct Cell: Sendable, Hashable {
    /// A base character with its marks, as drawn; empty in the right half of a wide character.
    public var text: String
    public var style: Style

    public init(_ text: String, _ style: Style = .plain) {
        self.text = text
        self.style = style
    }

    public static let blank = Cell(" ")
}

/// A part of a row that leads to an address.
public struct Hyperlink: Sendable, Hashable {
    public var row: Int
    public var columns: Range<Int>
    /// Printable ASCII without spaces.
    public var url: String
}

/// A grid of cells. Drawing outside of it, or in one of 0×0, does nothing and never traps.
public struct Frame: Sendable, Hashable {
    public let size: Size
    /// The signs that drawing functions take.
    public let signs: Signs
    /// Row by row, `size.width` a row.
    public internal(set) var cells: [Cell]
    public private(set) var hyperlinks: [Hyperlink] = []
    private var cursorCell: Point?

    public init(_ size: Size, signs: Signs = .unicode) {
        self.size = size
        self.signs = signs
        cells = Array(repeating: .blank, count: size.width * size.height)
    }

    /// The cell at column `x` of row `y`; a blank one outside of the frame.
    public subscript(x: Int, y: Int) -> Cell { index(x, y).map { cells[$0] } ?? .blank }

    /// Where the hardware cursor stands: always inside the frame, the nearest cell to what was set. Nil is hidden.
    public var cursor: Point? {
        get { cursorCell }
        set {
            cursorCell = newValue.flatMap { point in
                guard !cells.isEmpty else { return nil }
                return Point(x: min(max(0, point.x), size.width - 1), y: min(max(0, point.y), size.height - 1))
            }
        }
    }

    /// Draws `text` on one line in at most `width` columns (to the right edge where nil), made inert, cut between
    /// clusters with an ellipsis. Returns the columns from `point` on that the text took, also where it lies outside.
    @discardableResult
    public mutating func write(
        _ text: String, at point: Point, style: Style = .plain, width: Int? = nil
    ) -> Int {
        let room = min(width ?? Int.max, size.width - max(-Self.farAway, point.x))
        guard room > 0 else { return 0 }
        if text.utf8.count <= room, TextWidth.isPlainASCII(text) { return writePlain(text, at: point, style) }
        var x = point.x
        for glyph in TextWidth.glyphs(of: text, fitting: room, ellipsis: signs.ellipsis) {
            put(glyph, at: x, point.y, style)
            x += glyph.width
        }
        return x - point.x
    }

    /// A text that fits and whose bytes are its columns, as most are.
    private mutating func writePlain(_ text: String, at point: Point, _ style: Style) -> Int {
        let columns = span(point.x, text.utf8.count).clamped(to: 0..<size.width)
        if let first = index(columns.lowerBound, point.y), let last = columns.last {
            if cells[first].text.isEmpty && columns.lowerBound > 0 { cells[first - 1].text = " " }
            let after = first + columns.count
            if last + 1 < size.width && cells[after].text.isEmpty { cells[after].text = " " }
            let glyphs = Glyph.ascii
            for (cell, byte) in zip(first..<after, text.utf8.dropFirst(columns.lowerBound - point.x)) {
                cells[cell] = Cell(glyphs[Int(byte)].text, style)
            }
        }
        return text.utf8.count
    }

    /// Fills a rectangle with a character one column wide.
    public mutating func fill(_ rect: Rect, with text: String = " ", style: Style = .plain) {
        let glyph = Glyph(text: text, width: 1)
        for y in rect.rows.clamped(to: 0..<size.height) {
            for x in rect.columns.clamped(to: 0..<size.width) { put(glyph, at: x, y, style) }
        }
    }

    /// Gives cells of a row that are drawn already another look.
    mutating func restyle(_ columns: Range<Int>, row: Int, _ style: Style) {
        for x in columns { if let index = index(x, row) { cells[index].style = style } }
    }

    /// Makes `width` columns from `point` on a link; an address with anything but printable ASCII is none.
    public mutating func link(_ url: String, at point: Point, width: Int) {
        let columns = span(point.x, width).clamped(to: 0..<size.width)
        guard (0..<size.height).contains(point.y), !columns.isEmpty, !url.isEmpty,
            url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else { return }
        hyperlinks.append(Hyperlink(row: point.y, columns: columns, url: url))
    }

    /// The rows as text, without the white space at their ends.
    public var lines: [String] {
        rows.map { row in Self.trimmed(row.reduce(into: "") { $0 += $1.text }, of: " ") }
    }

    /// The rows as `Style.letter`s, one for each cell, without the plain ones at their ends.
    public var styleLines: [String] {
        rows.map { row in Self.trimmed(row.reduce(into: "") { $0.append($1.style.letter) }, of: ".") }
    }

    private var rows: [ArraySlice<Cell>] {
        (0..<size.height).map { cells[$0 * size.width..<($0 + 1) * size.width] }
    }

    private static func trimmed(_ text: String, of character: Character) -> String {
        guard let last = text.lastIndex(where: { $0 != character }) else { return "" }
        return String(text[...last])
    }

    /// Columns left of the frame beyond which nothing is looked at.
    private static let farAway = 1 << 20

    private func index(_ x: Int, _ y: Int) -> Int? {
        x >= 0 && y >= 0 && x < size.width && y < size.height ? y * size.width + x : nil
    }

    /// Puts one glyph whole, or not at all; a wide character of which it covers a half becomes blank.
    mutating func put(_ glyph: Glyph, at x: Int, _ y: Int, _ style: Style) {
        guard let first = index(x, y), index(x + glyph.width - 1, y) != nil, glyph.width > 0 else { return }
        let after = first + glyph.width
        if cells[first].text.isEmpty && x > 0 { cells[first - 1].text = " " }
        if x + glyph.width < size.width && cells[after].text.isEmpty { cells[after].text = " " }
        cells[first] = Cell(glyph.text, style)
        if glyph.width == 2 { cells[first + 1] = Cell("", style) }
    }
}
