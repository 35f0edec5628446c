// The full screen: terminal events become actions, the state becomes frames, and time passes only where it shows.

import Canvas
import Console
import FlowEngine
import Localization
import MeshClient
import Platform
import Terminal
import Watch

/// How a front end came to its end.
enum WatchEnd {
    case over(WatchOutcome)
    /// The process is to die of this.
    case signal(Int32)
    /// The mesh could not be opened.
    case failed(any Error)
}

/// The mesh on a whole terminal.
@MainActor
final class WatchScreen {
    private let session: WatchSession
    private let terminal: Terminal
    private let events: ScreenEvents
    private var shown: Frame?

    init(_ session: WatchSession, _ terminal: Terminal, _ events: ScreenEvents) {
        self.session = session
        self.terminal = terminal
        self.events = events
    }

    /// Shows the mesh until the person leaves. The first frame is drawn before anything is asked of the network.
    func run() async -> WatchEnd {
        session.send(.resized(terminal.size))
        session.onArrival = { [events] in events.stateChanged() }
        session.onCall = { [terminal, session] in terminal.callAttention("claudemesh: " + title(of: session.state)) }
        draw()
        session.start()
        defer {
            events.wake(after: nil)
            session.onArrival = {}
            session.onCall = {}
        }
        while let event = await events.next() {
            switch event {
            case .terminal(let happened): if let end = receive(happened) { return end }
            case .changed: break
            case .tick: session.send(.tick)
            }
            if let failure = session.failure { return .failed(failure) }
            if let outcome = session.state.outcome { return .over(outcome) }
            draw()
        }
        return .signal(SignalNumber.hangUp)
    }

    /// Not nil where it ends us. What follows the key that leaves is for the screen behind this one.
    private func receive(_ happened: [TerminalEvent]) -> WatchEnd? {
        for (index, event) in happened.enumerated() {
            if let end = receive(event) { return end }
            if session.state.outcome != nil {
                events.putBack(happened[(index + 1)...])
                return nil
            }
        }
        return nil
    }

    /// Not nil where it ends us.
    private func receive(_ event: TerminalEvent) -> WatchEnd? {
        switch event {
        case .input(let input, _): receive(input)
        case .signal(let number): return .signal(number)
        case .hangup: return .signal(SignalNumber.hangUp)
        case .resumed: session.send(.resumed)
        }
        return nil
    }

    private func receive(_ input: InputEvent) {
        if case .key(.control("z")) = input { return terminal.suspend() }
        if case .key(.control("l")) = input { return terminal.repaint() }
        for action in actions(for: input, in: session.state, strings: session.world.context.strings) {
            session.send(action)
        }
    }

    /// Draws what changed, tells the state what stands on the screen, and asks to be woken when the next change is due.
    private func draw() {
        let picture = picture(of: session.state, strings: session.world.context.strings)
        terminal.setMouse(session.state.screen != .tooSmall)
        terminal.setTitle(title(of: session.state))
        if picture.frame != shown {
            terminal.draw(picture.frame)
            shown = picture.frame
        }
        session.send(.painted(whole: picture.whole, rows: picture.rows))
        wake()
    }

    private func wake() {
        events.wake(after: session.state.nextTick.map { $0 - session.world.moment().boot })
    }
}
