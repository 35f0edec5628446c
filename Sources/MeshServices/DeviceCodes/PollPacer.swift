// Keeps devices from polling faster than once a second. In memory: it protects the server, it decides nothing.

internal import FoundationEssentials
internal import Synchronization

final class PollPacer: Sendable {
    private struct Pace {
        /// Start of the last request that was answered, in seconds.
        var lastStart: Double = -.infinity
        var interval = PollPacer.interval
    }

    /// Seconds between polls that the server advises, at first and at most.
    static let interval = 1.5
    static let longest = 10.0
    /// Seconds between the starts of two answered polls.
    static let bar = 1.0

    private let paces = Mutex<[String: Pace]>([:])
    private let isOn: Bool
    private let sweepAbove = 20_000

    init(isOn: Bool) { self.isOn = isOn }

    /// Throws `slow_down` where the last answered request for `key` started less than a second before `now`. A refusal
    /// raises the interval that is advised, not the bar.
    func admit(_ key: String, at now: Date) throws {
        guard isOn else { return }
        let now = now.timeIntervalSince1970
        let advice = paces.withLock { paces -> Double? in
            guard var pace = paces[key] else { return nil }
            // The clock may be set back: what lies in the future counts as now.
            pace.lastStart = min(pace.lastStart, now)
            guard now - pace.lastStart < Self.bar else {
                paces[key] = pace
                return nil
            }
            pace.interval = min(Self.longest, pace.interval + 1)
            paces[key] = pace
            return pace.interval
        }
        if let advice { throw Refusal.slowDown(interval: advice) }
    }

    /// A request that started at `start` got its answer.
    func answered(_ key: String, start: Date) {
        guard isOn else { return }
        let start = start.timeIntervalSince1970
        paces.withLock { paces in
            paces[key, default: Pace()].lastStart = max(start, paces[key]?.lastStart ?? start)
            if paces.count > sweepAbove { paces = paces.filter { abs($0.value.lastStart - start) < 60 } }
        }
    }
}
