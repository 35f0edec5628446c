// The address and the code of a sign-in: whole; apart (`host/c` and the code to type there); beside a QR code; and where
// not even `host/c` fits, what it takes. The address is never wrapped or cut.

import Canvas
import Text

extension Blocks {
    enum CardForm {
        /// With the lines right of the QR code.
        case qr([SideLine])
        case whole, apart, tooWide
    }

    /// The form that fits this window.
    func form(of card: CodeCard) -> CardForm {
        // Between the title, a blank row, and the bar.
        let rows = room.barRow - room.titleRow - 2
        if card.showsQR != false, !card.qr.isEmpty {
            let lines = side(of: card, width: sideWidth(card, room.width), rows: rows)
            let needs = qrNeeds(card)
            if needs.width <= room.size.width, max(qrSize(card).height, lines.count) <= rows { return .qr(lines) }
        }
        if TextWidth.of(card.address) <= room.size.width { return .whole }
        return TextWidth.of(card.shortAddress) <= room.size.width ? .apart : .tooWide
    }

    func bands(of card: CodeCard) -> [Band] {
        switch cardForm {
        case .qr(let side): [qrBand(card, side)]
        case .whole:
            [
                text(card.texts.open, weight: .optional), address(card.address, of: card),
                text(card.texts.compare, gap: 1),
                code(card, indent: 4, gap: 1),
            ]
                + progress(card, left: card.left)
        case .apart:
            [
                text(card.texts.openShort, weight: .optional), address(card.shortAddress, of: card),
                text(card.texts.type, weight: .optional, gap: 1),
                code(card, indent: 2, gap: 0),
            ] + progress(card, left: card.leftShort)
        case .tooWide:
            [text(card.texts.tooWide), text(card.texts.type, gap: 1), code(card, indent: 2, gap: 0)]
                + progress(card, left: card.leftShort)
        }
    }

    // MARK: One under the other

    /// On a line of its own; where it needs them, it takes the window's margins too.
    private func address(_ shown: String, of card: CodeCard) -> Band {
        let width = TextWidth.of(shown)
        let indented = room.margin + 2
        let x = indented + width <= room.size.width ? indented : 0
        return Band(height: 1) { drawing, rect in
            let point = Point(x: x, y: rect.origin.y)
            drawing.frame.write(shown, at: point, style: card.isForeign ? .plain : .primary)
            if !card.isForeign { drawing.frame.link(card.address, at: point, width: width) }
        }
    }

    /// Alone on its line, the cursor on its first letter.
    private func code(_ card: CodeCard, indent: Int, gap: Int) -> Band {
        Band(height: 1, gap: gap, focus: 0) { drawing, rect in
            let point = Point(x: rect.origin.x + indent, y: rect.origin.y)
            drawing.frame.write(card.code, at: point, style: .bold)
            drawing.frame.cursor = point
        }
    }

    private func progress(_ card: CodeCard, left: String) -> [Band] {
        let line = "\(card.waiting) \(model.signs.dot) \(left)"
        var bands =
            if let trouble = card.trouble {
                [notice(trouble, gap: 1)]
            } else if TextWidth.of(line) <= room.width {
                [text(line, gap: 1)]
            } else {
                [text(card.waiting, gap: 1), text(card.left)]
            }
        let (refusal, before) = (qrRefusal(card), bands.count)
        switch card.remark {
        case .hint(let text) where refusal == nil:
            bands.append(self.text(text, style: .muted, weight: .hint, gap: 1))
        case .notice(let notice): bands.append(self.notice(notice, gap: 1))
        default: break
        }
        // A remark is news; that there is no room is seen.
        if let refusal { bands.append(text(refusal, weight: bands.count > before ? .hint : .content, gap: 1)) }
        return bands
    }

    /// The person asked for the QR code and it does not fit.
    private func qrRefusal(_ card: CodeCard) -> String? {
        guard card.showsQR == true, !card.qr.isEmpty else { return nil }
        return card.texts.qrTooLarge(qrNeeds(card), room.size)
    }

    // MARK: Beside a QR code

    private static var qrGap: Int { 3 }
    private static var widestSide: Int { 33 }

    /// A line right of the QR code.
    struct SideLine {
        var indent = 0
        var text = ""
        var style = Style.plain
        /// Whose sign stands before the line.
        var tone: Tone?
        var isAddress = false
        var isCode = false
    }

    /// Its rows are equally wide, a column a character; without half blocks a module takes a row and two columns.
    private func qrSize(_ card: CodeCard) -> Size {
        let each = model.signs == .ascii ? 2 : 1
        return Size(width: each * (card.qr.first?.count ?? 0), height: each * card.qr.count)
    }

    private func leastSide(_ card: CodeCard) -> Int { max(28, TextWidth.of(card.shortAddress) + 2) }

    private func sideWidth(_ card: CodeCard, _ width: Int) -> Int {
        max(leastSide(card), min(Self.widestSide, width - qrSize(card).width - Self.qrGap))
    }

    /// The smallest window for the code and all that is to be said beside it.
    private func qrNeeds(_ card: CodeCard) -> Size {
        let code = qrSize(card)
        let width = code.width + Self.qrGap + leastSide(card) + 2
        let lines = side(of: card, width: sideWidth(card, max(width - 2, room.width)), rows: 0)
        let height = max(code.height, lines.count) + 3
        return Size(width: width, height: height + Room.titleRow(height: height + 2))
    }

    /// The lines right of the QR code, in `rows` or as near to it as leaving out a hint and blank lines gets.
    private func side(of card: CodeCard, width: Int, rows: Int) -> [SideLine] {
        func wrapped(_ text: String, _ style: Style = .plain) -> [SideLine] {
            TextWidth.wrap(InertText.visible(text), width: width).map { SideLine(text: $0, style: style) }
        }
        func noted(_ notice: Notice) -> [SideLine] {
            noticeLines(notice, width: width).enumerated().map { offset, line in
                SideLine(indent: 2, text: line, tone: offset == 0 ? notice.tone : nil)
            }
        }
        let blank = [SideLine()]
        var lines = blank + wrapped(card.texts.scan) + blank
        lines.append(SideLine(indent: 2, text: card.shortAddress, style: .primary, isAddress: true))
        lines += blank + wrapped(card.texts.compare) + blank
        lines.append(SideLine(indent: 4, text: card.code, style: .bold, isCode: true))
        lines += blank + (card.trouble.map(noted) ?? (wrapped(card.waiting) + wrapped(card.left)))
        switch card.remark {
        case .hint(let text):
            let hint = blank + wrapped(text, .muted)
            if lines.count + hint.count <= rows { lines += hint }
        case .notice(let notice): lines += blank + noted(notice)
        case nil: break
        }
        while lines.count > rows, let spare = lines.firstIndex(where: \.text.isEmpty) { lines.remove(at: spare) }
        return lines
    }

    private func qrBand(_ card: CodeCard, _ side: [SideLine]) -> Band {
        let size = qrSize(card)
        return Band(height: max(size.height, side.count), focus: 0) { drawing, rect in
            drawQR(card.qr, at: rect.origin, &drawing.frame)
            for (offset, line) in side.enumerated() {
                let start = Point(x: rect.origin.x + size.width + Self.qrGap, y: rect.origin.y + offset)
                if let tone = line.tone {
                    drawing.frame.write(tone.sign(model.signs), at: start, style: Style(tone.role, bold: true))
                }
                let point = Point(x: start.x + line.indent, y: start.y)
                let width = drawing.frame.write(line.text, at: point, style: line.style)
                if line.isAddress { drawing.frame.link(card.address, at: point, width: width) }
                if line.isCode { drawing.frame.cursor = point }
            }
        }
    }

    /// In half blocks, or in blanks on the picture's two colours.
    private func drawQR(_ rows: [String], at origin: Point, _ frame: inout Frame) {
        for (y, row) in rows.enumerated() {
            guard model.signs == .ascii else {
                frame.write(row, at: Point(x: origin.x, y: origin.y + y), style: .picture)
                continue
            }
            for (x, block) in row.enumerated() {
                for (half, light) in ["█▀", "█▄"].enumerated() {
                    let point = Point(x: origin.x + 2 * x, y: origin.y + 2 * y + half)
                    frame.write("  ", at: point, style: Style(.picture, reverse: light.contains(block)))
                }
            }
        }
    }
}
