// The mesh list: what completes the step by itself, what arrives, what a person does with it.

import Canvas
import FlowEngine
import MeshAPI
import Widgets

extension WizardState {
    mutating func reduceMesh(_ action: MeshAction) -> [Effect] {
        switch action {
        case .choose(let id):
            guard let mesh = meshes.rows.mesh(id) else { return [] }
            choose(mesh)
        case .create: openDraft()
        case .submit: return submitDraft()
        case .join: askToJoin()
        case .clearFilter: clearFilter()
        case .open(let id): openMesh(id)
        case .rename, .submitRename, .invite, .copyInvite, .watch, .askToLeave, .leave: return reduceOpened(action)
        }
        return []
    }

    private mutating func choose(_ mesh: Mesh) {
        if answers.mesh?.value.id != mesh.id { answers.mesh = Answer(MeshName(mesh), .person) }
        meshes.notice = nil
        (meshes.draft, meshes.opened, meshes.done) = (nil, nil, nil)
        selections[.meshList] = nil
        clearFilter()
        wizardFlow.answered(&self)
    }

    mutating func clearFilter() {
        inputs[.meshFilter]?.replace(with: "")
        filter("")
    }

    mutating func filterEdited(_ text: String) {
        filter(text)
        meshes.done = nil
    }

    /// What is typed selects its best match anew; the whole list keeps the mesh that was moved to.
    private mutating func filter(_ text: String) {
        meshes.rows.filter(text)
        if !text.isEmpty || selections[.meshList]?.meshID == nil { selections[.meshList] = nil }
    }

    /// The first source of an answer that has one; flags and variables that name none keep the others from answering.
    mutating func fillMesh() {
        // A mesh that went away is asked for, never replaced by another in silence.
        if case .gone = meshes.notice { return }
        // Reopened, the list has its answer under the selection, and not what stood first as it came.
        defer { if answers.mesh != nil { selections[.meshList] = nil } }
        if let wanted = request.mesh {
            resolve(wanted)
        } else if let resume = request.resume {
            answers.mesh = has(resume.mesh) ? Answer(resume.mesh, .resumed) : nil
            if answers.mesh == nil { meshes.notice = .gone(name: resume.mesh.name) }
        } else if let mesh = memory.mesh, has(mesh) {
            guard isUntouched else { return }
            answers.mesh = Answer(meshes.rows.mesh(mesh.id).map(MeshName.init) ?? mesh, .lastTime)
        } else if let mesh = memory.mesh, meshes.notice == nil {
            meshes.notice = .gone(name: mesh.name)
        } else if let mesh = memory.formerMesh.flatMap({ meshes.rows.mesh($0.id) }), isUntouched {
            answers.mesh = Answer(MeshName(mesh), .lastTime)
        } else if meshes.rows.all.count == 1, meshes.isKnown, let only = meshes.rows.all.first, isUntouched {
            answers.mesh = Answer(MeshName(only), .onlyOne)
        } else if let mesh = memory.formerMesh, meshes.isKnown, isUntouched {
            meshes.notice = .gone(name: mesh.name)
        }
    }

    /// Whether the account has the mesh, as far as is known: only the server's answer can take one away.
    private func has(_ mesh: MeshName) -> Bool {
        meshes.phase != .loaded || meshes.rows.mesh(mesh.id) != nil
    }

    /// Nothing was begun on the list that an answer by itself would sweep away.
    private var isUntouched: Bool {
        meshes.draft == nil && meshes.opened == nil && (inputs[.meshFilter]?.isEmpty ?? true) && meshes.notice == nil
    }

    private mutating func resolve(_ wanted: Answer<String>) {
        let fitting = meshes.rows.all.meant(by: wanted.value)
        if let only = fitting.first, fitting.count == 1 {
            answers.mesh = Answer(MeshName(only), wanted.source)
            if case .ambiguous = meshes.notice { clearFilter() }
            meshes.notice = nil
        } else if fitting.count > 1 {
            // Those that it may be come first, once: the person may clear the filter.
            if isUntouched {
                inputs[.meshFilter] = TextInput(wanted.value)
                filterEdited(wanted.value)
            }
            meshes.notice = .ambiguous(query: wanted.value, ids: fitting.map(\.id))
        } else if meshes.phase == .loaded {
            meshes.notice = .unknown(query: wanted.value, closest: meshes.rows.all.closest(to: wanted.value)?.slug)
        }
    }

    /// A part of the list came: the server is there, and takes the token.
    mutating func meshesCounted(_ count: Int) {
        guard identity != nil, meshes.phase == .loading else { return }
        meshes.soFar = count
        markChecked()
    }

    mutating func meshesArrived(_ all: [Mesh]) -> [Effect] {
        guard let identity else { return [] }
        markChecked()
        meshes.soFar = 0
        meshes.phase = .loaded
        meshes.savedAt = nil
        setRows(all)
        dismissError { $0 == .loadingMeshes }
        if local == .renewing { local = .ready }
        dropAnswerThatIsGone()
        fillAnswers()
        return [.saveMeshes(server: server.baseURL, userID: identity.user.id, meshes.rows.all)]
    }

    private mutating func dropAnswerThatIsGone() {
        guard let answer = answers.mesh else { return }
        if let mesh = meshes.rows.mesh(answer.value.id) {
            answers.mesh?.value = MeshName(mesh)
        } else {
            answers.mesh = nil
            answers.confirmed = false
            // Nobody was shown what a word meant: it is looked for among those that are there.
            if !(answer.source.isGiven && request.yes) { meshes.notice = .gone(name: answer.value.name) }
        }
    }

    /// Puts rows in order (last used first, then the newest) under the filter; the selection stays on its mesh.
    mutating func setRows(_ list: [Mesh]) {
        let selected = selections[.meshList] ?? meshes.rows[0].map { RowID.mesh($0.id) }
        let known = Set(list.map(\.id))
        var rows = list + meshes.added.filter { !known.contains($0.id) }
        rows.sort { $0.joinedAt > $1.joinedAt }
        if !memory.recent.isEmpty {
            let place = Dictionary(memory.recent.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
            let recent = rows.filter { place[$0.id] != nil }
                .sorted { place[$0.id, default: 0] < place[$1.id, default: 0] }
            rows = recent + rows.filter { place[$0.id] == nil }
        }
        meshes.rows = MeshListRows(rows)
        meshes.rows.filter(inputs[.meshFilter]?.text ?? "")
        if meshes.opened != nil, openedMesh == nil { meshes.opened = nil }
        if let id = selected?.meshID, meshes.rows.mesh(id) == nil {
            selections[.meshList] = nil
        } else {
            selections[.meshList] = selected
        }
    }

    /// A mesh made or joined in this run. The next one must know it, though no list may come before the launch.
    mutating func add(_ mesh: Mesh) -> [Effect] {
        meshes.added.append(mesh)
        setRows(meshes.rows.all.filter { $0.id != mesh.id })
        return identity.map { [.keepMesh(server: server.baseURL, userID: $0.user.id, mesh)] } ?? []
    }

    /// A list that came is of its time: before a launch into one of its meshes it is asked for anew. Not where the server
    /// was out of reach a moment ago, nor where it is being asked already.
    mutating func askForMeshesAgain() -> [Effect] {
        guard meshes.phase == .loaded, identity?.check == .checked else { return [] }
        meshes.phase = .loading
        meshes.added = []
        account.correct { $0.check = .unchecked }
        return [.loadMeshes(access)]
    }

    /// Who is in the meshes, and what waits there, changes while one looks elsewhere. What stands on the screen stays
    /// until the answer is here.
    func askWhoIsHere() -> [Effect] {
        guard meshes.phase == .loaded, identity != nil else { return [] }
        return [.loadMeshes(access)]
    }

    /// An answer to a request with the token: it is good.
    private mutating func markChecked() {
        account.correct { $0.check = .checked }
    }

    mutating func meshesFailed(_ failure: APIFailure) -> [Effect] {
        guard identity != nil else { return [] }
        meshes.soFar = 0
        if failure.status == 401 { return signInEnded() }
        if case .unreachable(let why) = failure { account.correct { $0.check = .offline(why) } }
        let before: Retry? = if case .failed(let retry) = meshes.phase { retry } else { nil }
        meshes.phase = .failed(retry(.api(failure), after: before))
        return []
    }
}
