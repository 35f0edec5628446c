// All that the rules are made of, put together once. To add a service: a property and its line in `init`.

internal import FoundationEssentials
package import Mail
package import MeshStore

package struct Services: Sendable {
    package let surroundings: Surroundings
    package let address: PublicAddress
    package let database: any Store
    package let hub: EventHub
    package let changes: MeshChanges
    package let limits: RateLimiter
    package let accounts: AccountService
    package let resets: PasswordResetService
    package let credentials: CredentialService
    package let deviceCodes: DeviceCodeService
    package let approvals: ApprovalService
    package let meshes: MeshService
    package let invites: InviteService
    package let claims: ClaimService
    package let members: MemberService
    package let presence: PresenceService
    package let messages: MessageService
    package let receipts: ReceiptService
    package let grants: GrantService
    let messageSweep: MessageSweep
    package let events: EventService
    package let topics: TopicService
    package let notifications: NotificationService
    package let moderation: ModerationService
    package let keys: KeyService
    package let metrics: Metrics

    /// - Parameters:
    ///   - mail: how invites and links are mailed; nil is not at all.
    ///   - mailFrom: who mails are from; nil is `claudemesh@HOST`.
    ///   - mostWaiters: how many polls and streams are held at once.
    ///   - hasLimits: off for tests and benchmarks.
    ///   - retention: the seconds for which messages are kept, asked for with each sweep; nil is for ever.
    package init(
        database: any Store, address: PublicAddress, mail: MailTransport?, mailFrom: String?, mostWaiters: Int,
        hasLimits: Bool, retention: @escaping @Sendable () async throws -> Double?, surroundings: Surroundings,
        passwordCost: Int
    ) {
        let now = surroundings.now
        let shared = database as? any SharedStore
        (self.database, self.address, self.surroundings) = (database, address, surroundings)
        metrics = Metrics()
        hub = EventHub(most: mostWaiters, surroundings: surroundings) { shared?.tell(.code($0)) }
        changes = MeshChanges(
            most: mostWaiters, isLimited: hasLimits, isAlone: shared == nil, surroundings: surroundings,
            look: MeshLook(database: database)
        ) { shared?.tell(.mesh($0, parties: $1)) }
        limits = RateLimiter(isOn: hasLimits, shared: shared, now: now)
        events = EventService(database: database, changes: changes, now: now)
        topics = TopicService(database: database, changes: changes, now: now)
        notifications = NotificationService(database: database, now: now)
        moderation = ModerationService(database: database, changes: changes, now: now)
        keys = KeyService(database: database, changes: changes, now: now)
        accounts = AccountService(
            database: database, changes: changes, hasher: PasswordHasher(cost: passwordCost), limits: limits, now: now)
        resets = PasswordResetService(
            database: database, accounts: accounts, address: address, mail: mail, mailFrom: mailFrom, limits: limits,
            now: now)
        credentials = CredentialService(database: database, changes: changes, now: now)
        deviceCodes = DeviceCodeService(
            database: database, hub: hub, pacer: PollPacer(isOn: hasLimits), limits: limits, address: address, now: now)
        approvals = ApprovalService(database: database, hub: hub, limits: limits, now: now)
        meshes = MeshService(database: database, changes: changes, now: now)
        invites = InviteService(
            database: database, address: address, mail: mail, mailFrom: mailFrom, limits: limits, now: now)
        claims = ClaimService(database: database, changes: changes, limits: limits, now: now)
        members = MemberService(database: database, changes: changes, now: now)
        presence = PresenceService(database: database, changes: changes, isLimited: hasLimits, now: now)
        messages = MessageService(
            database: database, changes: changes, limits: limits, isLimited: hasLimits, isAlone: shared == nil,
            metrics: metrics, now: now)
        receipts = ReceiptService(database: database, changes: changes, metrics: metrics, now: now)
        grants = GrantService(database: database, changes: changes, now: now)
        messageSweep = MessageSweep(
            database: database, changes: changes, metrics: metrics, retention: retention, now: now)
    }

    /// A server begins to serve: who lived when the last one stopped is not gone for that.
    package func begin() async throws {
        let now = surroundings.now()
        try await database.write { try $0.presences.revive(at: now) }
    }

    /// Tells of sessions that fell silent: called every few seconds.
    package func tellSilence() async throws {
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
    package func sweep() async throws {
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
