// What is said: by whom to whom, what became of it, and the text.

import Canvas
import FoundationEssentials
import Localization
import MeshAPI
import Widgets

extension MeshScreen {
    func drawLog(_ window: LogWindow, _ drawing: inout MeshDrawing) {
        if let header = at.header { drawHeader(window, y: header, &drawing) }
        if window.count == 0 { return drawEmpty(&drawing) }
        for (y, line) in zip(at.log.rows, window.lines) {
            let rect = Rect(x: at.log.origin.x, y: y, width: at.log.size.width, height: 1)
            let text = Point(x: rect.origin.x + LogWindow.indent, y: y)
            let room = rect.size.width - LogWindow.indent
            let item = window[line.item]
            switch line.kind {
            case .new: drawNew(item, at: text, &drawing)
            case .head: drawHead(item, in: rect, &drawing)
            case .body(let body):
                drawing.frame.write(body, at: text, style: isFaint(item) ? .dim : .plain, width: room)
            case .more: drawing.frame.write(pen(.goesOn), at: text, style: .muted, width: room)
            }
            if case .message(let message) = item { drawing.spots.append((rect, .show(.message(message.id)))) }
        }
    }

    private func isFaint(_ item: LogWindow.Item) -> Bool {
        if case .message(let message) = item {
            message.state == .withdrawn || message.states?[.withdrawn] != nil
        } else {
            false
        }
    }

    private func drawEmpty(_ drawing: inout MeshDrawing) {
        guard state.link.phase != .opening else { return }
        let text = state.filter.isActive ? pen(.nothingFits) : pen(.nothingSaid)
        drawing.frame.paragraph(text, in: at.log, style: .muted)
    }

    /// `Said · everything          ↑ 240 earlier`, or the filter.
    private func drawHeader(_ window: LogWindow, y: Int, _ drawing: inout MeshDrawing) {
        let rect = Rect(x: at.log.origin.x, y: y, width: at.log.size.width, height: 1)
        var taken = 0
        if window.below > 0, state.view.anchor != nil {
            let text = "\(pen.signs.down) " + pen(.newerCount, count: window.below)
            taken = drawing.right(text, of: rect, y: y, style: .primary)
            drawing.spots.append((rect, .scroll(.newest)))
        } else if window.above > 0 || state.log.older != nil {
            let count = pen.strings.number(window.above) + (state.log.older == nil ? "" : "+")
            let text = "\(pen.signs.up) " + (window.above > 0 ? pen(.earlierCount, ["n": count]) : pen(.earlier))
            taken = drawing.right(text, of: rect, y: y, style: .dim)
            drawing.spots.append((rect, .scroll(.pageUp)))
        }
        let room = rect.size.width - taken - 1
        guard state.filter.isTyping else {
            let parts = [state.filter.with, state.filter.input.isEmpty ? nil : state.filter.input.text].compactMap(
                \.self)
            let what = parts.isEmpty ? pen(.everything) : parts.joined(separator: pen.between)
            let used = drawing.frame.write(pen(.said), at: rect.origin, style: .bold, width: room)
            let style: Style = parts.isEmpty ? .muted : .primary
            drawing.frame.write(
                pen.between + what, at: Point(x: rect.origin.x + used, y: y), style: style, width: max(0, room - used))
            return
        }
        let label = drawing.frame.write(pen.strings[.filter], at: rect.origin, style: .muted, width: room) + 1
        drawing.frame.field(
            state.filter.input, at: Point(x: rect.origin.x + label, y: y), width: max(1, room - label))
    }

    /// `──────── new since 14:08 ────────`
    private func drawNew(_ item: LogWindow.Item, at point: Point, _ drawing: inout MeshDrawing) {
        guard case .message(let message) = item else { return }
        let text = at.isWide ? pen(.newSince, ["time": pen.day(message.createdAt)]) : pen(.new)
        let rule = String(repeating: pen.signs.rule, count: at.isWide ? 8 : 4)
        drawing.frame.write("\(rule) \(text) \(rule)", at: point, style: .primary, width: at.log.size.width - 2)
    }

    private func drawHead(_ item: LogWindow.Item, in rect: Rect, _ drawing: inout MeshDrawing) {
        switch item {
        case .message(let message):
            let standing = pen.standing(message, isWide: at.isWide)
            let taken = standing.map { drawing.right($0.text, of: rect, y: rect.origin.y, style: $0.style) } ?? 0
            drawHead(
                pen.day(message.writtenAt ?? message.createdAt), pen.name(message.from), pen.addressees(message),
                in: rect, taken: taken, isOwn: message.from.member.id == state.me?.id, &drawing)
        case .outgoing(let outgoing):
            let taken = drawing.right(pen(.waitsHere), of: rect, y: rect.origin.y, style: .warning)
            let answered = outgoing.message.replyTo.flatMap { state.log[$0] }.map { pen.name($0.from) }
            drawHead(
                pen.time(Date(timeIntervalSince1970: Double(outgoing.writtenAt))), pen(.youSay),
                outgoing.message.to?.all.joined(separator: ", ") ?? answered ?? "", in: rect, taken: taken, isOwn: true,
                &drawing)
        }
    }

    private func drawHead(
        _ time: String, _ from: String, _ to: String, in rect: Rect, taken: Int, isOwn: Bool,
        _ drawing: inout MeshDrawing
    ) {
        let end = rect.origin.x + rect.size.width - taken - 1
        let gap = at.isWide ? 2 : 1
        var x = rect.origin.x
        let parts: [(String, Style, Int)] = [
            (time, .dim, gap), (from, isOwn ? .plain : .bold, 1), (pen.signs.arrow, .dim, 1), (to, .muted, 0),
        ]
        for (text, style, gap) in parts where x < end {
            x += drawing.frame.write(text, at: Point(x: x, y: rect.origin.y), style: style, width: end - x) + gap
        }
    }
}
