// Everything a server is made of, put together once. To add a service: a property, its line in `init`, and its
// controller's line in `Routes`.

internal import FoundationEssentials
internal import MeshStore
internal import MeshStorePostgres
internal import MeshStoreSQLite

struct Services: Sendable {
    let options: ServerOptions
    let surroundings: Surroundings
    let address: PublicAddress
    let database: any Store
    let hub: EventHub
    let changes: MeshChanges
    /// Nil over SQLite, which one server has.
    let fleet: Fleet?
    let readiness: Readiness
    let limits: RateLimiter
    let pages: PageRenderer
    let accounts: AccountService
    let resets: PasswordResetService
    let credentials: CredentialService
    let deviceCodes: DeviceCodeService
    let approvals: ApprovalService
    let meshes: MeshService
    let invites: InviteService
    let claims: ClaimService
    let members: MemberService
    let presence: PresenceService
    let messages: MessageService
    let receipts: ReceiptService
    let grants: GrantService
    let messageSweep: MessageSweep
    let events: EventService
    let topics: TopicService
    let notifications: NotificationService
    let moderation: ModerationService
    let keys: KeyService
    let metrics: Metrics

    /// Opens the database. Throws `StorageFailure`, `ServerOptionError`.
    init(options: ServerOptions, surroundings: Surroundings, passwordCost: Int) throws {
        try options.validate()
        let now = surroundings.now
        self.options = options
        self.surroundings = surroundings
        address = PublicAddress(publicURL: options.publicURL, host: options.host, port: options.port)
        database = try Self.open(options, now: now())
        let shared = database as? any SharedStore
        metrics = Metrics()
        hub = EventHub(most: options.mostWaiters, surroundings: surroundings) { shared?.tell(.code($0)) }
        changes = MeshChanges(
            most: options.mostWaiters, isLimited: options.hasLimits, surroundings: surroundings,
            look: MeshLook(database: database)
        ) { shared?.tell(.mesh($0, parties: $1)) }
        fleet = shared.map { [hub, changes] in
            Fleet(database: $0, hub: hub, changes: changes, options: options, wall: surroundings.wall)
        }
        readiness = Readiness(database: database, fleet: fleet)
        events = EventService(database: database, changes: changes, now: now)
        topics = TopicService(database: database, changes: changes, now: now)
        notifications = NotificationService(database: database, now: now)
        moderation = ModerationService(database: database, changes: changes, now: now)
        keys = KeyService(database: database, changes: changes, now: now)
        limits = RateLimiter(isOn: options.hasLimits, shared: shared, now: now)
        pages = try PageRenderer()
        accounts = AccountService(
            database: database, hasher: PasswordHasher(cost: passwordCost), limits: limits, now: now)
        resets = PasswordResetService(
            database: database, accounts: accounts, address: address, mail: options.mail, mailFrom: options.mailFrom,
            limits: limits, now: now)
        credentials = CredentialService(database: database, now: now)
        deviceCodes = DeviceCodeService(
            database: database, hub: hub, pacer: PollPacer(isOn: options.hasLimits), limits: limits, address: address,
            now: now)
        approvals = ApprovalService(database: database, hub: hub, limits: limits, now: now)
        meshes = MeshService(database: database, changes: changes, now: now)
        invites = InviteService(
            database: database, address: address, mail: options.mail, mailFrom: options.mailFrom, limits: limits,
            now: now)
        claims = ClaimService(database: database, changes: changes, limits: limits, now: now)
        members = MemberService(database: database, changes: changes, now: now)
        presence = PresenceService(database: database, changes: changes, isLimited: options.hasLimits, now: now)
        messages = MessageService(
            database: database, changes: changes, limits: limits, isLimited: options.hasLimits, metrics: metrics,
            now: now)
        receipts = ReceiptService(database: database, changes: changes, metrics: metrics, now: now)
        grants = GrantService(database: database, changes: changes, now: now)
        messageSweep = MessageSweep(
            database: database, changes: changes, metrics: metrics,
            retention: { [fleet] in
                guard let fleet else { return options.retention }
                return try await fleet.retention()
            }, now: now)
        fleet?.listen()
    }

    private static func open(_ options: ServerOptions, now: Date) throws -> any Store {
        guard case .shared(let url, let keyFile) = options.storage else {
            return try SQLiteStore(options.storage, now: now)
        }
        return try PostgresStore(
            url, keyFile: keyFile, environment: options.environment, connections: options.databaseConnections, now: now)
    }

    /// A server begins to serve: who lived when the last one stopped is not gone for that.
    func begin() async throws {
        let now = surroundings.now()
        try await database.write { try $0.presences.revive(at: now) }
    }

    /// Tells of sessions that fell silent: called every few seconds.
    func tellSilence() async throws {
        let now = surroundings.now()
        guard try await database.lookUp({ try $0.presences.hasUntoldSilence(at: now) }) else { return }
        let meshes = try await database.write { transaction in
            let silent = try transaction.presences.fallSilent(at: now)
            for (sessionID, meshID) in silent {
                try transaction.changes.note(.peerLeft, meshID: meshID, subject: sessionID, at: now)
            }
            return Set(silent.map(\.meshID))
        }
        for meshID in meshes { changes.post(meshID) }
    }

    /// Removes what is over: called now and then.
    func sweep() async throws {
        try await credentials.revokeNeverUsed()
        let now = surroundings.now()
        try await database.write { transaction in
            try transaction.deviceCodes.sweep(at: now)
            try transaction.webSessions.sweep(at: now)
            try transaction.idempotency.sweep(at: now)
            try transaction.presences.sweep(at: now)
        }
        try await messageSweep.run()
    }
}
