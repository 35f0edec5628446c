// Clocks that a test turns by hand.

import MeshClient
import Platform
import Synchronization

final class FakeClock: Sendable {
    private struct Sleeper {
        var id: Int
        var until: Duration
        var wake: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var awake = Duration.seconds(1000)
        var slept = Duration.zero
        var nextID = 0
        var cancelled: Set<Int> = []
        var sleepers: [Sleeper] = []
    }

    private let state = Mutex(State())

    var clock: BootClock {
        BootClock(
            now: { self.state.withLock { $0.awake + $0.slept } }, awake: { self.state.withLock { $0.awake } },
            sleep: { try await self.sleep($0) })
    }

    var now: Duration { clock.now() }

    /// How long those that wait have to wait yet, in seconds, the shortest first.
    var pauses: [Double] {
        state.withLock { state in
            state.sleepers.map { $0.until - state.awake }.sorted().map {
                Double($0.components.seconds) + Double($0.components.attoseconds) / 1e18
            }
        }
    }

    /// Time goes by.
    func advance(_ duration: Duration) {
        let due = state.withLock { state in
            state.awake += duration
            let now = state.awake
            let due = state.sleepers.filter { $0.until <= now }
            state.sleepers.removeAll { $0.until <= now }
            return due
        }
        for sleeper in due { sleeper.wake.resume() }
    }

    /// The machine sleeps: nobody's timer runs meanwhile.
    func suspendMachine(_ duration: Duration) { state.withLock { $0.slept += duration } }

    private func sleep(_ duration: Duration) async throws {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { wake in
                let isCancelled = state.withLock { state in
                    if state.cancelled.contains(id) { return true }
                    state.sleepers.append(Sleeper(id: id, until: state.awake + duration, wake: wake))
                    return false
                }
                if isCancelled { wake.resume(throwing: CancellationError()) }
            }
        } onCancel: {
            let sleeper = state.withLock { state in
                state.cancelled.insert(id)
                let sleeper = state.sleepers.first { $0.id == id }
                state.sleepers.removeAll { $0.id == id }
                return sleeper
            }
            sleeper?.wake.resume(throwing: CancellationError())
        }
    }
}
