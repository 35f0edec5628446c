// From what a person does to actions, by the key table of the screen that is up.

public import Canvas
public import Localization

/// The actions of an event on the screen of `state`, none where it means nothing there.
public func actions(for event: InputEvent, in state: WizardState, strings: Strings) -> [Action] {
    if case .resize(let size) = event { return [.resized(size)] }
    let model = screenModel(for: state, strings: strings)
    return Keys(model: model, size: state.size).actions(for: event)
}

/// The keys of one screen.
struct Keys {
    let model: ScreenModel
    let size: Size

    func actions(for event: InputEvent) -> [Action] {
        switch event {
        case .key(let key): actions(for: key)
        case .paste(let text): [.paste(text)]
        case .mouse(let mouse): model.usesMouse ? actions(for: mouse) : []
        case .resize(let size): [.resized(size)]
        case .focus: []
        }
    }

    /// The table first, then the field that takes what is typed.
    private func actions(for key: Key) -> [Action] {
        for binding in model.keys {
            if let command = binding.commands[key] { return perform(command) }
        }
        guard let id = model.typing, var input = model.fields.first(where: { $0.id == id })?.input else { return [] }
        return input.handle(key) == .ignored ? [] : [.edit(id, input)]
    }

    private func perform(_ command: KeyBinding.Command) -> [Action] {
        switch command {
        case .perform(let action): [action]
        case .choose: model.menu?.selected.map { [$0.action] } ?? []
        case .move(let move): self.move(move)
        case .runtime: []
        }
    }

    private func move(_ move: Move) -> [Action] {
        let (count, selected) = selection
        guard count > 0 else { return [] }
        let page = move == .pageUp || move == .pageDown ? Layout(model, size: size).pageRows : 1
        let target =
            switch move {
            case .up: selected - 1
            case .down: selected + 1
            case .pageUp: selected - page
            case .pageDown: selected + page
            case .first: 0
            case .last: count - 1
            case .next: (selected + 1) % count
            case .previous: (selected + count - 1) % count
            }
        return select(min(max(0, target), count - 1))
    }

    /// How many rows there are to move over, and which one is selected.
    private var selection: (count: Int, selected: Int) {
        if let menu = model.menu { return menu.selectedIndex.map { (menu.count, $0) } ?? (0, 0) }
        for case .keys(let keys, let selected) in model.blocks {
            return (keys.count, selected.flatMap(KeyHelp.index) ?? 0)
        }
        return (0, 0)
    }

    private func select(_ index: Int) -> [Action] {
        guard index != selection.selected else { return [] }
        if let menu = model.menu { return menu[index].map { [.select(model.id, $0.id)] } ?? [] }
        return [.select(model.id, KeyHelp.id(index))]
    }

    /// What its key does: a whole run can be made with the mouse. Nothing for an entry that stands for several.
    private func press(_ entry: KeyBarEntry) -> [Action] {
        guard let binding = model.keys.first(where: { $0.bar == entry }) else { return [] }
        let named: [String: Key] = ["Enter": .enter, "Esc": .escape, "Tab": .tab]
        if let command = named[entry.key].flatMap({ binding.commands[$0] }) { return perform(command) }
        let commands = Set(binding.commands.values)
        return commands.count == 1 ? commands.flatMap(perform) : []
    }

    /// A click selects, on the selected row it chooses, in a field it places the cursor, in the key bar it is the key; the
    /// wheel moves the selection.
    private func actions(for mouse: MouseEvent) -> [Action] {
        switch mouse.kind {
        case .wheelUp: return move(.up)
        case .wheelDown: return move(.down)
        case .click:
            guard let target = Layout(model, size: size).targets.last(where: { $0.rect.contains(mouse.point) }) else {
                return []
            }
            switch target.spot {
            case .row(let index):
                guard let menu = model.menu, menu.selectedIndex != nil else { return [] }
                return index == menu.selectedIndex ? perform(.choose) : select(index)
            case .field(let id, let view, let x):
                guard var input = model.fields.first(where: { $0.id == id })?.input else { return [] }
                input.move(to: view.offset(at: mouse.point.x - x))
                return [.edit(id, input)]
            case .bar(let entry): return press(entry)
            }
        }
    }
}
