// Effects on meshes and invites, and on what is kept of them.

import Connect
import Console
import FoundationEssentials
import LocalState
import MeshAPI
import MeshClient
import Wizard

extension EffectRunner {
    func loadMeshes(_ access: Access) async {
        await attempt(.loadingMeshes, access) { client async throws(APIFailure) in
            let all = try await Self.meshes(of: client) { count in await self.arrive(.meshesSoFar(count)) }
            return .meshes(all)
        }
    }

    /// All of them; tells after each page but the last how many have come.
    private nonisolated static func meshes(
        of client: APIClient, soFar: @escaping @Sendable (Int) async -> Void
    ) async throws(APIFailure) -> [Mesh] {
        var all: [Mesh] = []
        try await client.meshes { page, isLast in
            all += page
            if !isLast { await soFar(all.count) }
        }
        return all
    }

    func createMesh(_ access: Access, _ name: String, _ slug: String?, _ key: String) async {
        guard !world.isDry else { return arrive(.failed(.creatingMesh(name: name), .dryRun)) }
        await attempt(.creatingMesh(name: name), access) { client async throws(APIFailure) in
            .meshCreated(try await client.createMesh(CreateMesh(name: name, slug: slug), key: key))
        }
    }

    func renameMesh(_ access: Access, _ id: String, _ name: String) async {
        guard !world.isDry else { return arrive(.failed(.renamingMesh, .dryRun)) }
        await attempt(.renamingMesh, access) { client async throws(APIFailure) in
            .meshRenamed(try await client.renameMesh(id, to: name))
        }
    }

    func makeInvite(_ access: Access, _ mesh: String, _ key: String) async {
        guard !world.isDry else { return arrive(.failed(.makingInvite, .dryRun)) }
        await attempt(.makingInvite, access) { client async throws(APIFailure) in
            let invite = CreateInvite(role: .member, expiresInDays: 7, maxUses: 1)
            return .inviteMade(mesh: mesh, try await client.createInvite(invite, to: mesh, key: key))
        }
    }

    func leaveMesh(_ access: Access, _ id: String, _ name: String) async {
        guard !world.isDry else { return arrive(.failed(.leavingMesh(name: name), .dryRun)) }
        await attempt(.leavingMesh(name: name), access) { client async throws(APIFailure) in
            try await client.removeMember(from: id)
            return .meshLeft(id: id)
        }
    }

    func previewInvite(_ access: Access, _ code: String) async {
        await attempt(.lookingUpInvite, access) { client async throws(APIFailure) in
            return .invitePreview(code: code, try await client.invitePreview(code))
        }
    }

    func claimInvite(_ access: Access, _ code: String, _ name: String, _ key: String) async {
        guard !world.isDry else { return await goOnAsMember(access, code) }
        await attempt(.claimingInvite(mesh: code), access) { client async throws(APIFailure) in
            .claimed(
                code: code, try await client.claimInvite(code, ClaimInvite(displayName: name), key: key))
        }
    }

    /// A dry run claims nothing: who is a member already goes on into the mesh, which the preview does not name by its id.
    private func goOnAsMember(_ access: Access, _ code: String) async {
        await attempt(.claimingInvite(mesh: code), access) { client async throws(APIFailure) in
            let preview = try await client.invitePreview(code)
            guard let membership = preview.membership else { return .failed(.claimingInvite(mesh: code), .dryRun) }
            let fitting = try await client.meshes().filter {
                $0.name == preview.meshName && $0.membership == membership && $0.memberCount == preview.memberCount
            }
            guard let mesh = fitting.first, fitting.count == 1 else {
                return .failed(.claimingInvite(mesh: code), .dryRun)
            }
            return .claimed(code: code, InviteClaim(mesh: mesh, membership: membership))
        }
    }

    func saveMeshes(_ server: String, _ userID: String, _ meshes: [Mesh]) async {
        guard let account = try? world.account(server, userID) else { return }
        let time = world.context.now()
        // A list that could not be kept is asked for again at the next start.
        await keep { try $0.updateMeshes { $0.setMeshes(meshes.map(SavedMesh.init), of: account, at: time) } }
    }

    func keepMesh(_ server: String, _ userID: String, _ mesh: Mesh) async {
        guard let account = try? world.account(server, userID) else { return }
        await keep { try $0.updateMeshes { $0.keepMesh(SavedMesh(mesh), of: account) } }
    }

    func forgetMesh(_ server: String, _ userID: String, _ id: String) async {
        guard let account = try? world.account(server, userID) else { return }
        await keep { try $0.updateMeshes { $0.forgetMesh(id, of: account) } }
    }

    func recall(_ server: String, _ userID: String) async {
        guard let account = try? world.account(server, userID) else { return }
        let kept = try? await world.onDisk { [directory = world.directory] in
            Recollection(
                of: account, meshes: (try? directory.readMeshes())?.value,
                state: (try? directory.readState())?.value ?? StateFile())
        }
        guard let kept else { return }
        arrive(.recalled(kept.memory, meshes: kept.meshes, savedAt: kept.savedAt))
    }

    func saveAnswers(_ saved: AnswersToSave) async {
        guard let account = try? world.account(saved.server, saved.userID) else { return }
        await keep { directory in
            try directory.updateState { state in
                var answers = state.answers(of: account)
                if let mesh = saved.mesh {
                    if saved.isUsed { answers.used(mesh: mesh.id, named: mesh.name) }
                    (answers.meshID, answers.meshName) = (mesh.id, mesh.name)
                }
                if saved.keepsPrefilledName { answers.name = nil } else { answers.name = saved.name ?? answers.name }
                answers.keepsPrefilledName =
                    answers.name == nil && (saved.keepsPrefilledName || answers.keepsPrefilledName)
                if let role = saved.role { answers.role = role ?? "" }
                state.setAnswers(answers, of: account)
            }
        }
    }
}

/// What is on disk of an account: the answers of its last run, and its meshes as last seen.
struct Recollection {
    var memory: RememberedAnswers
    var meshes: [Mesh]
    /// When these were all of its meshes, in seconds since 1970; nil where that never was known.
    var savedAt: Int?

    init(of account: AccountKey, meshes cache: MeshCache?, state: StateFile) {
        let saved = cache?.meshes(of: account) ?? []
        self.init(of: saved, answers: state.answers(of: account))
        savedAt = saved.isEmpty ? nil : cache?.meshesSeenAt(of: account).map { Int($0.timeIntervalSince1970) }
    }

    /// Of the head of a long list: the mesh of the last run counts as one of the others until they are read.
    init(of account: AccountKey, newest: [SavedMesh], state: StateFile) {
        let answers = state.answers(of: account)
        self.init(of: newest, answers: answers)
        guard let former = memory.formerMesh else { return }
        memory.mesh = MeshName(id: former.id, slug: "", name: former.name)
        memory.formerMesh = nil
    }

    private init(of saved: [SavedMesh], answers: LocalState.SavedAnswers) {
        meshes = saved.map(Mesh.init)
        let last = answers.meshID.flatMap { id in saved.first { $0.id == id } }
        memory = RememberedAnswers(
            mesh: last.map { MeshName(id: $0.id, slug: $0.slug, name: $0.name) }, name: answers.name,
            keepsPrefilledName: answers.keepsPrefilledName,
            role: answers.role.map { $0.isEmpty ? .some(nil) : .some($0) } ?? nil, recent: answers.recent,
            attention: answers.attention)
        guard last == nil, let id = answers.meshID, let name = answers.meshName else { return }
        memory.formerMesh = FormerMesh(id: id, name: name)
    }
}

extension Action {
    static func recalled(_ kept: Recollection) -> Action {
        .arrived(.recalled(kept.memory, meshes: kept.meshes, savedAt: kept.savedAt))
    }
}

extension Mesh {
    /// As it was last seen; what is not kept has no meaning on a screen.
    init(_ saved: SavedMesh) {
        // Read once: there may be 100,000.
        let joinedAt = saved.joinedAt
        self.init(
            id: saved.id, slug: saved.slug, name: saved.name, membership: saved.membership,
            memberCount: saved.memberCount, createdAt: joinedAt, joinedAt: joinedAt,
            ownerName: saved.ownerName)
    }
}
