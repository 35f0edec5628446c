// Every screen in every state, with sample data: for the golden tests, the README's pictures, designers and translators.
// Each is reached as a person would reach it, through the reducer. To add one: a line in one of the lists beside this file.

import Canvas
import FlowEngine
public import Localization
import MeshAPI
public import Wizard

/// A state that shows a screen.
public struct SampleScreen: Sendable {
    /// `sign-in.waiting`; unique.
    public let name: String
    public var state: WizardState

    /// All of them, in the order of the flow.
    public static func all(_ language: Language) -> [SampleScreen] {
        let samples = Samples(language: language)
        return samples.welcome + samples.signIn + samples.token + samples.join + samples.mesh + samples.nameAndRole
            + samples.confirm + samples.overlays
    }
}

/// Makes sample states.
struct Samples {
    let language: Language

    /// Thursday, 19 November 2026, 12:00 UTC, an hour after the machine started.
    static let now = Moment(boot: 3_600_000, wall: 1_795_089_600)
    static let server = Server(baseURL: "https://claudemesh.com", host: "claudemesh.com")
    static let person = User(id: "u1", name: "Valentina Rodríguez", email: "val@example.com")
    static let otherPerson = User(id: "u2", name: "Bianca Sol", email: "bianca@example.com")

    /// A fresh machine.
    func fresh(_ change: (inout WizardState) -> Void = { _ in }) -> WizardState {
        let facts = Facts(
            runID: "run", sessionID: "3f2a9c1e-0000-4000-8000-000000000000", directory: "~/src/api",
            directoryName: "api",
            loginName: "valentina", hostName: "laptop", canOpenBrowser: true)
        var state = WizardState(
            facts: facts, server: Self.server, now: Self.now, settings: Settings(language: language),
            agent: .found(program: "/usr/bin/claude", name: "claude"))
        change(&state)
        return state
    }

    /// A machine that is signed in: an identity on disk that nobody checked yet.
    func signedIn(_ change: (inout WizardState) -> Void = { _ in }) -> WizardState {
        fresh { state in
            state.account = Account(
                Identity(user: Self.person, kind: .session, token: Secret("cm_session_sample"), source: .file))
            change(&state)
        }
    }

    /// The machine of somebody who launched before.
    func returning(_ change: (inout WizardState) -> Void = { _ in }) -> WizardState {
        signedIn { state in
            state.facts.sessionID = "7d01b2aa-0000-4000-8000-000000000000"
            let mesh = MeshName(id: "m1", slug: "platform-team", name: "platform-team")
            state.memory = RememberedAnswers(mesh: mesh, name: "Bianca", role: .some("reviewer"), recent: ["m1"])
            change(&state)
        }
    }

    /// `state` after a start and these actions, each a second after the one before.
    func run(_ state: WizardState, _ actions: [Action]) -> WizardState {
        var state = state
        for (index, action) in ([.started] + actions).enumerated() {
            let now = Moment(
                boot: state.now.boot + (index == 0 ? 0 : 1000), wall: state.now.wall + (index == 0 ? 0 : 1))
            _ = reduce(&state, action, at: now)
        }
        return state
    }

    func sample(_ name: String, _ state: WizardState, _ actions: [Action] = []) -> SampleScreen {
        SampleScreen(name: name, state: run(state, actions))
    }

    /// As `sample`, seen some seconds later.
    func sample(_ name: String, _ state: WizardState, _ actions: [Action], after seconds: Int) -> SampleScreen {
        var sample = sample(name, state, actions)
        sample.state.now.boot += seconds * 1000
        sample.state.now.wall += seconds
        return sample
    }

    /// What is typed into a field.
    func type(_ text: String, in field: FieldID) -> Action {
        .edit(field, TextInput(text, bringsBack: field != .token))
    }

    static let silence = APIFailure.unreachable(.noAnswer(seconds: 10))
    static let noName = APIFailure.unreachable(.nameNotResolved)
}
