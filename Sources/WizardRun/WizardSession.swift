// One run of the wizard, whichever front end shows it: the state, the one way to change it, and what follows from that.

import Connect
import Console
import LocalState
import Localization
import Widgets
import Wizard

/// The state of a run and the runner of its effects. A front end sends actions and reads the state.
@MainActor
final class WizardSession {
    private(set) var state: WizardState
    private(set) var world: EffectWorld
    /// Why `auth.json` gives no identity, where that is so.
    let authFailure: AuthFailure?
    /// Called after every change that a front end did not cause itself.
    var onArrival: @MainActor () -> Void = {}
    /// Shows a mesh on its own screen.
    var onWatch: @MainActor (Watched) -> Void = { _ in }
    /// Of the start, what comes after a first frame.
    private var rest: (@Sendable () -> (recalled: Action, notices: [StartNotice]))?
    private var runner: EffectRunner?
    private var described: ScreenModel<WizardVocabulary>?

    init(_ startup: Startup) {
        state = startup.state
        world = startup.world
        authFailure = startup.authFailure
        rest = startup.rest
    }

    /// Makes the runner and sends the first action; once, whoever asks for it again. The runner and the session keep each
    /// other: a run lasts as long as its process, and a weak reference here is an error to the compiler of a release.
    /// - Parameter isWhole: false where the first frame does not wait for a long list of meshes: `takeRest` follows it.
    func start(isWhole: Bool = true) {
        guard runner == nil else { return }
        if isWhole { takeRest() }
        runner = EffectRunner(world: world) { action in
            self.send(action)
            self.onArrival()
        }
        send(.started)
        // Where nobody looks on it is asked at the hand-off alone.
        guard state.messages == nil, !state.request.yes else { return }
        Task { [agent = state.agent] in await runner?.askAgent(agent) }
    }

    /// False where there is none, or none any more.
    @discardableResult
    func takeRest() -> Bool {
        guard let rest else { return false }
        self.rest = nil
        let (recalled, notices) = rest()
        state.facts.notices += notices
        send(recalled)
        return true
    }

    /// The screen as it is now: described once, to be drawn, and for the key that is pressed on it.
    var screen: ScreenModel<WizardVocabulary> {
        let screen = described ?? screenModel(for: state, strings: world.context.strings)
        described = screen
        return screen
    }

    /// Changes the state by one action and begins what follows from it.
    func send(_ action: Action) {
        // That it was painted changes nothing on it.
        if case .painted = action {} else { described = nil }
        let effects = reduce(&state, action, at: world.moment())
        if state.settings.language != world.context.strings.language {
            world.context.strings = Strings(state.settings.language)
            runner?.world = world
        }
        for effect in effects {
            if case .watch(let mesh) = effect { onWatch(mesh) } else { runner?.run(effect) }
        }
    }

    /// Ends what waits, and lets what writes come to its end.
    func finishWrites() async {
        await runner?.finishWrites()
    }

    /// As above, and gives what takes leave of a server a second.
    func finish() async {
        await runner?.finish()
    }
}
