// `launch --explain`: every step of the flow, where it stands and why. Writes nothing, starts nothing, asks no network.

import Connect
import Console
import FlowEngine
import LocalState
import Localization
import MeshAPI
import MeshClient
import SessionLaunch
import Wizard

/// The flow, explained.
struct Explain {
    /// `--json`.
    struct Answer: Encodable {
        struct Step: Encodable {
            var id: String
            var status: String
            var reason: String
        }

        var current: String
        var steps: [Step]
        /// What would be run, as `--dry-run` says it; absent while an answer is missing.
        var plan: LaunchPlan?
    }

    let context: Context
    let state: WizardState
    private let authFailure: AuthFailure?
    private let world: EffectWorld

    /// As the state is before its first frame: what follows from the start is left undone.
    init(_ launch: LaunchOptions, context: Context) throws {
        var startup = try Startup(launch, context: context, mayWrite: false)
        if !startup.hasFoundItsMesh { startup.takeRest() }
        var state = startup.state
        _ = reduce(&state, .started, at: state.now)
        self.state = state
        world = startup.world
        self.context = startup.world.context
        authFailure = startup.authFailure
    }

    func say() throws {
        let output = Output(context)
        if let authFailure { output.warning(Words(context: context).auth(authFailure).message) }
        let steps = explain(state)
        if context.options.json {
            return try output.json(
                Answer(
                    current: state.step.rawValue,
                    steps: steps.map {
                        .init(id: $0.id.rawValue, status: $0.status.rawValue, reason: words($0.reason))
                    },
                    plan: plan))
        }
        try output.table(steps.map { [$0.id.rawValue, status($0.status), words($0.reason)] })
        if let plan {
            try output.line("")
            try plan.say(output)
        }
    }

    private var plan: LaunchPlan? {
        state.launchAnswers.map {
            HandOff.plan($0, LaunchMessages(unasked: $0.program, world: world), world: world)
        }
    }

    private func status(_ status: StepExplanation<StepID, StepReason>.Status) -> String {
        switch status {
        case .skipped: self[.explainSkipped]
        case .complete: self[.explainComplete]
        case .current: self[.explainCurrent]
        case .pending: self[.explainPending]
        }
    }

    private subscript(_ key: CommandText, _ values: [String: String] = [:]) -> String { context.strings(key, values) }

    private func words(_ reason: StepReason) -> String {
        switch reason {
        case .always: self[.explainAlways]
        case .noIdentity: self[.explainNoIdentity]
        case .signedIn(let name, let source): self[.explainSignedIn, ["name": name, "source": words(source)]]
        case .wayInGiven(.token(_, let source)): self[.explainTokenGiven, ["source": words(source)]]
        case .wayInGiven(.local): self[.explainWayIn, ["way": context.strings[.thisMachineOnly]]]
        case .inviteAsked: self[.explainInviteAsked]
        case .inviteGiven: self[.explainInviteGiven]
        case .noInvite: self[.explainNoInvite]
        case .signsInFirst: self[.explainSignsInFirst]
        case .wayIn(let way): self[.explainWayIn, ["way": words(way)]]
        case .noWayIn: self[.explainNoWayIn]
        case .skippedByYes: self[.explainYes]
        case .joined(let mesh): self[.explainJoined, ["mesh": mesh]]
        case .notJoined: self[.explainNotJoined]
        case .notSignedIn: self[.explainNotSignedIn]
        case .mesh(let name, let source), .name(let name, let source):
            self[.explainAnswer, ["answer": name, "source": words(source)]]
        case .role(let role, let source):
            self[
                .explainAnswer,
                ["answer": role.map { context.strings(role: $0) } ?? context.strings[.noRole], "source": words(source)]]
        case .noMesh(let count):
            count.map { context.strings(CommandText.explainNoMesh, count: $0) } ?? self[.explainMeshUnasked]
        case .meshNotice(let notice): words(notice)
        case .waitsForLocalServer: self[.explainWaitsForLocal]
        case .noName: self[.explainNoName]
        case .noRole: self[.explainNoRole]
        case .confirmed: self[.explainConfirmed]
        case .notConfirmed: self[.explainNotConfirmed]
        case .agentMissing(let name): context.strings(.agentMissing, ["program": name])
        case .endsTheFlow: self[.explainEnds]
        }
    }

    private func words(_ way: WayIn) -> String {
        switch way {
        case .browser: context.strings[.signIn]
        case .createAccount: context.strings[.createAccount]
        case .token: context.strings[.pasteToken]
        case .local: context.strings[.thisMachineOnly]
        case .invite: context.strings[.joinWithLink]
        }
    }

    private func words(_ source: Wizard.TokenSource) -> String {
        switch source {
        case .flag(let name), .variable(let name): name
        case .file: state.facts.authPath
        case .local: context.strings[.thisMachineOnly]
        case .thisRun: ""
        }
    }

    private func words(_ source: AnswerSource) -> String {
        switch source {
        case .flag(let name), .variable(let name): context.strings(.fromSource, ["source": name])
        case .resumed: context.strings(.fromSource, ["source": "--resume"])
        case .lastTime: context.strings[.lastTime]
        case .onlyOne: context.strings[.onlyOne]
        case .invite: context.strings[.fromInvite]
        case .account: context.strings[.fromAccount]
        case .directory: context.strings[.fromDirectory]
        case .loginName: context.strings[.fromSystem]
        case .assumed: "-y"
        case .person: ""
        }
    }

    private func words(_ notice: MeshNotice) -> String {
        switch notice {
        case .gone(let name): context.strings(.meshGone, ["mesh": name])
        case .unknown(let query, _): context.strings(.meshUnknown, ["mesh": query])
        case .ambiguous(let query, _): context.strings(.meshAmbiguous, ["mesh": query])
        }
    }
}
