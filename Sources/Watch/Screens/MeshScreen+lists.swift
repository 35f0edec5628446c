// The title, and who is here.

import Canvas
import FlowEngine
import Localization
import MeshAPI
import Text
import Widgets

extension MeshScreen {
    func drawTitle(_ drawing: inout MeshDrawing) {
        let (text, style) = status
        let row = Rect(x: at.room.margin, y: at.room.titleRow, width: at.room.width, height: 1)
        let taken = drawing.right(text, of: row, y: at.room.titleRow, style: style)
        let left = max(0, at.room.width - taken - 1)
        if at.isWide {
            let used = drawing.frame.title("", in: at.room)
            drawing.frame.write(
                state.mesh.name, at: Point(x: at.room.margin + used, y: at.room.titleRow), style: .primary,
                width: max(0, left - used))
        } else {
            drawing.frame.write(state.mesh.name, at: row.origin, style: .bold, width: left)
        }
    }

    /// `6 here · 1 asks · 3 for you`, or since when that is not known.
    private var status: (String, Style) {
        switch state.link.phase {
        case .opening: return (pen(.connecting), .muted)
        case .ended: return ("\(pen.signs.cross) \(pen(.over))", .error)
        case .offline(let offline):
            let seconds = max(0, state.now.wall - offline.since.wall)
            let time = pen.strings.countdown(seconds)
            return (
                "\(pen.signs.warning) " + pen(.offlineSince, ["time": pen.time(offline.since)]) + pen.between + time,
                .warning
            )
        case .live:
            var parts = [pen(.hereCount, count: state.roster.here)]
            if state.roster.asking > 0, at.isWide { parts.append(pen(.askCount, count: state.roster.asking)) }
            if state.forYouCount > 0 { parts.append(pen(.forYouCount, count: state.forYouCount)) }
            return (parts.joined(separator: pen.between), .muted)
        }
    }

    func drawLists(_ drawing: inout MeshDrawing) {
        let rows = state.rows
        let hasFocus = state.place == .lists && !state.filter.isTyping
        let selected = hasFocus ? rows.firstIndex { $0.id != nil && $0.id == state.listRow } : nil
        // The first row is a heading: it stays in sight above the first of its rows.
        let first = selected.map { max(0, $0 - at.lists.size.height + 2) } ?? 0
        let window = ListWindow(
            count: rows.count, height: at.lists.size.height, selected: selected, first: selected == 1 ? 0 : first)
        for (y, index) in zip(at.lists.rows, window.rows) {
            draw(rows[index], y: y, isSelected: index == selected, &drawing)
        }
        marks(window, count: rows.count, in: at.lists, &drawing.frame)
    }

    /// The signs for "more above" and "more below".
    private func marks(_ window: ListWindow, count: Int, in rect: Rect, _ frame: inout Frame) {
        func mark(_ sign: String, row: Int) {
            frame.write(sign, at: Point(x: rect.origin.x + rect.size.width - TextWidth.of(sign), y: row), style: .dim)
        }
        guard !window.rows.isEmpty else { return }
        if window.rows.lowerBound > 0 { mark(pen.signs.up, row: rect.origin.y) }
        if window.rows.upperBound < count { mark(pen.signs.down, row: rect.origin.y + window.rows.count - 1) }
    }

    private func draw(_ row: Roster.Row, y: Int, isSelected: Bool, _ drawing: inout MeshDrawing) {
        let rect = Rect(x: at.lists.origin.x, y: y, width: at.lists.size.width, height: 1)
        if let id = row.id { drawing.spots.append((rect, .pick(.lists, id))) }
        switch row.content {
        case .peers: drawing.frame.write(peersHeading, at: rect.origin, style: .bold, width: rect.size.width)
        case .away: drawing.frame.write(pen(.away), at: rect.origin, style: .bold, width: rect.size.width)
        case .people: drawing.frame.write(pen(.people), at: rect.origin, style: .bold, width: rect.size.width)
        case .topics: drawing.frame.write(pen(.topics), at: rect.origin, style: .bold, width: rect.size.width)
        case .peer(let peer): draw(peer, in: rect, isSelected, &drawing)
        case .person(let member):
            let note = member.membership == .member ? "" : pen.membership(member.membership)
            draw(member.name, note: note, in: rect, isSelected, &drawing)
        case .topic(let topic):
            let note = topic.muted ? pen(.muted) : topic.unread > 0 ? pen(.newCount, count: topic.unread) : ""
            draw("#\(topic.name)", note: note, isFaint: !topic.joined, in: rect, isSelected, &drawing)
        }
    }

    private var peersHeading: String {
        guard let offline = state.link.offline else { return pen(.peers) }
        return pen(.peersAsOf, ["time": pen.time(offline.since)])
    }

    /// `● works  12m ana/reviewer`
    private func draw(_ peer: Peer, in rect: Rect, _ isSelected: Bool, _ drawing: inout MeshDrawing) {
        let (x, y) = (rect.origin.x, rect.origin.y)
        let (sign, style) = pen.sign(peer)
        let isFaint = !peer.live
        let ageEnd = 2 + at.wordWidth + 5
        if isSelected {
            pointer(at: rect.origin, &drawing)
        } else {
            drawing.frame.write(sign, at: rect.origin, style: style)
        }
        let quiet: Style = isFaint ? .dim : .muted
        drawing.frame.write(
            pen.word(peer), at: Point(x: x + 2, y: y), style: peer.live && peer.status == .asking ? .warning : quiet,
            width: at.wordWidth)
        let age = isFaint ? pen.day(peer.awaySince ?? peer.statusAt) : pen.shortAge(peer.statusAt)
        let width = min(TextWidth.of(age), 6)
        drawing.frame.write(age, at: Point(x: x + max(2, ageEnd - width), y: y), style: quiet, width: width)
        drawing.frame.write(
            pen.name(peer), at: Point(x: x + ageEnd + 1, y: y),
            style: isSelected ? Style(.primary, bold: true) : isFaint ? .dim : .plain,
            width: max(0, rect.size.width - ageEnd - 1))
    }

    private func draw(
        _ name: String, note: String, isFaint: Bool = false, in rect: Rect, _ isSelected: Bool,
        _ drawing: inout MeshDrawing
    ) {
        if isSelected {
            pointer(at: rect.origin, &drawing)
        } else {
            drawing.frame.write(pen.signs.dot, at: rect.origin, style: .dim)
        }
        let used = drawing.frame.write(
            name, at: Point(x: rect.origin.x + 2, y: rect.origin.y),
            style: isSelected ? Style(.primary, bold: true) : isFaint ? .dim : .plain, width: rect.size.width - 2)
        let x = rect.origin.x + 2 + used + 2
        let room = rect.origin.x + rect.size.width - x
        if !note.isEmpty, TextWidth.of(note) <= room {
            drawing.frame.write(note, at: Point(x: x, y: rect.origin.y), style: .muted, width: room)
        }
    }

    func pointer(at point: Point, _ drawing: inout MeshDrawing) {
        drawing.frame.write(pen.signs.pointer, at: point, style: Style(.primary, bold: true))
        drawing.frame.cursor = point
    }
}
