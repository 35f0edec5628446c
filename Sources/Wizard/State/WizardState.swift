// The whole of what the wizard knows, as one value. `reduce` alone changes it; screens read it.
// What a step needs for itself is a property of its own type, in its own file beside this one.

public import Canvas
public import FlowEngine
public import MeshAPI
public import Widgets

/// The wizard's state.
public struct WizardState: FlowState, Equatable {
    // What was there at the start.
    public var facts: Facts
    public var request: Request
    public var settings: Settings
    public var agent: AgentLookup
    /// Whether messages reach it; nil while it is asked which version it is.
    public var messages: MessagesOutlook?
    /// When it was looked for again, in seconds since 1970; nil where that was before the first frame.
    public var agentLookedForAt: Int?
    /// What `state.json` says of the server and account in force.
    public var memory: RememberedAnswers

    // Who and where.
    public var server: Server
    /// Where signing in leads while the server in force is the local one.
    public var remote: Server
    public var account: Account
    /// Who was laid aside is back, which `settle` sees to.
    var isBroughtBack = false
    var saving: Saving?
    /// A file of ours could not be written: the next run will know nothing of this one.
    var keepsNothing = false

    // The steps.
    /// nil: no other server is being named.
    public var serverEntry: ServerEntry?
    public var signIn = SignIn()
    public var tokenEntry = TokenEntry()
    /// nil: no invite was asked for, or it was given up.
    public var join: Join?
    public var meshes = Meshes()
    /// The role step shows its text field.
    public var writesOwnRole = false
    public var answers = Answers()
    /// Why the name or role as typed is refused: of the field on the screen.
    public var fieldProblem: FieldProblem?
    /// What was pasted last where a token or an invite link is looked for was neither.
    public var pastedUnknown = false
    public var local: LocalPhase = .idle
    /// The agent runs where the session to be resumed was, and not here.
    var goesThere = false
    /// nil: no other directory is being chosen.
    public var directoryEntry: DirectoryEntry?
    /// The directory that was chosen in this run; nil for that of the start.
    var workplace: Workplace?

    // The front end.
    public var inputs: [FieldID: TextInput] = [:]
    public var selections: [ScreenID: RowID] = [:]
    /// The screen whose rows were moved over last, beside a field: there is the cursor until something is typed.
    var rowsInFocus: ScreenID?
    public var overlays = Overlays<Overlay>()
    public var history = History<StepID>()
    public var appearance = Appearance()
    public var wait = Wait()
    /// The telemetry notice stood on the screen.
    public var wasTelemetryNoticeSeen = false
    public var size = Size(width: 80, height: 24)
    /// Light and dark are the terminal's own, whichever they are.
    var isColorless = false
    public var now: Moment
    /// Since when nothing is left to ask; nil while something is.
    var handsOffSince: Milliseconds?
    /// Set once: the flow is over.
    public var outcome: Outcome<LaunchAnswers, ExitReason, FlowFailure>?
    var keysMade = 0

    public init(
        facts: Facts, server: Server, remote: Server? = nil, now: Moment, request: Request = Request(),
        settings: Settings = Settings(),
        agent: AgentLookup, memory: RememberedAnswers = RememberedAnswers(), identity: Identity? = nil
    ) {
        self.facts = facts
        self.server = server
        self.remote = remote ?? server
        self.now = now
        self.request = request
        self.settings = settings
        self.agent = agent
        self.memory = memory
        account = Account(identity)
    }

    public var identity: Identity? { account.identity }
    public var aside: SetAside? { account.aside }
    public internal(set) var wayIn: WayIn? {
        get { account.wayIn }
        set { account.wayIn = newValue }
    }
    /// The account before, where this run changed it.
    public var changedFrom: User? { account.signedIn?.changedFrom }

    /// Whether the welcome screen says where use is told. The server of this machine is told nothing.
    var showsTelemetryNotice: Bool { facts.showsTelemetryNotice && !server.isLocal }

    /// Nobody is signed in, nor was on any server; nobody named one either.
    var isNowhereYet: Bool {
        identity == nil && aside == nil && facts.signedInElsewhere == nil && !facts.isServerNamed
    }

    /// Meshes are made by accounts: a guest signs in first.
    var needsAccountToCreate: Bool { identity?.kind == .guest }
    /// A guest belongs to one mesh: another is joined with an account.
    var needsAccountToJoin: Bool {
        identity?.kind == .guest && !meshes.rows.all.isEmpty && join?.preview?.membership == nil
    }

    /// What network effects are made with. Without an identity there is no token.
    public var access: Access { Access(server: server.baseURL, token: identity?.token) }
}

/// The server of this machine only.
public enum LocalPhase: Sendable, Hashable {
    case idle, starting, ready, failed
    /// It refused its own credential, and is asked for another; stays until that has proved good.
    case renewing
}
