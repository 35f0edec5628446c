// Rows to choose from: windows onto what may be very long, columns, and the marks of what is out of sight.

import Canvas
import Text

extension Blocks {
    func bands(of menu: Menu<V>) -> [Band] {
        let items = Band(
            height: menu.items.count, gap: menu.listCount > 0 ? 1 : 0,
            minimum: menu.listCount > 0 ? menu.items.count : Pile.leastMenu,
            focus: menu.selectedIndex.flatMap { $0 >= menu.listCount ? $0 - menu.listCount : nil }
        ) { drawing, rect in
            draw(menu, menu.listCount..<menu.count, in: rect, &drawing)
        }
        guard menu.listCount > 0 else { return [items] }
        let list = Band(
            height: menu.listCount, minimum: 1, isList: true,
            focus: menu.selectedIndex.flatMap { $0 < menu.listCount ? 0 : nil }
        ) { drawing, rect in
            draw(menu, 0..<menu.listCount, in: rect, &drawing)
        }
        return menu.items.isEmpty ? [list] : [list, items]
    }

    /// Draws the rows of `range` that the window shows. It turns pages, so that a move within one changes two rows; where
    /// the selection is below it, the last page stays.
    private func draw(_ menu: Menu<V>, _ range: Range<Int>, in rect: Rect, _ drawing: inout Drawing) {
        let height = rect.size.height
        guard height > 0 else { return }
        let selected = menu.selectedIndex.flatMap { range.contains($0) ? $0 - range.lowerBound : nil }
        let nearest = min(max(0, (menu.selectedIndex ?? 0) - range.lowerBound), max(0, range.count - 1))
        let window = ListWindow(
            count: range.count, height: height, selected: selected, first: nearest / height * height)
        // A loop: over a type that a caller chooses, the library's own costs a search through all types of the program.
        var rows: [MenuItem<V>] = []
        for index in window.rows { if let item = menu[range.lowerBound + index] { rows.append(item) } }
        let inner = besideMarks(rect, isScrolled: window.rows.count < range.count)
        let columns =
            rows.contains { !$0.columns.isEmpty }
            ? listColumns(menu.list?.widths ?? [], shown: rows[0].columns.count, width: inner.size.width)
            : noteColumns(menu.items)
        let pointer = drawing.frame.list(window, selected: selected, in: inner, widths: columns.widths) { index in
            let item = rows[index - window.rows.lowerBound]
            let others = item.columns.isEmpty ? (item.note.isEmpty ? [] : [item.note]) : item.columns
            return ListRow(columns: [item.label] + others.prefix(columns.count), marks: item.marks)
        }
        if columns.count == 0 { drawNotes(of: rows, in: inner, &drawing.frame) }
        if let pointer, model.typing == nil || model.isOnRows { drawing.frame.cursor = pointer }
        drawMarks(window, count: range.count, in: rect, &drawing.frame)
        for (offset, index) in window.rows.enumerated() {
            drawing.targets.append(
                HitTarget(
                    rect: Rect(x: rect.origin.x, y: rect.origin.y + offset, width: rect.size.width, height: 1),
                    spot: .row(range.lowerBound + index)))
        }
    }

    /// Where there is no room for a column of notes, each that still fits stands right behind its label: a countdown, a
    /// code or a server is not to be missed.
    private func drawNotes(of rows: [MenuItem<V>], in rect: Rect, _ frame: inout Frame) {
        for (y, item) in zip(rect.rows, rows) {
            let x = Frame.listIndent + TextWidth.of(item.label) + 2
            guard x + TextWidth.of(item.note) <= rect.size.width else { continue }
            frame.write(item.note, at: Point(x: rect.origin.x + x, y: y), style: .muted)
        }
    }

    /// The rectangle without the columns of the marks.
    func besideMarks(_ rect: Rect, isScrolled: Bool) -> Rect {
        let marks = isScrolled ? max(TextWidth.of(model.signs.up), TextWidth.of(model.signs.down)) + 1 : 0
        return Rect(x: rect.origin.x, y: rect.origin.y, width: rect.size.width - marks, height: rect.size.height)
    }

    /// The signs for "more above" and "more below", at the right end of the first and last row.
    func drawMarks(_ window: ListWindow, count: Int, in rect: Rect, _ frame: inout Frame) {
        func mark(_ sign: String, row: Int) {
            let x = rect.origin.x + rect.size.width - TextWidth.of(sign)
            frame.write(sign, at: Point(x: x, y: row), style: .dim)
        }
        guard !window.rows.isEmpty else { return }
        if window.rows.lowerBound > 0 { mark(model.signs.up, row: rect.origin.y) }
        if window.rows.upperBound < count { mark(model.signs.down, row: rect.origin.y + window.rows.count - 1) }
    }

    /// How many further columns there is room for, and the widths of all but the last.
    private typealias Columns = (count: Int, widths: [Int])

    /// Labels and, where they all fit, their notes: from the column where most screens have them.
    private func noteColumns(_ items: [MenuItem<V>]) -> Columns {
        let noted = items.filter { !$0.note.isEmpty }
        let label = items.map { TextWidth.of($0.label) }.max() ?? 0
        let note = noted.map { TextWidth.of($0.note) }.max() ?? 0
        let room = room.width - Frame.listIndent
        for column in [max(27, label + 3), label + 2] where column + note <= room { return (1, [column]) }
        return (0, [])
    }

    /// Names, memberships, members, who is there: the last ones go where there is no room, and the name takes it.
    private func listColumns(_ widths: [Int], shown: Int, width: Int) -> Columns {
        let room = width - Frame.listIndent
        func widest(_ column: Int) -> Int { widths.indices.contains(column) ? widths[column] : 0 }
        // In steps, so that lists of like names have their columns at the same place.
        let nameWidth = (max(20, widest(0) + 4) + 3) / 8 * 8 + 4
        for count in stride(from: max(2, shown), through: 2, by: -1) {
            let further = (1...count).map { $0 <= shown ? widest($0) : 0 }
            // What stands before each of them.
            let gaps = [0, 4, 3]
            let rest = zip(further, gaps).reduce(0) { $0 + ($1.0 > 0 ? $1.0 + $1.1 : 0) }
            if room - rest >= min(20, widest(0) + 2) {
                let widths = zip(further.dropLast(), gaps.dropFirst()).map { $0 + $1 }
                return (count, [min(nameWidth, room - rest)] + widths)
            }
        }
        // Rather no second column than names that are cut, or stand right before it; to the edge of the row if it must be.
        for spare in [2, 0] where room - widest(1) - spare > min(20, widest(0)) {
            return (1, [room - widest(1) - spare])
        }
        return (0, [])
    }
}
