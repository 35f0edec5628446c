// From a state to its screen, and what all screens are made from. Which there are is in ScreenID.swift.

public import Canvas
import FlowEngine
public import Localization
import MeshAPI
public import Widgets

/// The screen that `state` shows.
public func screenModel(for state: WizardState, strings: Strings) -> Widgets.ScreenModel<WizardVocabulary> {
    Screens(state: state, strings: strings).model(of: state.screen)
}

/// The picture of `state`, as it goes on the terminal.
public func frame(for state: WizardState, strings: Strings) -> Frame {
    Layout(screenModel(for: state, strings: strings), size: state.size).frame
}

/// What every screen is made from. Each screen is a property in a file of its own.
struct Screens {
    let state: WizardState
    let strings: Strings

    init(state: WizardState, strings: Strings) {
        self.state = state
        self.strings = state.settings.ascii ? strings.withASCIISigns : strings
    }

    func model(of id: ScreenID) -> ScreenModel {
        var model = id.content(of: self)
        model.isOnRows = state.rowsInFocus == id && model.menu?.selectedIndex != nil
        return model
    }

    var signs: Signs { state.settings.ascii ? .ascii : .unicode }
    var host: String { state.server.host }

    /// A screen without content yet.
    func screen(_ id: ScreenID, _ title: WizardText?, help: WizardText) -> ScreenModel {
        var model = ScreenModel(id, title: title.map { strings[$0] } ?? "", help: strings[help], signs: signs)
        let labels: [WizardText] = [.account, .mesh, .name, .role, .directory, .runs, .server]
        model.statusLabels = labels.map { strings[$0] }
        model.changeWord = strings[.barChange]
        return model
    }

    func input(_ id: FieldID) -> TextInput { state.inputs[id] ?? TextInput() }

    func menu(_ id: ScreenID, list: MenuList? = nil, _ items: [MenuItem]) -> Block {
        .menu(Menu(list: list, items, selected: state.selections[id]))
    }

    /// What is waited for; after a while with a sign that moves, and the seconds.
    func waiting(_ text: String) -> String {
        guard let passed = state.wait.seen(at: state.now.boot) else { return text }
        let turn = signs.turning[passed / Wait.step % signs.turning.count]
        return "\(text) \(turn) \(strings.number(passed / 1000)) s"
    }

    /// "Loading your meshes · 3,000 so far"
    var loading: String {
        let count = state.meshes.soFar
        let soFar = count > 0 ? [strings(.soFar, ["n": strings.number(count)])] : []
        return waiting(([strings[.loadingMeshes]] + soFar).joined(separator: between))
    }

    /// "Back" where there is a way back, else "Exit".
    var backOrExit: MenuItem {
        state.canGoBack
            ? MenuItem(.back, strings[.back], .back) : MenuItem(.exit, strings[.exit], .quit)
    }

    /// `NAME · EMAIL`.
    func line(_ user: User) -> String { ([user.name] + (user.email.map { [$0] } ?? [])).joined(separator: between) }

    /// Between two things on a line.
    var between: String { " \(signs.dot) " }

    /// The seconds to a moment on the boot clock, as a countdown shows them.
    func seconds(until moment: Milliseconds) -> Int { WizardState.secondsShown(until: moment, now: state.now.boot) }
}
