// A run that asks nobody: what flags, environment and files do not answer ends it, naming what would.

import Canvas
import Connect
import Console
import FlowEngine
import LocalState
import Localization
import MeshAPI
import Wizard

/// The wizard without questions.
@MainActor
struct NoFrontEnd {
    let session: WizardSession

    /// Waits for what is on its way. Throws what names the answer that is missing, or why a request failed.
    func run() async throws -> WizardOutcome {
        let (changes, inbox) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        session.onArrival = { inbox.yield() }
        defer { session.onArrival = {} }
        session.start()
        var iterator = changes.makeAsyncIterator()
        while true {
            switch session.state.standing {
            case .over(let outcome): return outcome
            case .missing(let missing): throw failure(missing)
            case .failed(let attempt, let trouble): throw failure(attempt, trouble)
            case .waiting: break
            }
            let timer = wake(inbox)
            _ = await iterator.next()
            timer?.cancel()
            session.send(.tick)
        }
    }

    /// The outcome, if there is one so soon that nothing has to be shown. What is missing is asked elsewhere.
    func outcome(within limit: Duration) async -> WizardOutcome? {
        let (changes, inbox) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        session.onArrival = { inbox.yield() }
        let end = Task {
            try? await Task.sleep(for: limit)
            inbox.finish()
        }
        defer {
            end.cancel()
            session.onArrival = {}
        }
        session.start()
        var iterator = changes.makeAsyncIterator()
        while session.state.outcome == nil, session.state.standing == .waiting {
            guard await iterator.next() != nil else { break }
        }
        return session.state.outcome
    }

    private func wake(_ inbox: AsyncStream<Void>.Continuation) -> Task<Void, Never>? {
        guard let next = session.state.nextTick else { return nil }
        let wait = max(1, next - session.world.moment().boot)
        return Task {
            guard (try? await Task.sleep(for: .milliseconds(wait))) != nil else { return }
            inbox.yield()
        }
    }

    /// The flag that gives the answer, and what it may be.
    private func failure(_ missing: Missing) -> any Error {
        switch missing {
        case .signIn:
            session.authFailure
                ?? Failure.missing(flag: "--token", choices: ["--token", "--join", "--local"], kind: .ways)
        case .rejected(.file), .rejected(.local), .rejected(.thisRun): Failure.authenticationFailed
        case .rejected(.flag(let name)), .rejected(.variable(let name)): Failure.tokenRejected(source: name)
        case .invite(let problem): Failure.badInvite(problem, host: session.state.server.host)
        case .otherServer(let server): Failure.inviteElsewhere(server: server)
        case .account: Failure.guestOnly
        case .mesh(.unknown(let query, let closest), let choices):
            Failure.noSuchMesh(text: query, closest: closest, known: choices.map(\.slug))
        case .mesh(.ambiguous(let query, let ids), _): Failure.ambiguous(text: query, matches: ids)
        case .mesh(.gone(let name), let choices): Failure.meshGone(name: name, known: choices.map(\.slug))
        case .mesh(nil, let choices):
            choices.isEmpty
                ? Failure.noMeshes : Failure.missing(flag: "--mesh", choices: choices.map(\.slug), kind: .meshes)
        case .launch(let choices):
            Failure.missing(flag: "--resume", choices: choices.prefix(10).map { String($0.id.prefix(8)) }, kind: .none)
        case .name: Failure.missing(flag: "--name", choices: offeredName, kind: .none)
        case .role:
            Failure.missing(
                flag: "--role", choices: ["'' (\(session.world.context.strings(WizardText.noRole)))"] + knownRoles,
                kind: .roles)
        case .confirmation: Failure.unconfirmed
        }
    }

    /// What the other front ends would offer.
    private var offeredName: [String] { [session.state.inputs[.name]?.text ?? ""].filter { !$0.isEmpty } }

    private func failure(_ attempt: Attempt, _ trouble: Trouble) -> any Error {
        switch trouble {
        case .api(let failure): Failure.api(failure, host: session.state.server.host, origin: origin)
        case .file(let path, let reason): Failure.unreadable(path: path, reason: reason)
        case .localServer(let reason, let remedy): Failure.localServer(reason: reason, remedy: remedy)
        case .dryRun: Failure.dryRun
        }
    }

    private var origin: TokenOrigin? {
        switch session.state.identity?.source ?? session.state.tokenEntry.source {
        case .flag: .flag
        case .variable: .environment
        case .file, .local, .thisRun: .file
        }
    }
}
