// What lies above the flow: help, quit, error, the end of a sign-in, a session inside a session, too small a window.

import Canvas
import FlowEngine
import Localization
import MeshAPI
import Widgets

extension Screens {
    /// What the screen below is for, and its keys.
    var help: ScreenModel {
        var model = screen(.help, .titleHelp, help: .helpConfirm)
        // As it is without help above it: Esc there is not help's.
        var uncovered = state
        uncovered.overlays.dismiss(.help)
        let below = Screens(state: uncovered, strings: strings).model(of: uncovered.screen)
        model.help = below.help
        let rows = below.keys.compactMap(\.help)
        let selected = state.selections[.help]
        model.groups = [[.text(below.help)], [.keys(rows, selected: selected)]]
        model.keys =
            [
                KeyBinding(
                    [
                        .escape: .perform(.back), .enter: .perform(.dismiss), .character("?"): .perform(.dismiss),
                        .function(1): .perform(.dismiss), .control("g"): .perform(.dismiss),
                    ], bar: KeyBarEntry("Esc", strings[.barClose]))
            ] + overlayMoveKeys + commonKeys() + [interruptKey]
        return model
    }

    var quit: ScreenModel {
        var model = screen(.quit, .titleQuit, help: .helpQuit)
        guard case .quit(let quit) = state.overlays[.quit] else { return model }
        model.groups = [
            quit.losses.enumerated().flatMap { index, loss in
                let (question, says) = words(of: loss)
                return (index == 0 ? [Block.text(question)] : []) + [.text(says)]
            },
            [
                menu(
                    .quit,
                    [MenuItem(.stay, strings[.stay], .dismiss), MenuItem(.leave, strings[.quit], .leave)])
            ],
        ]
        model.keys =
            overlayMoveKeys + [
                enterKey(.barChoose, .choose),
                interruptKey,
                KeyBinding([.escape: .perform(.dismiss)], bar: KeyBarEntry("Esc", strings[.barStay])),
                // Yes and no to the question: "Stop signing in?"
                KeyBinding(
                    [.character("y"): .perform(.leave), .character("q"): .perform(.leave)],
                    bar: KeyBarEntry("y", strings[.barQuit], dropOrder: Drop.other)),
                KeyBinding(
                    [.character("n"): .perform(.dismiss)],
                    bar: KeyBarEntry("n", strings[.barStay], dropOrder: Drop.move)),
            ] + commonKeys()
        return model
    }

    private func words(of loss: Loss) -> (question: String, says: String) {
        switch loss {
        case .code(let code): (strings[.stopSigningIn], strings(.stopSigningInMore, ["code": code]))
        case .text: (strings[.stopTyping], strings[.stopTypingMore])
        case .creating(let name): (strings[.stopTyping], strings(.stopCreatingMore, ["name": name, "host": host]))
        case .joining(let mesh): (strings[.stopTyping], strings(.stopJoiningMore, ["mesh": mesh, "host": host]))
        }
    }

    var error: ScreenModel {
        var model = screen(.error, .titleError, help: .helpError)
        guard case .error(let error) = state.overlays[.error] else { return model }
        model.groups = [[.notice(notice(.error, error.retry.trouble, while: error.attempt))]]
        // To try what a dry run leaves undone again would be to no end, as it would be with what is not allowed.
        let mayRetry = error.retry.trouble != .dryRun && !error.retry.trouble.isForbidden
        let again = error.isRetrying ? waiting(tryingNow(error.attempt)) : tryingAgain(error.retry)
        if mayRetry, let again, error.isRetrying || !error.retry.isSlowDown { model.groups.append([.text(again)]) }
        let back: WizardText =
            switch error.attempt {
            case .startingLocalServer: .backToWelcome
            case .savingSignIn: .goOnUnsaved
            default: .back
            }
        model.groups.append([
            menu(
                .error,
                (mayRetry ? [retryItem(error.retry)] : [])
                    + [MenuItem(.back, strings[back], .dismiss)])
        ])
        model.keys = menuKeys(back: true, esc: error.attempt == .savingSignIn ? .barGoOn : .barBack)
        return model
    }

    /// What has nothing to do with a server names none.
    private func tryingNow(_ attempt: Attempt) -> String {
        switch attempt {
        case .startingLocalServer, .savingSignIn: strings[.tryingAgainNow]
        default: strings(.tryingNow, ["host": host])
        }
    }

    var sessionExpired: ScreenModel {
        var model = screen(.sessionExpired, .titleSignInAgain, help: .helpExpired)
        guard case .sessionExpired(let expired) = state.overlays[.sessionExpired] else { return model }
        var items = [MenuItem(.exit, strings[.exit], .quit)]
        switch expired.source {
        case .variable(let name):
            let text = strings(.variableRejected, ["host": host, "variable": name])
            model.groups = [[.notice(Notice(.warning, text, [strings[.variableHides]]))]]
            let note = strings(.thenCommand, ["command": "unset \(name)"])
            items.insert(MenuItem(.signIn, strings[.signInThisRun], note: note, .expired(.signIn)), at: 0)
        case .flag(let name):
            let text = strings(.variableRejected, ["host": host, "variable": name])
            model.groups = [[.notice(Notice(.warning, text, kept))]]
            items.insert(MenuItem(.signIn, strings[.signInThisRun], .expired(.signIn)), at: 0)
        case .file, .local, .thisRun:
            model.groups = [[.notice(Notice(.warning, strings[.signInEnded], kept))]]
            let browser = strings[state.facts.canOpenBrowser ? .opensBrowser : .onAnyDevice]
            items.insert(MenuItem(.pasteToken, strings[.pasteToken], .expired(.pasteToken)), at: 0)
            items.insert(MenuItem(.signIn, strings[.signIn], note: browser, .expired(.signIn)), at: 0)
        }
        model.groups.append([menu(.sessionExpired, items)])
        model.keys = menuKeys(back: false)
        return model
    }

    /// The answers that outlive the sign-in.
    private var kept: [String] {
        let answers = [
            state.answers.mesh?.value.name, state.answers.name?.value,
            state.answers.role?.value.map { strings(role: $0) },
        ].compactMap(\.self)
        return answers.isEmpty ? [] : [strings(.keptForYou, ["answers": answers.joined(separator: ", ")])]
    }

    var nested: ScreenModel {
        var model = screen(.nested, .titleLaunch, help: .helpNested)
        guard case .nested(let mesh) = state.overlays[.nested] else { return model }
        model.groups = [
            [.notice(Notice(.warning, strings(.nested, ["mesh": mesh]), [strings[.nestedMore]]))],
            [
                menu(
                    .nested,
                    [
                        MenuItem(.exit, strings[.exit], .quit),
                        MenuItem(.goOnNested, strings[.nestedGoOn], .goOnNested),
                    ])
            ],
        ]
        model.keys = menuKeys(back: false)
        return model
    }

    /// Going back to a session of another directory: its conversation is there.
    var elsewhere: ScreenModel {
        var model = screen(.elsewhere, .titleLaunch, help: .helpElsewhere)
        guard case .elsewhere(let place) = state.overlays[.elsewhere] else { return model }
        let values = ["directory": place.shown]
        let text = strings(place.isGone ? .sessionWasGone : .sessionWasIn, values)
        let here = MenuItem(.startHere, strings[.startHere], note: state.facts.directory, .startHere)
        let there = MenuItem(.goToDirectory, strings[.goToDirectory], note: place.shown, .goThere)
        model.groups = [
            [.notice(Notice(.warning, text, [strings[.conversationsByDirectory]]))],
            [menu(.elsewhere, (place.isGone ? [] : [there]) + [here, MenuItem(.exit, strings[.cancel], .quit)])],
        ]
        model.keys = menuKeys(back: false)
        return model
    }

    var tooSmall: ScreenModel {
        var model = screen(.tooSmall, nil, help: .helpConfirm)
        model.isNotice = true
        model.groups = [[.text(strings(.tooSmall, tooSmallValues))]]
        var interrupt = interruptKey
        interrupt.bar = KeyBarEntry("Ctrl-C", strings[.barQuit])
        model.keys = [interrupt] + commonKeys()
        return model
    }

    private var tooSmallValues: [String: String] {
        [
            "w": String(state.size.width), "h": String(state.size.height), "W": String(Room.smallest.width),
            "H": String(Room.smallest.height),
        ]
    }
}

extension RowID {
    static let stay: RowID = "stay"
    static let leave: RowID = "leave"
    static let goOnNested: RowID = "go-on-nested"
    static let goToDirectory: RowID = "go-to-directory"
    static let startHere: RowID = "start-here"
}
