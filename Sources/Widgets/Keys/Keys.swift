// From what a person does to what it means, by the key table of the screen that is up.

public import Canvas

/// What an event means on a screen.
public enum Meaning<V: Vocabulary>: Sendable, Hashable {
    /// A key or a row does this.
    case perform(V.Action)
    /// Another row is selected.
    case select(RowID)
    /// The text of a field is another one.
    case edit(V.Field, TextInput)
}

/// The keys of one screen.
public struct Keys<V: Vocabulary> {
    let model: ScreenModel<V>
    let size: Size

    public init(model: ScreenModel<V>, size: Size) {
        self.model = model
        self.size = size
    }

    /// What a key or the mouse means, nothing where it means none.
    public func meaning(of event: InputEvent) -> [Meaning<V>] {
        switch event {
        case .key(let key): meaning(of: key)
        case .mouse(let mouse): model.usesMouse ? meaning(of: mouse) : []
        case .paste, .resize, .focus: []
        }
    }

    /// The table first, then the field that takes what is typed.
    private func meaning(of key: Key) -> [Meaning<V>] {
        for binding in model.keys {
            if let command = binding.commands[key] { return perform(command) }
        }
        guard let id = model.typing, var input = model.fields.first(where: { $0.id == id })?.input else { return [] }
        return input.handle(key) == .ignored ? [] : [.edit(id, input)]
    }

    private func perform(_ command: KeyBinding<V>.Command) -> [Meaning<V>] {
        switch command {
        case .perform(let action): [.perform(action)]
        case .choose: model.menu?.selected.map { [.perform($0.action)] } ?? []
        case .move(let move): self.move(move)
        case .runtime: []
        }
    }

    private func move(_ move: Move) -> [Meaning<V>] {
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

    private func select(_ index: Int) -> [Meaning<V>] {
        guard index != selection.selected else { return [] }
        if let menu = model.menu { return menu[index].map { [.select($0.id)] } ?? [] }
        return [.select(KeyHelp.id(index))]
    }

    /// What its key does: a whole run can be made with the mouse. Nothing for an entry that stands for several.
    private func press(_ entry: KeyBarEntry) -> [Meaning<V>] {
        guard let binding = model.keys.first(where: { $0.bar == entry }) else { return [] }
        let named: [String: Key] = ["Enter": .enter, "Esc": .escape, "Tab": .tab]
        if let command = named[entry.key].flatMap({ binding.commands[$0] }) { return perform(command) }
        return binding.commands.common.map(perform) ?? []
    }

    /// A click selects, on the selected row it chooses, in a field it places the cursor, in the key bar it is the key; the
    /// wheel moves the selection.
    private func meaning(of mouse: MouseEvent) -> [Meaning<V>] {
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
            case .field(let view, let x):
                guard let id = model.typing, var input = model.fields.first(where: { $0.id == id })?.input else {
                    return []
                }
                input.move(to: view.offset(at: mouse.point.x - x))
                return [.edit(id, input)]
            case .bar(let entry): return press(entry)
            }
        }
    }
}
