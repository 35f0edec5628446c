// The answers the flow asks for, and the plan they make.

public import MeshAPI

/// What was answered so far. nil is not answered.
public struct Answers: Sendable, Hashable {
    public var mesh: Answer<MeshName>?
    public var name: Answer<String>?
    /// nil inside the answer is "No role". Labels are in English; screens translate the known ones.
    public var role: Answer<String?>?
    public var confirmed = false

    public init() {}
}

/// The roles offered by name, in their order; "No role" stands before and "Other…" after them.
public let knownRoles = ["developer", "reviewer", "tester", "architect", "lead", "observer"]

/// Everything the launch needs: the flow's result.
public struct LaunchAnswers: Sendable, Hashable {
    public var sessionID: String
    public var isResumed: Bool
    public var mesh: MeshName
    public var displayName: String
    public var role: String?
    /// The agent's program, as it will be run.
    public var program: String
    /// Where it runs; nil is here.
    public var directory: String?
    /// Where the session is announced, and with what.
    public var access: Access
    public var user: User

    public init(
        sessionID: String, isResumed: Bool, mesh: MeshName, displayName: String, role: String?, program: String,
        directory: String? = nil, access: Access, user: User
    ) {
        self.sessionID = sessionID
        self.isResumed = isResumed
        self.mesh = mesh
        self.displayName = displayName
        self.role = role
        self.program = program
        self.directory = directory
        self.access = access
        self.user = user
    }
}

/// Why the wizard ends without a launch.
public enum ExitReason: Sendable, Hashable {
    /// `q` or Exit: status 0 on the welcome screen, 1 elsewhere.
    case quit(status: Int)
    /// Ctrl-C: 130.
    case interrupted
    /// F2: the same state goes on in line mode.
    case lineMode
    /// A former launch was picked: its own run follows, with the server and the account it belongs to.
    case takeUp(id: String)
}

/// What ends the wizard as an error.
public enum FlowFailure: Sendable, Hashable {
    /// `-y`, and the agent is not there: 9.
    case agentMissing(name: String, places: [String])
    /// `-y` inside a session: 3.
    case nested(mesh: String)
    /// `-y`, and the directory of the session to be resumed is gone.
    case directoryGone(path: String)
}
