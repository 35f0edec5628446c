// What a full screen lives on, as one stream: what happens at the terminal, that something arrived, and that its next change
// is due. A screen that opens another hands it on, and takes it back afterwards.

/// The events of one terminal, for the screen that is in front.
@MainActor public final class ScreenEvents {
    public enum Event: Sendable {
        /// What came at once, so that it can be drawn as one frame.
        case terminal([TerminalEvent])
        /// Something arrived and changed the state.
        case changed
        /// What the screen shows changes by itself now.
        case tick
    }

    private let events: AsyncStream<Event>
    private let inbox: AsyncStream<Event>.Continuation
    private let pump: Task<Void, Never>
    private var timer: Task<Void, Never>?
    /// What a screen took and did not want.
    private var returned: [TerminalEvent] = []

    /// The one reader of `terminal` until `stop`.
    public init(_ terminal: Terminal) {
        let (events, inbox) = AsyncStream<Event>.makeStream()
        (self.events, self.inbox) = (events, inbox)
        // Not mapped: what a mapped stream is made of is looked for at the start, through all that there is.
        pump = Task { [input = terminal.input] in
            for await items in input.items { inbox.yield(.terminal(items.filter(input.wants).map(\.event))) }
        }
    }

    /// The next one; nil where nothing more comes.
    public func next() async -> Event? {
        guard returned.isEmpty else {
            defer { returned = [] }
            return .terminal(returned)
        }
        for await event in events { return event }
        return nil
    }

    /// Gives back what happened after the screen was left: it is for the one behind it.
    public func putBack(_ happened: some Collection<TerminalEvent>) { returned = Array(happened) + returned }

    /// Tells the screen that its state is another.
    public func stateChanged() { inbox.yield(.changed) }

    /// Wakes the screen after so many milliseconds, in place of the time before; nil is never.
    public func wake(after milliseconds: Int?) {
        timer?.cancel()
        guard let milliseconds else { return }
        timer = Task { [inbox] in
            guard (try? await Task.sleep(for: .milliseconds(max(1, milliseconds)))) != nil else { return }
            inbox.yield(.tick)
        }
    }

    public func stop() {
        pump.cancel()
        timer?.cancel()
    }
}
