// Where a reader of events is, and what a failure means to it. Pure: it waits for nothing.

internal import FoundationEssentials
package import MeshAPI

/// What a reader of a mesh's events is told.
package enum EventNews: Sendable, Hashable {
    /// Connected, or again: what may have changed meanwhile and is no message, such as who is there, is read anew.
    case connected
    /// What happened, and the place behind it, to be kept with it.
    case event(Event, cursor: String)
    /// The place was lost: the lists and what waits are read anew.
    case reset(cursor: String)
    /// It is tried again by itself after the pause.
    case interrupted(APIFailure, pause: Duration)
}

struct EventPlace: Sendable, Hashable {
    enum Step: Sendable, Hashable {
        case again(after: Duration)
        /// The place is none of this mesh's: from now on.
        case anew
        case over
    }

    var cursor: String?
    private var backoff = Backoff(first: .seconds(1))
    private var isConnected = false

    init(cursor: String?) { self.cursor = cursor }

    /// An answer came; whether it is the first one after none.
    mutating func connected() -> Bool {
        backoff.succeeded()
        defer { isConnected = true }
        return !isConnected
    }

    mutating func failed(_ failure: APIFailure) -> Step {
        isConnected = false
        switch failure {
        case .cancelled: return .over
        case .refused(422, let body, _) where cursor != nil && ["after", "Last-Event-ID"].contains(body?.field):
            cursor = nil
            return .anew
        case .refused(let status, _, _) where (400..<500).contains(status) && ![408, 421, 425, 429].contains(status):
            return .over
        case .unreachable(.insecure), .unreachable(.proxyUnusable), .unreachable(.certificates): return .over
        case .refused, .unreachable: return .again(after: backoff.failed(retryAfter: failure.retryAfter))
        }
    }

    /// A stream ended as streams do: again when its server said, and later each time if it never brings anything.
    /// - Parameter retry: milliseconds.
    mutating func ended(retry: Int? = nil) -> Duration {
        isConnected = false
        let pause = backoff.failed()
        guard let retry, backoff.failures == 1 else { return pause }
        return .milliseconds(min(max(retry, 0), 30_000))
    }

    /// Whether a poll that was held was answered before its time, and with nothing: its server stops, and answers all who
    /// wait there in one moment.
    static func isSentAway(_ page: EventPage, after elapsed: Duration, of wait: Int) -> Bool {
        page.events.isEmpty && page.reset != true && elapsed < .seconds(wait - 1)
    }
}
