// Waiting for something to happen, with an end.

internal import Synchronization

/// Whoever waits goes on when something changed, when the time is over, or when nobody wants it any more.
final class Changes: Sendable {
    private struct State {
        var next = 0
        var count = 0
        var waiting: [Int: CheckedContinuation<Void, Never>] = [:]
        /// Ended before they began to wait.
        var over: Set<Int> = []
    }

    private let state = Mutex(State())

    var isWaitedFor: Bool { state.withLock { !$0.waiting.isEmpty } }

    /// How often something happened. Whoever takes it before they look, and waits since then, misses nothing.
    var count: Int { state.withLock { $0.count } }

    func happened() {
        let waiting = state.withLock { state in
            state.count += 1
            defer { state.waiting = [:] }
            return Array(state.waiting.values)
        }
        for one in waiting { one.resume() }
    }

    /// - Parameter count: what it was before the caller looked; nil to wait for what comes from now on.
    func wait(for limit: Duration, since count: Int? = nil, isolation: isolated (any Actor)? = #isolation) async {
        guard limit > .zero else { return }
        let number = state.withLock { state in
            state.next += 1
            return state.next
        }
        let timer = Task { [weak self] in
            try? await Task.sleep(for: limit)
            self?.end(number)
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    guard state.over.remove(number) == nil, count == nil || count == state.count else { return true }
                    state.waiting[number] = continuation
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            end(number)
        }
        timer.cancel()
        state.withLock { _ = $0.over.remove(number) }
    }

    private func end(_ number: Int) {
        let waiting = state.withLock { state in
            let waiting = state.waiting.removeValue(forKey: number)
            if waiting == nil { state.over.insert(number) }
            return waiting
        }
        waiting?.resume()
    }
}
