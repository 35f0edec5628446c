// What went wrong, in words: one sentence of what happened, one or two of what to do. The same on every screen.

import FlowEngine
import FoundationEssentials
import Canvas
import Localization
import MeshAPI
import Widgets

extension Screens {
    /// A failure as a notice.
    func notice(_ tone: Tone, _ trouble: Trouble, while attempt: Attempt? = nil) -> Notice {
        switch trouble {
        case .api(.unreachable(let why)): Notice(tone, text(of: why), [remedy(of: why)] + safeToRetry(attempt))
        case .api(.refused(let status, let body, _)): refusal(tone, status, body?.message ?? body?.error, attempt)
        case .api(.cancelled): Notice(tone, strings[.cancelled])
        case .file(let path, let reason):
            Notice(
                tone, strings(.fileFailed, ["path": path, "reason": reason]),
                attempt == .savingSignIn ? [strings[.tokenNotSaved]] : answersKept)
        case .localServer(let reason, let remedy):
            Notice(tone, strings(.localFailed, ["reason": reason]), remedy.map { [$0] } ?? answersKept)
        case .dryRun: Notice(tone, strings[.dryRunChangesNothing], [strings[.dryRunChooseOne]])
        }
    }

    /// What was being made, and that it is made once, whatever the server did before it fell silent.
    private func safeToRetry(_ attempt: Attempt?) -> [String] {
        guard case .creatingMesh(let name) = attempt else { return [] }
        return [strings(.whileCreating, ["name": name]), strings[.safeToRetry]]
    }

    /// "Your answers are kept", where there are any.
    private var answersKept: [String] {
        let answers = state.answers
        let isAny =
            answers.mesh != nil || answers.name != nil || answers.role != nil || state.meshes.draft != nil
            || state.join?.preview != nil
        return isAny ? [strings[.nothingLost]] : []
    }

    func text(of why: Unreachable) -> String {
        switch why {
        case .nameNotResolved: strings(.unreachableName, ["host": host])
        case .refused: strings(.unreachableRefused, ["host": host])
        case .noAnswer(let seconds): strings(.unreachableNoAnswer, ["host": host, "n": strings.number(seconds)])
        case .connectionLost: strings(.unreachableLost, ["host": host])
        case .untrustedCertificate: strings(.unreachableCertificate, ["host": host])
        case .webPage: strings(.unreachableWebPage, ["host": host])
        case .malformed: strings(.unreachableMalformed, ["host": host])
        case .tooLarge: strings(.unreachableTooLarge, ["host": host])
        case .redirected: strings(.unreachableRedirected, ["host": host])
        case .insecure: strings(.unreachableInsecure, ["host": host])
        case .proxy(let proxy): strings(.unreachableProxy, ["host": host, "proxy": proxy])
        case .proxyRefused(let proxy): strings(.unreachableProxyRefused, ["host": host, "proxy": proxy])
        case .proxyFailed(let proxy): strings(.unreachableProxyFailed, ["host": host, "proxy": proxy])
        case .proxyPassword(let proxy): strings(.unreachableProxyPassword, ["proxy": proxy])
        case .proxyUnusable: strings(.unreachableProxyUnusable, ["host": host])
        case .certificates(let path): strings(.unreachableCertificates, ["host": host, "path": path])
        case .other(let reason): strings(.unreachableOther, ["host": host, "reason": reason])
        }
    }

    func remedy(of why: Unreachable) -> String {
        switch why {
        case .nameNotResolved, .noAnswer, .other: strings[.remedyOffline]
        case .refused, .connectionLost: strings[.remedyRefused]
        case .webPage: strings[.remedyWebPage]
        case .untrustedCertificate: strings[.remedyCertificate]
        case .proxy: strings[.remedyProxy]
        case .proxyRefused: strings[.remedyProxyRefused]
        case .proxyFailed: strings[.remedyProxyFailed]
        case .proxyPassword(let proxy): strings(.remedyProxyPassword, ["proxy": proxy])
        case .proxyUnusable: strings[.remedyProxyUnusable]
        case .certificates: strings[.remedyCertificates]
        case .insecure: strings(.remedyInsecure, ["host": host])
        case .malformed, .tooLarge, .redirected: checkAddress
        }
    }

    private var checkAddress: String { strings(.remedyServer, ["server": state.server.baseURL]) }

    private func refusal(_ tone: Tone, _ status: Int, _ reason: String?, _ attempt: Attempt?) -> Notice {
        let values = ["host": host, "status": String(status), "reason": reason ?? ""]
        switch (status, attempt) {
        case (429, _): return Notice(tone, strings(.rateLimited, values), answersKept)
        case (403, .requestingCode): return Notice(tone, strings(.notAllowed, values), [checkAddress])
        case (403, _): return Notice(tone, strings(.notAllowed, values), answersKept)
        case (409, .leavingMesh(let name)):
            return Notice(tone, strings(.lastOwner, ["mesh": name]), [strings[.lastOwnerMore]])
        case (500..., .creatingMesh(let name)):
            return Notice(
                tone, strings(.failedCreating, ["host": host, "status": String(status), "name": name]),
                [strings[.safeToRetry]])
        default:
            let key: WizardText = status >= 500 ? .failedWhile : reason == nil ? .refusedPlain : .refusedStatus
            // A server that gives out no codes is hardly the one that was meant.
            let more = attempt == .requestingCode && status < 500 ? [checkAddress] : answersKept
            return Notice(tone, strings(key, values), more)
        }
    }

    /// Trying again. Where the server wants a pause that must fail: what is left is to wait.
    func retryItem(_ retry: Retry?) -> MenuItem {
        guard let retry, retry.isSlowDown, let time = retry.at else {
            return MenuItem(.retry, strings[.retryNow], .retry)
        }
        return MenuItem(
            .retry, strings[.wait], note: strings(.againIn, ["n": strings.number(seconds(until: time))]), .retry)
    }

    /// "Trying again in 12 s", nil where nothing is tried by itself.
    func tryingAgain(_ retry: Retry) -> String? {
        retry.at.map { strings(.tryingAgain, ["n": strings.number(seconds(until: $0))]) }
    }

    /// `18 Nov`; a date of this year is without it.
    func date(_ wall: Int) -> String {
        strings.date(moment(wall), now: moment(state.now.wall), offset: state.facts.utcOffset)
    }

    func dayAndTime(_ wall: Int) -> String {
        strings.dayAndTime(moment(wall), now: moment(state.now.wall), offset: state.facts.utcOffset)
    }

    func timeOrDate(_ wall: Int) -> String {
        strings.timeOrDate(moment(wall), now: moment(state.now.wall), offset: state.facts.utcOffset)
    }

    /// `18:04:31`.
    func timeOfDay(_ wall: Int) -> String {
        strings.time(moment(wall), offset: state.facts.utcOffset, seconds: true)
    }

    private func moment(_ wall: Int) -> Date { Date(timeIntervalSince1970: Double(wall)) }

    /// Why what was typed or pasted last is not in the field; a group of its own.
    var refused: [[Block]] { state.fieldProblem.map { [[.notice(notice($0, name: true))]] } ?? [] }

    /// Why a name is refused, as a notice.
    func notice(_ problem: FieldProblem, name: Bool) -> Notice { Notice(.error, strings(problem, isName: name)) }
}
