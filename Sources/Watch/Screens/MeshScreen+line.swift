// What is for the person, what was just done, the line, and the key bar.

import Canvas
import FoundationEssentials
import Localization
import MeshAPI
import Widgets

extension MeshScreen {
    func drawForYou(_ drawing: inout MeshDrawing) {
        let rows = state.forYou
        guard !rows.isEmpty, at.forYou.size.height > 0 else { return }
        let hasFocus = state.place == .forYou
        let selected = hasFocus ? rows.firstIndex { $0.id == state.forYouRow } : nil
        let window = ListWindow(count: rows.count, height: at.forYou.size.height, selected: selected)
        let indent = at.isWide ? Self.labelWidth : hasFocus ? 2 : 0
        if at.isWide {
            drawing.frame.write(pen(.forYou), at: at.forYou.origin, style: .bold, width: indent - 1)
        }
        for (y, index) in zip(at.forYou.rows, window.rows) {
            let x = at.forYou.origin.x + indent
            let rect = Rect(x: x, y: y, width: at.forYou.size.width - indent, height: 1)
            let isSelected = index == selected
            if isSelected { pointer(at: Point(x: x - 2, y: y), &drawing) }
            draw(
                rows[index], in: rect, isSelected, isLast: index == window.rows.last,
                more: rows.count - window.rows.upperBound, &drawing)
            let row = Rect(x: at.forYou.origin.x, y: y, width: at.forYou.size.width, height: 1)
            drawing.spots.append((row, .pick(.forYou, rows[index].id)))
        }
    }

    private func draw(
        _ item: ForYou, in rect: Rect, _ isSelected: Bool, isLast: Bool, more: Int, _ drawing: inout MeshDrawing
    ) {
        var note = note(item)
        // What has no row is counted in the last one.
        if isLast, more > 0 { note = pen(.andMore, ["n": "\(more)"]) }
        let taken = drawing.right(note, of: rect, y: rect.origin.y, style: .muted)
        let style: Style =
            if isSelected { Style(.primary, bold: true) } else if case .asks = item { .warning } else { .plain }
        drawing.frame.write(
            firstLine(text(item)), at: rect.origin, style: style, width: max(0, rect.size.width - taken))
    }

    private func firstLine(_ text: String) -> String {
        text.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
    }

    private func note(_ item: ForYou) -> String {
        switch item {
        case .asks(let peer): pen.longAge(peer.statusAt)
        case .word(let message), .firstWord(let message), .chain(let message): pen.day(message.createdAt)
        }
    }

    private func text(_ item: ForYou) -> String { item.text(pen, isWide: at.isWide) }

    func drawRemark(_ drawing: inout MeshDrawing) {
        let (tone, lines) = Self.remarks(pen, width: at.room.width)
        guard !lines.isEmpty, at.remark.size.height > 0 else { return }
        var x = at.remark.origin.x + (at.isWide ? Self.labelWidth - 2 : 0)
        if let tone {
            drawing.frame.write(
                tone.sign(pen.signs), at: Point(x: x, y: at.remark.origin.y), style: Style(tone.role, bold: true))
        }
        x += 2
        for (index, y) in at.remark.rows.enumerated() {
            // Of more lines than there are rows for, the last one shows that there is more.
            let isLast = index == at.remark.size.height - 1
            let text = isLast ? lines[index...].joined(separator: " ") : lines[index]
            drawing.frame.write(
                text, at: Point(x: x, y: y), width: at.remark.origin.x + at.remark.size.width - x)
        }
    }

    /// `To bo/docs ›  █`
    func drawLine(_ drawing: inout MeshDrawing) {
        let y = at.lineRow
        var x = at.room.margin
        let end = at.room.margin + at.room.width
        let isHere = state.place == .line && !state.filter.isTyping
        let lead = pen(state.compose.answers == nil ? .to : .answerTo)
        let most = at.room.width / 2
        x += drawing.frame.write(lead, at: Point(x: x, y: y), style: .muted, width: most) + 1
        let oneShot = state.compose.target(state.roster).flatMap { $0.isOneShot && !$0.text.isEmpty ? $0.to : nil }
        let to = oneShot ?? state.compose.to ?? pen(.nobodyYet)
        let style: Style = oneShot != nil ? .primary : state.compose.to == nil ? .dim : isHere ? .bold : .plain
        x += drawing.frame.write(to, at: Point(x: x, y: y), style: style, width: max(1, most - 3)) + 1
        x += drawing.frame.write(pen.signs.chevron, at: Point(x: x, y: y), style: .dim) + (at.isWide ? 2 : 1)
        let width = max(1, end - x)
        let cursor = drawing.frame.cursor
        drawing.frame.field(state.compose.input, at: Point(x: x, y: y), width: width)
        drawing.lineView = (
            Rect(x: x, y: y, width: width, height: 1), FieldView(state.compose.input, width: width, signs: pen.signs)
        )
        if !isHere { drawing.frame.cursor = cursor }
    }

    func drawBar(_ drawing: inout MeshDrawing) {
        let width = at.room.width
        let barRow = at.room.barRow
        let start = Point(x: at.room.margin, y: barRow)
        if let completion = state.compose.completion, state.place == .line, !state.filter.isTyping {
            drawCompletion(completion, y: at.underRow ?? barRow, &drawing)
            if at.underRow == nil { return }
        }
        drawing.bar = drawing.frame.keyBar(keys.compactMap(\.bar), at: start, width: width)
    }

    private func drawCompletion(_ completion: Completion, y: Int, _ drawing: inout MeshDrawing) {
        var x = at.room.margin + (at.isWide ? 3 : 0)
        let end = at.room.margin + at.room.width
        for (index, name) in completion.candidates.enumerated() where x < end {
            let isSelected = index == completion.selected
            x +=
                drawing.frame.write(
                    name, at: Point(x: x, y: y),
                    style: isSelected ? Style(.primary, bold: true, underline: true) : .muted,
                    width: end - x) + 2
        }
    }
}

extension ForYou {
    /// `web waits for your answer, to run Bash`; without the text where there is no room for it.
    func text(_ pen: Pen, isWide: Bool) -> String {
        switch self {
        case .asks(let peer):
            let name = ["name": pen.name(peer), "tool": peer.asks ?? ""]
            return pen(peer.asks == nil ? .waitsForYou : isWide ? .waitsForYouToRun : .waitsForYouRun, name)
        case .word(let message):
            let line = message.body.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
            let asks = line.hasSuffix("?")
            let values = ["name": pen.name(message.from), "text": line]
            return isWide ? pen(asks ? .asksYouText : .tellsYouText, values) : pen(asks ? .asksYou : .tellsYou, values)
        case .firstWord(let message):
            let isGuest = pen.state.roster.grant(message.from.member.id)?.guest == true
            let values = ["name": message.from.member.name, "to": pen.held(message)]
            if message.mailbox?.kind == .member {
                return pen(isGuest && isWide ? .guestWantsToWriteYou : .wantsToWriteYou, values)
            }
            return pen(isGuest && isWide ? .guestWantsToWrite : .wantsToWrite, values)
        case .chain(let message):
            return pen(.chainWaits, ["one": pen.name(message.from), "other": pen.addressees(message)])
        }
    }
}

extension Pen {
    /// Whose mailbox a held message waits before.
    func held(_ message: Message) -> String {
        if message.mailbox?.kind == .member { return self(.you) }
        if let peer = message.mailbox.flatMap({ state.roster.peer($0.id) }) { return name(peer) }
        return addressees(message)
    }
}
