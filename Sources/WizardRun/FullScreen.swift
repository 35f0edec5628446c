// The full screen: terminal events become actions, the state becomes frames, and time passes only where it shows.

import Canvas
import Connect
import Console
import Desktop
import FlowEngine
import Localization
import MeshAPI
import MeshClient
import Platform
import Terminal
import WatchRun
import Widgets
import Wizard

typealias WizardOutcome = Outcome<LaunchAnswers, ExitReason, FlowFailure>

/// How a front end came to its end.
enum FrontEndEnd {
    case over(WizardOutcome)
    /// The process is to die of this.
    case signal(Int32)
}

/// The wizard on a whole terminal.
@MainActor
final class FullScreen {
    private let session: WizardSession
    private let terminal: Terminal
    private let events: ScreenEvents
    private var shown: Frame?
    /// The mesh that is to be looked at, or that goes on in lines.
    private(set) var visit: WatchVisit?
    /// False once the terminal has said that another window has the focus.
    private var hasFocus = true
    private var wasSignedIn = false

    init(_ session: WizardSession, _ terminal: Terminal) {
        self.session = session
        self.terminal = terminal
        events = ScreenEvents(terminal)
    }

    /// Shows the session until its flow is over. Where it was not started yet, its first frame is drawn before anything
    /// that follows from the start begins to run.
    func run() async -> FrontEndEnd {
        if !terminal.hasColors { session.send(.colorless) }
        if session.world.context["NO_MOTION"] == nil && !session.world.isStill { session.send(.moving) }
        session.send(.resized(terminal.size))
        session.onArrival = { [events] in events.stateChanged() }
        session.onWatch = { self.visit = WatchVisit($0, self.session.world) }
        session.start(isWhole: false)
        draw()
        // No key is taken before: a filter over a part of the meshes would miss.
        if session.takeRest() { draw() }
        defer {
            events.stop()
            session.onArrival = {}
            session.onWatch = { _ in }
        }
        while let event = await events.next() {
            if let outcome = session.state.outcome { return .over(outcome) }
            switch event {
            case .terminal(let happened): if let end = receive(happened) { return end }
            case .changed: break
            case .tick: session.send(.tick)
            }
            if let visit, let end = await show(visit) { return end }
            callForApproval()
            if let outcome = session.state.outcome { return .over(outcome) }
            draw()
        }
        return .signal(SignalNumber.hangUp)
    }

    /// Not nil where it ends us. What follows a key that leaves this screen is for the next one.
    private func receive(_ happened: [TerminalEvent]) -> FrontEndEnd? {
        for (index, event) in happened.enumerated() where session.state.outcome == nil {
            if let end = receive(event) { return end }
            if visit != nil {
                events.putBack(happened[(index + 1)...])
                return nil
            }
        }
        return nil
    }

    /// Gives the terminal over until the person comes back from the mesh. Not nil where it ends us.
    private func show(_ visit: WatchVisit) async -> FrontEndEnd? {
        let end = await visit.run(on: terminal, events)
        terminal.clearTitle()
        switch end {
        case .back: self.visit = nil
        case .lines: session.send(.plainText)
        case .signal(let number): return .signal(number)
        }
        session.send(.resized(terminal.size))
        session.send(.cameBack)
        shown = nil
        return nil
    }

    /// Not nil where it ends us.
    private func receive(_ event: TerminalEvent) -> FrontEndEnd? {
        switch event {
        case .input(let input, let time): receive(input, at: time)
        case .signal(let number): return .signal(number)
        case .hangup: return .signal(SignalNumber.hangUp)
        case .resumed: session.send(.resumed)
        }
        return nil
    }

    /// The browser is where the person is when they have approved.
    private func callForApproval() {
        let isSignedIn = session.state.signIn.phase == .approved
        defer { wasSignedIn = isSignedIn }
        guard isSignedIn, !wasSignedIn, !hasFocus, let name = session.state.identity?.user.name else { return }
        terminal.callAttention("claudemesh: " + session.world.context.strings(.signedInAs, ["name": name]))
    }

    private func receive(_ input: InputEvent, at time: Duration) {
        if case .focus(let isHere) = input { hasFocus = isHere }
        if case .key(let key) = input {
            if key == .control("z") { return terminal.suspend() }
            let (seconds, attoseconds) = time.components
            let typedAt = Int(seconds) * 1000 + Int(attoseconds / 1_000_000_000_000_000)
            guard session.state.appearance.admits(key, typedAt: typedAt) else { return }
            if key == .control("l") { return terminal.repaint() }
        }
        for action in actions(for: input, on: session.screen, size: session.state.size) { session.send(action) }
    }

    /// Draws what changed, tells the state when it is to be seen, and asks to be woken when the next change is due.
    private func draw() {
        let state = session.state
        if state.isHandOffUnseen { return wake() }
        let isNew = state.appearance.paintedAt == nil
        // What was typed before a screen that came by itself was not meant for it.
        if isNew && state.appearance.isByItself && !state.appearance.keepsTyping { terminal.drainPending() }
        let model = session.screen
        terminal.setMouse(model.usesMouse)
        terminal.setAccent(state.settings.accent)
        let layout = Layout(model, size: state.size)
        if layout.frame != shown || isNew {
            terminal.draw(layout.frame)
            shown = layout.frame
        }
        if isNew { session.send(.painted(whole: layout.hasFinePrint)) }
        wake()
    }

    private func wake() {
        events.wake(after: session.state.nextTick.map { $0 - session.world.moment().boot })
    }
}
