// The flow explained, for a table of states; and the front end that asks nobody.

import FlowEngine
import Localization
import MeshAPI
import Testing
import Widgets

@testable import Wizard

@Suite("Explained")
struct ExplainTests {
    static let states: [(String, Run, [String])] = [
        (
            "a fresh terminal", Run(),
            [
                "welcome current: no way in was chosen yet", "join skipped: no invite was asked for",
                "sign-in skipped: no way in was chosen yet", "paste-token skipped: no way in was chosen yet",
                "mesh pending: nobody is signed in yet", "name pending: no name was confirmed yet",
                "role pending: no role was chosen yet", "confirm pending: not confirmed yet",
                "hand-off pending: launches, and ends the flow",
            ]
        ),
        (
            "all remembered", Run.returning(),
            [
                "welcome skipped: signed in as Ada Lovelace (saved sign-in)", "join skipped: no invite was asked for",
                "sign-in skipped: signed in as Ada Lovelace (saved sign-in)",
                "paste-token skipped: signed in as Ada Lovelace (saved sign-in)",
                "mesh complete: platform-team, last time", "name complete: Ada, last time",
                "role complete: reviewer, last time", "confirm current: not confirmed yet",
                "hand-off pending: launches, and ends the flow",
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
                "welcome skipped: signed in as Ada Lovelace (saved sign-in)", "join skipped: no invite was asked for",
                "sign-in skipped: signed in as Ada Lovelace (saved sign-in)",
                "paste-token skipped: signed in as Ada Lovelace (saved sign-in)",
                "mesh complete: dev, from --mesh", "name complete: Bo, from CLAUDEMESH_DISPLAY_NAME",
                "role complete: no role, by -y", "confirm skipped: -y takes it as given",
                "hand-off current: launches, and ends the flow",
            ]
        ),
        (
            "a token in the environment",
            Run(request: Request(wayIn: .token(Secret(Sample.token), .variable("CLAUDEMESH_TOKEN")))),
            [
                "welcome skipped: a token was given with CLAUDEMESH_TOKEN", "join skipped: no invite was asked for",
                "sign-in skipped: the way in is an access token", "paste-token current: nobody is signed in yet",
                "mesh pending: nobody is signed in yet", "name pending: no name was confirmed yet",
                "role pending: no role was chosen yet", "confirm pending: not confirmed yet",
                "hand-off pending: launches, and ends the flow",
            ]
        ),
        (
            "an invite, this machine only, and no agent",
            Run(
                request: Request(join: InviteReference(code: Sample.inviteCode), wayIn: .local),
                agent: Sample.noAgent),
            [
                "welcome skipped: this machine only was asked for", "join current: the invite is not claimed yet",
                "sign-in skipped: the way in is this machine only",
                "paste-token skipped: the way in is this machine only",
                "mesh pending: the server of this machine is not up yet", "name pending: no name was confirmed yet",
                "role pending: no role was chosen yet", "confirm pending: claude is not installed here",
                "hand-off pending: launches, and ends the flow",
            ]
        ),
    ]

    @Test(arguments: states.indices)
    func table(index: Int) {
        let (name, run, lines) = Self.states[index]
        let strings = Strings(.en)
        let words = explain(run.state).map { "\($0.id.rawValue) \($0.status.rawValue): \($0.reason.words(strings))" }
        #expect(words == lines, "\(name)")
    }

    @Test("meshes that do not fit say so")
    func notices() {
        var run = Run(request: Request(mesh: Answer("nope", .flag("--mesh"))), identity: Sample.identity())
        run.send(.arrived(.meshes(Sample.meshes, isLast: true)))
        #expect(explain(run.state).first { $0.id == .mesh }?.reason.words(Strings(.en)) == "no mesh is called nope")
        let list = Run.onMeshList()
        #expect(
            explain(list.state).first { $0.id == .mesh }?.reason.words(Strings(.es))
                == "aún no se eligió ninguna de 3 mallas")
        var gone = Run.returning()
        gone.send(.arrived(.meshes([], isLast: true)))
        #expect(
            explain(gone.state).first { $0.id == .mesh }?.reason.words(Strings(.en))
                == "platform-team is no longer yours")
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
        mesh.send(.arrived(.meshes(Sample.meshes, isLast: true)))
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
        run.send(.arrived(.identityChecked(Sample.who())), .arrived(.meshes(Sample.meshes, isLast: true)))
        guard case .over(.launch) = run.state.standing else {
            Issue.record("\(run.state.standing)")
            return
        }
        #expect(
            Run.returning(agent: Sample.noAgent).state.standing
                == .over(.failed(.agentMissing(name: "claude", places: ["~/.local/bin"]))))
    }
}
