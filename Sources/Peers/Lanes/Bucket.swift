// How fast texts may go into Claude Code's own inbox, which drops in silence what is too much.

package import FoundationEssentials

/// Twenty at once, and one more every three seconds.
package struct Bucket: Sendable, Hashable, Codable {
    static let size = 20.0
    static let seconds = 3.0

    private var level = Bucket.size
    private var filledAt: Date?

    package init() {}

    /// Takes one, where there is one.
    package mutating func take(at now: Date) -> Bool {
        fill(at: now)
        guard level >= 1 else { return false }
        level -= 1
        return true
    }

    /// How long until there is one.
    package mutating func wait(at now: Date) -> TimeInterval {
        fill(at: now)
        return level >= 1 ? 0 : (1 - level) * Self.seconds
    }

    private mutating func fill(at now: Date) {
        // A clock that was set back gives nothing and takes nothing.
        if let filledAt { level = min(Self.size, level + max(0, now.timeIntervalSince(filledAt)) / Self.seconds) }
        filledAt = now
    }
}
