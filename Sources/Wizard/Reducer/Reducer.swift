// What follows from what happened: the one place that changes the state. Pure: no I/O, no clock, no environment.
// Each noun's part is in `Reducer+Noun.swift`; after it, `settle` lets the flow move on and sees to what follows from that.

public import FlowEngine
import MeshAPI

/// Changes the state by one action, and says what is to be done. `now` is the time at which it happened.
public func reduce(_ state: inout WizardState, _ action: Action, at now: Moment) -> [Effect] {
    state.now = now
    guard state.outcome == nil else { return state.afterTheEnd(action) }
    guard state.accepts(action) else { return [] }
    let (before, screen, overlays) = (state.focus, state.stepScreen, state.overlays)
    if action.isByPerson { state.pastedUnknown = false }
    var effects = state.perform(action)
    effects += state.settle()
    // What was refused in the field of one screen is nothing to the next.
    if state.stepScreen != screen { (state.fieldProblem, state.rowsInFocus) = (nil, nil) }
    state.selectPrimaryRow(after: screen, overlays)
    state.appear(after: action, before: before)
    state.noteWait()
    return effects
}

/// Where every step stands and why.
public func explain(_ state: WizardState) -> [StepExplanation<StepID, StepReason>] {
    wizardFlow.explain(state)
}

extension Action {
    /// A person did it; the rest comes by itself.
    public var isByPerson: Bool {
        switch self {
        case .arrived, .tick, .painted, .resumed, .colorless, .moving, .resized, .started, .cameBack, .frontEndChanged:
            false
        default: true
        }
    }
}

extension WizardState {
    /// The outcome stands. A launch that is being prepared can still be stopped, and line mode goes on with the same state.
    fileprivate mutating func afterTheEnd(_ action: Action) -> [Effect] {
        switch (action, outcome) {
        case (.resized(let size), _): resize(size)
        case (.interrupt, .launch): outcome = .exit(.interrupted)
        case (.frontEndChanged, .exit(.lineMode)): (outcome, wait.moves) = (nil, false)
        default: break
        }
        return []
    }

    /// Whether the action belongs to what is on the screen: a late one must not reach another step.
    fileprivate func accepts(_ action: Action) -> Bool {
        switch action {
        case .expired: overlays.top?.id == .sessionExpired
        case .goOnNested: overlays.top?.id == .nested
        case .goThere, .startHere: overlays.top?.id == .elsewhere
        case .settings: offersSettings
        case .change: overlays.top?.id == .settings
        case .takeUp, .startNew: overlays.top?.id == .launches
        case .leave: overlays.top?.id == .quit
        case .retry where isTooSmall: false
        case .retry: overlays.isEmpty || overlays.top?.id == .error
        case .back, .paste, .help: !isTooSmall
        case .edit(let field, _): focusedField == field
        case .welcome: isOpen(.welcome) && serverEntry == nil
        case .server: isOpen(.welcome) && serverEntry != nil
        case .join: isOpen(.join)
        case .signIn(.keep): isOpen(.signIn) || isOpen(.pasteToken)
        case .signIn(.anotherAccount): overlays.isEmpty && !isTooSmall && identity != nil
        case .signIn: isOpen(.signIn) && identity == nil
        case .token: isOpen(.pasteToken) && identity == nil
        case .mesh: isOpen(.mesh) && identity != nil
        case .name: isOpen(.name)
        case .role: isOpen(.role)
        case .confirm: isOpen(.confirm)
        default: true
        }
    }

    private func isOpen(_ id: StepID) -> Bool { overlays.isEmpty && !isTooSmall && step == id }

    fileprivate mutating func perform(_ action: Action) -> [Effect] {
        switch action {
        case .started: return start()
        case .tick: return tick()
        case .resumed: return signIn.phase == .waiting ? [.nudgePoll] : []
        case .colorless: isColorless = true
        case .moving: wait.moves = true
        case .resized(let size): resize(size)
        case .painted(let isWhole): return painted(isWhole)
        case .frontEndChanged: wait.moves = false
        case .cameBack: return askWhoIsHere()
        case .arrived(let arrival): return receive(arrival)

        case .select(let screen, let row):
            selections[screen] = row
            rowsInFocus = screen
        case .edit(let field, let input):
            rowsInFocus = nil
            return edit(field, input)
        case .paste(let text): return paste(text)
        case .back: return back()
        case .help: overlays.present(.help)
        case .settings: overlays.present(.settings)
        case .change(let setting): return change(setting)
        case .quit: return quit(byInterrupt: false)
        case .interrupt: return quit(byInterrupt: true)
        case .dismiss: return dismiss()
        case .leave: return leave()
        case .retry: return retryNow()
        case .goOnNested: overlays.dismiss(.nested)
        case .goThere, .startHere:
            goesThere = action == .goThere
            overlays.dismiss(.elsewhere)
        case .takeUp(let id):
            if facts.launches.contains(where: { $0.id == id }) { outcome = .exit(.takeUp(id: id)) }
        case .startNew: overlays.dismiss(.launches)
        case .plainText:
            settings.plain = true
            outcome = .exit(.lineMode)
            return [.savePlain(true)]
        case .toggleASCII:
            settings.ascii.toggle()
            return [.saveASCII(settings.ascii)]

        case .welcome(let action): return reduceWelcome(action)
        case .server(.submit): return submitServer()
        case .join(let action): return reduceJoin(action)
        case .signIn(let action): return reduceSignIn(action)
        case .token(let action): return reduceToken(action)
        case .mesh(let action): return reduceMesh(action)
        case .name(let action): return reduceName(action)
        case .role(let action): return reduceRole(action)
        case .confirm(let action): return reduceConfirm(action)
        case .expired(let action): return reduceExpired(action)
        }
        return []
    }

    private mutating func receive(_ arrival: Arrival) -> [Effect] {
        switch arrival {
        case .serverChecked(let baseURL, let version): serverChecked(baseURL, version: version)
        case .deviceCode(let code): return codeArrived(code)
        case .poll(let event): return polled(event)
        // What came last is what is said.
        case .browser(let result): (signIn.browser, signIn.copied) = (result, result == .failed ? nil : signIn.copied)
        case .copied(let result):
            signIn.copied = result
            if signIn.browser != .opened { signIn.browser = nil }
        case .qr(let code, let lines):
            if signIn.code?.userCode == code { signIn.qr = lines }
        case .tokenChecked(let token, let who): return tokenChecked(token, who)
        case .identityChecked(let who): return identityChecked(who)
        case .identityCheckFailed(let failure): return identityCheckFailed(failure)
        case .saved(let path): return signInSaved(path)
        case .recalled(let memory, let meshes, let savedAt): recalled(memory, meshes, savedAt)
        case .guestAdopted: return guestAdopted()
        case .notKept: keepsNothing = true
        case .meshes(let all): return meshesArrived(all)
        case .meshesSoFar(let count): meshesCounted(count)
        case .meshCreated(let mesh): return meshCreated(mesh)
        case .meshRenamed(let mesh): return meshRenamed(mesh)
        case .inviteMade(let mesh, let invite): return inviteMade(mesh, invite)
        case .meshLeft(let id): return meshLeft(id)
        case .invitePreview(let code, let preview): return invitePreviewed(code, preview)
        case .claimed(let code, let claim): return inviteClaimed(code, claim)
        case .localServer(let server, let identity): return localServerReady(server, identity)
        case .agent(let lookup):
            agent = lookup
            agentLookedForAt = now.wall
        case .directories(let recent): directoryEntry?.recent = recent
        case .directory(let text, let place): directoryFound(text, place)
        case .messages(let outlook): messages = outlook
        case .failed(let attempt, let trouble): return failed(attempt, trouble)
        }
        return []
    }
}
