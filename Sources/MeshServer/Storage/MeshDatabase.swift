// The one database: a file (SQLite in WAL mode, every commit on the disk before it is acknowledged) or memory.
// Services ask it for a transaction; SQL is written in the repositories (`…Rows`) alone.

internal import FoundationEssentials
internal import GRDB
internal import Synchronization

/// Where a server keeps what it knows.
public enum StorageLocation: Sendable, Hashable {
    /// The path of the SQLite file; made with its folder where it is missing, readable by the owner alone.
    case file(String)
    /// Nothing outlives the process.
    case memory
}

/// A migrated database, ready for use.
struct MeshDatabase: Sendable {
    /// The connection of `lookUp`: taking one out of the pool cost more than the rest of such a read. Before the writer,
    /// which goes last and puts what SQLite keeps beside the file into it.
    private let reader: any DatabaseReader
    let writer: any DatabaseWriter
    let key: ServerKey
    /// Set by a write that the disk did not take.
    private let isFailing = FailingWrites()

    /// Opens and migrates. Throws `StorageFailure`.
    init(_ location: StorageLocation, assets: Assets = .embedded, now: Date) throws {
        let migrations = Migrations(assets: assets)
        do {
            switch location {
            case .file(let path):
                try Backup.finishRestore(of: path)
                key = try ServerKey.load(beside: path, isNew: try DatabaseFile.prepare(path, migrations))
                let name = DatabaseFile.name(path)
                writer = try DatabasePool(path: name, configuration: Self.configuration)
                // GRDB turns it down to NORMAL in WAL mode; an acknowledged token must survive a power cut.
                try writer.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
                var reading = Self.configuration
                reading.readonly = true
                reader = try DatabaseQueue(path: name, configuration: reading)
            case .memory:
                key = ServerKey.random()
                writer = try DatabaseQueue(configuration: Self.configuration)
                reader = writer
            }
            try migrations.run(on: writer, key: key, at: now)
        } catch let error as DatabaseError {
            throw StorageFailure(error, of: location)
        }
    }

    /// Ends its connections, so that the database is all in its file: SQLite leaves the rest beside it where a connection
    /// that only reads is the last to go, and the pool, left to itself, closes the one that writes first. What is asked of
    /// it afterwards fails. Throws `DatabaseError`.
    func close() throws {
        guard let pool = writer as? DatabasePool else { return }
        try (reader as? DatabaseQueue)?.close()
        pool.invalidateReadOnlyConnections()
        try pool.close()
    }

    private static var configuration: Configuration {
        var configuration = Configuration()
        configuration.busyMode = .timeout(5)
        configuration.maximumReaderCount = 8
        return configuration
    }

    /// Reads a consistent state. Synchronous: a point read is shorter than a change of threads.
    func read<Value>(_ body: (Transaction) throws -> Value) throws -> Value {
        try writer.read { try body(Transaction(database: $0, key: key)) }
    }

    /// Reads what nearly every request asks for: rows by their key, which need not see one common state, without the pool
    /// and the transaction of `read`. Nothing long: all of these reads wait for one another.
    func lookUp<Value>(_ body: (Transaction) throws -> Value) throws -> Value {
        try reader.unsafeRead { try body(Transaction(database: $0, key: key)) }
    }

    /// Writes in one transaction, undone when `body` throws. Never await or hash a password inside.
    @discardableResult
    func write<Value: Sendable>(_ body: @escaping @Sendable (Transaction) throws -> Value) async throws -> Value {
        do {
            return try await writer.write { [key] in try body(Transaction(database: $0, key: key)) }
        } catch {
            isFailing.note(error)
            throw error
        }
    }

    /// As `write`, for callers that are no tasks of the server: its start and the command line.
    func writeNow<Value>(_ body: (Transaction) throws -> Value) throws -> Value {
        try writer.write { try body(Transaction(database: $0, key: key)) }
    }

    /// Whether it answers, with every migration in place, and takes what is written: where it once did not, that is tried.
    func isReady(assets: Assets = .embedded) -> Bool {
        do {
            if isFailing.value {
                // Nobody's number, written as it is.
                try writer.write { try $0.execute(sql: "PRAGMA user_version = 0") }
                isFailing.value = false
            }
            return try writer.read { try Migrations(assets: assets).pending(in: $0).isEmpty }
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

    func note(_ error: any Error) {
        if (error as? DatabaseError)?.isOfTheDisk == true { value = true }
    }
}

extension DatabaseError {
    /// Full, broken, or not to be written: nothing is wrong with what was asked.
    var isOfTheDisk: Bool { [.SQLITE_FULL, .SQLITE_IOERR, .SQLITE_READONLY, .SQLITE_CANTOPEN].contains(resultCode) }
}
