// What arrives while signing in: the code, and what its polls say.

import FlowEngine
import MeshAPI

extension WizardState {
    mutating func codeArrived(_ code: DeviceCode) -> [Effect] {
        guard signIn.phase == .requesting || (signIn.phase == .waiting && signIn.isRenewing) else {
            // Nobody waits for it any more.
            return [.giveUpCode(server: server.baseURL, Secret(code.deviceCode))]
        }
        var former: [Effect] = []
        if signIn.isRenewing {
            signIn.isRenewing = false
            former = giveUpCode()
            let shows = signIn.showsQR
            signIn = SignIn()
            signIn.showsQR = shows
        }
        let complete = code.verificationUrlComplete ?? code.verificationUrl
        let live = LiveCode(
            server: server.baseURL, deviceCode: Secret(code.deviceCode), userCode: code.userCode,
            address: code.verificationUrl, completeAddress: complete,
            isOwnAddress: isOwn(complete) && isOwn(code.verificationUrl),
            interval: code.interval.map { $0 < 1 ? 1.5 : $0 } ?? 1.5, waitMax: code.waitMax,
            endsAt: now.boot + min(max(code.expiresIn, 1), 86_400) * 1000)
        signIn.phase = .waiting
        signIn.code = live
        signIn.retry = nil
        return former + [.poll(live), .makeQR(code: live.userCode, text: qrText)]
    }

    /// Whether an address is on the configured server.
    private func isOwn(_ address: String) -> Bool {
        ServerAddress(of: server.baseURL)?.owns(address) ?? false
    }

    mutating func polled(_ event: PollEvent) -> [Effect] {
        // A token goes to the server that gave it out, and to no other.
        guard signIn.phase == .waiting, signIn.code?.server == server.baseURL else { return [] }
        switch event {
        case .pending(let opened):
            signIn.retry = nil
            if opened { signIn.isOpened = true }
        case .trouble(let failure, let retryAt):
            signIn.retry = Retry(.api(failure), at: retryAt, attempt: (signIn.retry?.attempt ?? 0) + 1)
        case .slowedDown:
            let refusal = APIFailure.refused(status: 429, body: ErrorBody(error: "slow_down"), retryAfter: nil)
            signIn.retry = Retry(.api(refusal))
        case .clockFast: signIn.isClockFast = true
        case .denied: signIn.phase = .denied
        case .expired: signIn.phase = .expired
        case .lost: signIn.phase = .lost
        case .approved(let token, let user, let expiresAt):
            signIn.phase = .approved
            signIn.retry = nil
            return endRenewal() + approved(token, user, expiresAt)
        }
        guard signIn.phase != .waiting else { return [] }
        signIn.retry = nil
        return endRenewal()
    }

    /// The code that was to be replaced came to its own end.
    private mutating func endRenewal() -> [Effect] {
        guard signIn.isRenewing else { return [] }
        signIn.isRenewing = false
        return [.cancel(.deviceCode)]
    }

    private mutating func approved(_ token: Secret, _ user: User, _ expiresAt: Int?) -> [Effect] {
        var effects: [Effect] = []
        if wayIn != .browser && wayIn != .createAccount {
            effects += leaveOtherWays()
            wayIn = .browser
        }
        let identity = Identity(
            user: user, kind: .session, token: token, source: .thisRun, expiresAt: expiresAt, check: .checked)
        return effects + become(identity, record: .deviceCode)
    }

    /// The approval came while another way in was being tried.
    private mutating func leaveOtherWays() -> [Effect] {
        tokenEntry = TokenEntry()
        inputs[.token] = nil
        return [.cancel(.token)] + stopLocal()
    }
}
