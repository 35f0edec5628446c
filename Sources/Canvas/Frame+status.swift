// The status rows: what is answered, what is being asked, what is still to come. One row each, or all on one line
// where the window is low.

import Text

/// A row of the status: `Mesh       ✔  platform-team`.
public struct StatusRow: Sendable, Hashable {
    public enum Mark: Sendable, Hashable, CaseIterable {
        /// Answered.
        case done
        /// Being asked.
        case current
        /// Not asked yet.
        case open
        /// Answered, and nobody could say whether it is still so.
        case unchecked
        case warning, error
        /// Nothing that is answered: what goes with the row above.
        case note

        func sign(_ signs: Signs) -> String {
            switch self {
            case .done: signs.check
            case .current: signs.pointer
            case .open, .unchecked: signs.dot
            case .warning: signs.warning
            case .error: signs.cross
            case .note: " "
            }
        }

        var style: Style {
            switch self {
            case .done: .success
            case .current: Style(.primary, bold: true)
            case .open: .dim
            case .unchecked: .muted
            case .warning: .warning
            case .error: .error
            case .note: .plain
            }
        }

        /// Whether nobody has to look at it.
        var isSettled: Bool { self == .done || self == .unchecked || self == .note }
    }

    public var label: String
    public var mark: Mark
    public var value: String

    public init(_ label: String, _ mark: Mark, _ value: String = "") {
        self.label = label
        self.mark = mark
        self.value = value
    }
}

extension Frame {
    /// Draws the rows, one under the other: the label in `labelWidth` columns, the sign, `gap` blanks, the value.
    /// Returns the rows used.
    @discardableResult
    public mutating func statusRows(_ rows: [StatusRow], in rect: Rect, labelWidth: Int, gap: Int = 2) -> Int {
        let shown = rows.prefix(rect.size.height)
        for (y, row) in zip(rect.rows, shown) {
            let x = rect.origin.x
            let labelStyle: Style = row.mark == .current ? .bold : row.mark == .open ? .dim : .muted
            write(row.label, at: Point(x: x, y: y), style: labelStyle, width: min(labelWidth - 1, rect.size.width))
            let signX = x + labelWidth
            let used = write(
                row.mark.sign(signs), at: Point(x: signX, y: y), style: row.mark.style,
                width: rect.size.width - labelWidth)
            let valueX = signX + used + gap
            write(
                row.value, at: Point(x: valueX, y: y),
                style: row.mark == .current || row.mark == .open ? .muted : .plain,
                width: rect.size.width - (valueX - x))
        }
        return shown.count
    }

    /// Draws the rows on one line: `✔ Ana › ▸ mesh 2 of 5 › name › role`. Answered rows show their value alone, open
    /// ones their label alone. Where that is too wide the first ones give way to an ellipsis.
    public mutating func statusLine(_ rows: [StatusRow], in rect: Rect) {
        guard rect.size.height > 0 else { return }
        let separator = " \(signs.chevron) "
        var parts = rows.map(linePart)
        let current = rows.firstIndex { !$0.mark.isSettled } ?? rows.count
        var dropped = 0
        func width() -> Int {
            TextWidth.of(parts.map(\.text).joined(separator: separator))
                + (dropped > 0 ? signs.ellipsis.count + separator.count : 0)
        }
        while width() > rect.size.width && dropped < min(current, rows.count - 1) {
            parts.removeFirst()
            dropped += 1
        }
        if dropped > 0 { parts.insert((signs.ellipsis, .dim), at: 0) }
        var x = rect.origin.x
        let end = rect.origin.x + rect.size.width
        for (offset, part) in parts.enumerated() where x < end {
            if offset > 0 {
                x += write(separator, at: Point(x: x, y: rect.origin.y), style: .dim, width: end - x)
            }
            x += write(part.text, at: Point(x: x, y: rect.origin.y), style: part.style, width: end - x)
        }
    }

    private func linePart(_ row: StatusRow) -> (text: String, style: Style) {
        let sign = row.mark.sign(signs)
        switch row.mark {
        case .note: return (row.value, .muted)
        case .done, .unchecked: return ("\(sign) \(row.value)", .muted)
        case .open: return (row.label, .dim)
        case .current, .warning, .error:
            return (row.value.isEmpty ? "\(sign) \(row.label)" : "\(sign) \(row.label) \(row.value)", .bold)
        }
    }
}
