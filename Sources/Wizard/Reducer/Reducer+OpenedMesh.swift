// What can be done with a row of the list: rename it, invite to it, leave it. Each is sent once, and Esc stops it.

import Canvas
import FlowEngine
import MeshAPI

extension WizardState {
    mutating func openMesh(_ id: String) {
        guard meshes.rows.mesh(id) != nil else { return }
        meshes.opened = OpenedMesh(id: id)
        meshes.done = nil
        selections[.meshList] = .mesh(id)
    }

    mutating func reduceOpened(_ action: MeshAction) -> [Effect] {
        guard let mesh = openedMesh, let opened = meshes.opened, !opened.isUnderWay else { return [] }
        switch action {
        case .rename:
            inputs[.meshRename] = TextInput(mesh.name)
            meshes.opened?.phase = .renaming
        case .submitRename: return submitRename(of: mesh)
        case .invite:
            if opened.inviteKey.isEmpty {
                let key = makeKey()
                meshes.opened?.inviteKey = key
            }
            meshes.opened?.phase = .inviting
            return sendOpened()
        case .copyInvite:
            guard case .invited(let invite) = opened.phase else { return [] }
            signIn.copied = nil
            return [.copy(invite.url)]
        case .watch: return watch(MeshName(mesh), as: mesh.membership)
        case .askToLeave: meshes.opened?.phase = .askingToLeave
        case .leave:
            guard opened.phase == .askingToLeave else { return [] }
            meshes.opened?.phase = .leaving
            return sendOpened()
        default: break
        }
        return []
    }

    private mutating func submitRename(of mesh: Mesh) -> [Effect] {
        guard meshes.opened?.phase == .renaming, let name = submitted(.meshRename) else { return [] }
        guard name != mesh.name else {
            meshes.opened?.phase = .choosing
            return []
        }
        meshes.opened?.phase = .sendingName(name)
        return sendOpened()
    }

    /// The request that is under way, for the first time or once more.
    func sendOpened() -> [Effect] {
        guard let opened = meshes.opened else { return [] }
        return switch opened.phase {
        case .sendingName(let name): [.renameMesh(access, id: opened.id, name: name)]
        case .inviting: [.makeInvite(access, mesh: opened.id, idempotencyKey: opened.inviteKey)]
        case .leaving: [.leaveMesh(access, id: opened.id, name: openedMesh?.name ?? "")]
        case .choosing, .renaming, .invited, .askingToLeave: []
        }
    }

    /// Esc: stops what is on its way, else goes a step back in the row, else closes it.
    mutating func backInOpened() -> [Effect] {
        guard let opened = meshes.opened else { return [] }
        if opened.phase == .choosing { meshes.opened = nil } else { meshes.opened?.phase = opened.former }
        signIn.copied = nil
        return opened.isUnderWay ? [.cancel(.meshChange)] : []
    }

    /// What was on its way can be sent again.
    mutating func stopOpened() {
        guard let opened = meshes.opened, opened.isUnderWay else { return }
        meshes.opened?.phase = opened.former
    }

    // MARK: Answers

    mutating func meshRenamed(_ renamed: Mesh) -> [Effect] {
        guard let identity, var mesh = meshes.rows.mesh(renamed.id) else { return [] }
        dismissError { $0 == .renamingMesh }
        (mesh.name, mesh.slug) = (renamed.name, renamed.slug)
        let change = { (other: Mesh) in other.id == mesh.id ? mesh : other }
        meshes.added = meshes.added.map(change)
        setRows(meshes.rows.all.map(change))
        if answers.mesh?.value.id == mesh.id { answers.mesh?.value = MeshName(mesh) }
        if case .sendingName = meshes.opened?.phase { closeOpened(after: .renamed(mesh.name)) }
        return [.keepMesh(server: server.baseURL, userID: identity.user.id, mesh)]
    }

    mutating func inviteMade(_ mesh: String, _ invite: Invite) -> [Effect] {
        dismissError { $0 == .makingInvite }
        guard meshes.opened?.id == mesh, meshes.opened?.phase == .inviting else { return [] }
        meshes.opened?.phase = .invited(invite)
        // The next one is another.
        meshes.opened?.inviteKey = ""
        return []
    }

    mutating func meshLeft(_ id: String) -> [Effect] {
        guard let identity, let mesh = meshes.rows.mesh(id) else { return [] }
        dismissError { if case .leavingMesh = $0 { true } else { false } }
        if meshes.opened?.id == id { closeOpened(after: .left(mesh.name)) }
        meshes.added.removeAll { $0.id == id }
        if memory.mesh?.id == id { memory.mesh = nil }
        if answers.mesh?.value.id == id { (answers.mesh, answers.confirmed) = (nil, false) }
        setRows(meshes.rows.all.filter { $0.id != id })
        return [.forgetMesh(server: server.baseURL, userID: identity.user.id, id: id)]
    }

    private mutating func closeOpened(after done: MeshDone) {
        meshes.opened = nil
        meshes.done = done
        inputs[.meshRename] = nil
    }

    mutating func openedFailed(_ attempt: Attempt, _ failure: APIFailure) -> [Effect] {
        guard meshes.opened?.isUnderWay == true else { return [] }
        return failure.status == 401 ? signInEnded() : present(attempt, .api(failure))
    }
}
