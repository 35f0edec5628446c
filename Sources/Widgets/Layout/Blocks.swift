// From the content of a screen to bands. To add a kind of block: its bands here, or in a file of its own.

import Canvas
import Text

/// Makes the bands of one screen in one window.
struct Blocks<V: Vocabulary> {
    let model: ScreenModel<V>
    let room: Room
    /// How the sign-in's card fits this window.
    private(set) var cardForm = CardForm.whole

    init(model: ScreenModel<V>, room: Room) {
        self.model = model
        self.room = room
        if let card = model.card { cardForm = form(of: card) }
    }

    /// Sentences are a little narrower than the content, for the eye to find the next line.
    private static var measure: Int { 68 }

    /// The status and the content.
    func bands() -> [Band] {
        var bands = statusBands
        for group in model.groups {
            let first = bands.count
            for block in group { bands += self.bands(of: block) }
            if bands.count > first { bands[first].gap = max(1, bands[first].gap) }
        }
        return bands
    }

    private func bands(of block: Block<V>) -> [Band] {
        switch block {
        case .text(let text): [self.text(text)]
        case .passage(let text, let top): [passage(text, from: top)]
        case .lead(let text): [self.text(text, weight: .finePrint)]
        case .hint(let text): [self.text(text, style: .muted, weight: .hint)]
        case .finePrint(let text): [self.text(text, style: .muted, weight: .finePrint)]
        case .notice(let notice): [self.notice(notice)]
        case .address(let url): [address(url)]
        case .facts(let facts): facts.map(fact)
        case .field(let field): [self.field(field)]
        case .menu(let menu): self.bands(of: menu)
        case .card(let card): self.bands(of: card)
        case .keys(let keys, let selected): [self.keys(keys, selected: selected)]
        }
    }

    // MARK: Sentences

    func text(_ text: String, style: Style = .plain, weight: Band.Weight = .content, indent: Int = 0, gap: Int = 0)
        -> Band
    {
        let lines = TextWidth.wrap(InertText.visible(text), width: min(room.width, Self.measure) - indent)
        return Band(height: lines.count, gap: gap, weight: weight) { drawing, rect in
            for (offset, line) in lines.enumerated() {
                drawing.frame.write(
                    line, at: Point(x: rect.origin.x + indent, y: rect.origin.y + offset), style: style,
                    width: rect.size.width - indent)
            }
        }
    }

    func notice(_ notice: Notice, gap: Int = 0) -> Band {
        let lines = noticeLines(notice, width: room.width)
        let signs = model.signs
        return Band(height: lines.count, gap: gap) { drawing, rect in
            drawing.frame.write(
                notice.tone.sign(signs), at: rect.origin, style: Style(notice.tone.role, bold: true),
                width: rect.size.width)
            for (offset, line) in lines.enumerated() {
                drawing.frame.write(
                    line, at: Point(x: rect.origin.x + 2, y: rect.origin.y + offset), width: rect.size.width - 2)
            }
        }
    }

    /// The lines beside the sign.
    func noticeLines(_ notice: Notice, width: Int) -> [String] {
        ([notice.text] + notice.more).flatMap { wrapped(InertText.visible($0), width: width - 2) }
    }

    /// As sentences are; what stands behind a dot stays in one piece where it fits: `9:50 left`.
    private func wrapped(_ text: String, width: Int) -> [String] {
        // Most have none, and to split at more than a character takes the runtime as long as half of the layout.
        guard text.contains(Character(model.signs.dot)) else { return TextWidth.wrap(text, width: width) }
        let (dot, noBreak) = (" \(model.signs.dot) ", "\u{A0}")
        let pieces = text.split(separator: dot, omittingEmptySubsequences: false).map(String.init)
        let kept = pieces.enumerated().map { index, piece in
            index > 0 && TextWidth.of(piece) <= width ? piece.replacing(" ", with: noBreak) : piece
        }
        return TextWidth.wrap(kept.joined(separator: dot), width: width).map { $0.replacing(noBreak, with: " ") }
    }

    /// An address that may be cut into lines, unlike that of a sign-in.
    private func address(_ url: String) -> Band {
        let indent = TextWidth.of(url) + 2 <= room.width ? 2 : 0
        let lines = TextWidth.wrap(InertText.visible(url), width: room.width - indent)
        return Band(height: lines.count) { drawing, rect in
            for (offset, line) in lines.enumerated() {
                let point = Point(x: rect.origin.x + indent, y: rect.origin.y + offset)
                let width = drawing.frame.write(line, at: point, style: .primary, width: rect.size.width - indent)
                if url.hasPrefix("http") { drawing.frame.link(url, at: point, width: width) }
            }
        }
    }

    // MARK: Labels and values

    /// Columns of the labels: the same for all facts and fields of a screen.
    private var labelWidth: Int {
        var longest = 5
        for block in model.blocks {
            switch block {
            case .facts(let facts): longest = max(longest, facts.map { TextWidth.of($0.label) }.max() ?? 0)
            case .field(let field): longest = max(longest, TextWidth.of(field.label))
            default: break
            }
        }
        return min(longest + 2, room.width / 2)
    }

    /// Rows that a long value may take: enough for a name in a narrow window.
    private static var factRows: Int { 3 }

    /// Columns of the signs before the values: the same for all facts of a screen.
    private var signWidth: Int {
        let hasSign = model.blocks.contains { block in
            if case .facts(let facts) = block { facts.contains { $0.sign != nil } } else { false }
        }
        return hasSign ? 3 : 0
    }

    private func fact(_ fact: Fact) -> Band {
        let label = labelWidth
        let width = label + signWidth
        let value = InertText.visible(fact.value)
        let fits = TextWidth.of(value) <= room.width - width
        let lines = fits ? 1 : TextWidth.wrap(value, width: room.width - width).count
        return Band(height: min(Self.factRows, lines), minimum: 1) { drawing, rect in
            drawing.frame.write(fact.label, at: rect.origin, style: .muted, width: label - 1)
            if let sign = fact.sign {
                drawing.frame.write(sign, at: Point(x: rect.origin.x + label, y: rect.origin.y), width: width - label)
            }
            let place = Rect(
                x: rect.origin.x + width, y: rect.origin.y, width: rect.size.width - width, height: rect.size.height)
            if rect.size.height == 1 {
                drawing.frame.write(value, at: place.origin, width: place.size.width)
            } else {
                drawing.frame.paragraph(value, in: place)
            }
        }
    }

    /// Columns that a field keeps before anything stands beside it.
    private static var leastField: Int { 12 }

    private func field(_ field: Field<V>) -> Band {
        // "Filter:" stands close to its text.
        let label = field.label.hasSuffix(":") ? TextWidth.of(field.label) + 1 : labelWidth
        let hasFocus = model.typing == field.id
        return Band(height: 1, focus: hasFocus ? 0 : nil) { drawing, rect in
            drawing.frame.write(field.label, at: rect.origin, style: .muted, width: label - 1)
            let point = Point(x: rect.origin.x + label, y: rect.origin.y)
            let beside = TextWidth.of(field.beside)
            let hasBeside = beside > 0 && rect.size.width - label - beside - 2 >= Self.leastField
            let width = max(1, rect.size.width - label - (hasBeside ? beside + 2 : 0))
            if hasBeside {
                drawing.frame.write(field.beside, at: Point(x: point.x + width + 2, y: point.y), style: .muted)
            }
            let cursor = drawing.frame.cursor
            // A line to write on, as on paper: it shows that something can be typed, and how much.
            drawing.frame.field(
                field.input, at: point, width: width, isMasked: field.isMasked, style: Style(underline: true))
            guard hasFocus else {
                drawing.frame.cursor = cursor
                return
            }
            let view = FieldView(field.input, width: width, isMasked: field.isMasked, signs: drawing.frame.signs)
            drawing.targets.append(
                HitTarget(
                    rect: Rect(x: point.x, y: point.y, width: width, height: 1),
                    spot: .field(view, x: point.x)))
        }
    }
}
