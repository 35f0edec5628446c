// That agents cannot talk themselves into a loop: how far a chain may go, and how often two may write to each other.

internal import FoundationEssentials
internal import MeshAPI
internal import MeshStore

enum LoopRules {
    static let mostOfChain = 200
    static let perMinute = 10
    static let perHour = 60

    static func check(hop: Int) throws {
        guard hop > SendMessage.mostHops else { return }
        throw Refusal.loopLimit(
            LoopReason.hops, "Eight messages have followed from one request: a person must say how to go on.")
    }

    /// `count` messages are in the chain already.
    static func check(chainCount count: Int) throws {
        guard count >= mostOfChain else { return }
        throw Refusal.loopLimit(
            LoopReason.chain, "200 messages have followed from one request: a person must say how to go on.")
    }

    /// `times` are those at which two peers wrote to each other in the last hour, newest first.
    static func check(_ names: (String, String), times: [Date], at now: Date) throws {
        let wait: Double
        if times.count >= perHour {
            wait = times[perHour - 1].timeIntervalSince(now) + 3600
        } else if times.count >= perMinute, now.timeIntervalSince(times[perMinute - 1]) < 60 {
            wait = times[perMinute - 1].timeIntervalSince(now) + 60
        } else {
            return
        }
        let seconds = max(1, Int(wait.rounded(.up)))
        let isOfHour = times.count >= perHour
        let often = isOfHour ? "60 times in an hour" : "10 times in a minute"
        throw Refusal.loopLimit(
            isOfHour ? LoopReason.hour : LoopReason.minute,
            "\(names.0) and \(names.1) have written to each other \(often). They can go on in \(seconds) s.",
            retryAfter: seconds)
    }
}
