// A new mesh: drafted on its screen, made by the server, never twice.

import Canvas
import FlowEngine
import Localization
import MeshAPI

extension WizardState {
    /// Opens the draft: the filter's text is its name, else what was typed before, else the person's own mesh.
    mutating func openDraft() {
        let filter = (inputs[.meshFilter]?.text ?? "").trimmingWhitespace()
        if !filter.isEmpty {
            inputs[.meshName] = TextInput(filter)
        } else if inputs[.meshName]?.isEmpty ?? true {
            inputs[.meshName] = TextInput(ownMeshName)
        }
        meshes.draft = MeshDraft(slug: "", idempotencyKey: makeKey())
        let name = inputs[.meshName]?.text ?? ""
        meshes.draft?.openedWith = name
        meshNameEdited(name)
    }

    /// "Valentina's mesh". A name too long for that stands for itself.
    private var ownMeshName: String {
        let first = defaultName.split(whereSeparator: \.isWhitespace).first.map(String.init) ?? defaultName
        let name = Strings(settings.language)(.usersMesh, ["first": first])
        return FieldRule.name.problem(of: name) == nil ? name : ""
    }

    mutating func meshNameEdited(_ name: String) {
        guard meshes.draft != nil else { return }
        let slug = Slug.from(name)
        let free = freeSlug(slug)
        meshes.draft?.slug = free
        meshes.draft?.takenSlug = free == slug ? nil : slug
    }

    /// The slug, or the first free one after it. Slugs are unique among the meshes one owns.
    private func freeSlug(_ slug: String) -> String {
        let isTaken = { (slug: String) in
            meshes.rows.all.contains { $0.membership == .owner && $0.slug == slug }
        }
        guard isTaken(slug) else { return slug }
        let own = Set(meshes.rows.all.lazy.filter { $0.membership == .owner }.map(\.slug))
        var number = 2
        while own.contains(Self.numbered(slug, number)) { number += 1 }
        return Self.numbered(slug, number)
    }

    private static func numbered(_ slug: String, _ number: Int) -> String {
        let ending = "-\(number)"
        var stem = String(slug.prefix(Slug.maxLength - ending.count))
        while stem.last == "-" { stem.removeLast() }
        return stem + ending
    }

    mutating func submitDraft() -> [Effect] {
        guard var draft = meshes.draft, draft.phase == .editing, let name = submitted(.meshName) else { return [] }
        let sent = MeshDraft.Sent(name: name, slug: draft.takenSlug == nil ? nil : draft.slug)
        // The same mesh keeps its key, so that a retry finds what the first try made; another one gets another.
        if let before = draft.sent, before != sent { draft.idempotencyKey = makeKey() }
        draft.sent = sent
        (draft.phase, draft.mayExist) = (.creating, false)
        meshes.draft = draft
        return [createEffect(draft, sent)]
    }

    func createEffect(_ draft: MeshDraft, _ sent: MeshDraft.Sent) -> Effect {
        .createMesh(access, name: sent.name, slug: sent.slug, idempotencyKey: draft.idempotencyKey)
    }

    mutating func meshCreated(_ mesh: Mesh) -> [Effect] {
        guard identity != nil else { return [] }
        dismissError { if case .creatingMesh = $0 { true } else { false } }
        let effects = add(mesh)
        guard meshes.draft?.phase == .creating else { return effects }
        meshes.draft = nil
        meshes.notice = nil
        inputs[.meshName] = nil
        clearFilter()
        answers.mesh = Answer(MeshName(mesh), .person)
        wizardFlow.answered(&self)
        return effects
    }

    mutating func createFailed(_ failure: APIFailure, name: String) -> [Effect] {
        guard meshes.draft?.phase == .creating else { return [] }
        if failure.status == 401 { return signInEnded() }
        if case .refused(409, let body, _) = failure, let draft = meshes.draft {
            let wanted = draft.sent?.slug ?? draft.slug
            dismissError { if case .creatingMesh = $0 { true } else { false } }
            meshes.draft?.phase = .editing
            meshes.draft?.takenSlug = wanted
            meshes.draft?.slug = body?.suggestion ?? Self.numbered(wanted, 2)
            return []
        }
        return present(.creatingMesh(name: name), .api(failure))
    }
}
