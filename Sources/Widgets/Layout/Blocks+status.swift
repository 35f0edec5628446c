// The status: a row each, or all on one line where the window is low.

import Canvas
import Text

extension Blocks {
    var statusBands: [Band] {
        guard !model.status.isEmpty else { return [] }
        if room.isLow && !model.keepsStatusRows { return [statusLine] }
        return model.status.enumerated().map { index, entry in
            var band = statusRow(entry)
            band.gap = index == 0 ? 1 : 0
            return band
        }
    }

    private func statusRow(_ entry: StatusEntry) -> Band {
        let labels = room.isNarrow ? model.status.map(\.label) : model.statusLabels
        let gap = room.isNarrow ? 1 : 2
        let labelWidth = (labels.map(TextWidth.of).max() ?? 0) + gap
        let row = StatusRow(entry.label, entry.mark, value(entry, width: room.width - labelWidth - 1 - gap))
        return Band(height: 1, weight: entry.isOptional ? .optional : .content) { drawing, rect in
            drawing.frame.statusRows([row], in: rect, labelWidth: labelWidth, gap: gap)
        }
    }

    /// As many pieces as there is room for, the first always, if need be in short.
    private func value(_ entry: StatusEntry, width: Int) -> String {
        var pieces = entry.pieces
        func joined() -> String { pieces.joined(separator: " \(model.signs.dot) ") }
        while pieces.count > 1 && TextWidth.of(joined()) > width { pieces.removeLast() }
        if entry.isPath { return end(of: joined(), width: width) }
        return TextWidth.of(joined()) > width && !entry.short.isEmpty ? entry.short : joined()
    }

    /// As many of a path's last names as there is room for: `…/seventy/two`.
    private func end(of path: String, width: Int) -> String {
        var shown = path
        var names = path.split(separator: "/")
        while TextWidth.of(shown) > width, names.count > 1 {
            names.removeFirst()
            shown = ([model.signs.ellipsis] + names.map(String.init)).joined(separator: "/")
        }
        return shown
    }

    private var statusLine: Band {
        let rows = model.status.map { StatusRow($0.shortLabel, $0.mark, $0.short) }
        return Band(height: 1) { drawing, rect in drawing.frame.statusLine(rows, in: rect) }
    }
}
