// What follows from every change: the flow moves on, fields are prefilled, the hand-off ends the flow, and it is noted
// which screen appeared and why.

import Canvas
public import FlowEngine
import MeshAPI
import Widgets

extension WizardState {
    /// How long a launch waits for what its server has to say: that the sign-in has ended, that the mesh is gone.
    static let checkPatience: Milliseconds = 1500
    /// What takes no longer than this is done before anything of it is shown.
    public static let unseen: Milliseconds = 200

    mutating func settle() -> [Effect] {
        wizardFlow.settle(&self)
        // A list that was answered as it came was no question; from another sign-in's way Esc leads back to one.
        if answers.mesh?.source.isKnownBefore == true, !history.opened.contains(.mesh), aside == nil {
            wizardFlow.forget(.mesh, &self)
        }
        prefill()
        return refreshBroughtBack() + settleLocal() + handOff()
    }

    /// The server of this machine is on its way exactly where somebody waits for it: its start ends with the way that was
    /// left, and begins again for who comes back to "this machine only" before it was there.
    private mutating func settleLocal() -> [Effect] {
        let isWayIn = wayIn?.isLocal == true
        let isInForce = isWayIn || server.isLocal
        switch local {
        case .starting where !isInForce, .renewing where !isInForce: return stopLocal()
        case .idle where isWayIn && identity == nil, .ready where isWayIn && identity == nil:
            return startLocalServer()
        default: return []
        }
    }

    /// Who was laid aside is back: the sign-in begun meanwhile ends, and the requests that were cancelled are due again.
    private mutating func refreshBroughtBack() -> [Effect] {
        guard isBroughtBack else { return [] }
        isBroughtBack = false
        return endSignIn() + (identity == nil ? [] : refresh())
    }

    /// Ends the flow where nothing is left to ask, and the server has said what it has to say or had its time.
    private mutating func handOff() -> [Effect] {
        guard step == .handOff else {
            handsOffSince = nil
            return []
        }
        guard outcome == nil, overlays.isEmpty, let identity, answers.mesh != nil, answers.name != nil,
            answers.role != nil
        else { return [] }
        // Its account may be made anew, and without it there is no mesh to be in.
        if local == .starting { return [] }
        let since = handsOffSince ?? now.boot
        handsOffSince = since
        // What was joined a moment ago is there.
        let isListDue = meshes.phase == .loading && answers.mesh?.source != .invite
        if isListDue || (request.yes && identity.check == .unchecked) {
            if now.boot < since + Self.checkPatience { return [] }
            // Where anything came, the server is there: the list is long, or slow.
            if identity.check != .checked {
                account.correct { $0.check = .offline(.noAnswer(seconds: Self.checkPatience / 1000)) }
            }
        }
        guard let launchAnswers else {
            if case .missing(let name, let places) = agent {
                outcome = .failed(.agentMissing(name: name, places: places))
            }
            return []
        }
        outcome = .launch(launchAnswers)
        return saveAnswers(isLaunch: true) + saveChosenLocal(isLaunch: true)
    }

    /// What a launch now would be; nil while an answer, or the agent, is missing.
    public var launchAnswers: LaunchAnswers? {
        guard case .found(let program, _) = agent, let identity, let mesh = answers.mesh?.value,
            let name = answers.name?.value, let role = answers.role
        else { return nil }
        return LaunchAnswers(
            sessionID: facts.sessionID, isResumed: request.resume != nil, mesh: mesh, displayName: name,
            role: role.value, program: program,
            directory: workplace?.path ?? (goesThere ? request.resume?.elsewhere?.path : nil),
            access: access, user: identity.user)
    }

    /// A launch that takes no time shows nothing of itself.
    public var isHandOffUnseen: Bool {
        guard screen == .handOff, let since = handsOffSince else { return false }
        return now.boot < since + Self.unseen
    }

    /// "This machine only" is the default from now on, once it is more than a look at it.
    func saveChosenLocal(isLaunch: Bool = false) -> [Effect] {
        server.isLocal && (hasChosenLocal || (isLaunch && isLocalDefaultByUse)) ? [.saveServer("local")] : []
    }

    /// By hand in this run, though another account may be asked for by now.
    private var hasChosenLocal: Bool {
        [wayIn, aside?.account.wayIn].contains { if case .local(_?) = $0 { true } else { false } }
    }

    /// A launch with `--local` while nobody is signed in anywhere: where else should the next run lead?
    private var isLocalDefaultByUse: Bool { facts.isLocalByFlag && !facts.isSignedInAnywhere }

    /// What takes no Enter at all the next time; nil where this run's sign-in will not be there then.
    var nextCommand: String? {
        guard let identity, memory.mesh == nil, request.resume == nil, !keepsNothing else { return nil }
        // The user's own flags are of this run.
        guard request.agentArguments.isEmpty else { return nil }
        if case .flag = identity.source { return nil }
        let isDefault = hasChosenLocal || !facts.isLocalByFlag || isLocalDefaultByUse
        return server.isLocal && !isDefault ? "claudemesh --local -y" : "claudemesh -y"
    }

    /// What is remembered of this run for the next, where it differs from what was. `isLaunch`: the mesh becomes the last
    /// used one, also where it was that already: another run may have used one since. Without a launch only what a person
    /// answered is: flags were for this run.
    func saveAnswers(isLaunch: Bool = false) -> [Effect] {
        guard let identity else { return [] }
        let isKept = { (source: AnswerSource) in isLaunch || isGiven(source) }
        let nothing = AnswersToSave(server: server.baseURL, userID: identity.user.id)
        var saved = nothing
        if let mesh = answers.mesh, isKept(mesh.source), isLaunch || mesh.value.id != memory.mesh?.id {
            saved.mesh = mesh.value
            saved.isUsed = isLaunch
        }
        if let name = answers.name, isKept(name.source) {
            if !name.source.isPrefilled {
                saved.name = name.value == memory.name ? nil : name.value
            } else if !memory.keepsPrefilledName {
                saved.keepsPrefilledName = true
            }
        }
        if let role = answers.role, isKept(role.source), role.value != memory.role { saved.role = role.value }
        return saved == nothing ? [] : [.saveAnswers(saved)]
    }

    /// A person gave it, or took what stood there already; with `-y` nobody did the latter.
    private func isGiven(_ source: AnswerSource) -> Bool {
        switch source {
        case .person, .invite: true
        case .directory, .account, .loginName: !request.yes
        case .flag, .variable, .resumed, .lastTime, .onlyOne, .assumed: false
        }
    }

    /// Puts the default text into a field that comes up for the first time, and the selection onto the answer so far.
    private mutating func prefill() {
        if let field = focusedField, inputs[field] == nil {
            inputs[field] = TextInput(defaultText(field), bringsBack: field != .token)
        }
        switch stepScreen {
        case .role where selections[.role] == nil: selections[.role] = roleRow
        // Under a filter the best match comes first.
        case .meshList where selections[.meshList] == nil && inputs[.meshFilter]?.isEmpty ?? true:
            selections[.meshList] = answers.mesh.map { RowID.mesh($0.value.id) }
        default: break
        }
    }

    /// A menu that comes up has its primary row under Enter, whatever was selected when it was left the last time. The
    /// ways in keep the one that was gone back from, the lists their answer.
    mutating func selectPrimaryRow(after screen: ScreenID, _ former: Overlays<Overlay>) {
        if let top = overlays.top, former[top.id] == nil { selections[top.id] = nil }
        switch stepScreen {
        case screen, .welcome, .meshList, .role: break
        default: selections[stepScreen] = nil
        }
    }

    private var roleRow: RowID? {
        guard let answer = answers.role else { return nil }
        guard let role = answer.value else { return .noRole }
        return knownRoles.contains(role) ? .role(role) : .otherRole
    }

    func defaultText(_ field: FieldID) -> String {
        switch field {
        case .server: remote.baseURL.hasPrefix("https://") ? remote.host : remote.baseURL
        case .name: answers.name?.value ?? memory.name ?? prefilledName.value
        // A guest is called so by everybody, for as long as there is a guest.
        case .joinName:
            answers.name?.value ?? memory.name ?? (identity == nil ? facts.loginName : prefilledName.value)
        case .role: answers.role?.value.flatMap { knownRoles.contains($0) ? nil : $0 } ?? ""
        case .meshRename: openedMesh?.name ?? ""
        case .token, .invite, .meshFilter, .meshName, .directory: ""
        }
    }

    /// The account's name, else `$USER`, else the login name.
    var defaultName: String { identity?.user.name ?? facts.loginName }

    /// What a key typed ahead depends on.
    struct Focus: Equatable {
        var screen: ScreenID
        /// Of the mesh list, where rows come and go by themselves: whether Enter takes one, and which.
        var hasRows = false
        var row: RowID?
    }

    var focus: Focus {
        guard screen == .meshList else { return Focus(screen: screen) }
        return Focus(screen: .meshList, hasRows: !meshes.rows.isEmpty, row: selections[.meshList])
    }

    /// Notes that another screen is up, or the same one with something else under Enter.
    mutating func appear(after action: Action, before: Focus) {
        let now = focus
        // The first screen counts as caused by a key.
        if case .started = action {
            appearance.screen = now.screen
            return
        }
        // Sent before the first frame.
        switch action {
        case .colorless, .moving: return
        default: break
        }
        guard appearance.screen != now.screen || (before != now && !action.isByPerson) else { return }
        let isSame = appearance.screen == now.screen
        let hasGoneOn = appearance.hasGoneOn || (action.isByPerson && !isSame)
        appearance = Appearance()
        appearance.screen = now.screen
        appearance.hasGoneOn = hasGoneOn
        if case .resized = action { return }
        appearance.isByItself = !action.isByPerson
        appearance.keepsTyping = isSame
    }

    /// The frame is on the terminal: from now on keys are meant for it.
    mutating func painted(_ isWhole: Bool) -> [Effect] {
        if appearance.paintedAt == nil { appearance.paintedAt = now.boot }
        if screen == .welcome && showsTelemetryNotice && isWhole { wasTelemetryNoticeSeen = true }
        return openBrowserOnce()
    }

    mutating func resize(_ size: Size) {
        // A size of 0 is unknown.
        self.size = size.width == 0 || size.height == 0 ? Size(width: 80, height: 24) : size
    }
}
