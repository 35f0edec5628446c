// From whatever a person and a server do, in whatever order, the way to the agent stays open.

import Canvas
import FlowEngine
import FoundationEssentials
import MeshAPI
import Testing

@testable import Wizard

@Suite("No state is a dead end")
struct NoDeadEndTests {
    /// Runs to begin with: fresh, returning, with a token, local, with an invite, with `-y`, without an agent, nested,
    /// of another directory.
    static func start(_ seed: UInt64) -> Run {
        var request = Request()
        if seed % 40 == 39 {
            request.resume = Resume(
                sessionID: "s", mesh: MeshName(Sample.platform), name: "Ada", role: nil,
                elsewhere: Resume.Place(path: "/gone", shown: "/gone", isGone: seed % 80 == 39))
            return .returning(request: request)
        }
        switch seed % 10 {
        case 0: return .returning()
        case 1: request.wayIn = .token(Secret(Sample.token), .variable("CLAUDEMESH_TOKEN"))
        case 2: request.wayIn = .local
        case 3: request.join = InviteReference(code: Sample.inviteCode)
        case 4: request.yes = true
        case 5: return .returning(agent: Sample.noAgent)
        case 6:
            return Run(
                memory: Sample.memory, identity: Sample.identity(Sample.guest, kind: .guest), saved: [Sample.platform])
        case 7:
            return Run(
                server: Sample.localServer, request: request, memory: Sample.memory,
                identity: Sample.identity(source: .local))
        case 8:
            var facts = Sample.facts
            facts.nestedMesh = "platform-team"
            return Run(facts: facts)
        default: break
        }
        return Run(request: request)
    }

    /// The first of them, or as many as `CLAUDEMESH_WALKS` says; and those that once found something.
    static let seeds: [UInt64] = {
        let count = ProcessInfo.processInfo.environment["CLAUDEMESH_WALKS"].flatMap(UInt64.init) ?? 400
        return Array(0..<count) + [647, 4252, 5529, 6064, 7672].filter { $0 >= count }
    }()

    @Test(
        "after any walk the flow has a step with what it waits for under way, and can be finished",
        arguments: seeds)
    func walk(seed: UInt64) {
        var world = World(Self.start(seed), seed: seed &* 7919)
        for _ in 0..<80 {
            let before = world.run.state
            world.step()
            guard world.run.state.outcome == nil else { return }
            if let problem = problem(world) {
                Issue.record("\(problem)\n\(world.history.suffix(12).joined(separator: "\n"))\nfrom \(before.screen)")
                return
            }
        }
        let way = world.history.count
        if !world.finish() {
            Issue.record(
                "no way on from \(world.history[way - 1])\n\(world.history.suffix(14).joined(separator: "\n"))")
        }
    }

    /// What is wrong with a state: something is awaited that is not under way.
    private func problem(_ world: World) -> String? {
        let state = world.run.state
        let tasks = Set(world.tasks.keys)
        let isAbove = state.overlays[.error] != nil || state.overlays[.sessionExpired] != nil
        switch state.stepScreen {
        case .signInRequesting where !tasks.contains(.deviceCode): return "waits for a code nobody asked for"
        case .signInUnavailable where state.signIn.phase == .requesting && !tasks.contains(.deviceCode):
            return "says that it tries, and nobody does"
        case .signInWaiting where !tasks.contains(.poll): return "waits for an approval nobody polls for"
        case .token where state.tokenEntry.phase == .checking && !tasks.contains(.token):
            return "waits for a check nobody makes"
        case .joinLink where state.join?.phase == .lookingUp && !tasks.contains(.preview):
            return "waits for a preview nobody asked for"
        case .joinPreview where state.join?.phase == .claiming && !tasks.contains(.claim) && !isAbove:
            return "waits for a claim nobody makes"
        case .meshCreate where state.meshes.draft?.phase == .creating && !tasks.contains(.create) && !isAbove:
            return "waits for a mesh nobody makes"
        case .meshRename, .meshInvite, .meshLeave:
            if state.meshes.opened?.isUnderWay == true, !tasks.contains(.meshChange), !isAbove {
                return "waits for a change nobody makes"
            }
        case .meshList, .signInApproved:
            if state.identity == nil {
                if state.wayIn?.isLocal != true { return "the mesh is asked of nobody" }
                if !tasks.contains(.local) && !isAbove { return "waits for a local server nobody starts" }
            } else if state.meshes.phase == .loading && tasks.isDisjoint(with: [.meshes, .adopt, .local]) && !isAbove {
                return "waits for meshes nobody loads"
            }
        case .handOff where state.nextTick == nil && state.overlays.isEmpty && !tasks.contains(.local):
            return "waits at the hand-off for nothing"
        default: break
        }
        if case .error(let notice) = state.overlays.top, notice.isRetrying, tasks.isEmpty, world.files.isEmpty {
            return "a retry that nobody makes"
        }
        if state.history.seen.contains(state.step) { return "the current step lies behind itself" }
        return nil
    }

    @Test("Esc never ends the flow, and does something exactly where the key bar shows it", arguments: 0..<200)
    func escape(seed: UInt64) {
        var world = World(Self.start(seed), seed: seed &* 104_729)
        for _ in 0..<60 {
            world.step()
            guard world.run.state.outcome == nil else { return }
            var run = world.run
            let can = run.state.canGoBack
            let before = run.state
            run.send(.back)
            if case .exit = run.state.outcome { Issue.record("Esc left from \(before.screen)") }
            let didSomething = describe(before) != describe(run.state)
            if can != didSomething {
                Issue.record(
                    "canGoBack is \(can) on \(before.screen)\n\(world.history.suffix(10).joined(separator: "\n"))")
                return
            }
            // It comes to an end.
            var presses: [ScreenID] = []
            while run.state.canGoBack && presses.count < 40 {
                run.send(.back)
                presses.append(run.screen)
            }
            if presses.count == 40 {
                Issue.record(
                    "Esc goes round: \(presses.suffix(4))\n\(world.history.suffix(10).joined(separator: "\n"))")
                return
            }
        }
    }

    private func describe(_ state: WizardState) -> String {
        "\(state.screen) \(state.overlays) \(state.tokenEntry.phase) \(String(describing: state.join?.phase)) "
            + "\(state.inputs[.meshFilter]?.text ?? "") \(state.signIn.hasPastedToken) "
            + "\(String(describing: state.meshes.draft?.phase))"
    }

    @Test("ten Enters while waiting for approval launch nothing, and choose nothing after it")
    func tenEnters() {
        var run = Run.waiting()
        for _ in 0..<10 { run.send(.signIn(.enter)) }
        #expect(run.screen == .signInWaiting)
        run.approve()
        for _ in 0..<10 { run.send(.signIn(.enter)) }
        run.send(.arrived(.meshes(Sample.meshes)))
        #expect(run.screen == .meshList)
        #expect(run.state.answers.mesh == nil)
        #expect(run.state.outcome == nil)
        // What was typed before the list was painted, or within 400 ms, is no choice.
        #expect(!run.state.appearance.admits(.enter, typedAt: run.now.boot))
        run.send(.painted(whole: true))
        #expect(!run.state.appearance.admits(.enter, typedAt: run.now.boot + 399))
        #expect(run.state.appearance.admits(.enter, typedAt: run.now.boot + 400))
    }
}
