// One line per request: the route's pattern, never its path, query or body. And the time of the last use, for a server
// that ends when nobody uses it.

internal import FoundationEssentials
internal import Hummingbird
internal import Logging
internal import MeshServices
internal import Synchronization

/// When the server was last used, on a clock that stands while the machine sleeps: a laptop that wakes finds its
/// sessions' server still there.
final class Activity: Sendable {
    private let last = Mutex(SuspendingClock.now)

    func note() { last.withLock { $0 = SuspendingClock.now } }

    /// Seconds since the last use.
    var idleSeconds: Double { last.withLock { SuspendingClock.now - $0 }.seconds }
}

struct AccessLog: Sendable {
    let activity: Activity
    let metrics: Metrics

    /// Notes that a request came; what it gives goes to `answered`.
    func came(_ request: Request) -> ContinuousClock.Instant {
        // Asking whether the server is alive is no use of it.
        if !request.uri.path.hasPrefix("/health") { activity.note() }
        return .now
    }

    func answered(
        _ request: Request, with response: Response, context: AppContext, since start: ContinuousClock.Instant
    ) {
        let seconds = (ContinuousClock.now - start).seconds
        let route = context.endpointPath ?? "-"
        // A method that is none of ours is a text of the caller's.
        let method = context.endpointPath == nil ? "-" : request.method.rawValue
        Self.note(
            method: method, route: route, status: response.status.code, seconds: seconds, in: metrics, context.logger)
    }

    /// One line and one count.
    static func note(
        method: String, route: String, status: Int, seconds: Double, in metrics: Metrics, _ logger: Logger
    ) {
        metrics.answered(method: method, route: route, status: status, seconds: seconds)
        logger.info(
            "request",
            metadata: [
                "method": "\(method)", "route": "\(route)", "status": "\(status)", "ms": "\(Int(seconds * 1000))",
            ])
    }
}
