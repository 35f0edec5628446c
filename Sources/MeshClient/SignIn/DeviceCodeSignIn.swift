// Runs the poller against a server: requests, timers, the machine's sleep. What a person may want to know comes out as
// events, the last of which is an ending.

package import FoundationEssentials
package import MeshAPI
package import Platform

/// One sign-in by device code, from the code to its ending. To be run once.
package final class DeviceCodeSignIn: Sendable {
    package enum Event: Sendable, Hashable {
        case report(DeviceCodePoller.Report)
        case approved(token: String, user: User, expiresAt: Date?)
        case denied, expired, lost
    }

    fileprivate enum Signal: Sendable {
        case start
        case due(Int)
        case outcome(Int, Result<DeviceCodeStatus, APIFailure>)
        case nudge
        case lingered
    }

    /// How often the clocks are compared to notice that the machine slept.
    static let sleepWatch = Duration.seconds(2)
    /// How long an overtaken request may still bring the token that the overtaking one found claimed.
    static let linger = Duration.seconds(3)

    private let client: APIClient
    private let code: LiveDeviceCode
    private let clock: BootClock
    private let signals: AsyncStream<Signal>
    private let inbox: AsyncStream<Signal>.Continuation

    package init(client: APIClient, code: LiveDeviceCode, clock: BootClock = .system) {
        self.client = client
        self.code = code
        self.clock = clock
        (signals, inbox) = AsyncStream.makeStream(of: Signal.self)
    }

    /// Asks at once instead of waiting on: a person wants to know, or the program was resumed.
    package func nudge() { inbox.yield(.nudge) }

    /// Begins to poll. The stream ends after an ending; whoever stops reading it stops the polling.
    package func events() -> AsyncStream<Event> {
        AsyncStream { continuation in
            let task = Task {
                let ending = await run { continuation.yield(.report($0)) }
                if let ending, let event = await event(ending) { continuation.yield(event) }
                continuation.finish()
            }
            continuation.onTermination = { _ in task.cancel() }
        }
    }

    /// nil where it was cancelled.
    private func run(_ report: (DeviceCodePoller.Report) -> Void) async -> DeviceCodePoller.Ending? {
        await withTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            var poller = DeviceCodePoller(code)
            var flight = Flight()
            var inbox = signals.makeAsyncIterator()
            group.addTask { await self.watchSleep() }
            self.inbox.yield(.start)
            while let signal = await inbox.next() {
                guard let input = flight.input(from: signal) else { continue }
                let step = poller.handle(input, at: clock.now())
                step.reports.forEach(report)
                switch step.next {
                case .hold: break
                case .ask(let wait):
                    let number = flight.ask()
                    group.addTask { await self.poll(number, wait) }
                case .wait(let until):
                    let number = flight.wait()
                    group.addTask { await self.send(.due(number), after: until - self.clock.now()) }
                case .finished(.lost) where !flight.open.isEmpty:
                    group.addTask { await self.send(.lingered, after: Self.linger) }
                    return await Self.lastToken(&inbox, flight.open)
                case .finished(let ending): return ending
                }
            }
            return nil
        }
    }

    /// A request that was overtaken may be the one that got the token.
    private static func lastToken(
        _ inbox: inout AsyncStream<Signal>.Iterator, _ open: Set<Int>
    ) async -> DeviceCodePoller.Ending? {
        var open = open
        while !open.isEmpty, let signal = await inbox.next() {
            switch signal {
            case .lingered: return .lost
            case .outcome(let number, let result):
                open.remove(number)
                if let ending = result.token { return ending }
            case .start, .due, .nudge: break
            }
        }
        return .lost
    }

    private func poll(_ number: Int, _ wait: Int?) async {
        do throws(APIFailure) {
            inbox.yield(.outcome(number, .success(try await client.pollDeviceCode(code.deviceCode, wait: wait))))
        } catch {
            inbox.yield(.outcome(number, .failure(error)))
        }
    }

    private func send(_ signal: Signal, after pause: Duration) async {
        do { try await clock.sleep(max(pause, .zero)) } catch { return }
        inbox.yield(signal)
    }

    /// The difference of the two clocks grows by the time the machine slept. A connection held open over that may be dead.
    private func watchSleep() async {
        var slept = clock.now() - clock.awake()
        while !Task.isCancelled {
            do { try await clock.sleep(Self.sleepWatch) } catch { return }
            let total = clock.now() - clock.awake()
            if total - slept > .seconds(1) { inbox.yield(.nudge) }
            slept = total
        }
    }

    /// The ending as an event. Where the server did not say who signed in, it is asked, as long as it takes a few tries.
    private func event(_ ending: DeviceCodePoller.Ending) async -> Event? {
        switch ending {
        case .denied: return .denied
        case .expired: return .expired
        case .lost: return .lost
        case .approved(let token, let user?, let expiresAt):
            return .approved(token: token, user: user, expiresAt: expiresAt)
        case .approved(let token, nil, let expiresAt):
            var backoff = Backoff()
            while backoff.failures < 5, !Task.isCancelled {
                do throws(APIFailure) {
                    let answer = try await client.with(.bearer(token)).whoami()
                    return .approved(
                        token: token, user: answer.user, expiresAt: expiresAt ?? answer.credential.expiresAt)
                } catch {
                    if error.status == 401 { return .lost }
                    try? await clock.sleep(backoff.failed(retryAfter: error.retryAfter))
                }
            }
            return .lost
        }
    }
}

/// Which requests and timers are under way.
private struct Flight {
    private(set) var open: Set<Int> = []
    private var asked = 0
    private var timer = 0

    /// The number of a new request. A timer still running means nothing from now on.
    mutating func ask() -> Int {
        asked += 1
        timer += 1
        open.insert(asked)
        return asked
    }

    /// The number of a new timer.
    mutating func wait() -> Int {
        timer += 1
        return timer
    }

    /// What a signal says to the poller; nil where it is of a timer or a request that was overtaken. The latter still
    /// counts if it brings the token.
    mutating func input(from signal: DeviceCodeSignIn.Signal) -> DeviceCodePoller.Input? {
        switch signal {
        case .start: return .start
        case .nudge: return .nudge
        case .lingered: return nil
        case .due(let number): return number == timer ? .due : nil
        case .outcome(let number, let result):
            open.remove(number)
            guard number == asked || result.token != nil else { return nil }
            switch result {
            case .success(let status): return .reply(status)
            case .failure(let failure): return .failure(failure)
            }
        }
    }
}

extension Result<DeviceCodeStatus, APIFailure> {
    /// The ending that brings the token.
    fileprivate var token: DeviceCodePoller.Ending? {
        if case .success(let status) = self, let ending = DeviceCodePoller.Ending(status), case .approved = ending {
            return ending
        }
        return nil
    }
}
