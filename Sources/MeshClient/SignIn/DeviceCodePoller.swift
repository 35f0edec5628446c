// When to ask a server about a device code, and what its answers mean. Pure: it is told what came and what time it is, and
// says what to do next. Wizard and `login` run it through `DeviceCodeSignIn`.

package import FoundationEssentials
package import MeshAPI

/// A code to be polled, with its end on the boot clock.
package struct LiveDeviceCode: Sendable, Hashable {
    /// A secret.
    package var deviceCode: String
    /// Seconds between polls, as the server wants it.
    package var interval: Double?
    /// The longest `wait` in seconds.
    package var waitMax: Int?
    package var endsAt: Duration

    package init(deviceCode: String, interval: Double?, waitMax: Int?, endsAt: Duration) {
        self.deviceCode = deviceCode
        self.interval = interval
        self.waitMax = waitMax
        self.endsAt = endsAt
    }

    /// A code that arrived at `now`.
    package init(_ code: DeviceCode, at now: Duration) {
        self.init(
            deviceCode: code.deviceCode, interval: code.interval, waitMax: code.waitMax,
            endsAt: now + .seconds(code.expiresIn))
    }
}

/// The state machine of polling.
package struct DeviceCodePoller: Sendable {
    package enum Input: Sendable {
        /// Begin.
        case start
        /// The time to wait is over.
        case due
        case reply(DeviceCodeStatus)
        case failure(APIFailure)
        /// Ask now: a person wants it, or the machine woke.
        case nudge
    }

    package enum Next: Sendable, Hashable {
        /// Ask, letting the server hold its answer for `wait` seconds. A request still on its way is overtaken, not ended:
        /// it may carry the token.
        case ask(wait: Int?)
        /// Come back with `due` at this time on the boot clock.
        case wait(until: Duration)
        /// Nothing new: a request is on its way.
        case hold
        case finished(Ending)
    }

    package enum Ending: Sendable, Hashable {
        /// `user` is missing where the server does not say.
        case approved(token: String, user: User?, expiresAt: Date?)
        case denied
        /// Ran out, or the server no longer knows it.
        case expired
        /// It was used, but its token went elsewhere or was lost on the way.
        case lost
    }

    /// What a person may want to know, said once for each change.
    package enum Report: Sendable, Hashable {
        case pending(opened: Bool)
        /// No answer that helps; asked again at `retryAt` on the boot clock.
        case unreachable(APIFailure, retryAt: Duration)
        /// There are answers again; how things stand is said after it.
        case back
        /// Asked too fast, and slower from now on.
        case slowedDown
        /// Still too fast by the server's clock, however slow by ours.
        case clockFast
    }

    package struct Step: Sendable, Hashable {
        package var reports: [Report]
        package var next: Next
    }

    /// No two requests start closer than this.
    static let bar = Duration.seconds(1)
    static let defaultInterval = 1.5
    static let longestInterval = 10.0
    /// Seconds. A connection that is silent for longer is cut by many a router.
    static let longestWait = 300

    private enum Phase {
        case idle, asking, waiting(until: Duration)
        case finished(Ending)
    }

    private let endsAt: Duration
    private let waitMax: Int
    private var interval: Double
    private var phase = Phase.idle
    private var lastAsk = Duration.zero
    /// The last try before giving up is on its way.
    private var isLastAsk = false
    private var backoff = Backoff()
    private var refusals = 0
    private var opened: Bool?

    package init(_ code: LiveDeviceCode) {
        endsAt = code.endsAt
        waitMax = min(max(code.waitMax ?? 0, 0), Self.longestWait)
        let advised = code.interval ?? 0
        interval = advised >= 1 ? min(advised, Self.longestInterval) : Self.defaultInterval
    }

    package mutating func handle(_ input: Input, at now: Duration) -> Step {
        if case .finished(let ending) = phase { return Step(reports: [], next: .finished(ending)) }
        switch input {
        case .start: return Step(reports: [], next: ask(at: now, held: true))
        case .due: return Step(reports: [], next: due(now))
        case .nudge: return Step(reports: [], next: nudge(now))
        case .reply(let status): return reply(status, now)
        case .failure(let failure): return failed(failure, now)
        }
    }

    private mutating func due(_ now: Duration) -> Next {
        guard case .waiting(let until) = phase else { return .hold }
        return now < until ? .wait(until: until) : ask(at: now, held: true)
    }

    private mutating func nudge(_ now: Duration) -> Next {
        if case .idle = phase { return ask(at: now, held: true) }
        let earliest = lastAsk + Self.bar
        if now >= earliest { return ask(at: now, held: false) }
        if case .asking = phase { return .hold }
        return wait(until: earliest)
    }

    /// - Parameter held: whether the server may hold its answer; after trouble the first sign of life counts more.
    private mutating func ask(at now: Duration, held: Bool) -> Next {
        let left = Int((endsAt - now).components.seconds)
        phase = .asking
        lastAsk = now
        isLastAsk = now >= endsAt
        let wait = held && backoff.failures == 0 ? min(waitMax, left) : 0
        return .ask(wait: wait > 0 ? wait : nil)
    }

    private mutating func wait(until time: Duration) -> Next {
        phase = .waiting(until: time)
        return .wait(until: time)
    }

    private mutating func finish(_ ending: Ending) -> Next {
        phase = .finished(ending)
        return .finished(ending)
    }

    private mutating func reply(_ status: DeviceCodeStatus, _ now: Duration) -> Step {
        if let ending = Ending(status) { return Step(reports: [], next: finish(ending)) }
        var reports = answered()
        let opened = status.opened ?? self.opened ?? false
        // The page is open, which takes a second or so from being decided: the server asks to be asked at once.
        let isInvited = opened && self.opened != true && status.interval == 0
        if opened != self.opened || !reports.isEmpty { reports.append(.pending(opened: opened)) }
        self.opened = opened
        if isLastAsk { return Step(reports: reports, next: finish(.expired)) }
        let due = isInvited ? now : beforeEnd(lastAsk + pace, now)
        return Step(reports: reports, next: now < due ? wait(until: due) : ask(at: now, held: true))
    }

    private mutating func failed(_ failure: APIFailure, _ now: Duration) -> Step {
        if case .refused(_, let body?, _) = failure, body.slowDown == true || body.error == "slow_down" {
            return slowedDown(body, now)
        }
        // Only the interface itself knows that a code is unknown; anybody's 404 without its words is a failure.
        if failure.status == 404 || failure.status == 410, failure.code != nil {
            return Step(reports: [], next: finish(.expired))
        }
        if isLastAsk { return Step(reports: [], next: finish(.expired)) }
        let pause = backoff.failed(retryAfter: failure.retryAfter)
        let retryAt = beforeEnd(now + pause, now)
        return Step(reports: [.unreachable(failure, retryAt: retryAt)], next: wait(until: retryAt))
    }

    private mutating func slowedDown(_ body: ErrorBody, _ now: Duration) -> Step {
        var reports = answered()
        if let opened, !reports.isEmpty { reports.append(.pending(opened: opened)) }
        refusals += 1
        interval = min(max(interval, body.interval ?? 0), Self.longestInterval)
        // Of a code that has run out there is nothing more to say: it is only asked once more whether it was approved.
        if refusals == 1, !isLastAsk { reports.append(.slowedDown) }
        if refusals == 3, !isLastAsk { reports.append(.clockFast) }
        return Step(reports: reports, next: wait(until: now + pace))
    }

    /// Between the starts of two requests. A clock can run up to 30 % fast in a virtual machine: once the server refused,
    /// ours is not to be trusted to the letter.
    private var pace: Duration {
        .milliseconds(Int((interval * (refusals == 0 ? 1 : refusals == 1 ? 1.2 : 1.4) * 1000).rounded()))
    }

    private mutating func answered() -> [Report] {
        defer { backoff.succeeded() }
        return backoff.failures > 0 ? [.back] : []
    }

    /// `time`, or the code's end where that is earlier: it is asked about once more then.
    private func beforeEnd(_ time: Duration, _ now: Duration) -> Duration {
        min(time, now < endsAt ? max(endsAt, lastAsk + Self.bar) : now + Self.bar)
    }
}

extension DeviceCodePoller.Ending {
    /// What an answer ends with; nil while it is pending. A token that is none was lost on the way.
    init?(_ status: DeviceCodeStatus) {
        switch status.status {
        case .pending: return nil
        case .denied: self = .denied
        case .expired: self = .expired
        case .approved:
            if let token = status.token, TokenForm.kind(of: token) != nil {
                self = .approved(token: token, user: status.user, expiresAt: status.expiresAt)
            } else {
                self = .lost
            }
        }
    }
}
