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
    private enum Event: Sendable {
        case terminal([TerminalEvent])
        /// Something arrived and changed the state.
        case changed
        case tick
    }

    private let session: WatchSession
    private let terminal: Terminal
    private let events: AsyncStream<Event>
    private let inbox: AsyncStream<Event>.Continuation
    private var shown: Frame?
    private var timer: Task<Void, Never>?

    init(_ session: WatchSession, _ terminal: Terminal) {
        self.session = session
        self.terminal = terminal
        (events, inbox) = AsyncStream.makeStream()
    }

    /// Shows the mesh until the person leaves. The first frame is drawn before anything is asked of the network.
    func run() async -> WatchEnd {
        session.send(.resized(terminal.size))
        session.onArrival = { [inbox] in inbox.yield(.changed) }
        session.onCall = { [terminal, session] in terminal.callAttention("claudemesh: " + title(of: session.state)) }
        draw()
        session.start()
        let pump = Task { [inbox, source = terminal.events] in
            for await happened in source { inbox.yield(.terminal(happened)) }
        }
        defer {
            pump.cancel()
            timer?.cancel()
            session.onArrival = {}
            session.onCall = {}
        }
        for await event in events {
            switch event {
            case .terminal(let happened):
                for event in happened where session.state.outcome == nil {
                    if let end = receive(event) { return end }
                }
            case .changed: break
            case .tick: session.send(.tick)
            }
            if let failure = session.failure { return .failed(failure) }
            if let outcome = session.state.outcome { return .over(outcome) }
            draw()
        }
        return .signal(SignalNumber.hangUp)
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
        timer?.cancel()
        guard let next = session.state.nextTick else { return }
        let wait = max(1, next - session.world.moment().boot)
        timer = Task { [inbox] in
            guard (try? await Task.sleep(for: .milliseconds(wait))) != nil else { return }
            inbox.yield(.tick)
        }
    }
}
