// What can lie above the flow. To add one: a case here, its screen, its keys.

public import MeshAPI

/// Something that went wrong, as data.
public enum Trouble: Sendable, Hashable {
    case api(APIFailure)
    /// A file could not be written or read. `reason` is the system's own text.
    case file(path: String, reason: String)
    /// The server of this machine did not start; `remedy` is what can be done about it, where that is known.
    case localServer(reason: String, remedy: String? = nil)
    /// The run is one that changes nothing.
    case dryRun

    /// The server knows who asks, and does not let them.
    var isForbidden: Bool {
        if case .api(let failure) = self { failure.status == 403 } else { false }
    }
}

/// What was being done when it went wrong: the words of the error, and what a retry does.
public enum Attempt: Sendable, Hashable {
    case checkingServer
    case requestingCode
    case checkingToken
    case savingSignIn
    case loadingMeshes
    case creatingMesh(name: String)
    case renamingMesh, makingInvite
    case leavingMesh(name: String)
    case lookingUpInvite
    case claimingInvite(mesh: String)
    case adoptingGuest
    case startingLocalServer
}

/// An overlay, in the order it was put there.
public enum Overlay: Sendable, Hashable, Identifiable {
    case help
    case quit(Quit)
    case error(ErrorNotice)
    case sessionExpired(SessionExpired)
    /// Already inside a session of this mesh.
    case nested(mesh: String)
    /// The session to be resumed was launched in another directory.
    case elsewhere(Resume.Place)
    /// Which of the former launches is to be taken up again.
    case launches
    /// Language, signs, plain text, accent, usage data.
    case settings

    /// The screen that it is. At most one of each lies on the stack.
    public var id: ScreenID {
        switch self {
        case .help: .help
        case .quit: .quit
        case .error: .error
        case .sessionExpired: .sessionExpired
        case .nested: .nested
        case .elsewhere: .elsewhere
        case .launches: .launches
        case .settings: .settings
        }
    }
}

/// "Leave?": asked only where something would be lost.
public struct Quit: Sendable, Hashable {
    /// What would be lost. Never empty.
    public var losses: [Loss]
    /// Ctrl-C asked: leaving is 130.
    public var byInterrupt: Bool
    /// The screen it was asked on, since that decides the status.
    public var onWelcome: Bool

    public init(losses: [Loss], byInterrupt: Bool, onWelcome: Bool) {
        self.losses = losses
        self.byInterrupt = byInterrupt
        self.onWelcome = onWelcome
    }
}

/// One thing that leaving would lose.
public enum Loss: Sendable, Hashable {
    /// A live code that stops working.
    case code(String)
    /// Text typed into a field.
    case text(FieldID)
    /// Something is on its way to the server; its end would not be seen.
    case creating(name: String)
    case joining(mesh: String)
}

/// A failure that stands in the way, with its retry.
public struct ErrorNotice: Sendable, Hashable {
    public var attempt: Attempt
    public var retry: Retry
    /// It is being tried again now.
    public var isRetrying: Bool

    public init(attempt: Attempt, retry: Retry, isRetrying: Bool = false) {
        self.attempt = attempt
        self.retry = retry
        self.isRetrying = isRetrying
    }
}

/// "Your sign-in has ended". What is kept is in the answers.
public struct SessionExpired: Sendable, Hashable {
    /// Whose rejected token it was.
    public var user: User?
    public var source: TokenSource

    public init(user: User?, source: TokenSource) {
        self.user = user
        self.source = source
    }
}
