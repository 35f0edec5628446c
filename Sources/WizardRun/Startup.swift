// The wizard's state before its first frame, from flags, environment and files. Nothing here asks a network or starts
// anything: what the first frame does not need comes after it.

import Canvas
import Connect
import Console
import Desktop
import FoundationEssentials
import LocalState
import Localization
import MeshAPI
import MeshClient
import Platform
import SessionLaunch
import Wizard

/// What a run begins with.
struct Startup {
    var state: WizardState
    var world: EffectWorld
    /// What came up while the files were read, to be said once.
    var notices: [FileNotice]
    /// Why `auth.json` gives no identity, where that is so.
    var authFailure: AuthFailure?
    /// Reads what a first frame does without: the whole of a list that would hold it up. Any other front end takes it first.
    private(set) var rest: (@Sendable () -> (recalled: Action, notices: [StartNotice]))?

    /// - Parameter mayWrite: whether files may be put right while they are read.
    init(_ launch: LaunchOptions, context: Context, mayWrite: Bool = true) throws {
        let directory = try ConfigDirectory(environment: context.environment, mayWrite: mayWrite)
        let record = try launch.resume.map { try Self.record($0, in: directory) }
        let connection = try Connection(
            context, flagToken: try context.givenToken(Output(context)), record: record, forgiving: true,
            mayWrite: mayWrite)
        let context = context.speaking(connection.config.language)
        let kept = directory.rememberedState()
        let (identity, wayIn) = Self.identity(connection)
        let account = identity.flatMap { who in
            connection.server.map { AccountKey(server: $0, userID: who.user.id) }
        }
        let newest = account.flatMap(directory.newestMeshes)
        let meshes =
            account == nil || newest != nil ? Loaded(value: MeshCache()) : directory.rememberedMeshes()
        notices = connection.notices + kept.notices + meshes.notices
        authFailure = connection.authFailure
        world = EffectWorld(
            context: context, directory: directory, transport: context.transport(), agentFlag: launch.agent,
            agentArguments: launch.agentArguments, isStill: launch.reducedMotion, isDry: launch.dryRun,
            messages: launch.messages, leavesMessagesOut: launch.noMessages || connection.config.messages == false,
            can: launch.can, attention: launch.attention)

        var request = try Request(launch, context: context)
        request.resume = record.map { Resume($0, context) }
        request.picksLaunch = launch.picksLaunch
        request.wayIn = wayIn
        let settings = Settings(
            language: context.strings.language,
            ascii: context.mustBeASCII || connection.config.ascii == true,
            plain: connection.config.plain ?? false,
            accent: connection.config.accent.flatMap(Accent.init) ?? .blue,
            tellsUse: connection.config.telemetry != false)
        let server = connection.server.map { connection.choice.isLocal ? Server(local: $0) : Server($0) }
        state = WizardState(
            facts: Self.facts(context, connection, kept.value, notices, Self.sessionID(launch, record)),
            server: server ?? Server(baseURL: "", host: "localhost", isLocal: true),
            remote: Server(connection.remote), now: world.moment(), request: request, settings: settings,
            agent: world.findAgent(), identity: identity)
        if launch.picksLaunch { state.facts.launches = directory.launches().map { PastLaunch($0, context) } }
        if let account {
            recall(
                newest.map { Recollection(of: account, newest: $0, state: kept.value) }
                    ?? Recollection(of: account, meshes: meshes.value, state: kept.value))
        }
        if let account, newest != nil {
            rest = {
                let meshes = directory.rememberedMeshes()
                return (
                    .recalled(Recollection(of: account, meshes: meshes.value, state: kept.value)),
                    meshes.notices.map { StartNotice($0, context) }
                )
            }
        }
        if case .found(let program, _) = state.agent {
            state.messages = LaunchMessages.remembered(program: program, world: world).map(MessagesOutlook.init)
        }
    }

    /// Fills in what is on disk of the account, as if it had just arrived, and leaves no trace of an arrival: the first
    /// screen counts as caused by a key.
    private mutating func recall(_ kept: Recollection) {
        state.memory = kept.memory
        _ = reduce(&state, .recalled(kept), at: state.now)
        state.appearance = Appearance()
    }

    /// For whoever shows no frame before it is known.
    mutating func takeRest() {
        guard let rest else { return }
        self.rest = nil
        let (recalled, more) = rest()
        state.facts.notices += more
        _ = reduce(&state, recalled, at: state.now)
    }

    /// The mesh is that of the last run and among the newest, or that of the session to be resumed: more of the list would
    /// change no answer.
    var hasFoundItsMesh: Bool {
        guard let mesh = state.answers.mesh else { return false }
        return mesh.source == .resumed || mesh.source == .lastTime && state.meshes.rows.mesh(mesh.value.id) != nil
    }

    private static func record(_ prefix: String, in directory: ConfigDirectory) throws -> SessionRecord {
        switch try directory.session(matching: prefix) {
        case .one(let record): record
        case .none: throw Failure.noSuchID(text: prefix)
        case .many(let ids): throw Failure.ambiguousID(text: prefix, matches: ids)
        }
    }

    /// Of the conversation that the launch is about, where that is known before.
    private static func sessionID(_ launch: LaunchOptions, _ record: SessionRecord?) -> String {
        switch Conversation(of: launch.agentArguments) {
        case .named(let id): id
        case .ours: record?.id ?? UUID().uuidString.lowercased()
        case .unknown: UUID().uuidString.lowercased()
        }
    }

    private static func identity(_ connection: Connection) -> (Wizard.Identity?, Request.WayIn?) {
        let isLocal = connection.choice.isLocal
        guard let choice = connection.signedIn else { return (nil, isLocal ? .local : nil) }
        if let auth = choice.auth { return (Wizard.Identity(auth, source: isLocal ? .local : .file), nil) }
        // The token of the session around us opens nothing that a launch needs.
        guard case .bearer(let token) = choice.credential else { return (nil, nil) }
        let source: Wizard.TokenSource =
            choice.origin == .flag ? .flag("--token") : .variable(TokenChoice.variable)
        return (nil, .token(Secret(token), source))
    }

    /// By its name, which the session's own file has; the environment has its slug.
    private static func surroundingMesh(_ context: Context, _ directory: ConfigDirectory) -> String? {
        guard let slug = context.surroundingMesh else { return nil }
        let found = context["CLAUDEMESH_SESSION_ID"].flatMap { try? directory.session(matching: $0) }
        return if case .one(let record) = found { record.meshName } else { slug }
    }

    private static func facts(
        _ context: Context, _ connection: Connection, _ kept: StateFile, _ notices: [FileNotice],
        _ sessionID: String
    ) -> Facts {
        let seat = Seat(environment: context.environment)
        let telemetry = TelemetryChoice(
            environment: context.environment, config: connection.config, state: kept,
            isLocal: connection.choice.isLocal)
        let damaged = connection.authFailure.map { failure -> StartNotice in
            if case .file(let failure) = failure { return StartNotice(.leftOut(failure), context) }
            return .authUnreadable(path: context.displayed(path: connection.directory.authPath))
        }
        var facts = Facts(
            runID: UUID().uuidString.lowercased(), sessionID: sessionID,
            directory: context.displayed(path: context.workingDirectory),
            directoryName: context.sessionName(ofDirectory: context.workingDirectory),
            loginName: context.loginName,
            hostName: context.hostName, canOpenBrowser: Browser(seat).obstacle == nil, isSSH: seat.isRemote,
            utcOffset: context.zoneOffset(context.now()), showsTelemetryNotice: telemetry == .notTold,
            authPath: context.displayed(path: connection.directory.authPath),
            signedInElsewhere: connection.elsewhere?.server.authority,
            isServerNamed: connection.choice.origin != .standard,
            isSignedInAnywhere: connection.hasSavedSignIn, isLocalByFlag: context.options.local,
            nestedMesh: surroundingMesh(context, connection.directory),
            notices: notices.map { StartNotice($0, context) }
                + [damaged].compactMap(\.self))
        facts.usageForbiddenBy = telemetry == .doNotTrack ? "DO_NOT_TRACK" : telemetry == .ci ? "CI" : nil
        return facts
    }
}

extension StartNotice {
    init(_ notice: FileNotice, _ context: Context) {
        switch notice {
        case .narrowed(let path), .wide(let path): self = .modeFixed(path: context.displayed(path: path))
        case .setAside(let path, _), .damaged(let path): self = .setAside(path: context.displayed(path: path))
        case .leftOut: self = .leftOut(Words(context: context).notice(notice))
        }
    }
}

extension PastLaunch {
    init(_ record: SessionRecord, _ context: Context) {
        self.init(
            id: record.id, mesh: record.meshName, name: record.name,
            directory: context.displayed(path: record.directory), at: Int(record.createdAt.timeIntervalSince1970))
    }
}

extension Resume {
    init(_ record: SessionRecord, _ context: Context) {
        self.init(
            sessionID: record.id,
            mesh: MeshName(id: record.meshID, slug: record.meshSlug, name: record.meshName), name: record.name,
            role: record.role, elsewhere: Place(record.directory, unless: context.workingDirectory, context))
    }
}

extension Resume.Place {
    /// nil where `path` is the directory `here`, by whatever name.
    init?(_ path: String, unless here: String, _ context: Context) {
        let (there, current) = (FileStatus(ofFolder: path), FileStatus(ofFolder: here))
        if let there, let current, there.isSameFile(as: current) { return nil }
        self.init(path: path, shown: context.displayed(path: path), isGone: there == nil)
    }
}
