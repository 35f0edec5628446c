// Signing in with a browser: the address, the code, and the wait for the approval.

import Canvas
import Localization
import MeshAPI
import Text
import Widgets

extension Screens {
    var signInWaiting: ScreenModel {
        var model = screen(.signInWaiting, signInTitle, help: .helpSignIn)
        guard let code = state.signIn.code else { return model }
        model.groups = [[.card(card(code))]]
        model.keys = signInKeys(code, isQRShown: Layout.showsQR(model, size: state.size))
        model.usesMouse = false
        return model
    }

    private func card(_ code: LiveCode) -> CodeCard {
        let signIn = state.signIn
        let left = strings.countdown(seconds(until: code.endsAt))
        let words = strings(.timeLeft, ["time": left])
        return CodeCard(
            address: state.signInAddress, shortAddress: shortAddress(code), isForeign: !code.isOwnAddress,
            code: code.userCode, qr: code.isOwnAddress ? signIn.qr : [],
            showsQR: signIn.showsQR ?? (isQRUseful(code) ? nil : false),
            trouble: trouble(timeLeft: words), waiting: strings[signIn.isOpened ? .pageOpened : .waitingForApproval],
            left: words, leftShort: left, remark: remark(code),
            texts: CodeCard.Texts(
                open: strings[signIn.browser == .opened ? .openedInBrowser : .openOnAnyDevice],
                openShort: strings[.openInAnyBrowser], scan: strings[.scanOrOpen],
                compare: strings[.approveOnlyIf], type: strings[.typeCodeThere],
                tooWide: strings(.addressTooWide, ["n": strings.number(TextWidth.of(state.signInAddress))]),
                qrTooLarge: { [strings] needs, has in
                    strings(
                        .qrTooLarge,
                        [
                            "w": String(needs.width), "h": String(needs.height), "W": String(has.width),
                            "H": String(has.height),
                        ])
                },
                copy: strings[.barCopy]))
    }

    /// Whether the QR code is shown unasked: not where a browser opens, for an address that no phone can open, where it
    /// is four times as large (half blocks are no ASCII), or where a light terminal may show dark for light.
    private func isQRUseful(_ code: LiveCode) -> Bool {
        !state.facts.canOpenBrowser && !code.isOnThisMachine && !state.settings.ascii && !state.isColorless
    }

    /// `claudemesh.com/c`: without the scheme where that is https, which browsers add.
    private func shortAddress(_ code: LiveCode) -> String {
        let address = code.isOwnAddress ? code.server + "/c" : code.address
        let https = "https://"
        return address.hasPrefix(https) ? String(address.dropFirst(https.count)) : address
    }

    /// What keeps the last poll from being answered.
    private func trouble(timeLeft: String) -> Notice? {
        guard let retry = state.signIn.retry, !retry.isSlowDown else { return nil }
        let again = retry.at.map { strings.number(seconds(until: $0)) }
        switch retry.trouble {
        case .api(.unreachable(let why)) where why.isSilence:
            let text =
                again.map { strings(.cannotReachRetry, ["host": host, "n": $0]) }
                ?? strings(.unreachableShort, ["host": host])
            return Notice(.warning, text + between + timeLeft, [strings[.approveMeanwhile]])
        default:
            var found = notice(.warning, retry.trouble)
            found.more = [
                [tryingAgain(retry), timeLeft].compactMap(\.self).joined(separator: between),
                strings[.approveMeanwhile],
            ]
            return found
        }
    }

    /// The newest thing to say below it all.
    private func remark(_ code: LiveCode) -> CodeCard.Remark? {
        let signIn = state.signIn
        // What became of `c` is newer than a token that is of no use.
        if signIn.hasPastedToken, signIn.copied == nil || !state.tokenEntry.isRefused { return .notice(pastedToken) }
        if state.pastedUnknown { return .notice(pastedUnknown) }
        if let copied = signIn.copied { return .notice(notice(copied)) }
        if signIn.browser == .failed { return .notice(Notice(.warning, strings[.browserFailed])) }
        if signIn.browser == .missing { return .notice(Notice(.warning, strings[.noBrowser])) }
        if let trouble = signIn.renewalTrouble {
            var found = notice(.warning, trouble)
            found.more = [strings[.codeStays]]
            return .notice(found)
        }
        if signIn.isRenewing { return .hint(waiting(strings(.preparingCode, ["host": host]))) }
        if !code.isOwnAddress { return .notice(Notice(.warning, strings(.addressForeign, ["host": host]))) }
        if signIn.isClockFast { return .notice(Notice(.warning, strings(.clockFast, ["host": host]))) }
        guard let retry = signIn.retry else { return .hint(strings[.tokenPasteHere]) }
        return retry.isSlowDown ? .notice(Notice(.warning, strings(.slowedDown, ["host": host]))) : nil
    }

    func notice(_ copied: CopyResult) -> Notice {
        switch copied {
        case .copied(let program): Notice(.success, strings(.copiedWith, ["program": program]))
        case .sentToTerminal: Notice(.success, strings[.copiedToTerminal])
        case .written(let path): Notice(.warning, strings(.copiedToFile, ["path": path]))
        case .failed: Notice(.error, strings[.copyFailed])
        }
    }

    private func signInKeys(_ code: LiveCode, isQRShown: Bool) -> [KeyBinding] {
        let signIn = state.signIn
        let opens = state.canOpenAddress
        let enter: [KeyBinding] =
            if signIn.hasPastedToken, !state.tokenEntry.isRefused {
                [enterKey(state.tokenEntry.isFailed ? .barRetryNow : .barUse, .perform(.signIn(.enter)))]
            } else if let retry = signIn.retry, !retry.isSlowDown {
                [enterKey(.barRetryNow, .perform(.retry))]
            } else if opens {
                [enterKey(.barOpenBrowser, .perform(.signIn(.enter)))]
            } else if state.facts.isSSH || !code.isOwnAddress {
                []
            } else {
                // Not in the bar, but a dead key says why it is dead.
                [KeyBinding([.enter: .perform(.signIn(.enter))])]
            }
        let hides = isQRShown || signIn.showsQR == true
        let qr = letterKey(
            "s", isQRShown ? .barHideQR : .barQR, .signIn(.showQR(!hides)), drop: Drop.qr, tag: .qr)
        return enter
            + [letterKey("c", .barCopyLink, .signIn(.copy), drop: Drop.copy, tag: .copy)]
            + (code.isOwnAddress ? [qr] : [])
            + [letterKey("n", .barNewCode, .signIn(.newCode), drop: Drop.newCode)]
            + escKeys(state.canGoBack) + [helpKey(question: true)]
            + (opens ? [letterKey("o", .barOpenBrowser, .signIn(.openBrowser), inBar: false)] : [])
            + commonKeys() + [quitKey(inBar: false), interruptKey]
    }
}

extension Unreachable {
    /// Nothing came back, for whatever reason.
    fileprivate var isSilence: Bool {
        switch self {
        case .nameNotResolved, .refused, .noAnswer, .connectionLost, .proxy, .other: true
        default: false
        }
    }
}
