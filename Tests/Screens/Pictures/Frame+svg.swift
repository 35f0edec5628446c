// A frame as a picture for the README: text as text, so that it stays sharp, and the same bytes for the same frame.

public import Canvas
import Text

extension Frame {
    /// The frame as an SVG document. `label` says in words what it shows. Full, upper and lower blocks are drawn as
    /// rectangles, since fonts leave gaps between them; the cursor is a block with the text over it.
    public func svg(_ theme: Theme, label: String) -> String {
        Self.document(size, theme, label: label) {
            (cursor.map { Self.cursor(at: $0, theme) } ?? "") + (0..<size.height).map { row($0, theme) }.joined()
        }
    }

    /// A picture of a window of `size` with this in it; `style` is added to its style sheet.
    static func document(
        _ size: Size, _ theme: Theme, label: String, style: String = "", _ content: () -> String
    ) -> String {
        let width = size.width * cellWidth + 2 * margin
        let height = size.height * cellHeight + 2 * margin
        return """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(width) \(height)" width="\(width)" \
            height="\(height)" role="img" aria-label="\(escaped(TextWidth.clip(label, to: Int.max)))" \
            font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" \
            font-size="\(fontSize)">
            <style>text { white-space: pre }\(style)</style>
            <rect width="\(width)" height="\(height)" rx="8" fill="\(theme.background)"/>

            """ + content() + "</svg>\n"
    }

    static func cursor(at point: Point, _ theme: Theme) -> String {
        rect(point.x, point.y, columns: 1, fill: theme.color(.muted), extra: " fill-opacity=\"0.6\"")
    }

    /// One row's elements; nothing where it is blank.
    func row(_ y: Int, _ theme: Theme) -> String { runs(inRow: y).map { svg($0, y, theme) }.joined() }

    private static let cellWidth = 9
    private static let cellHeight = 20
    private static let fontSize = 15
    private static let baseline = 15
    private static let margin = 12

    /// Neighbouring cells that one element draws.
    private struct Run {
        var column: Int
        var columns: Int
        var text: String
        var style: Style
        var isBlock: Bool
    }

    /// Runs of one style; wide characters alone, so that a font's own width for them shifts nothing; no blanks.
    private func runs(inRow y: Int) -> [Run] {
        var runs: [Run] = []
        for x in 0..<size.width {
            let cell = self[x, y]
            if cell.text.isEmpty { continue }
            let isWide = x + 1 < size.width && self[x + 1, y].text.isEmpty
            let isBlock = ["█", "▀", "▄"].contains(cell.text)
            if let last = runs.last, last.style == cell.style, last.column + last.columns == x, !isWide,
                last.columns == last.text.count,
                isBlock ? last.isBlock && last.text.hasSuffix(cell.text) : !last.isBlock
            {
                runs[runs.count - 1].columns += 1
                runs[runs.count - 1].text += cell.text
            } else {
                runs.append(
                    Run(column: x, columns: isWide ? 2 : 1, text: cell.text, style: cell.style, isBlock: isBlock))
            }
        }
        return runs.compactMap(Self.trimmed)
    }

    /// A run without the blanks at its ends, unless they can be seen; nil where nothing is left.
    private static func trimmed(_ run: Run) -> Run? {
        if run.style.reverse || run.style.underline || run.style.role == .picture { return run }
        guard let first = run.text.firstIndex(where: { $0 != " " }), let last = run.text.lastIndex(where: { $0 != " " })
        else { return nil }
        var trimmed = run
        trimmed.text = String(run.text[first...last])
        let leading = run.text[..<first].count
        let trailing = run.text[last...].count - 1
        trimmed.column += leading
        trimmed.columns -= leading + trailing
        return trimmed
    }

    private func svg(_ run: Run, _ y: Int, _ theme: Theme) -> String {
        let color = theme.color(run.style.role)
        var out = ""
        // A picture that a machine reads is light on dark in either theme.
        let ground = run.style.role == .picture ? Theme.dark.background : theme.background
        if run.style.reverse {
            out += Self.rect(run.column, y, columns: run.columns, fill: color)
        } else if ground != theme.background {
            out += Self.rect(run.column, y, columns: run.columns, fill: ground)
        }
        let ink = run.style.reverse ? ground : color
        if run.isBlock {
            let half = Self.cellHeight / 2
            let isWhole = run.text.first == "█"
            return out
                + Self.rect(
                    run.column, y, columns: run.columns, fill: ink, top: run.text.first == "▄" ? half : 0,
                    height: isWhole ? Self.cellHeight : half)
        }
        if run.text.allSatisfy({ $0 == " " }), !run.style.underline { return out }
        let x = Self.margin + run.column * Self.cellWidth
        let attributes =
            (run.style.bold ? " font-weight=\"bold\"" : "")
            + (run.style.underline ? " text-decoration=\"underline\"" : "")
        return out + """
            <text x="\(x)" y="\(Self.margin + y * Self.cellHeight + Self.baseline)" fill="\(ink)" \
            textLength="\(run.columns * Self.cellWidth)"\(attributes)>\(Self.escaped(run.text))</text>

            """
    }

    private static func rect(
        _ x: Int, _ y: Int, columns: Int, fill: String, top: Int = 0, height: Int = cellHeight, extra: String = ""
    ) -> String {
        """
        <rect x="\(margin + x * cellWidth)" y="\(margin + y * cellHeight + top)" width="\(columns * cellWidth)" \
        height="\(height)" fill="\(fill)"\(extra)/>

        """
    }

    private static func escaped(_ text: String) -> String {
        text.reduce(into: "") { out, character in
            switch character {
            case "&": out += "&amp;"
            case "<": out += "&lt;"
            case ">": out += "&gt;"
            case "\"": out += "&quot;"
            default: out.append(character)
            }
        }
    }
}
