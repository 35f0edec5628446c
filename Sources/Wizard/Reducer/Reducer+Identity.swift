// Becoming somebody, and what is found out about who one is while the wizard runs.

import FlowEngine
import MeshAPI

extension WizardState {
    /// Takes an identity into force. `record`: it is new, and goes to `auth.json`.
    mutating func become(_ new: Identity, record: SignInRecord.Source?) -> [Effect] {
        var effects = endSignIn()
        let former = aside?.account.signedIn ?? account.signedIn
        let old = former?.identity
        let oldServer = aside?.server ?? server
        let isHere = oldServer.baseURL == server.baseURL || (oldServer.isLocal && server.isLocal)
        let isSame = old?.user.id == new.user.id && isHere
        let guest = old?.kind == .guest && isHere && !isSame ? old : nil
        let replaced = old.flatMap { replaceable($0, by: new, of: oldServer) }
        if let aside, isSame || guest != nil { meshes = aside.meshes }
        if !isSame { forgetAccount(keepsMesh: guest != nil) }
        account = .somebody(
            SignedIn(
                identity: new, wayIn: wayIn, changedFrom: isSame ? former?.changedFrom : old?.user,
                adopting: guest?.token))
        overlays.dismiss(.sessionExpired)
        overlays.dismiss(.error)
        if let record {
            let record = SignInRecord(
                token: new.token, user: new.user, expiresAt: new.expiresAt, source: record, server: server.baseURL)
            saving = Saving(record: record, replaced: replaced)
            effects.append(.saveSignIn(record))
        }
        effects.append(.recall(server: server.baseURL, userID: new.user.id))
        meshes.phase = .loading
        if let guest {
            effects.append(.adoptGuest(access, guest: guest.token))
        } else {
            effects.append(.loadMeshes(access))
        }
        fillAnswers()
        return effects
    }

    /// A saved session that ends once `new` is on disk. A token made by hand is never ours to end.
    private func replaceable(_ old: Identity, by new: Identity, of server: Server) -> Access? {
        guard old.kind == .session, old.source == .file || old.source == .thisRun, old.token != new.token,
            aside?.why != .ended
        else { return nil }
        return Access(server: server.baseURL, token: old.token)
    }

    /// Another account: its mesh is asked anew, and what was remembered or prefilled for the former one is gone.
    mutating func forgetAccount(keepsMesh: Bool) {
        memory = RememberedAnswers()
        answers.confirmed = false
        if !keepsMesh {
            meshes = Meshes()
            inputs[.meshFilter] = nil
            inputs[.meshName] = nil
            selections[.meshList] = nil
            if answers.mesh?.source != .resumed { answers.mesh = nil }
        }
        if answers.name?.source.isOfAccount == true {
            answers.name = nil
            inputs[.name] = nil
        }
        if answers.role?.source.isOfAccount == true { answers.role = nil }
    }

    /// The new sign-in is on disk: the one it took the place of is ended, where that is ours to do.
    mutating func signInSaved(_ path: String) -> [Effect] {
        signIn.savedTo = path
        let replaced = saving?.replaced
        saving = nil
        keepsNothing = false
        dismissError { $0 == .savingSignIn }
        guard let replaced else { return [] }
        return [.revokeSession(replaced)]
    }

    mutating func guestAdopted() -> [Effect] {
        account.update { $0.adopting = nil }
        dismissError { $0 == .adoptingGuest }
        return [.loadMeshes(access)]
    }

    mutating func identityChecked(_ who: WhoAmI) -> [Effect] {
        guard identity?.user.id == who.user.id else { return [] }
        account.correct { identity in
            identity.user = who.user
            identity.label = who.credential.name
            identity.check = .checked
        }
        return []
    }

    mutating func identityCheckFailed(_ failure: APIFailure) -> [Effect] {
        if failure.status == 401 { return signInEnded() }
        if case .unreachable(let why) = failure, identity?.check != .checked {
            account.correct { $0.check = .offline(why) }
        }
        return []
    }

    /// What is on disk for the account, right after becoming it.
    mutating func recalled(_ memory: RememberedAnswers, _ saved: [Mesh], _ savedAt: Int?) {
        guard identity != nil else { return }
        self.memory = memory
        if !meshes.isKnown {
            takeSaved(saved, at: savedAt)
            // While only the newest were known, it was answered by its name alone, as if it were one of the others.
            if answers.mesh?.source == .lastTime, memory.mesh != nil || memory.formerMesh != nil {
                answers.mesh = nil
            }
        }
        fillAnswers()
    }

    mutating func localServerReady(_ server: Server, _ identity: Identity) -> [Effect] {
        guard wayIn?.isLocal == true || self.server.isLocal, local == .starting || local == .renewing else { return [] }
        if local == .starting { local = .ready }
        dismissError { $0 == .startingLocalServer }
        self.server = server
        return become(identity, record: nil)
    }
}

extension AnswerSource {
    /// A flag or a variable said it.
    var isGiven: Bool {
        switch self {
        case .flag, .variable: true
        default: false
        }
    }

    /// Nobody was asked.
    var isKnownBefore: Bool {
        switch self {
        case .flag, .variable, .resumed, .lastTime, .onlyOne: true
        case .invite, .directory, .account, .loginName, .assumed, .person: false
        }
    }

    /// It stood in the field before anybody typed.
    var isPrefilled: Bool {
        switch self {
        case .directory, .account, .loginName: true
        default: false
        }
    }

    /// It was the account's: another account has its own.
    var isOfAccount: Bool {
        switch self {
        case .lastTime, .onlyOne, .account, .invite: true
        case .flag, .variable, .resumed, .directory, .loginName, .assumed, .person: false
        }
    }
}
