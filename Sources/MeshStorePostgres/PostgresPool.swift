// Threads that may block, and a connection for each that works. A job that has a thread has a connection: the queue is the
// threads'.

internal import MeshStore
internal import NIOPosix
internal import Synchronization

final class PostgresPool: Sendable {
    private struct State {
        /// The last one that was used is used next.
        var idle: [PostgresConnection] = []
        /// The last attempt failed, and until then no other is made: whoever asks meanwhile is told the same at once. Where a
        /// server does not even answer, one thread waits for it and not all.
        var awayUntil: ContinuousClock.Instant?
        var isClosed = false
    }

    let address: PostgresAddress
    private let threads: NIOThreadPool
    private let state: Mutex<State>

    /// `first` is a connection that was made already.
    init(_ address: PostgresAddress, threads count: Int, first: PostgresConnection) {
        self.address = address
        threads = NIOThreadPool(numberOfThreads: count)
        state = Mutex(State(idle: [first]))
        threads.start()
    }

    /// Runs `body` on a thread of the pool.
    func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await threads.runIfActive(body)
    }

    /// A connection for the caller alone. Throws `StoreFailure.unreachable`.
    func take() throws -> PostgresConnection {
        let idle = try state.withLock { state -> PostgresConnection? in
            guard !state.isClosed else { throw StoreFailure.unreachable(code: "closed") }
            if let idle = state.idle.popLast() { return idle }
            if let until = state.awayUntil {
                guard until <= .now else { throw StoreFailure.unreachable(code: "postgres away") }
                state.awayUntil = .now + .seconds(PostgresAddress.connectSeconds)
            }
            return nil
        }
        if let idle { return idle }
        do {
            let made = try PostgresConnection(address)
            state.withLock { $0.awayUntil = nil }
            return made
        } catch is StorageFailure {
            state.withLock { $0.awayUntil = .now + .milliseconds(250) }
            throw StoreFailure.unreachable(code: "postgres away")
        }
    }

    func give(_ connection: PostgresConnection) {
        state.withLock { if !$0.isClosed { $0.idle.append(connection) } }
    }

    /// One was lost: those that lie idle are as dead.
    func dropIdle() {
        // Closed outside of the lock, when they are let go.
        let dropped = state.withLock { state in
            defer { state.idle = [] }
            return state.idle
        }
        withExtendedLifetime(dropped) {}
    }

    /// Lets what is under way end.
    func close() throws {
        state.withLock { $0.isClosed = true }
        try threads.syncShutdownGracefully()
        dropIdle()
    }
}
