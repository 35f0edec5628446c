// What a person can set, each with its value beside it; Enter takes the next one.

import Canvas
import Localization
import Widgets

extension Screens {
    var settings: ScreenModel {
        var model = screen(.settings, .titleSettings, help: .helpSettings)
        let rows = Setting.allCases.map { setting in
            MenuItem(.setting(setting), strings[setting.label], note: value(of: setting), .change(setting))
        }
        model.groups = [
            [menu(.settings, rows + [MenuItem(.back, strings[.back], .dismiss)])], [.hint(strings[.settingsKept])],
        ]
        model.keys = menuKeys(back: true, esc: .barClose)
        return model
    }

    private func value(of setting: Setting) -> String {
        let settings = state.settings
        switch setting {
        // A language is called by its own name.
        case .language: return Strings(settings.language)[.languageName]
        case .signs: return strings[settings.ascii ? .signsASCII : .signsUnicode]
        case .plainText: return strings[settings.plain ? .on : .off]
        case .accent: return strings[settings.accent.label]
        case .usage:
            guard let variable = state.facts.usageForbiddenBy else { return strings[settings.tellsUse ? .on : .off] }
            return strings(.offBecauseOf, ["variable": variable])
        }
    }

    /// `,`: the settings.
    var settingsKey: KeyBinding { letterKey(",", .barSettings, .settings, drop: Drop.move) }
}

extension Setting {
    fileprivate var label: WizardText {
        switch self {
        case .language: .settingLanguage
        case .signs: .settingSigns
        case .plainText: .settingPlainText
        case .accent: .settingAccent
        case .usage: .settingUsage
        }
    }
}

extension Accent {
    fileprivate var label: WizardText {
        switch self {
        case .blue: .accentBlue
        case .teal: .accentTeal
        case .violet: .accentViolet
        case .rose: .accentRose
        }
    }
}

extension RowID {
    static func setting(_ setting: Setting) -> RowID { RowID(rawValue: "setting:\(setting)") }
}
