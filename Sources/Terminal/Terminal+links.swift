// Links in a frame, for terminals that take them (OSC 8). Curses knows nothing of links, so their text is written a second
// time, over what curses wrote, with the link around it.

import CNcurses
import Canvas

extension Terminal {
    /// Where the same text was a link and is none now, curses would see nothing to change.
    func prepareLinks(of frame: Frame, after before: Frame?) {
        guard takesLinks, let before, before.hyperlinks != frame.hyperlinks else { return }
        for link in before.hyperlinks where !frame.hyperlinks.contains(link) { cm_redraw_row(Int32(link.row)) }
    }

    /// Writes the links that curses has just written as text. `before` is what stood on the screen, nil when nothing did;
    /// the cursor is put back to where curses left it.
    func drawLinks(of frame: Frame, after before: Frame?, cursor: Point) {
        guard takesLinks, !frame.hyperlinks.isEmpty else { return }
        let isTouched = before?.hyperlinks != frame.hyperlinks
        var bytes: [UInt8] = []
        for link in frame.hyperlinks where isTouched || cells(of: link, in: before) != cells(of: link, in: frame) {
            guard link.row < Int(cm_rows()), link.columns.upperBound <= Int(cm_columns()) else { continue }
            let (open, close) = TerminalCodes.link(link.url)
            bytes += Self.bytes(cm_place(Int32(link.row), Int32(link.columns.lowerBound))) + open
            var style: Style?
            for cell in cells(of: link, in: frame) {
                if cell.style != style { bytes += look(cell.style) }
                style = cell.style
                bytes += Array(cell.text.utf8)
            }
            bytes += close + codes.plain
        }
        if !bytes.isEmpty { send(bytes + Self.bytes(cm_place(Int32(cursor.y), Int32(cursor.x)))) }
    }

    private func cells(of link: Hyperlink, in frame: Frame?) -> [Cell] {
        guard let frame else { return [] }
        return link.columns.map { frame[$0, link.row] }
    }

    private func look(_ style: Style) -> [UInt8] {
        let color = palette.foreground(style.role).map { Self.bytes(cm_foreground(Int32($0))) } ?? []
        return codes.plain + color + (style.bold ? codes.bold : []) + (style.underline ? codes.underline : [])
            + (style.reverse ? codes.reverse : [])
    }
}
