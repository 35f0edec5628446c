// The time as the runtime tells it with every action. Nothing here reads a clock.

/// Milliseconds on a clock that starts with the machine and goes on while it sleeps (CLOCK_BOOTTIME).
public typealias Milliseconds = Int

/// One moment, on both clocks.
public struct Moment: Sendable, Hashable {
    /// For durations: countdowns, retries, the guard of Enter.
    public var boot: Milliseconds
    /// For dates: seconds since 1970, UTC.
    public var wall: Int

    public init(boot: Milliseconds, wall: Int) {
        self.boot = boot
        self.wall = wall
    }
}
