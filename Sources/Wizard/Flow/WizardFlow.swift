// The product's flow: its steps in their order, each with what shows it and what completes it.
// To add a step: an id in `StepID`, a line here, its reasons, its screen in `WizardState+screen.swift`.

public import FlowEngine
import MeshAPI

public typealias WizardFlow = Flow<WizardState, StepReason>
typealias WizardStep = Step<WizardState, StepReason>
typealias StepVerdict = Verdict<StepReason>

/// The flow from a fresh terminal to the agent.
public let wizardFlow = WizardFlow([
    WizardStep(
        .welcome, isShown: \.isWelcomeShown,
        isComplete: { state in state.wayIn.map { .yes(.wayIn($0)) } ?? .no(.noWayIn) },
        leave: { state in
            // The invite was another account's way in.
            if state.join?.isJoined == false { state.join = nil }
            state.bringBackAside(.changing)
        }),
    WizardStep(.join, isShown: \.isJoinShown, isComplete: \.isJoinComplete, leave: { $0.dropJoin() }),
    WizardStep(
        .signIn, isShown: { $0.isWayShown([.browser, .createAccount]) }, isComplete: \.isSignedIn,
        leave: { state in
            state.join?.signsInFirst = false
            state.bringBackAside(.changing)
        }),
    WizardStep(
        .pasteToken, isShown: { $0.isWayShown([.token]) }, isComplete: \.isSignedIn,
        leave: { $0.bringBackAside(.changing) }),
    WizardStep(
        .mesh, isShown: { _ in .yes(.always) }, isComplete: \.isMeshComplete, leave: { $0.leaveChosenLocal() }),
    WizardStep(
        .name, isShown: { _ in .yes(.always) },
        isComplete: { state in state.answers.name.map { .yes(.name($0.value, $0.source)) } ?? .no(.noName) },
        leave: { $0.leaveChosenLocal() }),
    WizardStep(
        .role, isShown: { _ in .yes(.always) },
        isComplete: { state in state.answers.role.map { .yes(.role($0.value, $0.source)) } ?? .no(.noRole) },
        leave: { $0.leaveChosenLocal() }),
    WizardStep(
        .confirm, isShown: { $0.request.yes ? .no(.skippedByYes) : .yes(.always) }, isComplete: \.isConfirmed,
        leave: { $0.leaveChosenLocal() }),
    WizardStep(.handOff, isShown: { _ in .yes(.always) }, isComplete: { _ in .no(.endsTheFlow) }),
])

extension WizardState {
    var isWelcomeShown: StepVerdict {
        if let identity { return .no(.signedIn(name: identity.user.name, identity.source)) }
        if let given = request.wayIn { return .no(.wayInGiven(given)) }
        if request.join != nil { return .no(.inviteGiven) }
        return .yes(.noIdentity)
    }

    var isJoinShown: StepVerdict {
        guard let join else { return .no(.noInvite) }
        return join.signsInFirst && identity == nil ? .no(.signsInFirst) : .yes(.inviteAsked)
    }

    var isJoinComplete: StepVerdict {
        guard let joined = join?.joined else { return .no(.notJoined) }
        return .yes(.joined(mesh: joined.mesh.name))
    }

    func isWayShown(_ ways: Set<WayIn>) -> StepVerdict {
        guard let wayIn else {
            guard let identity else { return .no(.noWayIn) }
            return .no(.signedIn(name: identity.user.name, identity.source))
        }
        return ways.contains(wayIn) ? .yes(.wayIn(wayIn)) : .no(.wayIn(wayIn))
    }

    var isSignedIn: StepVerdict {
        identity.map { .yes(.signedIn(name: $0.user.name, $0.source)) } ?? .no(.notSignedIn)
    }

    var isMeshComplete: StepVerdict {
        guard identity != nil else { return .no(wayIn?.isLocal == true ? .waitsForLocalServer : .notSignedIn) }
        if let answer = answers.mesh { return .yes(.mesh(name: answer.value.name, answer.source)) }
        if let notice = meshes.notice { return .no(.meshNotice(notice)) }
        return .no(.noMesh(count: meshes.isKnown ? meshes.rows.all.count : nil))
    }

    var isConfirmed: StepVerdict {
        guard agent.isFound else { return .no(.agentMissing(name: agent.name)) }
        return answers.confirmed ? .yes(.confirmed) : .no(.notConfirmed)
    }

    /// The step whose turn it is.
    public var step: StepID { wizardFlow.current(self) ?? .handOff }

    /// Lays aside who and where one is. An account whose sign-in has ended is still the one the rows belong to.
    mutating func layAside(_ why: SetAside.Reason) {
        stopOpened()
        let aside = SetAside(account: account, server: server, meshes: meshes, history: history, why: why)
        account = .nobody(SignedOut(wayIn: wayIn, aside: aside))
        if why != .ended { meshes = Meshes() }
    }

    /// What Esc in the way of another account or server takes back.
    mutating func bringBackAside(_ why: SetAside.Reason) {
        guard let aside, aside.why == why else { return }
        account = aside.account
        server = aside.server
        meshes = aside.meshes
        // A step that was open is open again, though it was answered before.
        if why == .changing { history = aside.history }
        isBroughtBack = true
    }

    /// What Esc takes back of "this machine only": the way in it was chosen on is the one again.
    mutating func leaveChosenLocal() {
        guard case .local(let chosen?) = wayIn, chosen.isFirst else { return }
        wayIn = chosen.wayIn
        local = .idle
        server = remote
        if identity?.source == .local {
            account.forgetIdentity()
            forgetAccount(keepsMesh: false)
        }
    }

    /// What Esc takes back of a join that was not claimed. The text stays in its field.
    mutating func dropJoin() {
        bringBackAside(.otherServer)
        join = nil
        request.join = nil
        if wayIn == .invite { wayIn = nil }
    }
}
