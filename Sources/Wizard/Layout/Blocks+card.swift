// The address and the code of a sign-in: whole; apart (`host/c` and the code to type there); beside a QR code; and where
// not even `host/c` fits, what it takes. The address is never wrapped or cut.

import Canvas
import MeshAPI

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
        if card.showsQR != false, !card.qr.isEmpty, let side = side(of: card, rows: rows) { return .qr(side) }
        if TextWidth.of(card.address) <= room.size.width { return .whole }
        return TextWidth.of(card.shortAddress) <= room.size.width ? .apart : .tooWide
    }

    func bands(of card: CodeCard) -> [Band] {
        switch cardForm {
        case .qr(let side): [qrBand(card, side)]
        case .whole:
            [
                text(card.texts.open), address(card.address, of: card), text(card.texts.compare, gap: 1),
                code(card, indent: 4, gap: 1),
            ]
                + progress(card, left: card.left)
        case .apart:
            [
                text(card.texts.openShort), address(card.shortAddress, of: card), text(card.texts.type, gap: 1),
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
        let between = " \(model.signs.dot) "
        var bands = [
            card.trouble.map { notice($0, gap: 1) } ?? text(card.waiting + between + left, gap: 1)
        ]
        if let refusal = qrRefusal(card) {
            bands.append(text(refusal, gap: 1))
            return bands
        }
        switch card.remark {
        case .hint(let text): bands.append(self.text(text, style: .muted, weight: .hint, gap: 1))
        case .notice(let notice): bands.append(self.notice(notice, gap: 1))
        case nil: break
        }
        return bands
    }

    /// The person asked for the QR code and it does not fit.
    private func qrRefusal(_ card: CodeCard) -> String? {
        guard card.showsQR == true, !card.qr.isEmpty else { return nil }
        let height = card.qr.count + 3
        let needs = Size(
            width: qrWidth(card) + Self.qrGap + leastSide(card) + 2,
            height: height + Layout.Room.titleRow(height: height + 2))
        return card.texts.qrTooLarge(needs, room.size)
    }

    // MARK: Beside a QR code

    private static let qrGap = 3
    private static let widestSide = 33

    typealias SideLine = (indent: Int, text: String, style: Style, isAddress: Bool, isCode: Bool)

    /// Its rows are equally wide, a column a character.
    private func qrWidth(_ card: CodeCard) -> Int { card.qr.first?.count ?? 0 }

    private func leastSide(_ card: CodeCard) -> Int { max(28, TextWidth.of(card.shortAddress) + 2) }

    /// The lines right of the QR code, nil where there is no room for both.
    private func side(of card: CodeCard, rows: Int) -> [SideLine]? {
        let width = min(max(Self.widestSide, leastSide(card)), room.width - qrWidth(card) - Self.qrGap)
        guard width >= leastSide(card), card.qr.count <= rows else { return nil }
        func wrapped(_ text: String, _ style: Style = .plain, indent: Int = 0) -> [SideLine] {
            TextWidth.wrap(InertText.visible(text), width: width - indent).map { (indent, $0, style, false, false) }
        }
        let blank: [SideLine] = [(0, "", .plain, false, false)]
        var lines = blank + wrapped(card.texts.scan) + blank
        lines.append((2, card.shortAddress, .primary, true, false))
        lines += blank + wrapped(card.texts.compare) + blank
        lines.append((4, card.code, .bold, false, true))
        lines += blank
        if let trouble = card.trouble {
            let tone = Style(trouble.tone.role)
            lines += noticeLines(trouble, width: width).enumerated().map { offset, line in
                (
                    0, (offset == 0 ? trouble.tone.sign(model.signs) : " ") + " " + line, offset == 0 ? tone : .plain,
                    false, false
                )
            }
        } else {
            lines += wrapped(card.waiting) + wrapped(card.left)
        }
        guard lines.count <= rows else { return nil }
        let remark: [SideLine] =
            switch card.remark {
            case .hint(let text): blank + wrapped(text, .muted)
            case .notice(let notice):
                blank + noticeLines(notice, width: width + 2).map { (0, $0, .plain, false, false) }
            case nil: []
            }
        return lines.count + remark.count <= rows ? lines + remark : lines
    }

    private func qrBand(_ card: CodeCard, _ side: [SideLine]) -> Band {
        let x = qrWidth(card) + Self.qrGap
        return Band(height: max(card.qr.count, side.count), focus: 0) { drawing, rect in
            for (offset, row) in card.qr.enumerated() {
                drawing.frame.write(row, at: Point(x: rect.origin.x, y: rect.origin.y + offset), style: .picture)
            }
            for (offset, line) in side.enumerated() {
                let point = Point(x: rect.origin.x + x + line.indent, y: rect.origin.y + offset)
                let width = drawing.frame.write(line.text, at: point, style: line.style)
                if line.isAddress { drawing.frame.link(card.address, at: point, width: width) }
                if line.isCode { drawing.frame.cursor = point }
            }
        }
    }
}
