// Time that goes on while the machine sleeps, and how to notice that it slept.

internal import Glibc

/// The clocks that a sign-in lives by, as functions, so that a test can turn them.
package struct BootClock: Sendable {
    /// Since the machine started, sleep included.
    package var now: @Sendable () -> Duration
    /// Since the machine started, sleep left out.
    package var awake: @Sendable () -> Duration
    /// Waits; throws `CancellationError`.
    package var sleep: @Sendable (Duration) async throws -> Void

    package init(
        now: @escaping @Sendable () -> Duration, awake: @escaping @Sendable () -> Duration,
        sleep: @escaping @Sendable (Duration) async throws -> Void
    ) {
        self.now = now
        self.awake = awake
        self.sleep = sleep
    }

    /// Linux counts sleep in CLOCK_BOOTTIME alone; macOS in CLOCK_MONOTONIC, and leaves it out in CLOCK_UPTIME_RAW.
    public static let system = BootClock(
        now: { read(CLOCK_BOOTTIME) }, awake: { read(CLOCK_MONOTONIC) }, sleep: { try await Task.sleep(for: $0) })

    private static func read(_ clock: clockid_t) -> Duration {
        var time = timespec()
        clock_gettime(clock, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }
}
