// What the tests of the flow are made of: people, meshes, tokens, states to begin with.

import Canvas
import FlowEngine
import FoundationEssentials
import Localization
import MeshAPI
import Widgets

@testable import Wizard

enum Sample {
    static let ada = User(id: "u1", name: "Ada Lovelace", email: "ada@example.com")
    static let bob = User(id: "u2", name: "Bob", email: "bob@example.com")
    static let guest = User(id: "g1", name: "ada")
    static let server = Server(baseURL: "https://claudemesh.com", host: "claudemesh.com")
    static let localServer = Server(baseURL: "http://127.0.0.1:7420", host: "127.0.0.1:7420", isLocal: true)
    static let start = Moment(boot: 1_000_000, wall: 1_800_000_000)
    static let token = "cm_pat_" + String(repeating: "a", count: 52)
    static let sessionToken = Secret("cm_session_" + String(repeating: "b", count: 52))

    static let facts = Facts(
        runID: "run", sessionID: "3f2a9c1e-0000-4000-8000-000000000000", directory: "~/src/api", loginName: "ada",
        hostName: "laptop", canOpenBrowser: true)
    static let agent = AgentLookup.found(program: "/usr/bin/claude", name: "claude")
    static let noAgent = AgentLookup.missing(name: "claude", places: ["~/.local/bin"])

    static func mesh(_ id: String, _ name: String, _ membership: Membership = .member, members: Int = 2) -> Mesh {
        Mesh(
            id: id, slug: Slug.from(name), name: name, membership: membership, memberCount: members,
            createdAt: Date(timeIntervalSince1970: 0), joinedAt: Date(timeIntervalSince1970: 0))
    }

    static let platform = mesh("m1", "platform-team", .owner, members: 9)
    static let planning = mesh("m2", "planning")
    static let meshes = [platform, planning, mesh("m3", "dev", .owner, members: 1)]

    static func identity(
        _ user: User = ada, kind: CredentialKind = .session, source: TokenSource = .file,
        check: Identity.Check = .unchecked
    ) -> Identity {
        Identity(user: user, kind: kind, token: sessionToken, source: source, check: check)
    }

    static func who(_ user: User = ada, kind: CredentialKind = .pat, name: String = "ci") -> WhoAmI {
        WhoAmI(user: user, credential: CredentialInfo(id: "c1", kind: kind, name: name, expiresAt: nil))
    }

    static let code = deviceCode("ABCD-EFGH")

    static func deviceCode(_ userCode: String) -> DeviceCode {
        DeviceCode(
            deviceCode: "secret-\(userCode)", userCode: userCode, verificationUrl: "https://claudemesh.com/cli-auth",
            verificationUrlComplete: "https://claudemesh.com/cli-auth?code=\(userCode)", expiresAt: nil,
            expiresIn: 600, interval: 1.5, waitMax: 25)
    }

    static let inviteCode = "K7QD-2MXP-9WTB"
    static let inviteLink = "https://claudemesh.com/i/K7QD-2MXP-9WTB"

    static let preview = InvitePreview(
        meshName: "guests-welcome", inviterName: "Bianca", role: .member,
        expiresAt: Date(timeIntervalSince1970: 1_900_000_000), usesLeft: 1, memberCount: 9)

    static let invite = Invite(
        id: "i1", code: inviteCode, url: inviteLink, expiresAt: Date(timeIntervalSince1970: 1_900_000_000))

    static let joinedMesh = mesh("m9", "guests-welcome")

    /// All is remembered: only confirm is asked.
    static let memory = RememberedAnswers(
        mesh: MeshName(platform), name: "Ada", role: .some("reviewer"), recent: ["m1"])
}

/// A wizard without screen and network: actions go in, effects come out, time passes when told.
struct Run {
    var state: WizardState
    /// What the last action wanted done.
    private(set) var effects: [Effect] = []
    var now = Sample.start

    /// A person without an account at a fresh terminal, or as given; `started` was sent.
    init(
        facts: Facts = Sample.facts, server: Server = Sample.server, request: Request = Request(),
        agent: AgentLookup = Sample.agent, memory: RememberedAnswers = RememberedAnswers(), identity: Identity? = nil,
        saved: [Mesh] = [], settings: Settings = Settings()
    ) {
        state = WizardState(
            facts: facts, server: server, remote: Sample.server, now: now, request: request, settings: settings,
            agent: agent, memory: memory, identity: identity)
        state.takeSaved(saved, at: saved.isEmpty ? nil : 1_700_000_000)
        send(.started)
    }

    /// A person whose answers are all on disk.
    static func returning(request: Request = Request(), agent: AgentLookup = Sample.agent) -> Run {
        Run(
            request: request, agent: agent, memory: Sample.memory, identity: Sample.identity(), saved: Sample.meshes)
    }

    /// Signed in a moment ago, on the mesh list.
    static func onMeshList(_ meshes: [Mesh] = Sample.meshes) -> Run {
        var run = Run(identity: Sample.identity())
        run.send(.arrived(.meshes(meshes)))
        return run
    }

    /// Waiting for approval.
    static func waiting(facts: Facts = Sample.facts) -> Run {
        var run = Run(facts: facts)
        run.send(.welcome(.signIn))
        run.send(.arrived(.deviceCode(Sample.code)))
        return run
    }

    @discardableResult
    mutating func send(_ actions: Action...) -> [Effect] {
        for action in actions { effects = reduce(&state, action, at: now) }
        return effects
    }

    /// The screen is drawn.
    mutating func paint() {
        let layout = Layout(screenModel(for: state, strings: Strings(.en)), size: state.size)
        send(.painted(whole: layout.hasFinePrint))
    }

    /// Types into the field that has the focus, all of it at once and not as a paste.
    @discardableResult
    mutating func type(_ text: String) -> [Effect] {
        guard let field = state.focusedField else { return [] }
        return send(.edit(field, TextInput(text, bringsBack: field != .token)))
    }

    mutating func pass(_ milliseconds: Milliseconds) {
        now.boot += milliseconds
        now.wall += milliseconds / 1000
    }

    /// Lets time pass up to the next tick and ticks, `times` times.
    @discardableResult
    mutating func tick(_ times: Int = 1) -> [Effect] {
        for _ in 0..<times {
            guard let next = state.nextTick else { return [] }
            pass(next - now.boot)
            send(.tick)
        }
        return effects
    }

    mutating func approve(_ user: User = Sample.ada, token: String = "cm_session_new") {
        send(.arrived(.poll(.approved(token: Secret(token), user: user, expiresAt: nil))))
    }

    /// What is on the screen, in English.
    var text: String { frame(for: state, strings: Strings(.en)).lines.joined(separator: "\n") }

    var screen: ScreenID { state.screen }
    var step: StepID { state.step }
}

/// The actions of an event on the screen of `state`.
func actions(for event: InputEvent, in state: WizardState, strings: Strings) -> [Action] {
    actions(for: event, on: screenModel(for: state, strings: strings), size: state.size)
}

extension APIFailure {
    static let unauthorized = APIFailure.refused(status: 401, body: ErrorBody(error: "unauthorized"), retryAfter: nil)
    static let down = APIFailure.unreachable(.nameNotResolved)
    static let broken = APIFailure.refused(status: 503, body: nil, retryAfter: nil)
    static func refused(_ status: Int, _ code: String) -> APIFailure {
        .refused(status: status, body: ErrorBody(error: code), retryAfter: nil)
    }
}
