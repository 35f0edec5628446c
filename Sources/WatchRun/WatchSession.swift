// One run of watching, whichever front end shows it: the state, the one way to change it, and what follows from that.

import Console
import Watch

/// The state of a run and the runner of its effects. A front end sends actions and reads the state.
@MainActor
final class WatchSession {
    private(set) var state: WatchState
    let world: WatchWorld
    /// Why the mesh could not be opened.
    private(set) var failure: (any Error)?
    /// Called after every change that a front end did not cause itself.
    var onArrival: @MainActor () -> Void = {}
    /// Hears of what arrives before the state does.
    var onNews: @MainActor (Arrival) -> Void = { _ in }
    /// Draws a person's eye.
    var onCall: @MainActor () -> Void = {}
    private var runner: WatchRunner?

    init(_ world: WatchWorld) {
        self.world = world
        state = world.state()
    }

    /// Makes the runner and sends the first action, once. The runner and the session keep each other: a run lasts as long
    /// as its process.
    func start() {
        guard runner == nil else { return }
        runner = WatchRunner(world: world) { arrival in
            self.onNews(arrival)
            self.send(.arrived(arrival))
            self.onArrival()
        } fail: { error in
            self.failure = error
            self.onArrival()
        }
        send(.started)
    }

    /// Changes the state by one action and begins what follows from it.
    func send(_ action: Action) {
        for effect in reduce(&state, action, at: world.moment()) {
            if effect == .callAttention { onCall() } else { runner?.run(effect) }
        }
    }

    /// The other front end goes on.
    func resume() { state.outcome = nil }

    /// Lets what is on its way come to its end, for a second.
    func finish() async { await runner?.finish() }
}
