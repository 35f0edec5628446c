// What was asked for on the command line and in the environment, already judged to be well-formed.

public import MeshAPI

/// An answer and where it came from.
public struct Answer<Value: Sendable>: Sendable {
    public var value: Value
    public var source: AnswerSource

    public init(_ value: Value, _ source: AnswerSource) {
        self.value = value
        self.source = source
    }
}

extension Answer: Equatable where Value: Equatable {}
extension Answer: Hashable where Value: Hashable {}

/// Where an answer came from. The order is that of precedence, first wins.
public enum AnswerSource: Sendable, Hashable {
    /// `--mesh`, `--name`, `--role`, as typed.
    case flag(String)
    /// `CLAUDEMESH_MESH`, …
    case variable(String)
    /// `--resume ID`.
    case resumed
    /// `state.json` of this server and account.
    case lastTime
    /// The account has exactly one mesh.
    case onlyOne
    /// The invite that was claimed.
    case invite
    /// Prefilled and kept, or taken by `-y`.
    case directory, account, loginName, assumed
    /// The person, in this run.
    case person
}

/// Where a token came from.
public enum TokenSource: Sendable, Hashable {
    /// `--token`, `--with-token`, `--token-file`.
    case flag(String)
    /// `CLAUDEMESH_TOKEN`.
    case variable(String)
    case file
    /// The credential of "this machine only".
    case local
    /// Signed in, pasted or joined in this run.
    case thisRun
}

/// Flags and variables.
public struct Request: Sendable, Hashable {
    /// A way in that was chosen before the wizard began.
    public enum WayIn: Sendable, Hashable {
        case token(Secret, TokenSource)
        case local
    }

    /// An id, a slug or a whole name.
    public var mesh: Answer<String>?
    public var name: Answer<String>?
    /// nil inside the answer is "No role".
    public var role: Answer<String?>?
    /// `--join`, or the link given alone.
    public var join: InviteReference?
    public var resume: Resume?
    /// `--resume` without an id: one of `Facts.launches` is to be picked.
    public var picksLaunch = false
    /// `-y`.
    public var yes: Bool
    public var wayIn: WayIn?
    /// What goes to the agent after our own arguments, as it is shown.
    public var agentArguments: [String]
    /// These choose the agent's conversation themselves: no argument of ours does.
    public var choosesConversation: Bool
    /// `--attention`.
    public var attention: Attention?

    public init(
        mesh: Answer<String>? = nil, name: Answer<String>? = nil, role: Answer<String?>? = nil,
        join: InviteReference? = nil, resume: Resume? = nil, yes: Bool = false, wayIn: WayIn? = nil,
        agentArguments: [String] = [], choosesConversation: Bool = false, attention: Attention? = nil
    ) {
        self.attention = attention
        self.mesh = mesh
        self.name = name
        self.role = role
        self.join = join
        self.resume = resume
        self.yes = yes
        self.wayIn = wayIn
        self.agentArguments = agentArguments
        self.choosesConversation = choosesConversation
    }
}

/// The answers of an earlier launch, from `sessions/<id>.json`.
public struct Resume: Sendable, Hashable {
    public var sessionID: String
    public var mesh: MeshName
    public var name: String
    public var role: String?
    /// Where it was launched, unless that is here: the agent keeps its conversations by directory.
    public var elsewhere: Place?

    /// A directory that is not this one.
    public struct Place: Sendable, Hashable {
        public var path: String
        /// As shown: `~/src/api`.
        public var shown: String
        public var isGone: Bool

        public init(path: String, shown: String, isGone: Bool = false) {
            self.path = path
            self.shown = shown
            self.isGone = isGone
        }
    }

    public init(sessionID: String, mesh: MeshName, name: String, role: String?, elsewhere: Place? = nil) {
        self.sessionID = sessionID
        self.mesh = mesh
        self.name = name
        self.role = role
        self.elsewhere = elsewhere
    }
}

/// What `state.json` keeps for one server and account.
public struct RememberedAnswers: Sendable, Hashable {
    public var mesh: MeshName?
    /// That of the last run, where the meshes on disk have it no longer.
    public var formerMesh: FormerMesh?
    public var name: String?
    /// The prefilled name was kept: each directory has its own.
    public var keepsPrefilledName: Bool
    /// nil: never chosen; `.some(nil)`: "No role" was chosen.
    public var role: String??
    /// Mesh ids, the last used first.
    public var recent: [String]
    /// What may wake sessions of a mesh, by its id, where that was chosen.
    public var attention: [String: Attention]

    public init(
        mesh: MeshName? = nil, formerMesh: FormerMesh? = nil, name: String? = nil,
        keepsPrefilledName: Bool = false, role: String?? = nil, recent: [String] = [],
        attention: [String: Attention] = [:]
    ) {
        self.attention = attention
        self.mesh = mesh
        self.formerMesh = formerMesh
        self.name = name
        self.keepsPrefilledName = keepsPrefilledName
        self.role = role
        self.recent = recent
    }
}

/// What is left of a mesh that one launched into last.
public struct FormerMesh: Sendable, Hashable {
    public var id: String
    public var name: String

    public init(id: String, name: String) {
        self.id = id
        self.name = name
    }
}
