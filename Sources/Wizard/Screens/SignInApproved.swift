// Signed in: while the meshes load, and as a summary when it is reopened.

import Canvas
import Localization
import MeshAPI
import Widgets

extension Screens {
    var signInApproved: ScreenModel {
        var model = screen(.signInApproved, .titleSignIn, help: .helpSignIn)
        model.groups = [[.notice(signedIn)]]
        if let path = state.signIn.savedTo {
            model.groups[0].append(.notice(Notice(.success, strings(.tokenSavedTo, ["path": path]))))
        }
        model.groups.append([.text(loading)])
        model.keys =
            [letterKey("a", .barAnotherAccount, .signIn(.anotherAccount)), helpKey(question: true)] + commonKeys()
            + [quitKey(inBar: true), interruptKey]
        return model
    }

    /// Reopened with Esc: nothing is started, claimed or revoked by looking at it.
    var signInSummary: ScreenModel {
        var model = screen(.signInSummary, .titleSignIn, help: .helpSignInSummary)
        model.groups = [
            [.notice(signedIn)],
            [
                menu(
                    .signInSummary,
                    [
                        MenuItem(
                            .keep, strings(.continueAs, ["name": state.identity?.user.name ?? ""]), .signIn(.keep)),
                        MenuItem(
                            .changeAccount, strings[.useAnotherAccount], note: strings[.changeAccountNote],
                            .signIn(.anotherAccount)),
                    ])
            ],
        ]
        model.keys = menuKeys()
        return model
    }

    private var signedIn: Notice {
        guard let user = state.identity?.user else { return Notice(.success, strings[.loadingMeshes]) }
        let text =
            state.changedFrom.map { strings(.signedInAsWas, ["name": user.name, "former": $0.name]) }
            ?? strings(.signedInAs, ["name": line(user)])
        return Notice(.success, text)
    }
}

extension RowID {
    static let changeAccount: RowID = "change-account"
}
