// Signing in with a browser: asking for a code, and what a person does while it lives. Answers are in `Reducer+Poll.swift`.

import Canvas
import FlowEngine
import MeshAPI

extension WizardState {
    /// Shows the code that lives, or asks for one.
    mutating func beginSignIn() -> [Effect] {
        switch signIn.phase {
        case .waiting where (signIn.code?.endsAt ?? 0) > now.boot && signIn.code?.server == server.baseURL: []
        case .requesting: []
        default: requestCode()
        }
    }

    mutating func requestCode() -> [Effect] {
        let given = giveUpCode()
        let shows = signIn.showsQR
        let failed = signIn.phase == .unavailable ? signIn.retry : nil
        signIn = SignIn()
        signIn.showsQR = shows
        signIn.phase = .requesting
        signIn.retry = failed.map { Retry($0.trouble, attempt: $0.attempt) }
        return given + [.requestDeviceCode(server: server.baseURL)]
    }

    /// Lets the server know that a live code is not wanted any more, and stops asking for it.
    mutating func giveUpCode() -> [Effect] {
        switch signIn.phase {
        case .requesting: return [.cancel(.deviceCode)]
        case .waiting:
            let renewal: [Effect] = signIn.isRenewing ? [.cancel(.deviceCode)] : []
            guard let code = signIn.code else { return renewal + [.cancel(.poll)] }
            return renewal + [.cancel(.poll), .giveUpCode(server: code.server, code.deviceCode)]
        default: return []
        }
    }

    /// Gives up the code because one is signed in by other means.
    mutating func endSignIn() -> [Effect] {
        let effects = giveUpCode()
        if !effects.isEmpty { signIn = SignIn() }
        return effects
    }

    /// Esc leads back to the code, if one waits.
    private mutating func enterToken() -> [Effect] {
        let effects = enter(by: .token)
        tokenEntry.isBesideCode = signIn.phase == .waiting
        return effects
    }

    mutating func reduceSignIn(_ action: SignInAction) -> [Effect] {
        switch action {
        case .enter: return enterPressed()
        case .openBrowser: return openBrowser()
        // No answer: there is no other code to be had, and the one that lives can be approved meanwhile.
        case .newCode where signIn.phase == .waiting && signIn.isCutOff: return [.nudgePoll]
        // The one there is can be approved until another one is here.
        case .newCode where signIn.phase == .waiting:
            guard !signIn.isRenewing else { return [] }
            (signIn.isRenewing, signIn.renewalTrouble) = (true, nil)
            return [.requestDeviceCode(server: server.baseURL)]
        case .newCode: return requestCode()
        case .copy:
            // What became of it is said again, the same or not.
            (signIn.copied, signIn.renewalTrouble) = (nil, nil)
            return signIn.code == nil ? [] : [.copy(signInAddress)]
        case .showQR(let shows):
            signIn.showsQR = shows
            return []
        case .pasteToken: return enterToken()
        case .local: return chooseLocal()
        case .keep:
            wizardFlow.answered(&self)
            return []
        case .anotherAccount: return changeAccount()
        }
    }

    /// Enter while waiting: what is the one next thing.
    private mutating func enterPressed() -> [Effect] {
        if signIn.hasPastedToken, !tokenEntry.isRefused {
            if tokenEntry.isFailed { return tryAgain(.checkingToken) }
            tokenEntry.takesWhenChecked = true
            if case .checked(let who) = tokenEntry.phase { return useToken(who) }
            return enterToken()
        }
        if signIn.isCutOff { return [.nudgePoll] }
        return openBrowser()
    }

    private mutating func openBrowser() -> [Effect] {
        (signIn.copied, signIn.renewalTrouble) = (nil, nil)
        // Said to whoever waits for one; over SSH nobody does.
        guard canOpenAddress else {
            signIn.browser = facts.isSSH || signIn.code?.isOwnAddress != true ? nil : .missing
            return []
        }
        signIn.browser = nil
        return [.openBrowser(url: signInAddress)]
    }

    /// Whether a browser may be opened: there is one, and the address is the server's own.
    public var canOpenAddress: Bool {
        facts.canOpenBrowser && signIn.phase == .waiting && signIn.code?.isOwnAddress == true
    }

    /// The address a person opens: the code's card, or with `/register` in front of it. Empty without a code.
    public var signInAddress: String {
        guard let code = signIn.code else { return "" }
        guard wayIn == .createAccount, code.isOwnAddress else { return code.completeAddress }
        return "\(Self.origin(code.completeAddress))/register?next=/c/\(code.userCode)"
    }

    /// What the QR code says: shorter in upper case.
    var qrText: String {
        guard let code = signIn.code else { return "" }
        return "\(Self.origin(code.completeAddress))/C/\(code.userCode)".uppercased()
    }

    /// Once per address (creating an account has its own), and only after the address and the code are on the screen: they come first.
    mutating func openBrowserOnce() -> [Effect] {
        guard screen == .signInWaiting, canOpenAddress, signIn.openedAddress != signInAddress else { return [] }
        signIn.openedAddress = signInAddress
        return [.openBrowser(url: signInAddress)]
    }

    /// `https://host[:port]` of an address, in lower case; the text itself where it is none.
    static func origin(_ address: String) -> String {
        ServerAddress(of: address)?.description ?? address
    }
}
