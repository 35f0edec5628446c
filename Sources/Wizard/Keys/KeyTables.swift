// The key tables, one for each kind of screen: menu, filter, text field, sign-in, overlay.
// To add a key: a `KeyBinding` in the table it belongs to; the bar and help follow.
// The order of a table is that of the bar and of help.

import Canvas
import Localization
import Widgets

extension Screens {
    // MARK: Tables

    /// A menu: `extra` stands before Esc.
    func menuKeys(
        _ extra: [KeyBinding] = [], back: Bool? = nil, esc: WizardText = .barBack, quits: Bool = true
    ) -> [KeyBinding] {
        moveKeys(letters: true) + [enterKey(.barChoose, .choose)] + extra + escKeys(back ?? state.canGoBack, esc)
            + [helpKey(question: true)] + commonKeys() + (quits ? [quitKey(inBar: true)] : []) + [
                interruptKey
            ]
    }

    /// A list under a filter. `chooses`: there is something to choose.
    func filterKeys(filter: TextInput, chooses: Bool, extra: [KeyBinding] = []) -> [KeyBinding] {
        let letters = bar(words: .barTypeToFilter, drop: Drop.typeToFilter)
        let typing = KeyBinding(
            [:], bar: filter.isEmpty || !chooses ? letters : nil,
            help: KeyHelp(strings[.helpLetters], strings[.helpFilter], strings(.helpKeyClears, ["key": "Ctrl-U"])))
        let esc =
            filter.isEmpty
            ? escKeys(state.canGoBack, help: .helpClearThenBack)
            : escKeys(true, .barClear, help: state.canGoBack ? .helpClearThenBack : .clearFilter)
        return (chooses ? moveKeys(letters: false) : []) + [typing] + (chooses ? [enterKey(.barChoose, .choose)] : [])
            + extra + esc + [helpKey(question: filter.isEmpty)] + commonKeys() + [interruptKeyInBar]
    }

    /// A text field. `first` stands before Enter, `extra` behind it.
    func fieldKeys(
        enter: WizardText?, _ action: Action, first: [KeyBinding] = [], extra: [KeyBinding] = [],
        esc: WizardText = .barBack, back: Bool? = nil, bringsBack: Bool = true
    ) -> [KeyBinding] {
        let accept =
            enter.map { enterKey($0, .perform(action)) } ?? KeyBinding([.enter: .perform(action)])
        return first + [accept] + extra + escKeys(back ?? state.canGoBack, esc) + [helpKey(question: false)]
            + editKeys(bringsBack: bringsBack) + commonKeys() + [interruptKeyInBar]
    }

    /// Something is on its way: it can be stopped, or waited for.
    func waitingKeys(typing: Bool) -> [KeyBinding] {
        escKeys(true, .barStop) + [helpKey(question: !typing)] + commonKeys()
            + (typing ? [interruptKeyInBar] : [quitKey(inBar: true), interruptKey])
    }

    // MARK: Bindings

    func moveKeys(letters: Bool, inBar: Bool = true) -> [KeyBinding] {
        let arrows: KeyBinding.Commands = [
            .up: .move(.up), .down: .move(.down), .control("p"): .move(.up), .control("n"): .move(.down),
        ]
        let move = letters ? arrows + [.character("k"): .move(.up), .character("j"): .move(.down)] : arrows
        let also = letters ? "j k  Ctrl-N Ctrl-P" : "Ctrl-N Ctrl-P"
        return [
            KeyBinding(
                move, bar: inBar ? KeyBarEntry(signs.upDown, strings[.barMove], dropOrder: Drop.move) : nil,
                help: KeyHelp(
                    "\(signs.up) \(signs.down)", strings[.barMove], strings(.helpKeysToo, ["keys": also]))),
            KeyBinding(
                [.pageUp: .move(.pageUp), .pageDown: .move(.pageDown)],
                help: KeyHelp(strings[.keysPage], strings[.helpMovePage])),
            KeyBinding(
                [.home: .move(.first), .end: .move(.last)], help: KeyHelp(strings[.keysEnds], strings[.helpFirstLast])),
        ]
    }

    /// What moves in help and quit: no letters, and nothing in the bar.
    var overlayMoveKeys: [KeyBinding] {
        var keys = moveKeys(letters: false, inBar: false)
        keys[0].commands = [.up: .move(.up), .down: .move(.down)]
        return keys
    }

    func enterKey(_ label: WizardText, _ command: KeyBinding.Command) -> KeyBinding {
        KeyBinding(
            [.enter: command], bar: KeyBarEntry("Enter", strings[label]), help: KeyHelp("Enter", strings[label]))
    }

    /// Esc, where it does something.
    func escKeys(_ does: Bool, _ label: WizardText = .barBack, help: WizardText? = nil) -> [KeyBinding] {
        guard does else { return [] }
        return [
            KeyBinding(
                [.escape: .perform(.back)], bar: KeyBarEntry("Esc", strings[label]),
                help: KeyHelp("Esc", strings[help ?? label]))
        ]
    }

    /// F1, Ctrl-G where the terminal keeps that for itself, and `?` where it is not text.
    func helpKey(question: Bool) -> KeyBinding {
        let keys: [Key] = [.function(1), .control("g")] + (question ? [.character("?")] : [])
        return KeyBinding(
            KeyBinding.Commands(keys, .perform(.help)),
            bar: KeyBarEntry(question ? "?" : "F1", strings[.barHelp], dropOrder: Drop.help))
    }

    /// A letter of the bar.
    func letterKey(
        _ letter: Character, _ label: WizardText, _ action: Action, drop: Int = Drop.other, inBar: Bool = true,
        tag: KeyTag? = nil
    ) -> KeyBinding {
        KeyBinding(
            [.character(letter): .perform(action)],
            bar: inBar ? KeyBarEntry(String(letter), strings[label], dropOrder: drop) : nil, tag: tag,
            help: KeyHelp(String(letter), strings[label]))
    }

    func quitKey(inBar: Bool) -> KeyBinding { letterKey("q", .barQuit, .quit, drop: Drop.quit, inBar: inBar) }

    /// F2 in the bar. Help has it among the keys that are the same everywhere.
    var plainTextKey: KeyBinding {
        KeyBinding(
            [.function(2): .perform(.plainText)],
            bar: KeyBarEntry("F2", strings[.barPlainText], dropOrder: Drop.plainText))
    }

    /// Ctrl-U, which the field itself handles.
    var clearKey: KeyBinding {
        KeyBinding([:], bar: KeyBarEntry("Ctrl-U", strings[.barClear], dropOrder: Drop.other))
    }

    var interruptKey: KeyBinding {
        KeyBinding([.control("c"): .perform(.interrupt)], help: KeyHelp("Ctrl-C", strings[.barQuit]))
    }

    /// Where `q` is text, Ctrl-C is the key that the bar has for quitting.
    var interruptKeyInBar: KeyBinding {
        var key = interruptKey
        key.bar = KeyBarEntry("Ctrl-C", strings[.barQuit], dropOrder: Drop.quit)
        return key
    }

    /// What a text field itself handles, for help.
    private func editKeys(bringsBack: Bool) -> [KeyBinding] {
        let back = bringsBack ? strings(.helpBringsBack, ["key": "Ctrl-Y"]) : ""
        return [
            KeyBinding(
                [:],
                help: KeyHelp(strings[.keysEnds], strings[.helpLineEnds], strings(.helpKeysToo, ["keys": "Ctrl-A E"]))),
            KeyBinding([:], help: KeyHelp("Ctrl-U", strings[.barClear], back)),
            KeyBinding([:], help: KeyHelp("Ctrl-K W", strings[.helpEdit], strings(.helpKeysToo, ["keys": "Alt-B F"]))),
        ]
    }

    /// The keys that are the same everywhere.
    func commonKeys() -> [KeyBinding] {
        [
            KeyBinding([.control("l"): .runtime], help: KeyHelp("Ctrl-L", strings[.helpRepaint])),
            KeyBinding(
                [.control("z"): .runtime], help: KeyHelp("Ctrl-Z", strings[.helpSuspend], strings[.helpComesBack])),
            KeyBinding([.function(2): .perform(.plainText)], help: KeyHelp("F2", strings[.helpPlainText])),
            KeyBinding([.function(4): .perform(.toggleASCII)], help: KeyHelp("F4", strings[.helpASCII])),
        ]
    }

    /// An entry made of words alone: `type to filter`.
    private func bar(words: WizardText, drop: Int) -> KeyBarEntry {
        let text = strings[words]
        let first = text.prefix { $0 != " " }
        return KeyBarEntry(String(first), String(text.dropFirst(first.count + 1)), dropOrder: drop)
    }
}
