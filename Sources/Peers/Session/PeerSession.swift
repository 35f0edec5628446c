// One launched session, as the daemon carries it: what came for it, how far that is, and what it sends. Follows its mesh
// with the session's own token. In parts: +events (what comes), +hooks (what Claude Code says of itself), +lane (what goes
// into its inbox), +tools (what Claude asks for), +sending (what goes out), +status.

package import FoundationEssentials
package import Logging
package import MeshAPI
package import MeshClient
package import MeshStore

/// What a session is carried with.
package struct SessionWorld: Sendable {
    package var store: any Store
    package var transport: Transport
    /// The token of an account at a server, where this machine has one.
    package var signIn: @Sendable (_ server: String, _ account: String) async -> String?
    /// All that this machine is signed in to.
    package var signIns: @Sendable () async -> [(server: ServerAddress, token: String)]
    package var now: @Sendable () -> Date

    package init(
        store: any Store, transport: Transport,
        signIn: @escaping @Sendable (_ server: String, _ account: String) async -> String?,
        signIns: @escaping @Sendable () async -> [(server: ServerAddress, token: String)] = { [] },
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.store = store
        self.transport = transport
        self.signIn = signIn
        self.signIns = signIns
        self.now = now
    }
}

package actor PeerSession {
    /// How it stands with the mesh.
    enum Link: Sendable, Hashable {
        case connecting
        case following
        /// For good: put out, moved, banned, archived, or signed out. The server's words of it, where it said any.
        case over(String, ErrorBody? = nil)
    }

    let facts: SessionFacts
    let world: SessionWorld
    let client: APIClient
    let tokenHash: String
    let logger: Logger
    /// Something came, or went on.
    let changes = Changes()
    /// There is something to tell or to send.
    let outgoing = Changes()

    var link = Link.connecting
    var lanes: Lanes
    var turns = Turns()
    /// What has not come before the model, whole.
    var messages: [String: Message] = [:]
    var cursor: String?
    var transcript: String?
    /// As they were stored.
    private var saved: [String: LaneItem] = [:]
    /// The claims that are on the disk.
    private(set) var stored: [String: ClaimMark] = [:]
    private var version: Int
    /// By which others write to it, as the server has it.
    var address: String?
    /// When the mesh was last heard of, and why it is not now.
    var heardAt: Date?
    var trouble: APIFailure?
    /// How many messages came in topics since the start.
    var unreadInTopics: [String: Int] = [:]
    let words: PersonWords
    /// Messages to the person themself that they have not seen.
    var forPerson: [Message] = []
    /// A dialog that is to be opened.
    var question: FirstWordQuestion?
    /// Whether its Claude Code opens dialogs for us.
    var asksInDialogs = false
    /// When its Claude Code said last what it does.
    var spokenAt: Date?
    /// Its file in Claude Code's own registry.
    var registry: String?
    /// Messages to itself that are back.
    var probes: Set<String> = []
    var provesLanes = false
    /// Words to the person, for the next hook.
    var toPerson: [String] = []
    /// The process that writes to Claude Code's inbox, and what it wrote there.
    var laneHolder: Int32?
    /// How many generations it is below the launcher.
    var holderDepth = Int.max
    var posted: Set<ClaimMark> = []
    var asks: String?
    var reported: PeerStatus?
    private var running: Task<Void, Never>?

    /// Takes up what was stored of it. Throws where its token cannot be read.
    package init(_ facts: SessionFacts, world: SessionWorld, logger: Logger) async throws {
        let token = try SessionToken.read(facts.tokenFile)
        self.facts = facts
        words = PersonWords(language: facts.language)
        self.world = world
        self.logger = logger
        tokenHash = SecretDigest.of(token)
        client = APIClient(
            server: try SessionToken.serverAddress(facts.server), credential: .session(token),
            transport: world.transport)
        let id = facts.sessionID
        let (place, rows) = try await world.store.read { transaction in
            (try transaction.daemon.place(of: id), try transaction.daemon.inbox(of: id))
        }
        cursor = place.cursor
        transcript = place.transcript
        turns = place.turns
        lanes = Lanes(items: rows.map(\.item), session: .init())
        lanes.session.bypasses = facts.bypasses
        lanes.session.chosen = facts.attention ?? .open
        for row in rows {
            messages[row.message.id] = row.message
            saved[row.message.id] = row.item
            stored[row.message.id] = row.item.claim?.mark
        }
        // Later than whatever a former daemon stored.
        version = Int(world.now().milliseconds)
    }

    /// Whose token this is.
    package nonisolated var id: String { facts.sessionID }

    /// Follows the mesh until it is stopped.
    package func start() {
        guard running == nil else { return }
        running = Task { [weak self] in
            await withTaskGroup(of: Void.self) { tasks in
                tasks.addTask { await self?.follow() }
                tasks.addTask { await self?.deliverReceipts() }
                tasks.addTask { await self?.deliverMessages() }
                tasks.addTask { await self?.reportStatus() }
            }
        }
    }

    package func stop() {
        running?.cancel()
        changes.happened()
        outgoing.happened()
    }

    /// Its Claude Code, or its launcher, has ended. What it did not take up is told to be waiting again.
    /// - Returns: whether something is still to be told or sent, which goes on with the token that it had.
    package func end() async -> Bool {
        let record = agentRecord.map { TranscriptFile.tail($0, most: 64 << 20) }
        let effects = lanes.agentEnded(delivered: record.map(Transcript.delivered)) { id in
            Transcript.gave(id, in: record ?? [])
        }
        await keep(effects)
        // Its launcher waits for this.
        await deliverReceiptsOnce(within: .seconds(1))
        stop()
        let id = id
        let kept = lanes.items.filter(\.isReopened).map(\.message.id)
        try? await world.store.write(.nothing) { try $0.daemon.endSession(id, keeping: kept) }
        guard await !hasNothingLeft else { return false }
        running = Task { [weak self] in
            await withTaskGroup(of: Void.self) { tasks in
                tasks.addTask { await self?.deliverMessages() }
                tasks.addTask { await self?.deliverReceipts() }
            }
        }
        return true
    }

    /// Stores what changed, and what senders are to be told of it, before anybody sees it.
    /// - Parameter also: what belongs into the same transaction.
    func keep(
        _ effects: [LaneEffect] = [], also: (@Sendable (MeshStore.Transaction) throws -> Void)? = nil
    ) async {
        let changed = lanes.items.filter { saved[$0.message.id] != $0 }
        let here = Set(lanes.items.map(\.message.id))
        let gone = saved.keys.filter { !here.contains($0) }
        let steps = effects.compactMap(\.step)
        guard !changed.isEmpty || !gone.isEmpty || !steps.isEmpty || also != nil else { return }
        for item in changed { saved[item.message.id] = item }
        for id in gone {
            saved[id] = nil
            stored[id] = nil
            messages[id] = nil
        }
        version += 1
        let (id, version) = (id, version)
        let rows = changed.compactMap { item in messages[item.message.id].map { (message: $0, item: item) } }
        let store = world.store
        // Not in the caller's task: whoever asked may be gone by now, and what is so here has to be so on the disk.
        let writing = Task {
            try await store.write(.nothing) { transaction in
                let daemon = transaction.daemon
                for row in rows { try daemon.save(row.message, row.item, version: version, of: id) }
                try daemon.forget(gone, of: id)
                for step in steps { try daemon.owe(step, of: id) }
                try also?(transaction)
            }
        }
        do { try await writing.value } catch {
            logger.error("not stored", metadata: ["session": "\(id)", "error": "\(error)"])
        }
        // A disk that takes no more keeps nobody from reading.
        for row in rows { stored[row.message.id] = row.item.claim?.mark }
        if !steps.isEmpty { outgoing.happened() }
    }

    func letter(_ message: Message) -> Letter {
        Letter(message, mesh: facts.meshSlug, account: facts.accountID, now: world.now())
    }

    func heard(_ ids: [String]) -> [Heard] {
        ids.compactMap { id in
            messages[id].map { Heard(id: id, hop: $0.hop, writtenAt: $0.writtenAt ?? $0.createdAt) }
        }
    }

    /// As `daemon status` shows it.
    /// - Parameter asksMesh: what its person chose for all their sessions counts, too, which the mesh alone knows.
    package func carried(asksMesh: Bool = false) async -> CarriedSession {
        let id = id
        let toSend = (try? await world.store.read { try $0.daemon.toSend(of: id).count }) ?? 0
        let link =
            switch link {
            case .connecting: "connecting"
            case .following: "following"
            case .over(let reason, _): reason
            }
        let attention = asksMesh && self.link == .following ? await attentionInForce() : lanes.session.attention
        let waiting = lanes.items.filter(\.isPending)
        return CarriedSession(
            sessionID: id, mesh: facts.meshSlug, meshID: facts.meshID, meshName: facts.meshName ?? facts.meshSlug,
            name: facts.displayName, address: address, server: facts.server, link: link, why: trouble?.word,
            status: status.rawValue, lane: laneInForce, attention: attention, waiting: waiting.count,
            given: waiting.count { $0.state == .handed }, toSend: toSend)
    }
}

extension LaneEffect {
    /// The message of which its sender is told something.
    var told: String? { step?.messageId }

    fileprivate var step: ReportReceipts.Step? {
        guard case .receipt(let id, let receipt) = self else { return nil }
        return switch receipt {
        case .handed(let lane): .init(messageId: id, state: .handed, lane: lane)
        case .seen(let lane): .init(messageId: id, state: .seen, lane: lane)
        case .queued: .init(messageId: id, state: .queued)
        }
    }
}
