// The name that others in the mesh see.

import Canvas
import Localization
import Widgets

extension Screens {
    var name: ScreenModel {
        var model = screen(.name, .titleLaunch, help: .helpName)
        let text = input(.name)
        model.status = status(
            asking: .name,
            StatusEntry(strings[.name], .current, [strings[.nameSeen]], shortLabel: strings[.barName], short: ""))
        model.groups = startNotices + [[.field(Field(.name, strings[.name], text))]]
        model.groups += refused
        model.typing = .name
        model.keys = fieldKeys(enter: .barNext, .name(.submit), extra: text.isEmpty ? [] : [clearKey])
        return model
    }
}
