// A text that may be longer than the window: it is read in a window of its own, above what there is to choose.

import Canvas
import Text

/// Which rows of a passage are in sight.
public struct PassageWindow: Sendable, Hashable {
    public var rows: Range<Int>
    public var count: Int

    /// The row to begin at, a page further or back: one row of the former page stays in sight.
    public func top(movedDown: Bool) -> Int {
        let page = max(1, rows.count - 1)
        let last = max(0, count - rows.count)
        return min(max(0, rows.lowerBound + (movedDown ? page : -page)), last)
    }
}

extension Blocks {
    /// Rows of a passage that stay whatever the window.
    private static var leastPassage: Int { 3 }
    /// Rows that are laid out of one.
    private static var mostPassage: Int { 2000 }

    func passage(_ text: String, from top: Int) -> Band {
        let indent = 2
        let width = min(room.width - indent, 66)
        var lines: [String] = []
        for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            let visible = InertText.visible(String(line).replacing("\t", with: "    "))
            // What fits keeps its spaces: it may be code.
            lines += TextWidth.of(visible) <= width ? [visible] : TextWidth.wrap(visible, width: width)
            if lines.count > Self.mostPassage { break }
        }
        while lines.last?.isEmpty == true { lines.removeLast() }
        return Band(height: lines.count, minimum: Self.leastPassage, isList: true) { [lines] drawing, rect in
            let window = ListWindow(count: lines.count, height: rect.size.height, selected: nil, first: top)
            for (y, index) in zip(rect.rows, window.rows) {
                drawing.frame.write(
                    lines[index], at: Point(x: rect.origin.x + indent, y: y), width: rect.size.width - indent)
            }
            drawMarks(window, count: lines.count, in: rect, &drawing.frame)
            drawing.passage = PassageWindow(rows: window.rows, count: lines.count)
        }
    }
}
