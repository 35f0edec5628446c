// Shown only where the agent takes a while to start.

import Canvas
import Localization
import Widgets

extension Screens {
    var handOff: ScreenModel {
        var model = screen(.handOff, .titleLaunch, help: .helpHandOff)
        model.groups = [[.text(strings[.launching])]]
        model.keys = [
            KeyBinding(
                [.control("c"): .perform(.interrupt)], bar: KeyBarEntry("Ctrl-C", strings[.barStop]),
                help: KeyHelp("Ctrl-C", strings[.barStop]))
        ]
        return model
    }
}
