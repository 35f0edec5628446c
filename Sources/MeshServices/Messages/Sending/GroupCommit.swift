// Sends share commits: one queue a mesh and process, from which a transaction takes what waits when it has begun. The next one does
// not wait until the disk has the former. What a batch answers is each item's own; one whose commit fails is tried again, each
// item alone and maybe behind later ones.

internal import Synchronization
internal import MeshStore

final class GroupCommit<Item: Sendable, Answer: Sendable>: Sendable {
    private struct Waiting {
        var item: Item
        var answer: CheckedContinuation<Answer, any Error>
    }

    private struct Queue {
        var waiting: [Waiting] = []
        /// Whether a commit will take what waits.
        var isComing = false
    }

    /// What a transaction takes, asked for when it has what it must have for itself; the same where it is run again.
    typealias Items = @Sendable () -> [Item]

    /// A batch that was committed: waits until the disk has it, and gives each item's outcome, in order.
    typealias Committed = @Sendable () async throws -> [Result<Answer, any Error>]

    private let most: Int
    private let isAhead: Bool
    private let commit: @Sendable (_ key: String, @escaping Items) async throws -> Committed
    private let queues = Mutex<[String: Queue]>([:])

    /// `isAhead`: while a transaction runs the next of its key is handed over already, to an engine that begins it when the former
    /// has ended. `commit` takes a batch in one transaction.
    init(
        most: Int = 256, isAhead: Bool,
        commit: @escaping @Sendable (_ key: String, @escaping Items) async throws -> Committed
    ) {
        self.most = most
        self.isAhead = isAhead
        self.commit = commit
    }

    /// How many wait for a commit that has not begun.
    var waitingCount: Int { queues.withLock { $0.values.reduce(0) { $0 + $1.waiting.count } } }

    /// The outcome of `item`, when the disk has the commit that took it.
    func take(_ item: Item, key: String) async throws -> Answer {
        try await withCheckedThrowingContinuation { continuation in
            queues.withLock { $0[key, default: Queue()].waiting.append(Waiting(item: item, answer: continuation)) }
            comeWhereNeeded(key)
        }
    }

    /// Lets a commit come where something waits for one and none is coming.
    private func comeWhereNeeded(_ key: String) {
        let isNeeded = queues.withLock { queues in
            guard let queue = queues[key], !queue.isComing else { return false }
            queues[key] = queue.waiting.isEmpty ? nil : Queue(waiting: queue.waiting, isComing: true)
            return !queue.waiting.isEmpty
        }
        // Ahead of the many tasks that read requests, as what answers them after it: all that are sent wait for this.
        if isNeeded { Task(priority: .high) { await come(key) } }
    }

    private func come(_ key: String) async {
        let batch = Mutex<[Waiting]?>(nil)
        let take: @Sendable () -> [Waiting] = { [self] in
            batch.withLock { batch in
                let taken = batch ?? next(key)
                batch = taken
                return taken
            }
        }
        do { try await commit(key, take) } catch {
            let waiting = take()
            if waiting.count == 1 {
                waiting[0].answer.resume(throwing: error)
            } else {
                for one in waiting { await commitAlone(one, key) }
            }
        }
        if !isAhead { letNextCome(key) }
    }

    /// What waits when a transaction has begun. Who comes from now on is for the next.
    private func next(_ key: String) -> [Waiting] {
        let taken = queues.withLock { queues in
            let waiting = queues[key]?.waiting ?? []
            queues[key]?.waiting = Array(waiting.dropFirst(most))
            return Array(waiting.prefix(most))
        }
        if isAhead { letNextCome(key) }
        return taken
    }

    private func letNextCome(_ key: String) {
        queues.withLock { $0[key]?.isComing = false }
        comeWhereNeeded(key)
    }

    private func commit(_ key: String, _ batch: @escaping @Sendable () -> [Waiting]) async throws {
        let committed = try await commit(key) { batch().map(\.item) }
        Task { await Self.answer(batch(), after: committed) }
    }

    private func commitAlone(_ waiting: Waiting, _ key: String) async {
        do { try await commit(key) { [waiting] } } catch { waiting.answer.resume(throwing: error) }
    }

    private static func answer(_ batch: [Waiting], after committed: Committed) async {
        do {
            for (waiting, outcome) in zip(batch, try await committed()) { waiting.answer.resume(with: outcome) }
        } catch {
            for waiting in batch { waiting.answer.resume(throwing: error) }
        }
    }
}
