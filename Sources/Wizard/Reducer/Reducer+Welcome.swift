// The ways in, and the overlay that asks for a new one when the sign-in has ended.

import FlowEngine
import MeshAPI

extension WizardState {
    mutating func reduceWelcome(_ action: WelcomeAction) -> [Effect] {
        if action == .changeServer { return askForServer() }
        wizardFlow.answered(&self)
        return switch action {
        case .changeServer: []
        case .signIn: enter(by: .browser) + beginSignIn()
        case .createAccount: enter(by: .createAccount) + beginSignIn()
        case .pasteToken: enter(by: .token)
        case .join: enterByInvite()
        case .local: chooseLocal()
        }
    }

    mutating func chooseLocal() -> [Effect] {
        let choice = LocalChoice(wayIn: wayIn, isFirst: aside == nil)
        var effects: [Effect] = []
        if signIn.phase != .waiting {
            // No code is asked for any more, least of all of the server of this machine.
            effects = giveUpCode()
            signIn = SignIn()
        }
        return effects + enter(by: .local(chosen: choice)) + startLocalServer()
    }

    private mutating func enterByInvite() -> [Effect] {
        let effects = enter(by: .invite)
        askToJoin()
        return effects
    }

    /// Takes a way in, and leaves the others: an invite that was asked for, a local server on its way.
    mutating func enter(by way: WayIn) -> [Effect] {
        let effects = wayIn?.isLocal == true && identity == nil && !way.isLocal ? stopLocal() : []
        if !way.isLocal && server.isLocal { server = remote }
        if let join, way != .invite, !join.signsInFirst, !join.isJoined { self.join = nil }
        request.wayIn = nil
        tokenEntry.isBesideCode = false
        wayIn = way
        return effects
    }

    mutating func reduceExpired(_ action: ExpiredAction) -> [Effect] {
        guard case .sessionExpired = overlays.top else { return [] }
        overlays.dismiss(.sessionExpired)
        if aside?.why != .ended { layAside(.ended) }
        answers.confirmed = false
        let way: WayIn = action == .signIn ? .browser : .token
        // An invite that was being looked at waits for the sign-in.
        if let join, !join.isJoined { self.join?.signsInFirst = true }
        var effects = enter(by: way)
        inputs[.token] = nil
        tokenEntry = TokenEntry()
        if way == .browser { effects += beginSignIn() }
        return effects
    }

    /// The server no longer takes the token in force.
    mutating func signInEnded() -> [Effect] {
        guard overlays[.sessionExpired] == nil, let identity else { return [] }
        overlays.dismiss(.error)
        overlays.dismiss(.quit)
        // Whatever was on its way can be sent again.
        if case .creating = meshes.draft?.phase { meshes.draft?.phase = .editing }
        if join?.phase == .claiming { join?.phase = .preview }
        stopOpened()
        if identity.source == .local { return renewLocal() }
        answers.confirmed = false
        overlays.present(.sessionExpired(SessionExpired(user: identity.user, source: identity.source)))
        return [.cancel(.meshes), .cancel(.identity)]
    }

    /// The local server makes its credential anew; once, since a second refusal would never end.
    private mutating func renewLocal() -> [Effect] {
        guard local != .renewing else {
            local = .failed
            return present(.startingLocalServer, .api(.refused(status: 401, body: nil, retryAfter: nil)))
        }
        local = .renewing
        return [.startLocalServer]
    }

    /// Back to the ways in from a server of this machine that does not start. Its account is of use nowhere else, and a
    /// launch without its server would lead into nothing.
    mutating func leaveLocal() -> [Effect] {
        local = .idle
        wayIn = nil
        request.wayIn = nil
        request.join = nil
        join = nil
        if identity?.source == .local {
            account.forgetIdentity()
            forgetAccount(keepsMesh: false)
        }
        wizardFlow.answered(&self)
        // Nobody is signed in any more: the steps that ask somebody are none to come back to.
        wizardFlow.settle(&self)
        for step in [StepID.mesh, .name, .role, .confirm] { wizardFlow.forget(step, &self) }
        return [.cancel(.local), .cancel(.meshes), .cancel(.identity)]
    }

    /// "Change account": all ways in are open again, Esc brings the account back.
    mutating func changeAccount() -> [Effect] {
        guard identity != nil else { return [] }
        layAside(.changing)
        wayIn = nil
        request.wayIn = nil
        request.join = nil
        if let join, !join.isJoined, !join.signsInFirst { self.join = nil }
        answers.confirmed = false
        signIn = SignIn()
        tokenEntry = TokenEntry()
        inputs[.token] = nil
        wizardFlow.answered(&self)
        return [.cancel(.meshes), .cancel(.identity)]
    }
}
