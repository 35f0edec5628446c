// What follows from what happened: the one place that changes the state. Pure: no I/O, no clock, no environment.
// Each noun's part is in `Reducer+Noun.swift`.

import Canvas
public import FlowEngine
import MeshAPI
import Widgets

/// Changes the state by one action, and says what is to be done. `now` is the time at which it happened.
public func reduce(_ state: inout WatchState, _ action: Action, at now: Moment) -> [Effect] {
    let wasAway = state.wasAway(until: now, action)
    state.now = now
    if case .resized(let size) = action { state.size = size }
    guard state.outcome == nil else { return [] }
    let before = state.forYouCount
    var effects = state.perform(action)
    if wasAway { effects.append(.follow(state.mesh.id)) }
    effects += state.flush()
    state.keepSelections()
    if state.settings.bell, state.focus == .away, state.forYouCount > before { effects.append(.callAttention) }
    return effects
}

extension WatchState {
    fileprivate mutating func perform(_ action: Action) -> [Effect] {
        switch action {
        case .started: return [.open]
        case .arrived(let arrival): return receive(arrival)
        case .touched: return touched()
        case .focus(let isHere): return focusChanged(isHere)
        case .painted(let whole, let rows): return painted(whole, rows)
        case .tick: return tick()
        case .resized: return []
        case .resumed: return link.isLive ? [] : reconnect()
        case .interrupt: return quit(interrupted: true)
        case .quit: return quit(interrupted: false)
        case .leave: outcome = .quit(interrupted: false)
        case .plainText:
            outcome = .lines
            return [.savePlain]
        case .toggleASCII:
            settings.ascii.toggle()
            return [.saveASCII(settings.ascii)]
        case .help: overlays.present(.help)
        case .dismiss: overlays.dismissTop()
        case .show(let overlay): return show(overlay)
        case .back: return back()
        case .select(let screen, let row): selections[screen] = row
        case .edit(let field, let input): edit(field, input)
        case .paste(let text): paste(text)
        case .go(let place): go(place)
        case .move(let move): self.move(move)
        case .pick(let place, let row): return pick(place, row)
        case .choose: return choose()
        case .scroll(let scroll): return self.scroll(scroll)
        case .read: break
        case .readFrom(let row): readFrom = row
        case .filter:
            overlays = Overlays()
            filter.isTyping = true
        case .keepFilter: filter.isTyping = false
        case .said(let address): return said(with: address)
        case .write(let address): write(to: address)
        case .answer(let id): answer(id)
        case .settle(let item): return settle(item)
        case .settleChosen: return forYou.first { $0.id == forYouRow }.map { settle($0) } ?? []
        case .goTo(let id): return roster.peer(id).map { [.goToTerminal($0)] } ?? []
        case .take: compose.take()
        case .candidate(let move): choose(candidate: move)
        case .send: return send()
        case .openMesh(let id): return openMesh(id)
        default: return decide(action)
        }
        return []
    }

    /// What is asked of the server by hand.
    private mutating func decide(_ action: Action) -> [Effect] {
        switch action {
        case .attention(let attention):
            overlays.dismissTop()
            return [.attention(mesh.id, attention)]
        case .decide(let choice, let message): return decide(choice, message)
        case .contact(let member, let contact): return setContact(member, contact)
        case .mute(let topic, let mutes): return [.mute(mesh.id, topic: topic, mutes)]
        case .join(let topic, let joins): return [.join(mesh.id, topic: topic, joins)]
        case .confirmName: return confirmName()
        default: return []
        }
    }

    /// Esc undoes the nearest thing, a visit at last; it never leaves the program.
    private mutating func back() -> [Effect] {
        if case .ended = overlays.top { return [] }
        if !overlays.isEmpty {
            overlays.dismissTop()
        } else if filter.isTyping {
            if filter.input.isEmpty { filter.isTyping = false } else { setFilter(TextInput()) }
        } else if compose.completion != nil {
            compose.completion = nil
        } else if place != .line {
            place = .line
        } else if compose.answers != nil {
            compose.answers = nil
        } else if filter.isActive {
            (filter, view.anchor) = (Filter(), nil)
        } else if view.anchor != nil {
            view.anchor = nil
        } else if facts.isVisit {
            return quit(interrupted: false)
        } else if compose.input.isEmpty {
            compose.to = nil
        }
        return []
    }

    private mutating func quit(interrupted: Bool) -> [Effect] {
        let losses = compose.outbox.count + (compose.input.isEmpty ? 0 : 1) + otherDrafts.count
        if case .quit = overlays.top {
            outcome = .quit(interrupted: interrupted)
        } else if losses > 0 {
            overlays.present(.quit(losses: losses))
            selections[.quit] = .stay
        } else {
            outcome = .quit(interrupted: interrupted)
        }
        return []
    }

    private mutating func show(_ overlay: Overlay) -> [Effect] {
        if let why = whyNotAsked(overlay) {
            remark = Remark(.warning, why)
            return []
        }
        overlays.present(overlay)
        selections[overlay.id] = nil
        nameInput = TextInput()
        readFrom = 0
        switch overlay {
        case .meshes: return [.loadMeshes]
        case .ban(let member):
            banEnds[member] = nil
            return [.loadEnds(mesh.id, member: member)]
        case .firstWord: selections[.firstWord] = .later
        // When it was handed over stands in its receipts.
        case .message(let id) where log[id]?.states?[.handed] != nil: return [.loadMessage(mesh.id, id: id)]
        case .attention: selections[.attention] = me.map { RowID(rawValue: ($0.attention ?? .open).rawValue) }
        default: break
        }
        return []
    }

    /// Why a question is not asked at all: one would not be allowed to do it.
    private func whyNotAsked(_ overlay: Overlay) -> Said? {
        switch overlay {
        case .ban(let member): whyNotModerated(member)
        case .putOut(let id):
            roster.peer(id).flatMap { peer in peer.isSelf ? nil : peer.member.flatMap { whyNotModerated($0.id) } }
        default: nil
        }
    }

    /// A row that went is selected no more; the one in its place is.
    fileprivate mutating func keepSelections() {
        let items = forYou
        if place == .forYou, items.isEmpty { place = .line }
        if let row = forYouRow, !items.contains(where: { $0.id == row }) { forYouRow = items.first?.id }
        if let row = listRow, place == .lists, roster.peer(row.session ?? "") == nil, row.session != nil {
            listRow = rows.compactMap(\.id).first
        }
    }
}

extension RowID {
    /// The session, where the row is one.
    var session: String? { rawValue.hasPrefix("peer:") ? String(rawValue.dropFirst(5)) : nil }
}
