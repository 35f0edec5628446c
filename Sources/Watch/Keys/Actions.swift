// From what a person does to actions, by the key table of the screen that is up.

public import Canvas
public import Localization
import MeshAPI
import Widgets

/// The actions of an event on the screen of `state`, none where it means nothing there.
public func actions(for event: InputEvent, in state: WatchState, strings: Strings) -> [Action] {
    switch event {
    case .resize(let size): return [.resized(size)]
    case .focus(let isHere): return [.focus(isHere)]
    case .paste(let text): return [.touched, .paste(text)]
    case .key, .mouse: break
    }
    if state.screen == .mesh { return [.touched] + MeshScreen(state, strings).meaning(of: event) }
    let model = screenModel(for: state, strings: strings)
    let meant = Widgets.Keys(model: model, size: state.size).meaning(of: event)
    return [.touched]
        + meant.map { meaning in
            switch meaning {
            case .perform(.read(let move)):
                .readFrom(Layout(model, size: state.size).passage?.top(movedDown: move == .pageDown) ?? 0)
            case .perform(let action): action
            case .select(let row): .select(model.id, row)
            case .edit(let field, let input): .edit(field, input)
            }
        }
}

extension MeshScreen {
    /// Rows that a turn of the wheel moves by.
    private static let wheel = 3

    func meaning(of event: InputEvent) -> [Action] {
        switch event {
        case .key(let key): meaning(of: key)
        case .mouse(let mouse): meaning(of: mouse)
        default: []
        }
    }

    /// The table first, then the field that takes what is typed.
    private func meaning(of key: Key) -> [Action] {
        for binding in keys {
            if case .perform(let action) = binding.commands[key] { return [resolved(action)].compactMap(\.self) }
            if binding.commands[key] != nil { return [] }
        }
        let field: FieldID? = state.filter.isTyping ? .filter : state.place == .line ? .line : nil
        guard let field else { return [] }
        var input = field == .filter ? state.filter.input : state.compose.input
        return input.handle(key) == .ignored ? [] : [.edit(field, input)]
    }

    /// What a table leaves open: which row, which message, how far.
    private func resolved(_ action: Action) -> Action? {
        switch action {
        // Where all of it is in sight, what is not here yet is asked for.
        case .scroll(.pageUp):
            window.anchor(movedBy: -max(1, at.log.size.height - 1)).map { .scroll(.to($0)) } ?? .scroll(.pageUp)
        case .scroll(.pageDown):
            state.view.anchor == nil ? nil : .scroll(.to(window.anchor(movedBy: max(1, at.log.size.height - 1))))
        case .scroll(.rows(let rows)):
            rows > 0 && state.view.anchor == nil ? nil : .scroll(.to(window.anchor(movedBy: rows)))
        case .show(.message("")): window.opened.map { .show(.message($0)) }
        case .write(""): addressOfRow.map { .write($0) }
        default: action
        }
    }

    /// Of the selected row of the lists.
    private var addressOfRow: String? {
        let row = state.rows.first { $0.id != nil && $0.id == state.listRow }
        return switch row?.content {
        case .peer(let peer): pen.name(peer)
        case .person(let member): member.id == state.me?.id ? nil : member.handle ?? member.id
        case .topic(let topic): "#\(topic.name)"
        default: nil
        }
    }

    private func meaning(of mouse: MouseEvent) -> [Action] {
        let isOverLists = at.lists.contains(mouse.point) && (at.isWide || state.place == .lists)
        switch mouse.kind {
        case .wheelUp, .wheelDown:
            let isUp = mouse.kind == .wheelUp
            if isOverLists {
                let first: [Action] = state.place == .lists ? [] : [.go(.lists)]
                return first + [.move(isUp ? .up : .down)]
            }
            return [resolved(.scroll(.rows(isUp ? -Self.wheel : Self.wheel)))].compactMap(\.self)
        case .click:
            let picture = picture
            if let entry = picture.bar.first(where: { $0.rect.contains(mouse.point) })?.entry { return press(entry) }
            if let line = picture.lineView, line.rect.contains(mouse.point) {
                var input = state.compose.input
                input.move(to: line.view.offset(at: mouse.point.x - line.rect.origin.x))
                return [.go(.line), .edit(.line, input)]
            }
            let action = picture.spots.last { $0.rect.contains(mouse.point) }?.action
            return [action.flatMap(resolved)].compactMap(\.self)
        }
    }

    /// What the key of an entry does.
    private func press(_ entry: KeyBarEntry) -> [Action] {
        guard let binding = keys.first(where: { $0.bar == entry }) else { return [] }
        guard case .perform(let action) = binding.commands.common else { return [] }
        return [resolved(action)].compactMap(\.self)
    }
}
