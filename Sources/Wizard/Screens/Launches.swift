// The launches that can be taken up again: `launch --resume` without an id.

import Canvas
import Localization
import MeshAPI
import Text
import Widgets

extension Screens {
    var launches: ScreenModel {
        var model = screen(.launches, .titleResume, help: .helpResume)
        let all = state.facts.launches
        let others = [
            MenuItem(.startNew, strings[.startNew], .startNew), MenuItem(.exit, strings[.cancel], .quit),
        ]
        if all.isEmpty {
            model.groups = [[.text(strings[.noLaunches])], [menu(.launches, others)]]
        } else {
            let rows = all.map(item)
            let list = MenuList(
                count: rows.count, widths: widths(of: rows), row: { rows.indices.contains($0) ? rows[$0] : nil },
                place: { id in rows.firstIndex { $0.id == id } })
            model.groups = [[.lead(strings[.whichLaunch])], [menu(.launches, list: list, others)]]
        }
        model.keys = menuKeys(back: false)
        return model
    }

    /// `platform-team · api`, when, where.
    private func item(_ launch: PastLaunch) -> MenuItem {
        // The time tells launches apart: it is shortened before it has to go.
        let time = Room(state.size).isNarrow ? timeOrDate(launch.at) : dayAndTime(launch.at)
        return MenuItem(
            .launch(launch.id), launch.mesh + between + launch.name,
            columns: [time, end(of: launch.directory)], .takeUp(id: launch.id))
    }

    private func widths(of rows: [MenuItem]) -> [Int] {
        (0...2).map { column in
            rows.map { TextWidth.of(InertText.visible(column == 0 ? $0.label : $0.columns[column - 1])) }.max() ?? 0
        }
    }

    /// Columns a directory has in a row of several things.
    private static let directoryWidth = 24

    /// The last names of a path, which say most, as many as there is room for.
    func end(of path: String) -> String {
        var names = path.split(separator: "/")
        var shown = path
        while TextWidth.of(shown) > Self.directoryWidth, names.count > 1 {
            names.removeFirst()
            shown = ([signs.ellipsis] + names.map(String.init)).joined(separator: "/")
        }
        return shown
    }
}

extension RowID {
    static func launch(_ id: String) -> RowID { RowID(rawValue: "launch:\(id)") }
    static let startNew: RowID = "start-new"
}
