// The first screen: the ways to go on.

import Canvas
import FlowEngine
import Localization
import MeshAPI
import Widgets

extension Screens {
    var welcome: ScreenModel {
        var model = screen(.welcome, nil, help: .helpWelcome)
        model.groups = [[.hint(strings[.tagline])]]
        if let account = state.aside?.identity?.user, state.aside?.why == .changing {
            model.groups.append([.finePrint(strings(.stillSignedIn, ["name": account.name]))])
        }
        if let elsewhere = state.facts.signedInElsewhere {
            let text = strings(.otherServer, ["server": elsewhere, "host": host])
            model.groups.append([.notice(Notice(.warning, text, [strings(.otherServerKept, ["host": host])]))])
        }
        model.groups.append(contentsOf: startNotices + agentMissingYet)
        model.groups.append([menu(.welcome, waysIn)])
        model.groups.append([state.pastedUnknown ? .notice(pastedUnknown) : .hint(strings[.pasteHere])])
        if state.showsTelemetryNotice {
            model.groups.append([
                .finePrint(strings(.telemetryNotice, ["host": host])),
                .finePrint(strings(.telemetryOff, ["command": "claudemesh telemetry off"])),
            ])
        }
        model.keys = menuKeys([plainTextKey, settingsKey])
        return model
    }

    private var waysIn: [MenuItem] {
        let browser = strings[state.facts.canOpenBrowser ? .opensBrowser : .onAnyDevice]
        return [
            MenuItem(.signIn, strings[.signIn], note: liveCode ?? browser, .welcome(.signIn)),
            MenuItem(.pasteToken, strings[.pasteToken], note: strings[.fromSettings], .welcome(.pasteToken)),
            MenuItem(.join, strings[.joinWithLink], .welcome(.join)),
            MenuItem(.createAccount, strings[.createAccount], note: browser, .welcome(.createAccount)),
            MenuItem(.local, strings[.thisMachineOnly], note: strings[.noAccountNoNetwork], .welcome(.local)),
            MenuItem(.changeServer, strings[.changeServer], note: state.remote.host, .welcome(.changeServer)),
            MenuItem(.exit, strings[.exit], .quit),
        ]
    }

    /// A code that was given out and left: its approval would take this screen away.
    private var liveCode: String? {
        guard state.signIn.phase == .waiting, let code = state.signIn.code else { return nil }
        let time = strings.countdown(seconds(until: code.endsAt))
        if Room(state.size).isNarrow { return code.userCode + between + time }
        return strings(.codeAlive, ["code": code.userCode, "time": strings(.timeLeft, ["time": time])])
    }

    /// Said first of all and not on the last screen alone: it takes a while to get.
    private var agentMissingYet: [[Block]] {
        guard case .missing("claude", _) = state.agent else { return [] }
        return [[.notice(Notice(.warning, strings[.agentMissingYet]))]]
    }

    /// What was pasted is nothing that is known here.
    var pastedUnknown: Notice { Notice(.warning, strings[.pastedUnknown]) }

    /// What was found wrong with our files: said until a person has gone on from it.
    var startNotices: [[Block]] {
        guard !state.appearance.hasGoneOn, !state.facts.notices.isEmpty else { return [] }
        return [
            state.facts.notices.map { found in
                switch found {
                case .setAside(let path): .notice(Notice(.warning, strings(.fileSetAside, ["path": path])))
                case .modeFixed(let path): .notice(Notice(.warning, strings(.fileModeFixed, ["path": path])))
                case .leftOut(let words): .notice(Notice(.warning, words))
                case .authUnreadable(let path): .notice(Notice(.warning, strings(.fileUnreadable, ["path": path])))
                }
            }
        ]
    }
}
