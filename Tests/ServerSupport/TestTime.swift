// A server's time that stands still until it is moved by hand.

package import Foundation
package import MeshServices
import Synchronization

/// The time and the timers.
package final class TestTime: Sendable {
    private struct Timer {
        var id: Int
        var due: Date
        var body: @Sendable () -> Void
    }

    private struct State {
        var now = Date(timeIntervalSince1970: 1_800_000_000)
        var timers: [Timer] = []
        var made = 0
        var skew = 0.0
    }

    private let state = Mutex(State())

    package init() {}

    package var now: Date { state.withLock { $0.now } }

    /// By so many seconds the machine's clock is wrong.
    package var skew: Double {
        get { state.withLock { $0.skew } }
        set { state.withLock { $0.skew = newValue } }
    }

    /// How many timers run: held polls.
    package var timerCount: Int { state.withLock { $0.timers.count } }

    /// How many timers were ever started: unlike `timerCount` it does not go down when one is given up.
    package var timersMade: Int { state.withLock { $0.made } }

    package func advance(_ seconds: Double) {
        let due = state.withLock { state in
            state.now.addTimeInterval(seconds)
            let (due, later) = (
                state.timers.filter { $0.due <= state.now }, state.timers.filter { $0.due > state.now }
            )
            state.timers = later
            return due
        }
        for timer in due { timer.body() }
    }

    package var surroundings: Surroundings {
        Surroundings(
            now: { self.now },
            after: { duration, body in
                let id = self.state.withLock { state in
                    state.made += 1
                    state.timers.append(
                        Timer(id: state.made, due: state.now.addingTimeInterval(duration.seconds), body: body))
                    return state.made
                }
                return { self.state.withLock { state in state.timers.removeAll { $0.id == id } } }
            }, wall: { Date().addingTimeInterval(self.skew) })
    }
}
