// The rows of help, and the entries of the key bar: both made of the key table.

import Canvas
import Text

extension Blocks {
    /// The rows of help, the selected one on top, so that each key is seen to move them. What a row does is wrapped, its note left out, in a narrow window.
    func keys(_ keys: [KeyHelp], selected: RowID?) -> Band {
        let keyWidth = max(room.isNarrow ? 0 : 13, (keys.map { TextWidth.of($0.keys) }.max() ?? 0) + 2)
        let noted = keys.filter { !$0.note.isEmpty }
        let doesWidth = max(16, (noted.map { TextWidth.of($0.does) }.max() ?? 0) + 2)
        let hasNotes = noted.allSatisfy { keyWidth + doesWidth + TextWidth.of($0.note) <= room.width }
        var lines: [KeyHelp] = []
        var starts: [Int] = []
        for row in keys {
            starts.append(lines.count)
            let isNoted = hasNotes && !row.note.isEmpty
            let does = isNoted ? [row.does] : TextWidth.wrap(row.does, width: room.width - keyWidth - 2)
            for (offset, text) in does.enumerated() {
                lines.append(KeyHelp(offset == 0 ? row.keys : "", text, isNoted ? row.note : ""))
            }
        }
        let row = selected.flatMap(KeyHelp.index) ?? 0
        let focus = starts.indices.contains(row) ? starts[row] : 0
        return Band(height: lines.count, minimum: 1, focus: 0) { [lines] drawing, rect in
            let height = max(1, rect.size.height)
            let window = ListWindow(count: lines.count, height: height, selected: focus, first: focus)
            for (y, index) in zip(rect.rows, window.rows) {
                let line = lines[index]
                var x = rect.origin.x
                for (text, width, style) in [
                    (line.keys, keyWidth, Style.bold),
                    (line.does, line.note.isEmpty ? rect.size.width : doesWidth, .plain),
                    (line.note, rect.size.width, .muted),
                ] {
                    let room = rect.origin.x + rect.size.width - x
                    drawing.frame.write(text, at: Point(x: x, y: y), style: style, width: min(width, room))
                    x += width
                }
                if index == focus { drawing.frame.cursor = Point(x: rect.origin.x, y: y) }
            }
            drawMarks(window, count: lines.count, in: rect, &drawing.frame)
        }
    }

    /// The entries of the bar as this window needs them.
    var barEntries: [KeyBarEntry] {
        var bindings = model.keys
        if let card = model.card, case .apart = cardForm {
            bindings.removeAll { $0.tag == .qr }
            for index in bindings.indices where bindings[index].tag == .copy {
                bindings[index].bar?.label = card.texts.copy
            }
        }
        let entries = bindings.compactMap(\.bar)
        let width = entries.reduce(2 * max(0, entries.count - 1)) {
            $0 + TextWidth.of($1.key) + 1 + TextWidth.of($1.label)
        }
        return width > room.width ? merged(bindings) : entries
    }

    /// The entries that change an answer as one: `m n r a change`.
    private func merged(_ bindings: [KeyBinding<V>]) -> [KeyBarEntry] {
        let group = bindings.filter { $0.tag == .change }.compactMap(\.bar)
        guard let first = group.first, let place = bindings.firstIndex(where: { $0.tag == .change }) else {
            return bindings.compactMap(\.bar)
        }
        let one = KeyBarEntry(
            group.map(\.key).joined(separator: " "), model.changeWord, dropOrder: first.dropOrder)
        return bindings.enumerated().compactMap { index, binding in
            binding.tag == .change ? (index == place ? one : nil) : binding.bar
        }
    }
}

extension KeyHelp {
    /// The id of a row of help, so that it can be scrolled to.
    static func id(_ index: Int) -> RowID { RowID(rawValue: "key:\(index)") }

    static func index(_ id: RowID) -> Int? {
        id.rawValue.hasPrefix("key:") ? Int(id.rawValue.dropFirst(4)) : nil
    }
}
