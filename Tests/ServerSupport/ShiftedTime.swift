// A server's time: the real one, moved forward by hand where a test cannot wait for it.

package import Foundation
package import MeshServices
import Synchronization

/// The clock and the timers of a server under test.
package final class ShiftedTime: Sendable {
    private struct Timer {
        var due: Date
        var body: @Sendable () -> Void
    }

    private struct State {
        var shift = 0.0
        var timers: [Int: Timer] = [:]
        var made = 0
    }

    private let state = Mutex(State())

    package init() {}

    package var now: Date { Date().addingTimeInterval(state.withLock { $0.shift }) }

    /// Lets `seconds` pass at once; timers due by then go off.
    package func advance(_ seconds: Double) {
        state.withLock { $0.shift += seconds }
        let now = now
        for id in state.withLock({ $0.timers.filter { $0.value.due <= now }.map(\.key) }) { fire(id) }
    }

    /// Goes on to the beginning of a second.
    package func beginSecond() { advance(1 - now.timeIntervalSince1970.truncatingRemainder(dividingBy: 1)) }

    package var surroundings: Surroundings {
        Surroundings(
            now: { self.now },
            after: { duration, body in
                let due = self.now.addingTimeInterval(duration.seconds)
                let id = self.state.withLock { state in
                    state.made += 1
                    state.timers[state.made] = Timer(due: due, body: body)
                    return state.made
                }
                let cancel = Surroundings.real.after(duration) { self.fire(id) }
                return {
                    cancel()
                    self.state.withLock { _ = $0.timers.removeValue(forKey: id) }
                }
            })
    }

    private func fire(_ id: Int) { state.withLock { $0.timers.removeValue(forKey: id) }?.body() }
}
