// Joining: the link or code is typed, and looked up.

import Canvas
import FlowEngine
import Localization
import MeshAPI
import Widgets

extension Screens {
    var joinLink: ScreenModel {
        var model = screen(.joinLink, .titleJoin, help: .helpJoin)
        let text = input(.invite)
        let field = Block.field(Field(.invite, strings[.invite], text))
        let refused: [Block] = state.fieldProblem.map { [.notice(notice($0, name: true))] } ?? []
        let clear = text.isEmpty ? [] : [clearKey]
        switch state.join?.phase ?? .link(nil) {
        case .lookingUp:
            model.groups = [[field] + refused, [.text(waiting(strings(.lookingUp, ["host": host])))]]
            model.keys = waitingKeys(typing: true)
        case .failed(let retry):
            model.groups = [
                [field] + refused, [.notice(notice(.warning, retry.trouble))],
                tryingAgain(retry).map { [.text($0)] } ?? [],
            ]
            model.keys = fieldKeys(enter: .barRetryNow, .join(.lookUp), extra: clear)
            model.typing = .invite
        case .link(.some(let problem)):
            model.groups = [[field], refused.isEmpty ? [.notice(notice(problem))] : refused]
            model.keys = fieldKeys(enter: .barLookUp, .join(.lookUp), first: clear)
            model.typing = .invite
        default:
            model.groups = [
                [field],
                refused.isEmpty ? [.hint(strings(.looksLike, ["example": example]))] : refused,
            ]
            model.keys = fieldKeys(enter: .barLookUp, .join(.lookUp), extra: clear)
            model.typing = .invite
        }
        // The field stays where it is, whatever is said under it.
        model.groups.insert([.lead(strings[.pasteInvite])], at: 0)
        if !state.canGoBack {
            // Where Esc always stands in the bar: before help.
            let help = model.keys.firstIndex { $0.commands[.function(1)] != nil }
            model.keys.insert(withoutInviteKey, at: help ?? model.keys.endIndex)
        }
        return model
    }

    private var example: String { "\(state.server.baseURL)/i/K7QD-2MXP-9WTB" }

    /// Where the invite came from the command line there is no step to go back to, but a way on.
    private var withoutInviteKey: KeyBinding {
        let words = strings[.barWithout]
        return KeyBinding(
            [.escape: .perform(.join(.giveUp))], bar: KeyBarEntry("Esc", words), help: KeyHelp("Esc", words))
    }

    private func notice(_ problem: BadInvite) -> Notice {
        let ask =
            state.join?.preview.map { strings(.askInviter, ["inviter": $0.inviterName]) } ?? strings[.askAnyInviter]
        switch problem {
        case .empty:
            return Notice(.error, strings[.inviteEmpty])
        case .notAnInvite:
            return Notice(.error, strings(.inviteNone, ["example": example]))
        case .unknown: return Notice(.error, strings(.inviteUnknown, ["host": host]), [ask])
        case .expired:
            let day = state.join?.preview.map { date($0.expiresAt.wallSeconds) }
            let text = day.map { strings(.inviteExpired, ["date": $0]) } ?? strings[.inviteExpiredUnknown]
            return Notice(.error, text, [ask])
        case .revoked: return Notice(.error, strings[.inviteRevoked], [ask])
        case .exhausted: return Notice(.error, strings[.inviteExhausted], [ask])
        }
    }
}
