// The flow explained, for a table of states; and the front end that asks nobody.

import FlowEngine
import Localization
import MeshAPI
import Testing
import Widgets

@testable import Wizard

@Suite("Explained")
struct ExplainTests {
    private typealias Step = StepExplanation<StepID, StepReason>

    /// A name, a run, and the status and reason of every step in order.
    private static let states: [(String, Run, [(Step.Status, StepReason)])] = [
        (
            "a fresh terminal", Run(),
            [
                (.current, .noWayIn), (.skipped, .noInvite), (.skipped, .noWayIn), (.skipped, .noWayIn),
                (.pending, .notSignedIn), (.pending, .noName), (.pending, .noRole), (.pending, .notConfirmed),
                (.pending, .endsTheFlow),
            ]
        ),
        (
            "all remembered", Run.returning(),
            [
                (.skipped, ada), (.skipped, .noInvite), (.skipped, ada), (.skipped, ada),
                (.complete, .mesh(name: "platform-team", .lastTime)), (.complete, .name("Ada", .lastTime)),
                (.complete, .role("reviewer", .lastTime)), (.current, .notConfirmed), (.pending, .endsTheFlow),
            ]
        ),
        (
            "by flags, with -y",
            Run(
                request: Request(
                    mesh: Answer("dev", .flag("--mesh")), name: Answer("Bo", .variable("CLAUDEMESH_DISPLAY_NAME")),
                    yes: true),
                identity: Sample.identity(), saved: Sample.meshes),
            [
                (.skipped, ada), (.skipped, .noInvite), (.skipped, ada), (.skipped, ada),
                (.complete, .mesh(name: "dev", .flag("--mesh"))),
                (.complete, .name("Bo", .variable("CLAUDEMESH_DISPLAY_NAME"))), (.complete, .role(nil, .assumed)),
                (.skipped, .skippedByYes), (.current, .endsTheFlow),
            ]
        ),
        (
            "a token in the environment", Run(request: Request(wayIn: givenToken)),
            [
                (.skipped, .wayInGiven(givenToken)), (.skipped, .noInvite), (.skipped, .wayIn(.token)),
                (.current, .notSignedIn), (.pending, .notSignedIn), (.pending, .noName), (.pending, .noRole),
                (.pending, .notConfirmed), (.pending, .endsTheFlow),
            ]
        ),
        (
            "an invite, this machine only, and no agent",
            Run(
                request: Request(join: InviteReference(code: Sample.inviteCode), wayIn: .local),
                agent: Sample.noAgent),
            [
                (.skipped, .wayInGiven(.local)), (.current, .notJoined), (.skipped, .wayIn(.local(chosen: nil))),
                (.skipped, .wayIn(.local(chosen: nil))), (.pending, .waitsForLocalServer), (.pending, .noName),
                (.pending, .noRole), (.pending, .agentMissing(name: "claude")), (.pending, .endsTheFlow),
            ]
        ),
    ]
    private static let ada = StepReason.signedIn(name: "Ada Lovelace", .file)
    private static let givenToken = Request.WayIn.token(Secret(Sample.token), .variable("CLAUDEMESH_TOKEN"))

    @Test(arguments: 0..<5)
    func table(index: Int) {
        let (name, run, reasons) = Self.states[index]
        let expected = zip(StepID.allCases, reasons).map { Step(id: $0, status: $1.0, reason: $1.1) }
        #expect(explain(run.state) == expected, "\(name)")
    }

    @Test("meshes that do not fit say so")
    func notices() {
        let reason = { (run: Run) in explain(run.state).first { $0.id == .mesh }?.reason }
        var run = Run(request: Request(mesh: Answer("nope", .flag("--mesh"))), identity: Sample.identity())
        run.send(.arrived(.meshes(Sample.meshes)))
        #expect(reason(run) == .meshNotice(.unknown(query: "nope", closest: nil)))
        #expect(reason(.onMeshList()) == .noMesh(count: 3))
        var gone = Run.returning()
        gone.send(.arrived(.meshes([])))
        #expect(reason(gone) == .meshNotice(.gone(name: "platform-team")))
    }

    @Test("exactly one step is current, those before it done or skipped, whatever happened", arguments: 0..<40)
    func consistent(seed: UInt64) {
        var world = World(NoDeadEndTests.start(seed), seed: seed)
        for _ in 0..<60 {
            world.step()
            guard world.run.state.outcome == nil else { return }
            let steps = explain(world.run.state)
            let current = steps.firstIndex { $0.status == .current } ?? 0
            #expect(steps.count { $0.status == .current } == 1)
            #expect(steps[..<current].allSatisfy { $0.status == .complete || $0.status == .skipped })
            #expect(steps[current].id == world.run.state.step)
        }
    }
}

@Suite("Where nobody may be asked")
struct StandingTests {
    @Test("the first step without an answer is named, in the order of the flow")
    func missing() {
        #expect(Run().state.standing == .missing(.signIn))
        #expect(Run.returning().state.standing == .missing(.confirmation))
        #expect(Run(request: Request(join: InviteReference(code: Sample.inviteCode))).state.standing == .waiting)

        var mesh = Run(request: Request(yes: true), identity: Sample.identity())
        #expect(mesh.state.standing == .waiting)
        mesh.send(.arrived(.meshes(Sample.meshes)))
        #expect(mesh.state.standing == .missing(.mesh(nil, choices: Sample.meshes)))

        var down = Run(identity: Sample.identity())
        down.send(.arrived(.failed(.loadingMeshes, .api(.down))))
        #expect(down.state.standing == .failed(.loadingMeshes, .api(.down)))

        let name = Run(
            request: Request(mesh: Answer("dev", .flag("--mesh"))), identity: Sample.identity(), saved: Sample.meshes)
        #expect(name.state.standing == .missing(.name))
        let role = Run(
            request: Request(mesh: Answer("dev", .flag("--mesh")), name: Answer("n", .flag("--name"))),
            identity: Sample.identity(), saved: Sample.meshes)
        #expect(role.state.standing == .missing(.role))
    }

    @Test("a rejected token names where it came from")
    func rejected() {
        var token = Run(request: Request(wayIn: .token(Secret(Sample.token), .flag("--token"))))
        #expect(token.state.standing == .waiting)
        token.send(.arrived(.failed(.checkingToken, .api(.unauthorized))))
        #expect(token.state.standing == .missing(.rejected(.flag("--token"))))
        var stored = Run.returning(request: Request(yes: true))
        stored.send(.arrived(.identityCheckFailed(.unauthorized)))
        #expect(stored.state.standing == .missing(.rejected(.file)))
    }

    @Test("a run that needs nothing is over")
    func over() {
        var run = Run.returning(request: Request(yes: true))
        #expect(run.state.standing == .waiting)
        run.send(.arrived(.identityChecked(Sample.who())), .arrived(.meshes(Sample.meshes)))
        guard case .over(.launch) = run.state.standing else {
            Issue.record("\(run.state.standing)")
            return
        }
        #expect(
            Run.returning(agent: Sample.noAgent).state.standing
                == .over(.failed(.agentMissing(name: "claude", places: ["~/.local/bin"]))))
    }
}
