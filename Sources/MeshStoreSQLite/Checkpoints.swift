// What is in the log goes into the database's own file while others write: most of it by a connection and on a thread of its own,
// and the little that was written meanwhile by the one that writes, after which the log begins anew. By itself SQLite lets who
// writes wait for all of it.

internal import CSQLite
internal import GRDB
internal import GRDBSQLite
internal import Synchronization

final class Checkpoints: Sendable {
    private enum State {
        case idle, underWay
        /// All that was there when it began, and that no reader needs.
        case isDone
        /// A disk says once that it did not take something. What the file has is not known any more: this process puts nothing more
        /// into it, and leaves the log to the next start, which goes through all of it.
        case hasFailed
    }

    /// So many are in the log when it begins. Most pages come again in the next write: the more there are, the fewer go back.
    private let bytes: Int
    private let writer: any DatabaseWriter
    private let connection: DatabaseQueue
    private let state = Mutex(State.idle)

    /// Of the database at `path`, which `writer` has open. Throws `DatabaseError`.
    init(of path: String, bytes: Int, writer: any DatabaseWriter, configuration: Configuration) throws {
        (self.bytes, self.writer) = (bytes, writer)
        connection = try DatabaseQueue(path: path, configuration: configuration)
    }

    var hasFailed: Bool { state.withLock { $0 == .hasFailed } }

    /// By the thread that writes, after each commit. One that a reader holds up is tried again with the next.
    func noteCommit(of database: Database) {
        guard let log = database.sqliteConnection else { return }
        let isLong = cs_log_end(log) >= bytes
        let former = state.withLock { state in
            let former = state
            switch state {
            case .idle where isLong, .isDone where isLong: state = .underWay
            // It began anew by itself: nothing had been written since.
            case .isDone: state = .idle
            case .idle, .underWay, .hasFailed: break
            }
            return former
        }
        guard isLong else { return }
        switch former {
        case .idle: connection.asyncWriteWithoutTransaction { [self] in run($0, then: .isDone) }
        // Not at once: who was just committed waits for no checkpoint.
        case .isDone: writer.asyncWriteWithoutTransaction { [self] in run($0, then: .idle) }
        case .underWay, .hasFailed: break
        }
    }

    /// Returns when none is under way beside the one that writes.
    func pause() { connection.writeWithoutTransaction { _ in } }

    /// Ends it, when what is under way is over.
    func close() throws { try connection.close() }

    /// The disk did not take something that goes into the file.
    func fail() {
        state.withLock { $0 = .hasFailed }
        // Before it is closed, which would put the log into the file.
        writer.asyncWriteWithoutTransaction { if let log = $0.sqliteConnection { cs_log_keep(log) } }
    }

    private func run(_ database: Database, then next: State) {
        // Closed meanwhile.
        guard let connection = database.sqliteConnection else { return }
        let code = sqlite3_wal_checkpoint_v2(connection, nil, SQLITE_CHECKPOINT_PASSIVE, nil, nil)
        guard code & 0xff != SQLITE_IOERR else { return fail() }
        state.withLock { $0 = code == SQLITE_OK ? next : .idle }
    }
}
