// Joining with an invite: looked at first, claimed once, with an account or as a guest of that mesh alone.

import Canvas
import FlowEngine
import MeshAPI

extension WizardState {
    var inviteText: String { inputs[.invite]?.text ?? "" }

    /// Opens the join step. Its link field keeps what it held.
    mutating func askToJoin() {
        join = Join()
        if identity == nil && wayIn == nil { wayIn = .invite }
        if step == .welcome { wizardFlow.answered(&self) }
    }

    mutating func reduceJoin(_ action: JoinAction) -> [Effect] {
        switch action {
        case .lookUp: return lookUpTyped()
        case .claim: return claim()
        case .otherLink:
            // This one is not wanted; Ctrl-Y brings it back.
            _ = inputs[.invite]?.handle(.control("u"))
            return dropPreview()
        case .giveUp:
            dropJoin()
            return [.cancel(.preview), .cancel(.claim)]
        case .keep: wizardFlow.answered(&self)
        case .useOtherServer: return useOtherServer()
        case .signInFirst:
            guard join?.phase == .preview, identity == nil || needsAccountToJoin else { return [] }
            join?.signsInFirst = true
            // A guest is laid aside, and takes the mesh there is along.
            let effects = changeAccount() + (local == .starting || local == .renewing ? stopLocal() : [])
            wayIn = .browser
            return effects + beginSignIn()
        }
        return []
    }

    mutating func inviteEdited() -> [Effect] {
        let wasWaiting = join?.isWaiting == true
        // The other server was agreed to for the link that is no more.
        bringBackAside(.otherServer)
        join?.phase = .link(nil)
        join?.preview = nil
        return wasWaiting ? [.cancel(.preview)] : []
    }

    mutating func lookUpTyped() -> [Effect] {
        if join?.phase == .lookingUp { return [] }
        guard let reference = InviteReference.parse(inviteText) else {
            let isEmpty = inviteText.trimmingWhitespace().isEmpty
            join?.phase = .link(isEmpty ? .empty : .notAnInvite)
            return []
        }
        return lookUp(reference)
    }

    /// Looks an invite up on the server in force; one of another server is asked about first.
    mutating func lookUp(_ reference: InviteReference) -> [Effect] {
        var join = self.join ?? Join()
        if join.reference?.code != reference.code || join.idempotencyKey.isEmpty { join.idempotencyKey = makeKey() }
        join.reference = reference
        join.preview = nil
        let isElsewhere = reference.server.map { !(ServerAddress(of: server.baseURL)?.owns($0) ?? false) } ?? false
        join.phase = isElsewhere ? .otherServer : .lookingUp
        self.join = join
        if inputs[.invite]?.isEmpty ?? true {
            inputs[.invite] = .init(reference.server.map { "\($0)/i/\(reference.code)" } ?? reference.code)
        }
        return isElsewhere ? [] : [.previewInvite(access, code: reference.code)]
    }

    private mutating func useOtherServer() -> [Effect] {
        guard join?.phase == .otherServer, let reference = join?.reference, let address = reference.server else {
            return []
        }
        layAside(.otherServer)
        join?.signsInFirst = false
        wayIn = .invite
        server = Server(baseURL: address, host: String(address.drop { $0 != "/" }.drop { $0 == "/" }))
        return stopTokenRetries() + endSignIn() + [.cancel(.meshes), .cancel(.identity)] + lookUp(reference)
    }

    mutating func invitePreviewed(_ code: String, _ preview: InvitePreview) -> [Effect] {
        guard let join, join.reference?.code == code, join.preview == nil, join.isWaiting else { return [] }
        self.join?.preview = preview
        self.join?.phase = .preview
        // `-y` takes the prefilled name. A guest of another mesh is not let in.
        guard request.yes, !needsAccountToJoin else { return [] }
        inputs[.joinName] = inputs[.joinName] ?? .init(defaultText(.joinName))
        return claim()
    }

    /// Esc undoes the way to another server before anything else: back to the question that led there.
    mutating func backFromPreview() -> [Effect] {
        guard aside?.why == .otherServer else { return dropPreview() }
        let effects = dropPreview()
        join?.phase = .otherServer
        return effects
    }

    /// From the preview back to the link.
    mutating func dropPreview() -> [Effect] {
        bringBackAside(.otherServer)
        join?.phase = .link(nil)
        join?.preview = nil
        return [.cancel(.preview), .cancel(.claim)]
    }

    private mutating func claim() -> [Effect] {
        guard join?.phase == .preview, let reference = join?.reference, let name = submitted(.joinName) else {
            return []
        }
        join?.phase = .claiming
        return [claimEffect(reference, name)]
    }

    func claimEffect(_ reference: InviteReference, _ name: String) -> Effect {
        .claimInvite(access, code: reference.code, displayName: name, idempotencyKey: join?.idempotencyKey ?? "")
    }

    mutating func inviteClaimed(_ code: String, _ claim: InviteClaim) -> [Effect] {
        guard let join, join.reference?.code == code, !join.isJoined else { return [] }
        let mesh = claim.mesh
        let wasMember = join.preview?.membership != nil || meshes.rows.mesh(mesh.id) != nil
        dismissError { if case .claimingInvite = $0 { true } else { false } }
        let name = submitted(.joinName) ?? defaultName
        var effects: [Effect] = []
        if let token = claim.token, let user = claim.user, identity == nil {
            wayIn = wayIn ?? .invite
            let guest = Identity(
                user: user, kind: .guest, token: Secret(token), source: .thisRun,
                expiresAt: claim.expiresAt?.wallSeconds, check: .checked)
            effects += become(guest, record: .invite)
        }
        self.join?.phase = .joined(
            Join.Joined(mesh: MeshName(mesh), membership: claim.membership, wasMember: wasMember))
        self.join?.signsInFirst = false
        request.join = nil
        effects += add(mesh)
        answers.mesh = Answer(MeshName(mesh), .invite)
        // A guest is called what was just typed.
        let isPrefilled = identity?.kind != .guest && name == prefilledName.value
        answers.name = Answer(name, isPrefilled ? prefilledName.source : .person)
        inputs[.name] = nil
        wizardFlow.answered(&self)
        return effects
    }

    /// The server says why the invite cannot be used, or there was no answer of use.
    mutating func previewFailed(_ failure: APIFailure) -> [Effect] {
        guard let phase = join?.phase, join?.isWaiting == true else { return [] }
        if let problem = BadInvite(failure) {
            join?.phase = .link(problem)
            return []
        }
        let before: Retry? = if case .failed(let retry) = phase { retry } else { nil }
        let next = retry(.api(failure), after: before)
        join?.phase = .failed(next)
        return []
    }

    mutating func claimFailed(_ failure: APIFailure, mesh: String) -> [Effect] {
        guard join?.phase == .claiming else { return [] }
        if failure.status == 401 && identity != nil { return signInEnded() }
        if let problem = BadInvite(failure) {
            dismissError { if case .claimingInvite = $0 { true } else { false } }
            join?.phase = .link(problem)
            return []
        }
        return present(.claimingInvite(mesh: join?.preview?.meshName ?? mesh), .api(failure))
    }
}

extension Join {
    /// Whether a look-up is on its way.
    var isWaiting: Bool {
        switch phase {
        case .lookingUp, .failed: true
        default: false
        }
    }
}

extension BadInvite {
    fileprivate init?(_ failure: APIFailure) { self.init(status: failure.status, code: failure.code) }
}
