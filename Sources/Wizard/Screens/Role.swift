// What the session does: a role of the list, none, or own words.

import Canvas
import Localization
import MeshAPI
import Widgets

extension Screens {
    var role: ScreenModel {
        var model = screen(.role, .titleLaunch, help: .helpRole)
        model.status = status(
            asking: .role,
            StatusEntry(strings[.role], .current, [strings[.roleSeen]], shortLabel: strings[.barRole], short: ""))
        let known = knownRoles.map { MenuItem(.role($0), strings(role: $0), .role(.choose($0))) }
        model.groups = startNotices
        model.groups.append([
            menu(
                .role,
                [MenuItem(.noRole, strings[.noRole], .role(.choose(nil)))] + known
                    + [MenuItem(.otherRole, strings[.roleOther], .role(.other))])
        ])
        model.keys = menuKeys()
        return model
    }

    var roleOther: ScreenModel {
        var model = screen(.roleOther, .titleLaunch, help: .helpRole)
        let text = input(.role)
        let words = strings(.roleOwnWords, ["n": strings.number(FieldRule.role.maxCharacters)])
        model.status = status(
            asking: .role,
            StatusEntry(strings[.role], .current, [words], shortLabel: strings[.barRole], short: ""))
        model.groups = [[.field(Field(.role, strings[.role], text))]]
        if let problem = state.fieldProblem { model.groups.append([.notice(notice(problem, name: false))]) }
        model.typing = .role
        model.keys = fieldKeys(
            enter: .barNext, .role(.submit), extra: text.isEmpty ? [] : [clearKey], back: true)
        return model
    }
}
