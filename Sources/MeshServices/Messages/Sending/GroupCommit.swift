// Sends that wait while a commit is under way share the next one: one queue a mesh and process. The next one does not wait until
// the disk has the former. What a batch answers is each item's own; one whose commit fails is tried again, each item alone.

internal import Synchronization
internal import MeshStore

final class GroupCommit<Item: Sendable, Answer: Sendable>: Sendable {
    private struct Waiting {
        var item: Item
        var answer: CheckedContinuation<Answer, any Error>
    }

    /// A batch that was committed: waits until the disk has it, and gives each item's outcome, in order.
    typealias Committed = @Sendable () async throws -> [Result<Answer, any Error>]

    private let most: Int
    /// Takes a batch in one transaction.
    private let commit: @Sendable (_ key: String, [Item]) async throws -> Committed
    /// Those that wait, by key; a key is there while a task works for it.
    private let queues = Mutex<[String: [Waiting]]>([:])

    init(
        most: Int = 256,
        commit: @escaping @Sendable (_ key: String, [Item]) async throws -> Committed
    ) {
        self.most = most
        self.commit = commit
    }

    /// How many wait for a commit that has not begun.
    var waitingCount: Int { queues.withLock { $0.values.reduce(0) { $0 + $1.count } } }

    /// The outcome of `item`, when the disk has the commit that took it.
    func take(_ item: Item, key: String) async throws -> Answer {
        try await withCheckedThrowingContinuation { continuation in
            let isFirst = queues.withLock { queues in
                let isFirst = queues[key] == nil
                queues[key, default: []].append(Waiting(item: item, answer: continuation))
                return isFirst
            }
            if isFirst { Task { await self.work(key) } }
        }
    }

    private func work(_ key: String) async {
        while let batch = next(key) { await commit(batch, key: key) }
    }

    /// Nil, and nobody works for the key any more, where nothing waits.
    private func next(_ key: String) -> [Waiting]? {
        queues.withLock { queues in
            guard let waiting = queues[key], !waiting.isEmpty else {
                queues[key] = nil
                return nil
            }
            queues[key] = Array(waiting.dropFirst(most))
            return Array(waiting.prefix(most))
        }
    }

    private func commit(_ batch: [Waiting], key: String) async {
        do {
            let committed = try await commit(key, batch.map(\.item))
            Task { await Self.answer(batch, after: committed) }
        } catch  where batch.count > 1 {
            for waiting in batch { await commit([waiting], key: key) }
        } catch {
            for waiting in batch { waiting.answer.resume(throwing: error) }
        }
    }

    private static func answer(_ batch: [Waiting], after committed: Committed) async {
        do {
            for (waiting, outcome) in zip(batch, try await committed()) { waiting.answer.resume(with: outcome) }
        } catch {
            for waiting in batch { waiting.answer.resume(throwing: error) }
        }
    }
}
