// The time as the runtime tells it with every action. Nothing here reads a clock.

public import FoundationEssentials

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

extension Date {
    /// Seconds since 1970. Dates outside the years 0 to 9999 are a mistake of somebody's, and must not trap.
    public var wallSeconds: Int { Int(min(max(timeIntervalSince1970, -62_167_219_200), 253_402_300_799)) }
}
