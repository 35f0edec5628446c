// Pasting an access token: hidden as it is typed, judged as far as it can be, then the server is asked.

import Canvas
import FlowEngine
import Localization
import MeshAPI
import Widgets

extension Screens {
    var token: ScreenModel {
        var model = screen(.token, .titleToken, help: .helpToken)
        let text = input(.token)
        let from = tokenSource
        let field = tokenField
        let reveal = KeyBinding(
            [.control("r"): .perform(.token(.toggleReveal))],
            bar: KeyBarEntry(
                "Ctrl-R", strings[state.tokenEntry.isRevealed ? .barHide : .barReveal], dropOrder: Drop.reveal),
            help: KeyHelp("Ctrl-R", strings[.barReveal]))
        let clear = text.isEmpty ? [] : [clearKey]
        model.typing = .token
        model.keys = fieldKeys(
            enter: nil, .token(.check), first: clear + [reveal], bringsBack: false)
        switch state.tokenEntry.phase {
        case .typing(nil), .checked:
            let leaves = Notice(.warning, strings[.onThisMachine], [strings(.enterSendsToken, ["host": host])])
            model.groups = [
                from, [field], [state.tokenEntry.leavesMachine ? .notice(leaves) : .hint(strings[.tokenHidden])],
            ]
            model.keys = fieldKeys(enter: .barCheck, .token(.check), extra: clear + [reveal], bringsBack: false)
        case .typing(.some(let problem)): model.groups = [from, [field], [.notice(notice(problem))]]
        case .checking:
            model.groups = [from, [field], [.text(waiting(strings(.checkingWith, ["host": host])))]]
            model.typing = nil
            model.keys = waitingKeys(typing: true)
        case .rejected: model.groups = [from, [field], [.notice(rejected)]]
        case .expired(let day): model.groups = [from, [field], [.notice(expired(day))]]
        case .failed(let retry):
            model.groups = [from, [field], [.notice(notice(.warning, retry.trouble, while: .checkingToken))]]
            if let again = tryingAgain(retry) { model.groups.append([.text(again)]) }
            model.keys = fieldKeys(enter: .barRetryNow, .retry, extra: clear + [reveal], bringsBack: false)
        }
        return model
    }

    /// Where one gets a token: over the field, whatever is said below it.
    private var tokenSource: [Block] {
        [
            .lead(strings[.pasteTokenFrom]), .address("\(state.server.baseURL)/dashboard/settings/cli-tokens"),
        ]
    }

    /// The server knows it: who and which token it is, before anything is saved.
    var tokenChecked: ScreenModel {
        var model = screen(.tokenChecked, .titleToken, help: .helpToken)
        guard case .checked(let who) = state.tokenEntry.phase else { return model }
        model.groups = [
            tokenSource, [tokenField], [.notice(notice(who))],
            [
                menu(
                    .tokenChecked,
                    [
                        MenuItem(.useToken, strings[.signInWithToken], .token(.use)),
                        MenuItem(.anotherToken, strings[.pasteAnother], .token(.another)),
                    ])
            ],
        ]
        model.keys = menuKeys()
        return model
    }

    /// A token that was pasted onto the sign-in screen, and what the server says of it.
    var pastedToken: Notice {
        switch state.tokenEntry.phase {
        case .checked(let who): return notice(who)
        case .rejected: return rejected
        case .expired(let day): return expired(day)
        case .failed(let retry): return notice(.warning, retry.trouble, while: .checkingToken)
        case .typing, .checking:
            let last4 = String(input(.token).text.suffix(FieldView.visibleWhenMasked))
            return Notice(.success, strings(.tokenPasted, ["last4": last4]))
        }
    }

    /// Whose token it is, which one, and how long it lasts.
    private func notice(_ who: WhoAmI) -> Notice {
        let name = who.credential.name
        let label =
            who.credential.expiresAt.map { strings(.tokenNamed, ["name": name, "date": date($0.wallSeconds)]) }
            ?? strings(.tokenNamedForever, ["name": name])
        return Notice(.success, line(who.user), [label])
    }

    private var rejected: Notice {
        Notice(
            .error, strings[.tokenRejected], [strings(.tokenRejectedMore, ["host": host]), strings[.nothingSaved]])
    }

    private func expired(_ day: Int?) -> Notice {
        let text = day.map { strings(.tokenExpired, ["date": date($0)]) } ?? strings[.tokenExpiredUnknown]
        return Notice(.error, text, [strings[.nothingSaved]])
    }

    private var tokenField: Block {
        .field(Field(.token, strings[.token], input(.token), isMasked: !state.tokenEntry.isRevealed))
    }

    private func notice(_ problem: TokenProblem) -> Notice {
        switch problem {
        case .empty: return Notice(.error, strings[.tokenEmpty])
        case .malformed(let have):
            let wanted = TokenForm.bodyLength
            guard let have else { return Notice(.error, strings[.tokenInvalid]) }
            let more =
                have == wanted || !isTokenAlphabet
                ? strings[.tokenAlphabet]
                : strings(.tokenLength, ["n": strings.number(wanted), "m": strings.number(have)])
            return Notice(.error, strings[.tokenInvalid], [more])
        }
    }

    /// Whether the typed text's wrong length, and not a character, is what to tell.
    private var isTokenAlphabet: Bool {
        let body = input(.token).text.split(separator: "_", maxSplits: 2).last ?? ""
        return body.allSatisfy { ("a"..."z").contains($0) || ("2"..."7").contains($0) }
    }
}

extension RowID {
    static let useToken: RowID = "use-token"
    static let anotherToken: RowID = "another-token"
}
