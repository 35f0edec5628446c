// The file beside the database in which SQLite keeps what was committed last. A commit leaves it with the system, and goes to
// the disk here: while one flush is under way the next transaction runs, and those that end meanwhile share the next flush.

internal import Dispatch
internal import MeshStore
internal import Platform
internal import Synchronization

final class WriteAheadLog: Sendable {
    private struct State {
        /// How many transactions were committed, and how many of them the disk has.
        var committed = 0
        var flushed = 0
        var waiting: [CheckedContinuation<Void, any Error>] = []
        var isFlushing = false
        var isDoubtful = false
    }

    private let path: String
    private let descriptor: Descriptor
    private let flush: @Sendable (Descriptor) throws -> Void
    private let state = Mutex(State())
    /// A flush blocks its thread.
    private let queue = DispatchQueue(label: "claudemesh.flush")

    /// Of the database at `path`, which is open. Throws `StorageFailure`.
    init(of path: String, flush: @escaping @Sendable (Descriptor) throws -> Void) throws {
        self.flush = flush
        self.path = DatabaseFile.target(of: path) + "-wal"
        do throws(SystemError) { descriptor = try Descriptor(reading: self.path) } catch {
            throw StorageFailure.file(path: self.path, reason: .system(error.code))
        }
    }

    deinit { descriptor.close() }

    /// Whether a flush failed: the system says so once, and the next one may succeed without what the disk did not take. Until
    /// `secure` nothing is said to be there.
    var isDoubtful: Bool { state.withLock { $0.isDoubtful } }

    /// By the thread that writes: a transaction changed something.
    func noteCommit() { state.withLock { $0.committed += 1 } }

    /// By the thread that writes, after all that is in the log went into the database's own file: the log, empty now, follows.
    func secure() throws {
        try flush(descriptor)
        state.withLock {
            $0.isDoubtful = false; $0.flushed = $0.committed
        }
    }

    /// Returns when the disk has all that was committed before. Throws `StoreFailure.inDoubt`.
    func flush() async throws {
        guard state.withLock({ $0.flushed < $0.committed }) else { return }
        try await withCheckedThrowingContinuation { continuation in
            let isFirst = state.withLock { state in
                state.waiting.append(continuation)
                defer { state.isFlushing = true }
                return !state.isFlushing
            }
            if isFirst { queue.async { self.work() } }
        }
    }

    /// What the start wrote. Throws `StorageFailure`.
    func flushFirst() throws {
        do { try flush(descriptor) } catch let error as SystemError {
            throw StorageFailure.file(path: path, reason: .system(error.code))
        }
    }

    /// As `flush`, on the caller's thread, which it blocks.
    func flushNow() throws {
        let (committed, isDoubtful) = state.withLock { ($0.committed, $0.isDoubtful) }
        let failure = StoreFailure.inDoubt(code: "flush")
        guard !isDoubtful else { throw failure }
        do { try flush(descriptor) } catch {
            state.withLock { $0.isDoubtful = true }
            throw failure
        }
        state.withLock { $0.flushed = max($0.flushed, committed) }
    }

    private func work() {
        while let waiting = next() {
            let outcome = Result { try flushNow() }
            for one in waiting { one.resume(with: outcome) }
        }
    }

    /// Nil, and nobody works any more, where nobody waits.
    private func next() -> [CheckedContinuation<Void, any Error>]? {
        state.withLock { state in
            defer { state.waiting = [] }
            state.isFlushing = !state.waiting.isEmpty
            return state.isFlushing ? state.waiting : nil
        }
    }
}
