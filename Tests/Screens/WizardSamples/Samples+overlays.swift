// Sample states: what lies above the flow.

import Canvas
import FlowEngine
import MeshAPI
import Wizard

extension Samples {
    var overlays: [SampleScreen] {
        let create: [Action] = [.mesh(.create), type("Valentina's mesh", in: .meshName), .mesh(.submit)]
        let tooLate = Action.arrived(.failed(.creatingMesh(name: "Valentina's mesh"), .api(Self.broken)))
        var failed = with([], create + [tooLate, .retry, tooLate, .retry, tooLate, .retry, tooLate])
        failed.now.boot += 0
        let disk = Trouble.file(path: "~/.claudemesh/auth.json", reason: "No space left on device")
        var small = run(returning(), [])
        small.size = Size(width: 32, height: 8)
        let ended = Action.arrived(.identityCheckFailed(.refused(status: 401, body: nil, retryAfter: nil)))
        return [
            SampleScreen(name: "help", state: with(Self.five, [.help])),
            sample("help.sign-in", fresh(), toCode + [.help]),
            sample("help.token", fresh(), [.welcome(.pasteToken), .help]),
            sample("help.confirm", returning(), [.help]),
            sample("quit", fresh(), toCode + [.quit]),
            sample("quit.text", fresh(), [.welcome(.pasteToken), type("cm_pat_a", in: .token), .interrupt]),
            SampleScreen(name: "quit.creating", state: with([], create + [.interrupt])),
            SampleScreen(name: "error", state: failed),
            sample(
                "error.local", fresh(),
                [.welcome(.local), .arrived(.failed(.startingLocalServer, .localServer(reason: "port 7420 is taken")))]),
            SampleScreen(name: "error.file", state: with(Self.five, [.arrived(.failed(.savingSignIn, disk))])),
            sample("session-expired", returning(), [ended]),
            sample(
                "session-expired.variable",
                returning { $0.account.correct { $0.source = .variable("CLAUDEMESH_TOKEN") } }, [ended]),
            sample("nested", returning { $0.facts.nestedMesh = "platform-team" }),
            sample("elsewhere", elsewhere(isGone: false)),
            sample("elsewhere.gone", elsewhere(isGone: true)),
            sample("settings", returning(), [.settings]),
            sample(
                "settings.changed", fresh { $0.facts.usageForbiddenBy = "DO_NOT_TRACK" },
                [.settings, .change(.signs), .change(.accent)]),
            sample("resume", resuming(Self.launches)),
            sample("resume.none", resuming([])),
            SampleScreen(name: "too-small.32x8", state: small),
        ]
    }

    private static let launches = [
        ("7d01b2aa", "platform-team", "api", "~/src/api", 2), ("3f2a9c1e", "planning", "Bianca", "~", 26),
        ("a70cc979", "platform-team", "web", "~/src/clients/northern-lights/web/storefront", 75),
        ("0b51e6c0", "dev", "infra", "~/src/infrastructure", 240),
    ].map { id, mesh, name, directory, hours in
        PastLaunch(id: id, mesh: mesh, name: name, directory: directory, at: now.wall - hours * 3600)
    }

    private func resuming(_ launches: [PastLaunch]) -> WizardState {
        returning { state in
            state.request.picksLaunch = true
            state.facts.launches = launches
        }
    }

    private func elsewhere(isGone: Bool) -> WizardState {
        returning { state in
            state.facts.directory = "~"
            state.request.resume = Resume(
                sessionID: state.facts.sessionID, mesh: MeshName(id: "m2", slug: "planning", name: "planning"),
                name: "Ana", role: nil,
                elsewhere: Resume.Place(path: "/home/ana/src/api", shown: "~/src/api", isGone: isGone))
        }
    }

    private static let broken = APIFailure.refused(status: 503, body: nil, retryAfter: nil)
}
