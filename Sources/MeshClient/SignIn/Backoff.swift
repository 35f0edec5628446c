// How long to wait before something that failed is tried again: 1.5 s, 3 s, 6 s … at most 30 s, or from another pause on.

package import MeshAPI

/// The pauses between tries of what cannot be reached.
package struct Backoff: Sendable, Hashable {
    static let longest = Duration.seconds(30)

    /// Failures in a row.
    package private(set) var failures = 0

    /// The pause after the first failure.
    private let first: Duration

    package init(first: Duration = .milliseconds(1500)) { self.first = first }

    /// It failed once more.
    /// - Parameter retryAfter: seconds the server asked for, if it did; heeded up to a minute.
    /// - Returns: the pause before the next try.
    package mutating func failed(retryAfter: Int? = nil) -> Duration {
        failures += 1
        let pause = min(first * (1 << min(failures - 1, 10)), Self.longest)
        return max(pause, .seconds(min(retryAfter ?? 0, 60)))
    }

    package mutating func succeeded() { failures = 0 }
}

extension APIFailure {
    /// Seconds the server asked to wait, if it did.
    package var retryAfter: Int? {
        if case .refused(_, _, let seconds) = self { seconds } else { nil }
    }
}
