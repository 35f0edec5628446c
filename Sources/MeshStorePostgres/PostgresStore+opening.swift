// Opening a shared database: what it has to be, which key its servers have, and its tables, under one lock, so that of several
// that start at once one makes them.

package import FoundationEssentials
package import MeshStore

extension PostgresStore {
    /// Connections, and threads: more than a server's processors do not answer sooner.
    private static let connections = 12

    /// Connects, checks, and migrates. Throws `StorageFailure`. Blocks the caller.
    package init(
        _ url: DatabaseURL, keyFile: String, environment: [String: String], assets: Assets = .embedded,
        connections: Int = connections, now: Date
    ) throws {
        let address = try PostgresAddress(url, environment: environment)
        let connection = try PostgresConnection(address)
        try Self.check(connection, address)
        locks = AdvisoryLocks(schema: address.schema)
        migrations = Migrations(assets: assets)
        key = try Self.migrate(migrations, locks, connection, address, keyFile: keyFile, at: now)
        pool = PostgresPool(address, threads: connections, first: connection)
        notices = PostgresNotices(address, pool: pool)
    }

    /// Throws `StorageFailure.setting` where an acknowledged write could be lost, or texts be ordered as people do.
    private static func check(_ connection: PostgresConnection, _ address: PostgresAddress) throws {
        func value(_ sql: String) throws -> String {
            try connection.opening(sql, address).text(row: 0, column: 0) ?? ""
        }
        for name in ["synchronous_commit", "fsync"] where try value("SHOW \(name)") == "off" {
            throw StorageFailure.setting(server: address.shown, name: name, value: "off")
        }
        let encoding = try value("SHOW server_encoding")
        guard encoding == "UTF8" else {
            throw StorageFailure.setting(server: address.shown, name: "server_encoding", value: encoding)
        }
        let collation = try value(
            "SELECT CAST(datcollate AS TEXT) FROM pg_database WHERE datname = current_database()")
        guard ["C", "POSIX", "C.UTF-8", "C.utf8", "C.UTF8"].contains(collation) else {
            throw StorageFailure.setting(server: address.shown, name: "lc_collate", value: collation)
        }
    }

    private static func migrate(
        _ migrations: Migrations, _ locks: AdvisoryLocks, _ connection: PostgresConnection, _ address: PostgresAddress,
        keyFile: String, at now: Date
    ) throws -> ServerKey {
        // Others may migrate, for as long as that takes.
        try connection.opening("SET lock_timeout = 0; SET statement_timeout = 0", address)
        try connection.opening(locks.beginMigrations, address)
        do {
            if address.schema != "public" {
                try connection.opening("CREATE SCHEMA IF NOT EXISTS \(address.schema)", address)
            }
            let unsealed = SharedFacts(transaction: Transaction(runner: connection, key: ServerKey(bytes: [])))
            let isKnown = try unsealed.exists
            let key = try KeyFile.key(in: keyFile, fingerprint: isKnown ? unsealed.value(.keyFingerprint) : nil)
            let transaction = Transaction(runner: connection, key: key)
            let facts = SharedFacts(transaction: transaction)
            try migrations.apply(in: transaction, readable: isKnown ? facts.readable() : [], at: now)
            try connection.opening(SharedFacts.tables, address)
            try facts.set(.keyFingerprint, key.fingerprint)
            for migration in migrations.all where migration.isReadableBefore { try facts.noteReadable(migration.name) }
            try connection.opening("COMMIT", address)
            try connection.opening("RESET lock_timeout; RESET statement_timeout", address)
            return key
        } catch let failure as PostgresFailure {
            throw StorageFailure.server(address.shown, reason: failure.storeFailure.code)
        }
    }
}
