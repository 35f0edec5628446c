// Sentences: wrapped to a width, and with a sign before them.

import Text

/// What a notice says about its text.
public enum Tone: Sendable, Hashable, CaseIterable {
    case success, error, warning

    public var role: ColorRole {
        switch self {
        case .success: .success
        case .error: .error
        case .warning: .warning
        }
    }

    public func sign(_ signs: Signs) -> String {
        switch self {
        case .success: signs.check
        case .error: signs.cross
        case .warning: signs.warning
        }
    }
}

extension Frame {
    /// Draws `text` wrapped into `rect`; what has no room below is left out, the last line then ending in the ellipsis.
    /// A line end begins a new line. Returns the rows used.
    @discardableResult
    public mutating func paragraph(_ text: String, in rect: Rect, style: Style = .plain) -> Int {
        guard rect.size.width > 0, rect.size.height > 0 else { return 0 }
        var lines = TextWidth.wrap(text, width: rect.size.width)
        if lines.count > rect.size.height {
            lines.removeLast(lines.count - rect.size.height)
            lines[lines.count - 1] = cut(lines[lines.count - 1], width: rect.size.width)
        }
        for (offset, line) in lines.enumerated() {
            write(line, at: Point(x: rect.origin.x, y: rect.origin.y + offset), style: style, width: rect.size.width)
        }
        return lines.count
    }

    /// Draws the tone's sign and, beside it, `text` wrapped as a paragraph. Returns the rows used.
    @discardableResult
    public mutating func notice(_ tone: Tone, _ text: String, in rect: Rect) -> Int {
        guard rect.size.height > 0 else { return 0 }
        let used = write(
            tone.sign(signs), at: rect.origin, style: Style(tone.role, bold: true), width: rect.size.width)
        let indent = used + 1
        return paragraph(
            text,
            in: Rect(
                x: rect.origin.x + indent, y: rect.origin.y, width: rect.size.width - indent,
                height: rect.size.height))
    }

    /// `line` with the ellipsis at its end, shortened where that takes it over `width`.
    private func cut(_ line: String, width: Int) -> String {
        let room = width - signs.ellipsis.count
        return TextWidth.clip(line, to: room, ellipsis: "") + signs.ellipsis
    }
}
