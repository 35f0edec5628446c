// What is known before the first frame and does not change while the wizard runs. The runtime gathers it.

public import Canvas
public import Localization

/// The surroundings of this run.
public struct Facts: Sendable, Hashable {
    /// Unique to this run; idempotency keys are made from it.
    public var runID: String
    /// The id of the session to be launched: fresh, or that of the resumed one.
    public var sessionID: String
    /// The directory the agent will run in, shown as `~/…`.
    public var directory: String
    /// Its own name, where that is a name for a session; nil in the home and in `/`, which say nothing of the work.
    public var directoryName: String?
    /// `$USER`, else the system's login name.
    public var loginName: String
    /// This machine's name: "this machine only" names its mesh after it.
    public var hostName: String
    /// Whether a graphical browser can be opened from here: a display, no SSH, no text browser.
    public var canOpenBrowser: Bool
    public var isSSH: Bool
    /// Seconds east of UTC, for showing times.
    public var utcOffset: Int
    /// The telemetry notice is due: the welcome screen shows it, and this run sends nothing.
    public var showsTelemetryNotice: Bool
    /// Where a sign-in is saved, as shown: `~/.claudemesh/auth.json`.
    public var authPath: String
    /// Where one stands signed in, if that is another server than the one in force ("You are signed in to A").
    public var signedInElsewhere: String?
    /// Somebody named the server in force: a flag, a variable, a sign-in. Else it is the one that stands for none.
    public var isServerNamed: Bool
    /// A sign-in is saved, whichever server it is to and whether it can be read or not.
    public var isSignedInAnywhere: Bool
    /// `--local`: this machine only, for this run.
    public var isLocalByFlag: Bool
    /// The mesh of the session this runs inside of.
    public var nestedMesh: String?
    /// The variable that forbids telling of use, where one does.
    public var usageForbiddenBy: String?
    /// The launches that can be taken up again, the newest first; read only where one is to be picked.
    public var launches: [PastLaunch] = []
    /// What installs the agent, typed in a shell. Source: Claude Code's set-up page.
    public var agentInstaller: String
    /// What was set aside or put right at the start (damaged or too open files), to be said once.
    public var notices: [StartNotice]

    public init(
        runID: String, sessionID: String, directory: String, directoryName: String? = nil, loginName: String,
        hostName: String,
        canOpenBrowser: Bool, isSSH: Bool = false, utcOffset: Int = 0, showsTelemetryNotice: Bool = false,
        authPath: String = "~/.claudemesh/auth.json", signedInElsewhere: String? = nil, isServerNamed: Bool = true,
        isSignedInAnywhere: Bool = false, isLocalByFlag: Bool = false, nestedMesh: String? = nil,
        agentInstaller: String = "curl -fsSL https://claude.ai/install.sh | bash", notices: [StartNotice] = []
    ) {
        self.runID = runID
        self.sessionID = sessionID
        self.directory = directory
        self.directoryName = directoryName
        self.loginName = loginName
        self.hostName = hostName
        self.canOpenBrowser = canOpenBrowser
        self.isSSH = isSSH
        self.utcOffset = utcOffset
        self.showsTelemetryNotice = showsTelemetryNotice
        self.authPath = authPath
        self.signedInElsewhere = signedInElsewhere
        self.isServerNamed = isServerNamed
        self.isSignedInAnywhere = isSignedInAnywhere
        self.isLocalByFlag = isLocalByFlag
        self.nestedMesh = nestedMesh
        self.agentInstaller = agentInstaller
        self.notices = notices
    }
}

/// A launch that can be taken up again.
public struct PastLaunch: Sendable, Hashable, Identifiable {
    public var id: String
    public var mesh: String
    public var name: String
    /// As shown: `~/src/api`.
    public var directory: String
    /// In seconds since 1970.
    public var at: Int

    public init(id: String, mesh: String, name: String, directory: String, at: Int) {
        self.id = id
        self.mesh = mesh
        self.name = name
        self.directory = directory
        self.at = at
    }
}

/// Something found wrong with our files before the first frame.
public enum StartNotice: Sendable, Hashable {
    case setAside(path: String)
    case modeFixed(path: String)
    case authUnreadable(path: String)
    /// A file that can't be used, in words.
    case leftOut(String)
}

/// The server in force.
public struct Server: Sendable, Hashable {
    /// `https://host[:port]`, no slash at the end.
    public var baseURL: String
    /// As shown: `claudemesh.com`, `localhost:7420`.
    public var host: String
    /// This machine only.
    public var isLocal: Bool

    public init(baseURL: String, host: String, isLocal: Bool = false) {
        self.baseURL = baseURL
        self.host = host
        self.isLocal = isLocal
    }
}

/// Whether the agent is there.
public enum AgentLookup: Sendable, Hashable {
    /// `program` as it will be run, `name` as it is shown.
    case found(program: String, name: String)
    /// `places` as looked in, in order.
    case missing(name: String, places: [String])

    public var isFound: Bool {
        if case .found = self { true } else { false }
    }

    /// Where it was looked for in vain: what was asked for by its path there alone, else on PATH and in `places`.
    public var looked: [String] {
        guard case .missing(let name, let places) = self else { return [] }
        return name.contains("/") ? [name] : ["PATH"] + places
    }

    public var name: String {
        switch self {
        case .found(_, let name), .missing(let name, _): name
        }
    }
}

/// What a person can set from inside the wizard; remembered in `config.json`.
public struct Settings: Sendable, Hashable {
    public var language: Language
    public var ascii: Bool
    public var plain: Bool
    public var accent: Accent
    /// Use is told, as far as it was not forbidden from outside (`Facts.usageForbiddenBy`).
    public var tellsUse: Bool

    public init(
        language: Language = .en, ascii: Bool = false, plain: Bool = false, accent: Accent = .blue,
        tellsUse: Bool = true
    ) {
        self.language = language
        self.ascii = ascii
        self.plain = plain
        self.accent = accent
        self.tellsUse = tellsUse
    }
}
