// Where the keys go, what is selected there, and what is looked at.

import Canvas
import FlowEngine
import MeshAPI
import Widgets

extension WatchState {
    mutating func edit(_ field: FieldID, _ input: TextInput) {
        switch field {
        case .line:
            compose.input = input
            compose.confirmed = nil
            compose.complete(roster)
            keepDraft()
        case .filter: setFilter(input)
        case .name: nameInput = input
        }
    }

    mutating func paste(_ text: String) {
        switch screen {
        case .putOut, .ban: _ = nameInput.paste(text)
        case .mesh where filter.isTyping:
            var input = filter.input
            _ = input.paste(text)
            setFilter(input)
        case .mesh where place == .line:
            var input = compose.input
            _ = input.paste(text)
            edit(.line, input)
        default: break
        }
    }

    mutating func setFilter(_ input: TextInput) {
        filter.input = input
        view.anchor = nil
        findMatches()
        if place == .lists { listRow = rows.compactMap(\.id).first }
    }

    /// Which messages the filter lets through.
    mutating func findMatches() {
        guard filter.isActive else {
            filter.matches = nil
            return
        }
        var found = log.matches(filter.text)
        if let with = filter.with { found = found.filter { isWith(with, log.messages[$0]) } }
        filter.matches = found
    }

    private func isWith(_ address: String, _ message: Message) -> Bool {
        if address.hasPrefix("#") { return message.topic == String(address.dropFirst()) }
        return message.from.address == address || message.to.contains(address)
            || message.to.contains { $0.hasSuffix("/\(address)") || address.hasSuffix("/\($0)") }
    }

    mutating func said(with address: String) -> [Effect] {
        overlays = Overlays()
        filter.with = address
        view.anchor = nil
        place = .line
        findMatches()
        return []
    }

    mutating func go(_ place: Place) {
        compose.completion = nil
        filter.isTyping = false
        switch place {
        case .line: break
        case .lists: listRow = listRow ?? rows.compactMap(\.id).first
        case .forYou:
            guard let first = forYou.first else {
                self.place = .line
                return
            }
            forYouRow = forYouRow ?? first.id
        }
        self.place = place
    }

    mutating func move(_ move: Move) {
        switch place {
        case .line: break
        case .lists: listRow = moved(listRow, move, among: rows.compactMap(\.id), page: max(1, view.rows))
        case .forYou:
            let items = forYou.map(\.id)
            // Below the last is the line.
            if move == .down, forYouRow == items.last {
                place = .line
                return
            }
            forYouRow = moved(forYouRow, move, among: items, page: 3)
        }
    }

    private func moved(_ row: RowID?, _ move: Move, among rows: [RowID], page: Int) -> RowID? {
        guard !rows.isEmpty else { return nil }
        let index = row.flatMap { rows.firstIndex(of: $0) } ?? 0
        let target =
            switch move {
            case .up, .previous: index - 1
            case .down, .next: index + 1
            case .pageUp: index - page
            case .pageDown: index + page
            case .first: 0
            case .last: rows.count - 1
            }
        return rows[min(max(0, target), rows.count - 1)]
    }

    /// A click selects; on the selected row it chooses.
    mutating func pick(_ place: Place, _ row: RowID) -> [Effect] {
        let isSelected = self.place == place && row == (place == .lists ? listRow : forYouRow)
        go(place)
        if place == .lists { listRow = row } else { forYouRow = row }
        return isSelected ? choose() : []
    }

    mutating func choose() -> [Effect] {
        switch place {
        case .line: return []
        case .lists:
            guard let row = rows.first(where: { $0.id != nil && $0.id == listRow }) else { return [] }
            switch row.content {
            case .peer(let peer): overlays.present(.peer(peer.sessionID))
            case .person(let member): overlays.present(.person(member.id))
            case .topic(let topic): overlays.present(.topic(topic.name))
            default: break
            }
            if let top = overlays.top { selections[top.id] = nil }
            return []
        case .forYou:
            guard let item = forYou.first(where: { $0.id == forYouRow }) else { return [] }
            return open(item)
        }
    }

    private mutating func open(_ item: ForYou) -> [Effect] {
        readFrom = 0
        switch item {
        case .asks(let peer): return [.goToTerminal(peer)]
        case .firstWord(let message):
            overlays.present(.firstWord(message))
            selections[.firstWord] = .later
        case .word(let message):
            // What cannot have been read whole is shown whole first.
            if message.state?.isWaiting == true, !onScreen.contains(message.id) {
                overlays.present(.message(message.id))
                selections[.message] = nil
            } else {
                answer(message.id)
            }
        case .chain(let message):
            write(to: message.from.member.id == me?.id ? message.to.first ?? "" : message.from.address)
        }
        return []
    }

    /// Nothing more is to be done about it.
    mutating func settle(_ item: ForYou) -> [Effect] {
        guard case .word(let message) = item else {
            if case .chain(let message) = item { inTray.settle(message.id) }
            return []
        }
        inTray.settle(message.id)
        log.setState(.acknowledged, of: message.id)
        return [
            .report(mesh.id, [ReportReceipts.Step(messageId: message.id, state: .acknowledged, lane: .person)])
        ]
    }

    // MARK: The window onto what was said

    mutating func scroll(_ scroll: Scroll) -> [Effect] {
        switch scroll {
        case .newest: view.anchor = nil
        case .to(let anchor): view.anchor = anchor
        case .pageUp: return loadOlder()
        case .pageDown, .rows: break
        }
        // The page before the oldest is asked for before one comes there.
        guard let anchor = view.anchor, (log.index(of: anchor.id) ?? 0) < Self.nearTheOldest else { return [] }
        return loadOlder()
    }

    private mutating func loadOlder() -> [Effect] {
        guard let older = log.older, !log.isLoadingOlder else { return [] }
        log.isLoadingOlder = true
        return [.loadMessages(mesh.id, before: older)]
    }

    /// Messages above the window that are enough for now.
    static let nearTheOldest = 50
}
