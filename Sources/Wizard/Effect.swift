// What the wizard wants done, as values. The runtime carries each out in a task under `task`; starting another under the
// same name ends the one before, `cancel` ends it without another. Results come back as `Action.arrived`.

public import Canvas
public import Localization
public import MeshAPI

/// A server and the token to speak to it with.
public struct Access: Sendable, Hashable {
    /// `https://host[:port]`.
    public var server: String
    public var token: Secret?

    public init(server: String, token: Secret?) {
        self.server = server
        self.token = token
    }
}

/// A sign-in to be written to `auth.json`.
public struct SignInRecord: Sendable, Hashable {
    /// `source` of the file.
    public enum Source: String, Sendable {
        case deviceCode = "device-code"
        case pat, invite
    }

    public var token: Secret
    public var user: User
    /// Seconds since 1970.
    public var expiresAt: Int?
    public var source: Source
    public var server: String

    public init(token: Secret, user: User, expiresAt: Int?, source: Source, server: String) {
        self.token = token
        self.user = user
        self.expiresAt = expiresAt
        self.source = source
        self.server = server
    }
}

/// The answers that go into `state.json`. What is nil stays as it stands there: another run may know more.
public struct AnswersToSave: Sendable, Hashable {
    public var server: String
    public var userID: String
    public var mesh: MeshName?
    /// The mesh was launched into, and is the last used one.
    public var isUsed: Bool
    public var name: String?
    /// The prefilled name was kept, in the place of a typed one.
    public var keepsPrefilledName: Bool
    /// `.some(nil)`: "No role".
    public var role: String??

    public init(
        server: String, userID: String, mesh: MeshName? = nil, isUsed: Bool = false, name: String? = nil,
        keepsPrefilledName: Bool = false, role: String?? = nil
    ) {
        self.server = server
        self.userID = userID
        self.mesh = mesh
        self.isUsed = isUsed
        self.name = name
        self.keepsPrefilledName = keepsPrefilledName
        self.role = role
    }
}

/// A mesh to be looked at, and as whom.
public struct Watched: Sendable, Hashable {
    public var access: Access
    public var mesh: MeshName
    public var membership: Membership
    public var user: User
}

/// One thing to be done.
public enum Effect: Sendable, Hashable {
    /// Asks whether a server of ours is at this base address.
    case checkServer(String)

    // Signing in.
    case requestDeviceCode(server: String)
    /// Polls until the code ends; `PollEvent`s come back.
    case poll(LiveCode)
    /// Asks at once instead of waiting on.
    case nudgePoll
    /// `DELETE`, best effort, at most 1 s, in nobody's way.
    case giveUpCode(server: String, Secret)
    case openBrowser(url: String)
    case copy(String)
    case makeQR(code: String, text: String)

    // Who one is.
    case checkToken(Access)
    case checkIdentity(Access)
    /// Writes `auth.json`, and the server into `config.json`.
    case saveSignIn(SignInRecord)
    /// What is on disk for this server and account.
    case recall(server: String, userID: String)
    case adoptGuest(Access, guest: Secret)
    /// Ends the old session on its server, best effort, once the new one is saved. Never a PAT.
    case revokeSession(Access)

    // Meshes and invites.
    case loadMeshes(Access)
    /// `slug` where the one of the name is taken.
    case createMesh(Access, name: String, slug: String?, idempotencyKey: String)
    case renameMesh(Access, id: String, name: String)
    /// For one person, for a week.
    case makeInvite(Access, mesh: String, idempotencyKey: String)
    case leaveMesh(Access, id: String, name: String)
    /// With a token it says whether one is a member already.
    case previewInvite(Access, code: String)
    /// Without a token it makes a guest.
    case claimInvite(Access, code: String, displayName: String, idempotencyKey: String)
    /// Writes the account's meshes to `meshes.json`: the server said that there are no others.
    case saveMeshes(server: String, userID: String, [Mesh])
    /// Adds or renews one there. What else stands there is not touched: another run may know more.
    case keepMesh(server: String, userID: String, Mesh)
    /// Takes one away there.
    case forgetMesh(server: String, userID: String, id: String)

    // This machine.
    case startLocalServer
    case lookForAgent
    /// The directories of former launches.
    case recallDirectories
    case lookAtDirectory(String)
    case saveAnswers(AnswersToSave)
    /// Whether line mode is wanted from now on.
    case savePlain(Bool)
    case saveASCII(Bool)
    case saveLanguage(Language)
    case saveAccent(Accent)
    /// Whether use is told; what waits to be told is forgotten where it is not.
    case saveUsage(Bool)
    /// `config.json` `server`, a base address or `local`.
    case saveServer(String)
    /// Shows the mesh on its own screen; the front end sees to it, and sends `cameBack`.
    case watch(Watched)

    case cancel(EffectTask)
}

/// The names under which effects run.
public enum EffectTask: String, Sendable, Hashable, CaseIterable {
    case server, deviceCode, poll, token, identity, meshes, create, meshChange, preview, claim, adopt, local, directory
}

extension Effect {
    /// Its task, nil for those that simply run to their end.
    public var task: EffectTask? {
        switch self {
        case .checkServer: .server
        case .requestDeviceCode: .deviceCode
        case .poll: .poll
        case .checkToken: .token
        case .checkIdentity: .identity
        case .loadMeshes: .meshes
        case .createMesh: .create
        case .renameMesh, .makeInvite, .leaveMesh: .meshChange
        case .previewInvite: .preview
        case .claimInvite: .claim
        case .adoptGuest: .adopt
        case .startLocalServer: .local
        case .lookAtDirectory: .directory
        default: nil
        }
    }
}
