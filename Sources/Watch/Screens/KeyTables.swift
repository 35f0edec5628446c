// The key tables: of the three places, of the filter, and of what lies above. The bar, help and clicks are made of them.
// To add a key: a `KeyBinding` in the table it belongs to.

import Canvas
import Localization
import Widgets

/// Makes key tables.
struct KeyTables {
    let pen: Pen

    var state: WatchState { pen.state }
    private var strings: Strings { pen.strings }

    /// Where the keys go on the mesh itself.
    var mesh: [KeyBinding] {
        if state.filter.isTyping { return filter }
        return switch state.place {
        case .line: line
        case .lists: lists
        case .forYou: forYou
        }
    }

    private var line: [KeyBinding] {
        let isEmpty = state.compose.input.isEmpty
        let enter = key("Enter", [.enter], .perform(.send), pen(.barSend))
        var keys = [enter]
        if state.compose.completion != nil {
            keys += [
                key("Tab", [.tab], .perform(.take), pen(.barTake)),
                KeyBinding(
                    [.up: .perform(.candidate(.up)), .down: .perform(.candidate(.down))],
                    bar: KeyBarEntry(pen.signs.upDown, strings[.barChoose], dropOrder: Drop.move)),
            ]
        } else {
            let forYou = key(pen.signs.up, [.up, .backTab], .perform(.go(.forYou)), pen(.barForYou), drop: Drop.copy)
            keys += state.forYouCount == 0 ? [] : [forYou]
            keys.append(key("Tab", [.tab], .perform(.go(.lists)), pen(.barPeers), drop: Drop.qr))
        }
        if isEmpty { keys.append(key("/", [.character("/")], .perform(.filter), pen(.barFilter), drop: Drop.newCode)) }
        return keys + escape + [help(question: isEmpty)] + scrolling + [
            key("Ctrl-O", [.control("o")], .perform(.show(.message(inWindow))), pen(.barWhole), inBar: false)
        ] + common + [interrupt(inBar: true)]
    }

    /// The message that `Ctrl-O` opens; filled in where it is pressed.
    private var inWindow: String { "" }

    private var lists: [KeyBinding] {
        moves + [key("Enter", [.enter], .perform(.choose), pen(.barOpen))] + [
            key("w", [.character("w")], .perform(.write("")), pen(.barWrite), drop: Drop.help),
            key("m", [.character("m")], .perform(.show(.meshes)), pen(.barMeshes), drop: Drop.copy),
            key("a", [.character("a")], .perform(.show(.attention)), pen(.barAttention), drop: Drop.newCode),
            key("/", [.character("/")], .perform(.filter), pen(.barFilter), drop: Drop.typeToFilter),
            key("Tab", [.tab], .perform(.go(state.forYouCount == 0 ? .line : .forYou)), pen(.barNext), inBar: false),
            key("Shift-Tab", [.backTab], .perform(.go(.line)), pen(.barLine), inBar: false),
        ] + escape + [help(question: true)] + common + quit
    }

    private var forYou: [KeyBinding] {
        moves + [key("Enter", [.enter], .perform(.choose), pen(.barOpen))] + [
            key("d", [.character("d")], .perform(.settleChosen), pen(.barDone), drop: Drop.other),
            key("Tab", [.tab], .perform(.go(.line)), pen(.barLine), inBar: false),
            key("Shift-Tab", [.backTab], .perform(.go(.lists)), pen(.barPeers), inBar: false),
        ] + escape + [help(question: true)] + common + quit
    }

    private var filter: [KeyBinding] {
        [key("Enter", [.enter, .tab], .perform(.keepFilter), pen(.barKeep))] + escape + [help(question: false)]
            + scrolling
            + common + [interrupt(inBar: true)]
    }

    /// Esc, where it does something.
    private var escape: [KeyBinding] {
        let words: String? =
            if state.filter.isTyping {
                state.filter.input.isEmpty ? strings[.barBack] : strings[.barClear]
            } else if state.compose.completion != nil {
                nil
            } else if state.place != .line {
                pen(.barLine)
            } else if state.compose.answers != nil {
                pen(.barNoAnswer)
            } else if state.filter.isActive {
                pen(.barEverything)
            } else if state.view.anchor != nil {
                pen(.barNewest)
            } else if state.facts.isVisit {
                strings[.barBack]
            } else {
                nil
            }
        guard let words else {
            return [KeyBinding([.escape: .perform(.back)])]
        }
        return [key("Esc", [.escape], .perform(.back), words)]
    }

    private var scrolling: [KeyBinding] {
        [
            KeyBinding(
                [.pageUp: .perform(.scroll(.pageUp)), .pageDown: .perform(.scroll(.pageDown))],
                help: KeyHelp(strings[.keysPage], pen(.helpHistory))),
            KeyBinding([.alt("<"): .perform(.scroll(.pageUp)), .alt(">"): .perform(.scroll(.newest))]),
        ]
    }

    private var moves: [KeyBinding] {
        [
            KeyBinding(
                [
                    .up: .perform(.move(.up)), .down: .perform(.move(.down)), .character("k"): .perform(.move(.up)),
                    .character("j"): .perform(.move(.down)), .control("p"): .perform(.move(.up)),
                    .control("n"): .perform(.move(.down)),
                ],
                bar: KeyBarEntry(pen.signs.upDown, strings[.barMove], dropOrder: Drop.move),
                help: KeyHelp(
                    "\(pen.signs.up) \(pen.signs.down)", strings[.barMove],
                    strings(.helpKeysToo, ["keys": "j k  Ctrl-N Ctrl-P"]))),
            KeyBinding(
                [.pageUp: .perform(.move(.pageUp)), .pageDown: .perform(.move(.pageDown))],
                help: KeyHelp(strings[.keysPage], strings[.helpMovePage])),
            KeyBinding(
                [.home: .perform(.move(.first)), .end: .perform(.move(.last))],
                help: KeyHelp(strings[.keysEnds], strings[.helpFirstLast])),
        ]
    }

    // MARK: Above the mesh

    /// A menu. `reads`: above it stands a text that may be longer than the window.
    func menu(_ extra: [KeyBinding] = [], escape: WizardText = .barBack, reads: Bool = false) -> [KeyBinding] {
        let reading = [
            KeyBinding(
                [.pageDown: .perform(.read(.pageDown))],
                bar: KeyBarEntry(pen(.keyPageDown), pen(.barRest), dropOrder: Drop.copy),
                help: KeyHelp(strings[.keysPage], pen(.barRest))),
            KeyBinding([.pageUp: .perform(.read(.pageUp))]),
        ]
        let pages = [KeyBinding([.pageUp: .move(.pageUp), .pageDown: .move(.pageDown)])]
        return [
            KeyBinding(
                [
                    .up: .move(.up), .down: .move(.down), .character("k"): .move(.up), .character("j"): .move(.down),
                    .control("p"): .move(.up), .control("n"): .move(.down),
                ], bar: KeyBarEntry(pen.signs.upDown, strings[.barMove], dropOrder: Drop.move),
                help: KeyHelp("\(pen.signs.up) \(pen.signs.down)", strings[.barMove])),
            KeyBinding([.home: .move(.first), .end: .move(.last)]),
            KeyBinding(
                [.enter: .choose], bar: KeyBarEntry("Enter", strings[.barChoose]),
                help: KeyHelp("Enter", strings[.barChoose])),
        ] + (reads ? reading : pages) + extra + [
            key("Esc", [.escape], .perform(.back), strings[escape]), help(question: true),
        ] + common + [
            interrupt(inBar: false)
        ]
    }

    /// A name that has to be typed.
    func typed(_ enter: String) -> [KeyBinding] {
        [
            key("Enter", [.enter], .perform(.confirmName), enter),
            key("Esc", [.escape], .perform(.back), strings[.barBack]), help(question: false),
        ] + common + [interrupt(inBar: false)]
    }

    /// Help itself: its rows are scrolled.
    var overHelp: [KeyBinding] {
        [
            KeyBinding(
                [
                    .escape: .perform(.back), .enter: .perform(.dismiss), .character("?"): .perform(.dismiss),
                    .function(1): .perform(.dismiss), .control("g"): .perform(.dismiss),
                ], bar: KeyBarEntry("Esc", strings[.barClose])),
            KeyBinding(
                [
                    .up: .move(.up), .down: .move(.down), .pageUp: .move(.pageUp), .pageDown: .move(.pageDown),
                    .home: .move(.first), .end: .move(.last),
                ]),
        ] + common + [interrupt(inBar: false)]
    }

    // MARK: Bindings

    func key(
        _ name: String, _ keys: [Key], _ command: KeyBinding.Command, _ words: String, drop: Int? = nil,
        inBar: Bool = true
    ) -> KeyBinding {
        KeyBinding(
            KeyBinding.Commands(keys, command),
            bar: inBar ? KeyBarEntry(name, words, dropOrder: drop) : nil, help: KeyHelp(name, words))
    }

    private func help(question: Bool) -> KeyBinding {
        let keys: [Key] = [.function(1), .control("g")] + (question ? [.character("?")] : [])
        return KeyBinding(
            KeyBinding.Commands(keys, .perform(.help)),
            bar: KeyBarEntry(question ? "?" : "F1", strings[.barHelp], dropOrder: Drop.help))
    }

    func interrupt(inBar: Bool) -> KeyBinding {
        // On a visit Esc says it.
        key(
            "Ctrl-C", [.control("c")], .perform(.interrupt), leave, drop: Drop.quit,
            inBar: inBar && !state.facts.isVisit)
    }

    private var quit: [KeyBinding] {
        [key("q", [.character("q")], .perform(.quit), leave, drop: Drop.quit), interrupt(inBar: false)]
    }

    /// What leaving is called: behind a visit there is another screen.
    private var leave: String { state.facts.isVisit ? strings[.barBack] : strings[.barQuit] }

    var common: [KeyBinding] {
        [
            KeyBinding([.control("l"): .runtime], help: KeyHelp("Ctrl-L", strings[.helpRepaint])),
            KeyBinding(
                [.control("z"): .runtime], help: KeyHelp("Ctrl-Z", strings[.helpSuspend], strings[.helpComesBack])),
            KeyBinding([.function(2): .perform(.plainText)], help: KeyHelp("F2", strings[.helpPlainText])),
            KeyBinding([.function(4): .perform(.toggleASCII)], help: KeyHelp("F4", strings[.helpASCII])),
        ]
    }
}

extension MeshScreen {
    var keys: [KeyBinding] { KeyTables(pen: pen).mesh }
}
