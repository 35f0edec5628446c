// The servers of one database: this one says that it lives, hears what the others tell, and agrees with them on what is kept. Over
// SQLite there is one server, and nothing of this.

internal import FoundationEssentials
internal import Logging
internal import MeshServices
internal import MeshStore
internal import Synchronization

final class Fleet: Sendable {
    /// How far a server's clock may be off the database's.
    static let mostOffset: Double = 5

    private let database: any SharedStore
    private let hub: EventHub
    private let changes: MeshChanges
    private let options: ServerOptions
    private let wall: @Sendable () -> Date
    private let id = Identifier.make()

    init(
        database: any SharedStore, hub: EventHub, changes: MeshChanges, options: ServerOptions,
        wall: @escaping @Sendable () -> Date
    ) {
        self.database = database
        self.hub = hub
        self.changes = changes
        self.options = options
        self.wall = wall
    }

    /// Begins to hear what other servers tell.
    func listen() {
        database.listen { [hub, changes] heard in
            switch heard {
            case .hint(.mesh(let id, let parties)): changes.wake(id, parties)
            case .hint(.code(let digest)): hub.wake(digest)
            case .anything:
                hub.wakeAll()
                changes.wakeAll()
            }
        }
    }

    /// Says every five seconds that it lives, and looks every second for who waits for a code, until the task is cancelled.
    func run(port: @Sendable () -> Int?, _ logger: Logger) async {
        await agree(logger)
        let since = Date().milliseconds
        let codes = CodeLook(database: database, hub: hub)
        var seconds = 0
        while !Task.isCancelled {
            if seconds % 5 == 0, let port = port() {
                let state = ServerState(
                    id: id, name: "\(options.name):\(port)", version: options.version, since: since,
                    streams: hub.count + changes.count)
                do { try await database.beat(state) } catch {
                    logger.warning("the database does not answer", metadata: ErrorFacts.of(error))
                }
                seconds += 1
            } else if seconds % 5 != 0 {
                seconds += 1
            }
            await codes.run()
            try? await Task.sleep(for: .seconds(1))
        }
        // The task is over; this is not.
        await Task { [database, id] in try? await database.leave(id) }.value
    }

    /// How long messages are kept is one for all. What others keep to is kept to, and said; a server alone brings its own.
    private func agree(_ logger: Logger) async {
        do {
            let own = Retention.text(options.retention)
            let known = try await database.retention()
            guard known != own else { return }
            guard let known, try await !database.servers().isEmpty else { return try await database.setRetention(own) }
            logger.warning(
                "the other servers keep messages for another time, which is in force",
                metadata: ["retention": "\(own)", "in_force": "\(known)"])
        } catch {
            logger.warning("the database does not answer", metadata: ErrorFacts.of(error))
        }
    }

    /// Seconds that this server's clock is ahead of the database's. Throws `StoreFailure`.
    func clockOffset() async throws -> Double {
        let before = wall()
        let there = try await database.clock()
        let after = wall()
        return (before.timeIntervalSince1970 + after.timeIntervalSince1970) / 2 - Double(there) / 1000
    }
}

/// How long messages are kept, as servers tell each other: seconds, or `forever`.
enum Retention {
    static func text(_ seconds: Double?) -> String { seconds.map { String(Int($0)) } ?? "forever" }

    /// Nil for ever.
    static func seconds(_ text: String) -> Double? { Double(text) }

    /// What is in force, in seconds: what the servers of a database agreed on, else this one's own; nil for ever.
    static func inForce(in database: (any SharedStore)?, own: Double?) async throws -> Double? {
        guard let database else { return own }
        return try await database.retention().map(seconds) ?? own
    }
}
