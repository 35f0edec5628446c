// The one database: a file (SQLite in WAL mode, every commit on the disk before it is acknowledged) or memory.

internal import CSQLite
package import FoundationEssentials
internal import GRDB
package import MeshStore
internal import Platform
internal import Synchronization

/// A migrated database, ready for use.
package struct SQLiteStore: Store {
    /// The connection of `lookUp`: taking one out of the pool cost more than the rest of such a read. Before the writer,
    /// which goes last and puts what SQLite keeps beside the file into it.
    private let reader: any DatabaseReader
    let checkpoints: Checkpoints?
    let writer: any DatabaseWriter
    package let key: ServerKey
    private let migrations: Migrations
    /// Nil of a database in memory.
    private let log: WriteAheadLog?
    /// Set by a write that the disk did not take.
    private let isFailing = FailingWrites()

    /// Opens and migrates. Throws `StorageFailure`.
    package init(_ location: StorageLocation, assets: Assets = .embedded, now: Date) throws {
        try self.init(location, assets: assets, now: now, flush: { try $0.flush() })
    }

    /// `flush` brings to the disk what was written to a file. `logBytes`: how long the log gets before it goes into the database's.
    init(
        _ location: StorageLocation, assets: Assets = .embedded, now: Date, logBytes: Int = 16 << 20,
        flush: @escaping @Sendable (Descriptor) throws -> Void
    ) throws {
        Self.prepareLibrary
        migrations = Migrations(assets: assets)
        do {
            switch location {
            case .file(let path):
                try Backup.finishRestore(of: path)
                key = try ServerKey.load(beside: path, isNew: try DatabaseFile.prepare(path, migrations))
                let name = DatabaseFile.name(path)
                writer = try DatabasePool(path: name, configuration: Self.configuration)
                try writer.writeWithoutTransaction { try Self.prepareToWrite($0) }
                var reading = Self.configuration
                reading.readonly = true
                reader = try DatabaseQueue(path: name, configuration: reading)
                log = try WriteAheadLog(of: path, flush: flush)
                checkpoints = try Checkpoints(
                    of: name, bytes: logBytes, writer: writer, configuration: Self.configuration)
            case .memory:
                key = ServerKey.random()
                writer = try DatabaseQueue(configuration: Self.configuration)
                reader = writer
                (log, checkpoints) = (nil, nil)
            case .shared:
                throw StorageFailure.address(.form)
            }
            try migrate(at: now)
        } catch let error as DatabaseError {
            throw StorageFailure(error, of: location)
        }
    }

    /// Ends its connections, so that the database is all in its file: SQLite leaves the rest beside it where a connection
    /// that only reads is the last to go, and the pool, left to itself, closes the one that writes first. What is asked of
    /// it afterwards fails. Throws `StoreFailure`.
    package func close() throws {
        guard let pool = writer as? DatabasePool else { return }
        try storing {
            try (reader as? DatabaseQueue)?.close()
            try checkpoints?.close()
            pool.invalidateReadOnlyConnections()
            try pool.close()
        }
    }

    private func migrate(at now: Date) throws {
        try writer.writeWithoutTransaction { database in
            defer { Self.end(database) }
            try database.inTransaction(.immediate) {
                try migrations.apply(in: Transaction(runner: database, key: key), at: now)
                return .commit
            }
        }
        try log?.flushFirst()
    }

    private static let prepareLibrary: Void = cs_prepare()

    /// A commit puts what it wrote into the log and does not wait for the disk: `WriteAheadLog` does. Of a write that touches a
    /// page here and there in every index, most come back in the next, and are not read again for each.
    private static func prepareToWrite(_ database: Database) throws {
        try database.execute(
            sql: """
                PRAGMA synchronous = FULL;
                PRAGMA checkpoint_fullfsync = ON;
                PRAGMA wal_autocheckpoint = 0;
                PRAGMA cache_size = -16384
                """)
        guard let connection = database.sqliteConnection else { return }
        let code = cs_log_gather(connection)
        guard code == 0 else { throw DatabaseError(resultCode: ResultCode(rawValue: code)) }
    }

    private static var configuration: Configuration {
        var configuration = Configuration()
        // Of a new file: a message changes a row or two in pages of many indexes, and each goes to the disk whole.
        configuration.prepareDatabase { try $0.execute(sql: "PRAGMA page_size = 1024") }
        configuration.busyMode = .timeout(5)
        configuration.maximumReaderCount = 8
        return configuration
    }

    // Each through a function that is not async: in one that is, GRDB's own async calls would be meant, which change threads
    // for what is shorter than that.

    package func lookUp<Value: Sendable>(
        _ body: @escaping @Sendable (Transaction) throws -> Value
    ) async throws -> Value { try lookUpNow(body) }

    package func read<Value: Sendable>(
        _ body: @escaping @Sendable (Transaction) throws -> Value
    ) async throws -> Value { try readNow(body) }

    /// One writer, whatever the scope, on a thread of its own.
    @discardableResult
    package func commit<Value: Sendable>(
        _ scope: WriteScope, _ body: @escaping @Sendable (Transaction) throws -> Value,
        then: @escaping @Sendable (Value) -> Void
    ) async throws -> Value {
        do {
            return try await writer.writeWithoutTransaction { try perform(body, then: then, in: $0) }
        } catch let error as DatabaseError {
            throw isFailing.noted(StoreFailure(error))
        }
    }

    private func perform<Value>(
        _ body: (Transaction) throws -> Value, then: (Value) -> Void = { _ in }, in database: Database
    ) throws -> Value {
        guard database.sqliteConnection != nil else { throw StoreFailure.fault(code: "closed") }
        try secure(database)
        let before = database.totalChangesCount
        var value: Value?
        do {
            defer { Self.end(database) }
            try database.inTransaction {
                value = try body(Transaction(runner: database, key: key))
                return .commit
            }
        }
        guard let value else { throw StoreFailure.fault(code: "a transaction without a value") }
        let hasChanged = database.totalChangesCount > before
        if hasChanged { log?.noteCommit() }
        then(value)
        if hasChanged { checkpoints?.noteCommit(of: database) }
        return value
    }

    /// A transaction ended, or was taken back.
    private static func end(_ database: Database) {
        if let connection = database.sqliteConnection { cs_log_drop(connection) }
    }

    package func flush() async throws {
        do { try await log?.flush() } catch {
            isFailing.value = true
            throw error
        }
    }

    /// What the disk did not take from the log, and may never again be asked to, goes into the database's own file. Throws
    /// `busy` while somebody reads for long, and `unwritable` from when the disk did not take that either: nothing is written
    /// meanwhile.
    private func secure(_ database: Database) throws {
        guard let log, let checkpoints, log.isDoubtful else { return }
        guard !checkpoints.hasFailed else { throw StoreFailure.unwritable(code: "checkpoint") }
        checkpoints.pause()
        do { try database.checkpoint(.truncate) } catch let error as DatabaseError {
            if error.resultCode == .SQLITE_IOERR { checkpoints.fail() }
            throw error
        }
        do { try log.secure() } catch { throw StoreFailure.unwritable(code: "flush") }
    }

    /// What the disk may not have is shown to nobody: it could be gone with the machine's power, and something else in its place.
    private func checkMayRead() throws {
        if log?.isDoubtful == true { throw StoreFailure.unwritable(code: "flush") }
    }

    /// Reads by the connection that is kept for it, without the pool and the transaction of `read`.
    private func lookUpNow<Value>(_ body: (Transaction) throws -> Value) throws -> Value {
        try checkMayRead()
        return try storing { try reader.unsafeRead { try body(Transaction(runner: $0, key: key)) } }
    }

    /// As `read`, for callers that are no tasks of the server: the command line.
    package func readNow<Value>(_ body: (Transaction) throws -> Value) throws -> Value {
        try checkMayRead()
        return try storing { try writer.read { try body(Transaction(runner: $0, key: key)) } }
    }

    /// As `write`, for callers that are no tasks of the server: its start and the command line.
    @discardableResult
    package func writeNow<Value>(_ body: (Transaction) throws -> Value) throws -> Value {
        let value = try storing { try writer.writeWithoutTransaction { try perform(body, in: $0) } }
        try log?.flushNow()
        return value
    }

    /// Takes what is written: where it once did not, that is tried. Not, until a new start, where the disk did not take what went
    /// from the log into the database's file.
    package func isReady() async -> Bool { isReadyNow() }

    func isReadyNow() -> Bool {
        guard checkpoints?.hasFailed != true else { return false }
        do {
            if isFailing.value {
                try writer.writeWithoutTransaction { database in
                    defer { Self.end(database) }
                    try secure(database)
                    // Nobody's number, written as it is.
                    try database.execute(sql: "PRAGMA user_version = 0")
                }
                try log?.flushNow()
                isFailing.value = false
            }
            return try readNow { try migrations.pending(in: $0).isEmpty }
        } catch {
            return false
        }
    }
}

/// Whether a write failed for want of a disk that takes it, and none was seen to succeed since.
private final class FailingWrites: Sendable {
    private let state = Mutex(false)

    var value: Bool {
        get { state.withLock { $0 } }
        set { state.withLock { $0 = newValue } }
    }

    func noted(_ failure: StoreFailure) -> StoreFailure {
        if failure.isOfTheDisk { value = true }
        return failure
    }
}
