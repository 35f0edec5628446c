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
    private enum Event: Sendable {
        case terminal([TerminalEvent])
        /// Something arrived and changed the state.
        case changed
        case tick
    }

    private let session: WizardSession
    private let terminal: Terminal
    private let events: AsyncStream<Event>
    private let inbox: AsyncStream<Event>.Continuation
    private var shown: Frame?
    private var timer: Task<Void, Never>?
    /// False once the terminal has said that another window has the focus.
    private var hasFocus = true
    private var wasSignedIn = false

    init(_ session: WizardSession, _ terminal: Terminal) {
        self.session = session
        self.terminal = terminal
        (events, inbox) = AsyncStream.makeStream()
    }

    /// Shows the session until its flow is over. Where it was not started yet, its first frame is drawn before anything
    /// that follows from the start begins to run.
    func run() async -> FrontEndEnd {
        if !terminal.hasColors { session.send(.colorless) }
        if session.world.context["NO_MOTION"] == nil && !session.world.isStill { session.send(.moving) }
        session.send(.resized(terminal.size))
        session.onArrival = { [inbox] in inbox.yield(.changed) }
        session.start()
        draw()
        let pump = Task { [inbox, source = terminal.events] in
            for await happened in source { inbox.yield(.terminal(happened)) }
        }
        defer {
            pump.cancel()
            timer?.cancel()
            session.onArrival = {}
        }
        for await event in events {
            if let outcome = session.state.outcome { return .over(outcome) }
            switch event {
            case .terminal(let happened):
                for event in happened where session.state.outcome == nil {
                    if let end = receive(event) { return end }
                }
            case .changed: break
            case .tick: session.send(.tick)
            }
            callForApproval()
            if let outcome = session.state.outcome { return .over(outcome) }
            draw()
        }
        return .signal(SignalNumber.hangUp)
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
        for action in actions(for: input, in: session.state, strings: session.world.context.strings) {
            session.send(action)
        }
    }

    /// Draws what changed, tells the state when it is to be seen, and asks to be woken when the next change is due.
    private func draw() {
        let state = session.state
        if state.isHandOffUnseen { return wake() }
        let isNew = state.appearance.paintedAt == nil
        // What was typed before a screen that came by itself was not meant for it.
        if isNew && state.appearance.isByItself && !state.appearance.keepsTyping { terminal.drainPending() }
        let model = screenModel(for: state, strings: session.world.context.strings)
        terminal.setMouse(model.usesMouse)
        terminal.setAccent(state.settings.accent)
        let frame = Layout(model, size: state.size).frame
        if frame != shown || isNew {
            terminal.draw(frame)
            shown = frame
        }
        if isNew { session.send(.painted) }
        wake()
    }

    private func wake() {
        timer?.cancel()
        guard let next = session.state.nextTick else { return }
        let wait = max(1, next - session.world.moment().boot)
        timer = Task { [inbox] in
            guard (try? await Task.sleep(for: .milliseconds(wait))) != nil else { return }
            inbox.yield(.tick)
        }
    }
}
