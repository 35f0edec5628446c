// The rules over the database that a server's options name.

internal import FoundationEssentials
internal import MeshServices
internal import MeshStore
internal import MeshStorePostgres
internal import MeshStoreSQLite

extension Services {
    /// Opens the database. Throws `StorageFailure`, `ServerOptionError`.
    init(options: ServerOptions, surroundings: Surroundings, passwordCost: Int) throws {
        try options.validate()
        let database = try Self.open(options, now: surroundings.now())
        self.init(
            database: database,
            address: PublicAddress(publicURL: options.publicURL, host: options.host, port: options.port),
            mail: options.mail, mailFrom: options.mailFrom, mostWaiters: options.mostWaiters,
            hasLimits: options.hasLimits,
            retention: { try await Retention.inForce(in: database as? any SharedStore, own: options.retention) },
            surroundings: surroundings, passwordCost: passwordCost)
    }

    private static func open(_ options: ServerOptions, now: Date) throws -> any Store {
        guard case .shared(let url, let keyFile) = options.storage else {
            return try SQLiteStore(options.storage, now: now)
        }
        return try PostgresStore(
            url, keyFile: keyFile, environment: options.environment, connections: options.databaseConnections, now: now)
    }
}
