// From a state to what is shown. To add a screen above the mesh: a case of `ScreenID` and `Overlay`, a property in a file
// beside this one, its line in `content`, its texts, its state in `SampleScreens` (which makes its golden test).

import Canvas
import FlowEngine
public import Localization
import MeshAPI
import Text
public import Widgets

/// What lies above the mesh, as a description.
public func screenModel(for state: WatchState, strings: Strings) -> Widgets.ScreenModel<WatchVocabulary> {
    Screens(state: state, strings: strings).content
}

/// The picture of `state`, as it goes on the terminal.
public func picture(of state: WatchState, strings: Strings) -> Picture {
    if state.screen == .mesh { return MeshScreen(state, strings).picture }
    let layout = Layout(screenModel(for: state, strings: strings), size: state.size)
    return Picture(
        frame: layout.frame, whole: readToItsEnd(state, layout.passage), rows: state.view.rows, spots: [],
        lineView: nil, bar: [])
}

/// The message that is read, once its last row is in sight.
private func readToItsEnd(_ state: WatchState, _ passage: PassageWindow?) -> [String] {
    guard case .message(let id) = state.overlays.top, let passage, passage.rows.upperBound == passage.count else {
        return []
    }
    return [id]
}

/// What the terminal's title says: `planning (3)`.
public func title(of state: WatchState) -> String {
    let count = state.forYouCount
    // A terminal's title has no cells that would leave out what a flag's tags are made of.
    let name = String(String.UnicodeScalarView(state.mesh.name.unicodeScalars.filter { !InertText.isHarmful($0) }))
    return InertText.visible(name) + (count > 0 ? " (\(count))" : "")
}

struct Screens {
    let state: WatchState
    let pen: Pen
    let keys: KeyTables

    init(state: WatchState, strings: Strings) {
        self.state = state
        pen = Pen(state, strings)
        keys = KeyTables(pen: pen)
    }

    var content: ScreenModel {
        if state.isTooSmall { return tooSmall }
        return switch state.overlays.top {
        case .help, nil: help
        case .quit(let losses): quit(losses)
        case .peer(let id): peer(id)
        case .person(let id): person(id)
        case .topic(let name): topic(name)
        case .firstWord(let message): firstWord(message)
        case .message(let id): message(id)
        case .meshes: meshes
        case .attention: attention
        case .contact(let id): contact(id)
        case .putOut(let id): putOut(id)
        case .ban(let id): ban(id)
        case .ended(let end): ended(end)
        }
    }

    /// A screen of the mesh: `planning › ban`.
    func screen(_ id: ScreenID, _ title: String, help: WatchText = .helpMesh) -> ScreenModel {
        ScreenModel(
            id, title: state.mesh.name + " \(pen.signs.chevron) " + title, help: pen(help), signs: pen.signs)
    }

    func menu(_ id: ScreenID, _ items: [MenuItem]) -> Block { .menu(Menu(items, selected: state.selections[id])) }

    /// What a remark says, where one stands.
    var remark: [[Block]] {
        guard let remark = state.remark else { return [] }
        return [[.notice(Notice(remark.tone ?? .warning, pen(remark.text)))]]
    }

    // MARK: What every program of ours has

    private var help: ScreenModel {
        var model = screen(.help, pen.strings[.titleHelp])
        var below = state
        below.overlays.dismiss(.help)
        let screens = Screens(state: below, strings: pen.strings)
        let isMesh = below.overlays.isEmpty
        let rows = (isMesh ? screens.keys.mesh : screens.content.keys).compactMap(\.help)
        let words: WatchText =
            switch (isMesh, below.place) {
            case (true, .line): .helpLine
            case (true, .lists): .helpLists
            case (true, .forYou): .helpForYou
            case (false, _): .helpMesh
            }
        model.groups = [[.text(pen(words))], [.keys(rows, selected: state.selections[.help])]]
        model.keys = keys.overHelp
        return model
    }

    private func quit(_ losses: Int) -> ScreenModel {
        var model = screen(.quit, pen.strings[.titleQuit])
        let waiting = state.compose.outbox.count
        let others = state.otherDrafts
        model.groups = [
            [.text(pen(.quitQuestion))] + (waiting > 0 ? [.text(pen(.quitWaiting, count: waiting))] : [])
                + (state.compose.input.isEmpty ? [] : [.text(pen(.quitDraft))])
                + (others.isEmpty ? [] : [.text(pen(.quitDrafts, ["names": others.joined(separator: ", ")]))]),
            [
                menu(
                    .quit,
                    [
                        MenuItem(.stay, pen.strings[.stay], .dismiss),
                        MenuItem("leave", pen.strings[.quit], .leave),
                    ])
            ],
        ]
        model.keys = keys.menu(
            [
                KeyBinding(
                    [.character("y"): .perform(.leave), .character("q"): .perform(.leave)],
                    bar: KeyBarEntry("y", pen.strings[.barQuit], dropOrder: Drop.other))
            ], escape: .barStay)
        return model
    }

    private func ended(_ end: Link.End) -> ScreenModel {
        var model = screen(.ended, pen(.over))
        model.groups = [
            [.notice(Notice(.error, pen.ended(end)))],
            [
                menu(
                    .ended,
                    [
                        MenuItem("read", pen(.readOn), .dismiss), MenuItem("meshes", pen(.anotherMesh), .show(.meshes)),
                        MenuItem("exit", pen.strings[state.facts.isVisit ? .back : .exit], .leave),
                    ])
            ],
        ]
        model.keys = keys.menu()
        return model
    }

    private var tooSmall: ScreenModel {
        var model = ScreenModel(.tooSmall, title: "", help: "", signs: pen.signs)
        model.isNotice = true
        let values = [
            "w": String(state.size.width), "h": String(state.size.height), "W": String(Room.smallest.width),
            "H": String(Room.smallest.height),
        ]
        model.groups = [[.text(pen.strings(.tooSmall, values))]]
        model.keys = [keys.interrupt(inBar: true)] + keys.common
        return model
    }
}

extension Pen {
    /// Why nothing more comes.
    func ended(_ end: Link.End) -> String {
        let mesh = ["mesh": state.mesh.name, "host": state.facts.host]
        return switch end {
        case .said(.kicked): self(.endedKicked, mesh)
        case .said(.banned): self(.endedBanned, mesh)
        case .said(.removed), .said(.moved): self(.endedRemoved, mesh)
        case .said(.archived): self(.endedArchived, mesh)
        case .said(.credential): self(.endedCredential, mesh)
        case .failed(.refused(401, _, _)): self(.endedCredential, mesh)
        case .failed(.refused(404, _, _)): self(.endedRemoved, mesh)
        case .failed(let failure): why(failure)
        }
    }
}
