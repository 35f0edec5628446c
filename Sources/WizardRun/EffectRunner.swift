// Carries the wizard's effects out, each in its task, and sends back what they bring. To add an effect: its case below,
// its work in the file of its topic (`EffectRunner+SignIn`, `+Meshes`, `+Machine`).

import Console
import LocalState
import MeshAPI
import MeshClient
import Wizard

/// Runs effects. Named ones replace the one before under the same name; the others simply run to their end.
@MainActor
final class EffectRunner {
    var world: EffectWorld
    /// Where the results go.
    let send: @MainActor (Action) -> Void
    private var tasks: [EffectTask: Task<Void, Never>] = [:]
    /// Writes, in the order they were asked for; a launch waits for them.
    private var writes: Task<Void, Never>?
    /// What is in nobody's way: giving up a code, ending a session. Waited for a second at most.
    private var farewells: [Task<Void, Never>] = []
    var signIn: DeviceCodeSignIn?
    /// A sign-in of this run that is not kept: it ends with the run.
    var unkept: Access?

    init(world: EffectWorld, send: @escaping @MainActor (Action) -> Void) {
        self.world = world
        self.send = send
    }

    func run(_ effect: Effect) {
        if case .cancel(let name) = effect {
            tasks.removeValue(forKey: name)?.cancel()
            return
        }
        if case .nudgePoll = effect {
            signIn?.nudge()
            return
        }
        if effect.isFarewell {
            farewells.append(Task { await self.perform(effect) })
        } else if effect.isWrite {
            let before = writes
            writes = Task {
                await before?.value
                await self.perform(effect)
            }
        } else if let name = effect.task {
            tasks[name]?.cancel()
            // A list that is shown after signing in says that the sign-in is on disk.
            let before = name == .meshes ? writes : nil
            tasks[name] = Task {
                await before?.value
                await self.perform(effect)
            }
        } else {
            Task { await self.perform(effect) }
        }
    }

    /// Ends what waits and lets what writes come to its end.
    func finishWrites() async {
        for task in tasks.values { task.cancel() }
        tasks = [:]
        await writes?.value
    }

    /// As above, and gives what takes leave a second.
    func finish() async {
        await finishWrites()
        if let unkept { farewells.append(Task { await self.revokeSession(unkept) }) }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { try? await Task.sleep(for: .seconds(1)) }
            group.addTask { [farewells] in for task in farewells { await task.value } }
            await group.next()
            group.cancelAll()
        }
        for task in farewells { task.cancel() }
    }

    private func perform(_ effect: Effect) async {
        switch effect {
        case .checkServer(let server): await checkServer(server)
        case .requestDeviceCode(let server): await requestDeviceCode(server)
        case .poll(let code): await poll(code)
        case .giveUpCode(let server, let code): await giveUp(server, code)
        case .openBrowser(let url): await openBrowser(url)
        case .copy(let text): await copy(text)
        case .makeQR(let code, let text): await makeQR(code, text)
        case .checkToken(let access): await checkToken(access)
        case .checkIdentity(let access): await checkIdentity(access)
        case .saveSignIn(let record): await saveSignIn(record)
        case .recall(let server, let userID): await recall(server, userID)
        case .adoptGuest(let access, let guest): await adoptGuest(access, guest)
        case .revokeSession(let access): await revokeSession(access)
        case .loadMeshes(let access): await loadMeshes(access)
        case .createMesh(let access, let name, let slug, let key): await createMesh(access, name, slug, key)
        case .renameMesh(let access, let id, let name): await renameMesh(access, id, name)
        case .makeInvite(let access, let mesh, let key): await makeInvite(access, mesh, key)
        case .leaveMesh(let access, let id, let name): await leaveMesh(access, id, name)
        case .previewInvite(let access, let code): await previewInvite(access, code)
        case .claimInvite(let access, let code, let name, let key): await claimInvite(access, code, name, key)
        case .saveMeshes(let server, let userID, let meshes): await saveMeshes(server, userID, meshes)
        case .keepMesh(let server, let userID, let mesh): await keepMesh(server, userID, mesh)
        case .forgetMesh(let server, let userID, let id): await forgetMesh(server, userID, id)
        case .startLocalServer: await startLocalServer()
        case .lookForAgent: await lookForAgent()
        case .recallDirectories: await recallDirectories()
        case .lookAtDirectory(let text): await lookAtDirectory(text)
        case .saveAnswers(let answers): await saveAnswers(answers)
        case .savePlain(let isPlain): await savePlain(isPlain)
        case .saveLanguage(let language): await saveLanguage(language)
        case .saveAccent(let accent): await saveAccent(accent)
        case .saveUsage(let isTold): await saveUsage(isTold)
        case .saveASCII(let isASCII): await saveASCII(isASCII)
        case .saveServer(let server): await saveServer(server)
        case .nudgePoll, .cancel, .watch: break
        }
    }

    /// Sends a result, unless the task that brought it was ended meanwhile.
    func arrive(_ arrival: Arrival) {
        guard !Task.isCancelled else { return }
        send(.arrived(arrival))
    }

    /// Runs `work`; sends what it brings, or that `attempt` failed.
    func attempt(
        _ attempt: Attempt, _ access: Access, _ work: (APIClient) async throws(APIFailure) -> Arrival
    ) async {
        do throws(APIFailure) {
            arrive(try await asking(access, work))
        } catch {
            guard error != .cancelled else { return }
            arrive(.failed(attempt, .api(error)))
        }
    }

    /// Asks once; where that was the server of this machine and it is gone, it is started again and asked once more. At
    /// another address it is another server to the wizard, whose Retry finds it.
    func asking(
        _ access: Access, _ work: (APIClient) async throws(APIFailure) -> Arrival
    ) async throws(APIFailure) -> Arrival {
        do throws(APIFailure) {
            return try await work(try world.client(access))
        } catch {
            guard let again = await world.revived(access, after: error), again.server == access.server else {
                throw error
            }
            return try await work(try world.client(again))
        }
    }
}

extension Effect {
    /// It changes a file, and must not overtake another that does.
    fileprivate var isWrite: Bool {
        switch self {
        case .saveSignIn, .saveMeshes, .keepMesh, .forgetMesh, .saveAnswers, .savePlain, .saveASCII, .saveLanguage,
            .saveAccent, .saveUsage, .saveServer, .recall:
            true
        default: false
        }
    }

    /// It tells a server of something that is over already.
    fileprivate var isFarewell: Bool {
        switch self {
        case .giveUpCode, .revokeSession: true
        default: false
        }
    }
}
