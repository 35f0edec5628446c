// Signing in with a browser: before there is a code, and the ways in which one ends without a sign-in.

import Canvas
import Localization
import MeshAPI
import Widgets

extension Screens {
    var signInRequesting: ScreenModel {
        var model = screen(.signInRequesting, signInTitle, help: .helpSignIn)
        model.groups = [[.text(waiting(strings(.preparingCode, ["host": host])))]]
        model.keys =
            escKeys(state.canGoBack) + [helpKey(question: true)] + commonKeys() + [quitKey(inBar: true), interruptKey]
        return model
    }

    var signInUnavailable: ScreenModel {
        var model = screen(.signInUnavailable, signInTitle, help: .helpSignIn)
        if let retry = state.signIn.retry {
            model.groups = [[.notice(notice(.warning, retry.trouble, while: .requestingCode))]]
            let isNow = state.signIn.phase == .requesting
            let again = isNow ? waiting(strings(.tryingNow, ["host": host])) : tryingAgain(retry)
            if let again, isNow || !retry.isSlowDown { model.groups.append([.text(again)]) }
        }
        model.groups.append([
            menu(
                .signInUnavailable,
                [
                    retryItem(state.signIn.retry),
                    MenuItem(.local, strings[.thisMachineOnly], note: strings[.noAccountNoNetwork], .signIn(.local)),
                    backOrExit,
                ])
        ])
        model.keys = menuKeys()
        return model
    }

    var signInDenied: ScreenModel {
        ended(
            .signInDenied, Notice(.error, strings[.signInDenied], [strings[.signInDeniedMore]]),
            note: strings[.ifMistake])
    }

    var signInExpired: ScreenModel {
        ended(
            .signInExpired,
            Notice(.warning, strings(.codeExpired, ["code": endedCode]), [strings(.codeLasts, count: 10)]))
    }

    /// Used, here or elsewhere, and the token never came.
    var signInLost: ScreenModel {
        ended(.signInLost, Notice(.error, strings(.tokenLost, ["code": endedCode]), [strings[.tokenLostMore]]))
    }

    /// Creating an account is the same way by another page.
    var signInTitle: WizardText { state.wayIn == .createAccount ? .titleCreateAccount : .titleSignIn }

    private var endedCode: String { state.signIn.code?.userCode ?? "" }

    private func ended(_ id: ScreenID, _ notice: Notice, note: String = "") -> ScreenModel {
        var model = screen(id, signInTitle, help: .helpSignIn)
        model.groups = [
            [.notice(notice)],
            [
                menu(
                    id,
                    [
                        MenuItem(.newCode, strings[.newCode], note: note, .signIn(.newCode)),
                        MenuItem(.pasteToken, strings[.pasteToken], .signIn(.pasteToken)),
                        backOrExit,
                    ])
            ],
        ]
        model.keys = menuKeys([letterKey("n", .barNewCode, .signIn(.newCode))])
        return model
    }
}

extension RowID {
    static let newCode: RowID = "new-code"
}
