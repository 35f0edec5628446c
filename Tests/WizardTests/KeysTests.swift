// Which key does what where: a table, row by row, and what holds of every screen.

import Canvas
import FlowEngine
import Localization
import MeshAPI
import Testing
import Widgets

@testable import Wizard
@testable import WizardSamples

/// A key on a screen, and what it must lead to.
struct KeyCase: CustomTestStringConvertible {
    var sample: String
    var key: Key
    var actions: [Action]
    var testDescription: String { "\(key) on \(sample)" }

    init(_ sample: String, _ key: Key, _ actions: Action...) {
        self.sample = sample
        self.key = key
        self.actions = actions
    }
}

@Suite struct KeysTests {
    static let strings = Strings(.en)
    static let samples = Dictionary(uniqueKeysWithValues: SampleScreen.all(.en).map { ($0.name, $0.state) })

    static func state(_ name: String) throws -> WizardState { try #require(samples[name]) }

    /// The sample's field as a key leaves it.
    static func edited(_ sample: String, _ field: FieldID, _ key: Key) -> Action {
        var input = samples[sample]?.inputs[field] ?? TextInput()
        _ = input.handle(key)
        return .edit(field, input)
    }

    static let cases: [KeyCase] = [
        // Menu.
        KeyCase("welcome", .enter, .welcome(.signIn)),
        KeyCase("welcome", .down, .select(.welcome, .pasteToken)), KeyCase("welcome", .up),
        KeyCase("welcome", .character("j"), .select(.welcome, .pasteToken)), KeyCase("welcome", .character("k")),
        KeyCase("welcome", .control("n"), .select(.welcome, .pasteToken)), KeyCase("welcome", .control("p")),
        KeyCase("welcome", .end, .select(.welcome, .exit)), KeyCase("welcome", .home),
        KeyCase("welcome", .pageDown, .select(.welcome, .exit)), KeyCase("welcome", .pageUp),
        KeyCase("welcome", .character("x")), KeyCase("welcome", .character(" ")), KeyCase("welcome", .character("n")),
        KeyCase("welcome", .character("?"), .help), KeyCase("welcome", .function(1), .help),
        KeyCase("welcome", .character("q"), .quit), KeyCase("welcome", .escape), KeyCase("welcome", .tab),
        KeyCase("welcome", .backspace), KeyCase("welcome", .control("c"), .interrupt),
        KeyCase("welcome", .control("d")),
        KeyCase("welcome", .control("l")), KeyCase("welcome", .control("z")),
        KeyCase("welcome", .function(2), .plainText), KeyCase("welcome", .function(4), .toggleASCII),
        KeyCase("role", .escape, .back), KeyCase("role", .enter, .role(.choose(nil))),
        KeyCase("confirm.returning", .character("m"), .confirm(.changeMesh)),
        KeyCase("confirm.returning", .character("n"), .confirm(.changeName)),
        KeyCase("confirm.returning", .character("r"), .confirm(.changeRole)),
        KeyCase("confirm.returning", .character("a"), .confirm(.changeAccount)),
        KeyCase("confirm.returning", .character("w"), .confirm(.watch)),
        KeyCase("mesh.actions", .character("w"), .mesh(.watch)),
        KeyCase("confirm.returning", .enter, .confirm(.launch)), KeyCase("confirm.returning", .escape),
        KeyCase("confirm.first-time", .escape, .back),
        KeyCase("sign-in.denied", .character("n"), .signIn(.newCode)),
        KeyCase("sign-in.denied", .enter, .signIn(.newCode)),
        KeyCase("sign-in.approved", .character("a"), .signIn(.anotherAccount)),
        // Filter.
        KeyCase("mesh.list", .enter, .mesh(.choose(id: "m1"))),
        KeyCase("mesh.list", .character("j"), edited("mesh.list", .meshFilter, .character("j"))),
        KeyCase("mesh.list", .character("q"), edited("mesh.list", .meshFilter, .character("q"))),
        KeyCase("mesh.list", .character(" "), edited("mesh.list", .meshFilter, .character(" "))),
        KeyCase("mesh.list", .character("?"), .help),
        KeyCase("mesh.filtered", .character("?"), edited("mesh.filtered", .meshFilter, .character("?"))),
        KeyCase("mesh.filtered", .function(1), .help),
        KeyCase("mesh.list", .down, .select(.meshList, .mesh("m2"))),
        KeyCase("mesh.list", .end, .select(.meshList, .join)),
        KeyCase("mesh.list", .control("n"), .select(.meshList, .mesh("m2"))),
        KeyCase("mesh.filtered", .escape, .back),
        KeyCase("mesh.filtered", .control("u"), edited("mesh.filtered", .meshFilter, .control("u"))),
        KeyCase("mesh.filtered", .left, edited("mesh.filtered", .meshFilter, .left)),
        KeyCase("mesh.filtered", .control("a"), edited("mesh.filtered", .meshFilter, .control("a"))),
        KeyCase("mesh.filtered", .backspace, edited("mesh.filtered", .meshFilter, .backspace)),
        KeyCase("mesh.loading", .enter), KeyCase("mesh.loading", .down),
        KeyCase("mesh.no-match", .enter, .mesh(.clearFilter)),
        KeyCase("mesh.error-saved-list", .end, .select(.meshList, .retry)),
        KeyCase("mesh.gone", .escape),
        // Text field.
        KeyCase("name", .enter, .name(.submit)),
        KeyCase("name", .character("?"), edited("name", .name, .character("?"))),
        KeyCase("name", .character("q"), edited("name", .name, .character("q"))), KeyCase("name", .function(1), .help),
        KeyCase("name", .control("g"), .help),
        KeyCase("name", .home, edited("name", .name, .home)),
        KeyCase("name", .alt("b"), edited("name", .name, .alt("b"))),
        KeyCase("name", .control("k"), edited("name", .name, .control("k"))), KeyCase("name", .escape, .back),
        KeyCase("name", .control("d"), edited("name", .name, .control("d"))), KeyCase("name", .down),
        KeyCase("name", .tab),
        KeyCase("paste-token.empty", .control("r"), .token(.toggleReveal)),
        KeyCase("paste-token.malformed", .enter, .token(.check)),
        KeyCase("paste-token.checking", .enter), KeyCase("paste-token.checking", .character("x")),
        KeyCase("paste-token.checking", .escape, .back), KeyCase("paste-token.unreachable", .enter, .retry),
        KeyCase("join.preview", .tab, .select(.joinPreview, .signInFirst)),
        KeyCase("join.preview", .backTab, .select(.joinPreview, .signInFirst)),
        KeyCase("join.preview", .down, .select(.joinPreview, .signInFirst)),
        KeyCase("join.preview", .enter, .join(.claim)),
        KeyCase("join.empty", .enter, .join(.lookUp)), KeyCase("mesh.create", .enter, .mesh(.submit)),
        KeyCase("role-other", .enter, .role(.submit)),
        // Signing in.
        KeyCase("sign-in.waiting", .enter, .signIn(.enter)), KeyCase("sign-in.waiting-ssh-qr", .enter),
        KeyCase("sign-in.offline-code-alive", .enter, .retry), KeyCase("sign-in.token-pasted", .enter, .signIn(.enter)),
        KeyCase("sign-in.waiting", .character("c"), .signIn(.copy)),
        KeyCase("sign-in.waiting", .character("s"), .signIn(.showQR(true))),
        KeyCase("sign-in.waiting-ssh-qr", .character("s"), .signIn(.showQR(false))),
        KeyCase("sign-in.waiting", .character("n"), .signIn(.newCode)),
        KeyCase("sign-in.waiting", .character("o"), .signIn(.openBrowser)),
        KeyCase("sign-in.waiting-ssh-qr", .character("o")), KeyCase("sign-in.waiting", .character("x")),
        KeyCase("sign-in.waiting", .character("?"), .help), KeyCase("sign-in.waiting", .character("q"), .quit),
        KeyCase("sign-in.waiting", .escape, .back), KeyCase("sign-in.waiting", .down),
        // Overlays.
        KeyCase("help", .enter, .dismiss), KeyCase("help", .character("?"), .dismiss),
        KeyCase("help", .function(1), .dismiss), KeyCase("help", .control("g"), .dismiss),
        KeyCase("help", .escape, .back), KeyCase("help", .down, .select(.help, "key:1")),
        KeyCase("help", .character("j")),
        KeyCase("help", .character("q")), KeyCase("help", .end, .select(.help, "key:11")),
        KeyCase("help", .control("c"), .interrupt),
        KeyCase("quit", .enter, .dismiss), KeyCase("quit", .escape, .dismiss),
        KeyCase("quit", .character("n"), .dismiss),
        KeyCase("quit", .character("y"), .leave), KeyCase("quit", .character("q"), .leave),
        KeyCase("quit", .control("c"), .interrupt),
        KeyCase("quit", .down, .select(.quit, "leave")), KeyCase("quit", .character("?")),
        KeyCase("error", .enter, .retry), KeyCase("error", .escape, .back),
        KeyCase("error", .character("j"), .select(.error, .back)),
        KeyCase("session-expired", .escape), KeyCase("session-expired", .enter, .expired(.signIn)),
        KeyCase("too-small.32x8", .enter), KeyCase("too-small.32x8", .control("c"), .interrupt),
        KeyCase("too-small.32x8", .character("q")), KeyCase("hand-off", .control("c"), .interrupt),
        KeyCase("hand-off", .enter),
    ]

    @Test(arguments: cases) func aKeyDoesWhatTheTableSays(_ row: KeyCase) throws {
        #expect(actions(for: .key(row.key), in: try Self.state(row.sample), strings: Self.strings) == row.actions)
    }

    /// What the bar names works: a key that the table handles, or one that the field does.
    @Test func theBarPromisesNothing() throws {
        let keys: [String: [Key]] = [
            "Enter": [.enter], "Esc": [.escape], "F1": [.function(1)], "F2": [.function(2)], "Tab": [.tab],
            "Ctrl-C": [.control("c")], "Ctrl-R": [.control("r")], "Ctrl-U": [.control("u")], "↑↓": [.up, .down],
            "Up/Down": [.up, .down],
            "type": [.character("x")],
        ]
        for (name, state) in Self.samples {
            for entry in screenModel(for: state, strings: Self.strings).keys.compactMap(\.bar) {
                let named = keys[entry.key] ?? entry.key.first.map { [.character($0)] } ?? []
                let works = named.contains { !actions(for: .key($0), in: state, strings: Self.strings).isEmpty }
                #expect(works, "\(entry.key) \(entry.label) on \(name)")
            }
        }
    }

    /// Every row and every key of the tables does something: it changes the state, starts an effect or ends the run.
    /// On the row that launches Enter launches; on any other it chooses, and the bar says so.
    @Test func theBarNamesWhatEnterDoesOnTheRowInFocus() throws {
        var state = try Self.state("confirm.returning")
        let label = { () -> String? in
            let keys = screenModel(for: state, strings: Self.strings).keys
            return keys.first { $0.commands[.enter] != nil }?.bar?.label
        }
        #expect(label() == "launch")
        _ = reduce(&state, .select(.confirm, .changeMesh), at: state.now)
        #expect(label() == "choose")
    }

    @Test func nothingIsDead() throws {
        for (name, state) in Self.samples {
            let model = screenModel(for: state, strings: Self.strings)
            let rows = model.menu?.selectedIndex == nil ? [] : model.menu?.items.map(\.action) ?? []
            let commands = model.keys.flatMap(\.commands.entries).map(\.command)
            let performed: [Action] = commands.compactMap { if case .perform(let action) = $0 { action } else { nil } }
            for action in rows + performed where !isSaidAgain(action, on: name) {
                var after = state
                let effects = reduce(&after, action, at: state.now)
                let says = screenModel(for: after, strings: Self.strings)
                let changed = !effects.isEmpty || "\(after)" != "\(state)" || says.id != model.id
                #expect(changed, "\(action) on \(name)")
            }
        }
    }

    /// Enter on what is refused already says the reason that stands there.
    private func isSaidAgain(_ action: Action, on name: String) -> Bool {
        switch action {
        case .token(.check): name == "paste-token.malformed" || name == "paste-token.wrong-prefix"
        case .name(.submit): name == "name.empty"
        case .join(.lookUp): name == "join.not-an-invite"
        case .retry: name == "sign-in.rate-limited"
        case .server(.submit): ["server.empty", "server.invalid", "server.insecure"].contains(name)
        default: false
        }
    }

    @Test func pagesTurnByTheWindow() throws {
        var state = try Self.state("mesh.long-list")
        state.selections[.meshList] = nil
        #expect(press(.pageDown, state) == [.select(.meshList, .mesh("x5"))])
        state.size = Size(width: 40, height: 10)
        #expect(press(.pageDown, state) == [.select(.meshList, .mesh("x0"))])
        state.selections[.meshList] = .mesh("x2995")
        #expect(press(.down, state) == [.select(.meshList, .createMesh)])
        #expect(press(.pageUp, state) == [.select(.meshList, .mesh("x2991"))])
    }

    private func press(_ key: Key, _ state: WizardState) -> [Action] {
        actions(for: .key(key), in: state, strings: Self.strings)
    }

    // MARK: Mouse and paste

    @Test func aClickSelectsThenChooses() throws {
        var state = try Self.state("welcome")
        #expect(click(8, 8, state) == [.select(.welcome, .pasteToken)])
        state.selections[.welcome] = .pasteToken
        #expect(click(40, 8, state) == [.welcome(.pasteToken)])
        #expect(click(8, 6, state) == [] && click(8, 23, state) == [] && click(500, -3, state) == [])
        #expect(wheel(.wheelDown, state) == [.select(.welcome, .join)])
        #expect(wheel(.wheelUp, state) == [.select(.welcome, .signIn)])
    }

    @Test func aClickPlacesTheCursor() throws {
        let state = try Self.state("name")
        var input = try #require(state.inputs[.name])
        input.move(to: 3)
        #expect(click(14, 9, state) == [.edit(.name, input)])
    }

    @Test func whatIsToBeCopiedIsLeftToTheTerminal() throws {
        let state = try Self.state("sign-in.waiting")
        #expect(!screenModel(for: state, strings: Self.strings).usesMouse)
        #expect(click(8, 6, state) == [] && wheel(.wheelDown, state) == [])
    }

    @Test func nothingCanBeClickedWhileItLoads() throws {
        #expect(click(8, 10, try Self.state("mesh.loading")) == [])
    }

    @Test func pastesAndResizesGoToTheReducer() throws {
        let state = try Self.state("welcome")
        #expect(actions(for: .paste("x\ny"), in: state, strings: Self.strings) == [.paste("x\ny")])
        let size = Size(width: 7, height: 3)
        #expect(actions(for: .resize(size), in: state, strings: Self.strings) == [.resized(size)])
    }

    private func click(_ x: Int, _ y: Int, _ state: WizardState) -> [Action] {
        actions(for: .mouse(MouseEvent(.click, at: Point(x: x, y: y))), in: state, strings: Self.strings)
    }

    private func wheel(_ kind: MouseEvent.Kind, _ state: WizardState) -> [Action] {
        actions(for: .mouse(MouseEvent(kind, at: Point(x: 0, y: 0))), in: state, strings: Self.strings)
    }
}
