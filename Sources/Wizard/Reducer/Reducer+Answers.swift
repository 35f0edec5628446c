// The answers: what completes a step without a question, and the answers given on the name, role and confirm screens.
// First wins: flag, environment, `--resume`, `state.json`. What is once answered stays until it is answered anew.

import Canvas
import FlowEngine
import MeshAPI

extension WizardState {
    /// Answers what flags, environment and memory can answer. Called where there is news of them, never over an answer.
    mutating func fillAnswers() {
        if answers.mesh == nil { fillMesh() }
        if answers.name == nil { answers.name = givenName }
        if answers.role == nil { answers.role = givenRole }
    }

    private var givenName: Answer<String>? {
        if let name = request.name { return name }
        if let resume = request.resume { return Answer(resume.name, .resumed) }
        if let name = memory.name, FieldRule.name.problem(of: name) == nil { return Answer(name, .lastTime) }
        // The account's name is known once there is an account.
        return identity != nil && (request.yes || memory.keepsPrefilledName) ? prefilledName : nil
    }

    /// The directory's name, so that two sessions of one person differ; where that says nothing, the account's, else that
    /// of the login.
    var prefilledName: Answer<String> {
        if let name = workplace == nil ? facts.directoryName : workplace?.name { return Answer(name, .directory) }
        if let name = identity?.user.name, FieldRule.name.problem(of: name) == nil { return Answer(name, .account) }
        return Answer(facts.loginName, .loginName)
    }

    private var givenRole: Answer<String?>? {
        if let role = request.role { return role }
        if let resume = request.resume { return Answer(resume.role, .resumed) }
        if let role = memory.role { return Answer(role, .lastTime) }
        return request.yes ? Answer(nil, .assumed) : nil
    }

    mutating func reduceName(_ action: NameAction) -> [Effect] {
        guard let name = submitted(.name) else { return [] }
        // Enter on a text that was only prefilled keeps where it came from.
        let source: AnswerSource =
            answers.name?.value == name
            ? answers.name?.source ?? .person : name == prefilledName.value ? prefilledName.source : .person
        answers.name = Answer(name, source)
        wizardFlow.answered(&self)
        return []
    }

    mutating func reduceRole(_ action: RoleAction) -> [Effect] {
        switch action {
        case .other:
            writesOwnRole = true
            return []
        case .choose(let role): answer(role: role)
        case .submit:
            guard let role = submitted(.role) else { return [] }
            answer(role: role)
        }
        return []
    }

    private mutating func answer(role: String?) {
        if answers.role.map({ $0.value != role }) ?? true { answers.role = Answer(role, .person) }
        writesOwnRole = false
        selections[.role] = nil
        wizardFlow.answered(&self)
    }

    /// The trimmed text of a field, or nil and the reason on the screen.
    mutating func submitted(_ field: FieldID) -> String? {
        let text = (inputs[field]?.text ?? "").trimmingWhitespace()
        fieldProblem = rule(field)?.problem(of: text)
        return fieldProblem == nil ? text : nil
    }

    func rule(_ field: FieldID) -> FieldRule? {
        switch field {
        case .name, .joinName, .meshName, .meshRename: .name
        case .role: .role
        case .server, .token, .invite, .meshFilter, .directory: nil
        }
    }

    mutating func reduceConfirm(_ action: ConfirmAction) -> [Effect] {
        switch action {
        case .launch:
            guard agent.isFound else { return [.lookForAgent] }
            answers.confirmed = true
            return askForMeshesAgain()
        case .lookAgain: return [.lookForAgent]
        case .copyInstaller:
            signIn.copied = nil
            return [.copy(facts.agentInstaller)]
        case .changeDirectory: return askForDirectory()
        case .submitDirectory: return submitDirectory()
        case .useDirectory(let place): return take(place)
        case .changeMesh: reopen(.mesh)
        case .changeName: reopen(.name)
        case .changeRole: reopen(.role)
        case .changeAccount: return changeAccount()
        case .watch:
            guard let mesh = answers.mesh?.value else { return [] }
            return watch(mesh, as: meshes.rows.mesh(mesh.id)?.membership ?? .member)
        }
        return []
    }

    /// A look at a mesh: the chosen one, or one of the list.
    func watch(_ mesh: MeshName, as membership: Membership) -> [Effect] {
        guard let identity else { return [] }
        return [.watch(Watched(access: access, mesh: mesh, membership: membership, user: identity.user))]
    }

    /// Opens an answered step, its answer under its selection. A text field holds what was typed into it last, which
    /// Esc keeps.
    private mutating func reopen(_ id: StepID) {
        inputs[.meshFilter] = nil
        (meshes.opened, meshes.done) = (nil, nil)
        selections[.role] = nil
        selections[.meshList] = nil
        meshes.rows.filter("")
        wizardFlow.open(id, &self)
    }
}
