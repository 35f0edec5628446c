// What the server takes from the world: the time and a timer. Tests bring their own and move them by hand.

package import FoundationEssentials
internal import NIOCore
internal import NIOPosix

package struct Surroundings: Sendable {
    /// The time of day; what is stored and shown.
    package var now: @Sendable () -> Date
    /// Calls `body` once after the time given, unless the result is called first.
    package var after: @Sendable (Duration, _ body: @escaping @Sendable () -> Void) -> @Sendable () -> Void
    /// What this machine's clock shows, to be compared with the database's.
    package var wall: @Sendable () -> Date

    package init(
        now: @escaping @Sendable () -> Date,
        after: @escaping @Sendable (Duration, _ body: @escaping @Sendable () -> Void) -> @Sendable () -> Void,
        wall: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.now = now
        self.after = after
        self.wall = wall
    }

    package static let real = Surroundings(
        now: { Date() },
        after: { duration, body in
            let scheduled = MultiThreadedEventLoopGroup.singleton.any()
                .scheduleTask(in: .nanoseconds(duration.nanoseconds), body)
            return { scheduled.cancel() }
        })
}

extension Duration {
    /// Whole nanoseconds; durations here are hours at most.
    package var nanoseconds: Int64 { components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000 }

    /// Seconds.
    package var seconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
