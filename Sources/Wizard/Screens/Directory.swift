// Another directory for the agent: the one it would run in, those used lately, and a field for any other.

import Canvas
import Localization
import MeshAPI
import Widgets

extension Screens {
    var directory: ScreenModel {
        var model = screen(.directory, .titleDirectory, help: .helpDirectory)
        let text = input(.directory)
        let field = Block.field(Field(.directory, strings[.directory], text))
        var said: [Block] = []
        if let missing = state.directoryEntry?.missing {
            said = [.notice(Notice(.error, strings(.notADirectory, ["path": missing])))]
        }
        let recent = (state.directoryEntry?.recent ?? []).filter { $0.shown != state.shownDirectory }
        let rows =
            [MenuItem(.keepDirectory, strings(.stayIn, ["directory": state.shownDirectory]), .back)]
            + recent.map { MenuItem(.directory($0.path), $0.shown, .confirm(.useDirectory($0))) }
        model.groups =
            [[.lead(strings[.whichDirectory])], [field], said].filter { !$0.isEmpty } + refused
            + [[menu(.directory, rows)]]
        model.typing = .directory
        // What was typed is taken, unless the rows were moved over since.
        let takesRow = text.isEmpty || state.rowsInFocus == .directory
        let typing = fieldKeys(
            enter: .barUse, .confirm(.submitDirectory), extra: text.isEmpty ? [] : [clearKey], back: true)
        model.keys =
            takesRow
            ? moveKeys(letters: false) + [enterKey(.barChoose, .choose)] + typing.filter { $0.commands[.enter] == nil }
            : moveKeys(letters: false) + typing
        return model
    }
}

extension RowID {
    static let keepDirectory: RowID = "keep-directory"
    static func directory(_ path: String) -> RowID { RowID(rawValue: "directory:\(path)") }
}
