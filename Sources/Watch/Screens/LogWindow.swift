// The rows of what was said that are on the screen. Only those messages are laid out that it shows.

import Canvas
import MeshAPI
import Text

/// A row of the log.
struct LogLine: Hashable {
    enum Kind: Hashable {
        /// The line above what is new.
        case new
        case head, body(String)
        /// The text goes on.
        case more
    }

    var kind: Kind
    /// Index into what is shown.
    var item: Int
    /// Which row of its message, of how many.
    var line: Int
    var count: Int
}

struct LogWindow {
    /// What is shown, in its order: the messages the filter lets through, then what waits to be sent.
    enum Item {
        case message(Message)
        case outgoing(OutboxMessage)

        var body: String {
            switch self {
            case .message(let message): message.body
            case .outgoing(let outgoing): outgoing.message.body
            }
        }
    }

    let state: WatchState
    let width: Int
    let rows: Int
    private(set) var lines: [LogLine] = []
    /// The newest is in the last row, or all of it is in sight.
    private(set) var isAtEnd = true
    private let outgoing: [OutboxMessage]
    private let shown: Int

    /// Columns that a text stands in from its head.
    static let indent = 2
    /// Bytes of a text that are laid out: more has no room.
    private static let mostBytes = 8192

    init(_ state: WatchState, width: Int, rows: Int) {
        self.state = state
        self.width = max(8, width)
        self.rows = max(0, rows)
        shown = state.filter.matches?.count ?? state.log.messages.count
        outgoing = state.filter.isActive ? [] : state.compose.outbox.filter { $0.mesh == state.mesh.id }
        if let anchor = state.view.anchor, let item = item(of: anchor.id) {
            lines = lines(from: item, anchor.line)
            isAtEnd = lines.count < rows || (lines.last.map { isLast($0) } ?? true)
        }
        if isAtEnd { lines = lastLines() }
    }

    var count: Int { shown + outgoing.count }

    subscript(item: Int) -> Item {
        if item >= shown { return .outgoing(outgoing[item - shown]) }
        return .message(state.log.messages[state.filter.matches?[item] ?? item])
    }

    /// Messages above and below the window.
    var above: Int { lines.first?.item ?? 0 }
    var below: Int { lines.last.map { count - 1 - $0.item } ?? 0 }

    /// Messages of which every row is in the window.
    var whole: [String] {
        lines.indices.compactMap { last in
            let line = lines[last]
            // Its last row is in the window and says nothing goes on, and so many rows above is its first.
            guard line.line == line.count - 1, line.kind != .more, last >= line.line else { return nil }
            guard case .message(let message) = self[line.item] else { return nil }
            return message.id
        }
    }

    /// The message that a key opens: the newest in the window that goes on, else the newest.
    var opened: String? {
        let line = lines.last { $0.kind == .more } ?? lines.last
        guard let line, case .message(let message) = self[line.item] else { return nil }
        return message.id
    }

    /// Where the window stands when it is moved by rows; nil is the end.
    func anchor(movedBy distance: Int) -> Viewport.Anchor? {
        // Where there are fewer rows than the window has, all of them are in it.
        guard var place = lines.first.map({ (item: $0.item, line: $0.line) }), lines.count == rows else { return nil }
        if distance < 0 {
            place.line += distance
            while place.line < 0, place.item > 0 {
                place.item -= 1
                place.line += block(place.item).count
            }
            place.line = max(0, place.line)
        } else {
            place.line += distance
            while place.item < count {
                let height = block(place.item).count
                if place.line < height { break }
                place.line -= height
                place.item += 1
            }
            let following = lines(from: place.item, place.line)
            if following.count < rows || following.last.map(isLast) ?? true { return nil }
        }
        guard place.item < shown, case .message(let message) = self[place.item] else { return nil }
        return Viewport.Anchor(id: message.id, line: place.line)
    }

    private func item(of id: String) -> Int? {
        guard let index = state.log.index(of: id) else { return nil }
        guard let matches = state.filter.matches else { return index }
        return matches.firstIndex { $0 >= index }
    }

    private func isLast(_ line: LogLine) -> Bool { line.item == count - 1 && line.line == line.count - 1 }

    private func lines(from item: Int, _ line: Int) -> [LogLine] {
        var found: [LogLine] = []
        var item = item
        while item < count, found.count < rows {
            found += found.isEmpty ? Array(block(item).dropFirst(line)) : block(item)
            item += 1
        }
        return Array(found.prefix(rows))
    }

    private func lastLines() -> [LogLine] {
        var blocks: [[LogLine]] = []
        var (height, item) = (0, count - 1)
        while item >= 0, height < rows {
            blocks.append(block(item))
            height += blocks[blocks.count - 1].count
            item -= 1
        }
        return Array(blocks.reversed().joined().suffix(rows))
    }

    /// The rows of one message.
    private func block(_ item: Int) -> [LogLine] {
        var kinds: [LogLine.Kind] = [.head]
        let shown = self[item]
        if case .message(let message) = shown, message.seq == state.log.newFrom { kinds.insert(.new, at: 0) }
        let (text, isCut) = wrapped(shown.body)
        kinds += text.map(LogLine.Kind.body) + (isCut ? [.more] : [])
        return kinds.enumerated().map { LogLine(kind: $1, item: item, line: $0, count: kinds.count) }
    }

    private static func visibleLines(_ text: String) -> [String] {
        // Most texts are lines of plain letters, and this is done for each at every key.
        let newline = UInt8(ascii: "\n")
        if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F || $0 == newline }) {
            return text.utf8.split(separator: newline, omittingEmptySubsequences: false).map { String(Substring($0)) }
        }
        return text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map {
            InertText.visible(String($0).replacing("\t", with: "    "))
        }
    }

    private func wrapped(_ body: String) -> (lines: [String], isCut: Bool) {
        let most = max(3, rows - 3)
        let isLong = body.utf8.count > Self.mostBytes
        let text = isLong ? String(body.prefix(Self.mostBytes)) : body
        let room = width - Self.indent
        var lines: [String] = []
        for line in Self.visibleLines(text) {
            // What fits keeps its spaces: it may be code.
            lines += TextWidth.of(line) <= room ? [line] : TextWidth.wrap(line, width: room)
            if lines.count > most { return (Array(lines.prefix(most - 1)), true) }
        }
        while lines.last?.isEmpty == true { lines.removeLast() }
        return (lines, isLong)
    }
}
