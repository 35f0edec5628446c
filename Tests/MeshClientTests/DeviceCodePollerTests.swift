// The poller as a table of what came and what follows. Time is a number here.

import FoundationEssentials
import MeshAPI
import TestSupport
import Testing

@testable import MeshClient

struct DeviceCodePollerTests {
    typealias Next = DeviceCodePoller.Next
    typealias Report = DeviceCodePoller.Report

    static let token = "cm_session_" + String(repeating: "a", count: 52)
    static let offline = APIFailure.unreachable(.nameNotResolved)

    static func pending(_ opened: Bool? = nil) -> DeviceCodePoller.Input {
        .reply(DeviceCodeStatus(status: .pending, opened: opened))
    }

    static func slowDown(_ interval: Double?) -> DeviceCodePoller.Input {
        .failure(
            .refused(
                status: 429, body: ErrorBody(error: "slow_down", interval: interval, slowDown: true), retryAfter: nil))
    }

    @Test(
        arguments: [(nil, 1.5), (0, 1.5), (0.99, 1.5), (-3, 1.5), (.nan, 1.5), (1, 1), (2.5, 2.5), (99, 10)]
            as [(Double?, Double)])
    func theIntervalIsTheServersWithinReason(advised: Double?, used: Double) {
        var bench = PollerBench(interval: advised)
        #expect(bench.next(.start) == .ask(wait: nil))
        #expect(bench.next(after: 0.1, Self.pending()) == .wait(until: at(used)))
    }

    @Test func plainPollingKeepsItsPace() {
        var bench = PollerBench()
        var next = bench.next(.start)
        for round in 1...5 {
            #expect(next == .ask(wait: nil))
            next = bench.next(after: 0.2, Self.pending())
            #expect(next == .wait(until: at(1.5 * Double(round))))
            next = bench.due(next)
        }
    }

    @Test func aTimerThatFiresEarlyWaitsOn() {
        var bench = PollerBench()
        _ = bench.next(.start)
        let wait = bench.next(after: 0.1, Self.pending())
        #expect(bench.next(after: 0.5, .due) == wait)
    }

    /// Once: a server that says so for ever would be asked without end.
    @Test func aPageThatWasOpenedIsAskedAboutAtOnce() {
        let opened = DeviceCodePoller.Input.reply(DeviceCodeStatus(status: .pending, opened: true, interval: 0))
        var bench = PollerBench(waitMax: 25)
        #expect(bench.next(.start) == .ask(wait: 25))
        #expect(bench.next(after: 0.4, opened) == .ask(wait: 25))
        #expect(bench.next(after: 0.1, opened) == .wait(until: at(1.9)))
        var plain = PollerBench(waitMax: 25)
        _ = plain.next(.start)
        #expect(plain.next(after: 0.4, Self.pending(true)) == .wait(until: at(1.5)))
    }

    @Test func aHeldPollIsAskedAgainAtOnce() {
        var bench = PollerBench(waitMax: 25)
        #expect(bench.next(.start) == .ask(wait: 25))
        #expect(bench.next(after: 25, Self.pending()) == .ask(wait: 25))
        // A server that is stopping, or holds too many, answers at once: the pace stays.
        #expect(bench.next(after: 0.01, Self.pending()) == .wait(until: at(26.5)))
    }

    @Test func aPollIsHeldNoLongerThanTheCodeLives() {
        var bench = PollerBench(waitMax: 25, life: 30)
        #expect(bench.next(.start) == .ask(wait: 25))
        #expect(bench.next(after: 25.2, Self.pending()) == .ask(wait: 4))
        #expect(bench.next(after: 4.3, Self.pending()) == .ask(wait: nil), "under a second is left")
    }

    @Test func whatAPersonMayWantToKnowIsSaidOnce() {
        var bench = PollerBench()
        _ = bench.next(.start)
        var step = bench.step(after: 0.1, Self.pending())
        #expect(step.reports == [.pending(opened: false)])
        _ = bench.due(step.next)
        step = bench.step(after: 0.1, Self.pending(true))
        #expect(step.reports == [.pending(opened: true)])
        _ = bench.due(step.next)
        step = bench.step(after: 0.1, Self.pending())
        #expect(step.reports.isEmpty, "a server that does not say has not said it was closed")
    }

    @Test(
        arguments: [
            (DeviceCodeStatus(status: .denied), .denied),
            (DeviceCodeStatus(status: .expired), .expired),
            (DeviceCodeStatus(status: .approved, alreadyClaimed: true), .lost),
            (DeviceCodeStatus(status: .approved), .lost),
            (DeviceCodeStatus(status: .approved, token: ""), .lost),
            (DeviceCodeStatus(status: .approved, token: "cm_session_short\r\nX: y"), .lost),
            (DeviceCodeStatus(status: .approved, token: token), .approved(token: token, user: nil, expiresAt: nil)),
            (
                DeviceCodeStatus(
                    status: .approved, token: token, expiresAt: Date(timeIntervalSince1970: 9),
                    user: User(id: "u", name: "n")),
                .approved(token: token, user: User(id: "u", name: "n"), expiresAt: Date(timeIntervalSince1970: 9))
            ),
        ] as [(DeviceCodeStatus, DeviceCodePoller.Ending)])
    func anAnswerEndsIt(status: DeviceCodeStatus, ending: DeviceCodePoller.Ending) {
        var bench = PollerBench()
        _ = bench.next(.start)
        #expect(bench.next(after: 0.1, .reply(status)) == .finished(ending))
        // Nothing that comes later changes it.
        #expect(bench.next(.nudge) == .finished(ending))
        #expect(bench.next(.due) == .finished(ending))
        #expect(bench.next(Self.pending()) == .finished(ending))
    }

    @Test func whileOfflineItWaitsLongerEachTimeAtMostThirtySeconds() {
        var bench = PollerBench(waitMax: 25)
        _ = bench.next(.start)
        for pause in [1.5, 3, 6, 12, 24, 30, 30] {
            let step = bench.step(after: 1, .failure(Self.offline))
            let until = at(bench.now + pause)
            #expect(step == .init(reports: [.unreachable(Self.offline, retryAt: until)], next: .wait(until: until)))
            #expect(bench.due(step.next) == .ask(wait: nil), "the first sign of life is not held back")
        }
        let back = bench.step(after: 0.1, Self.pending())
        #expect(back.reports == [.back, .pending(opened: false)])
        #expect(bench.due(back.next) == .ask(wait: 25))
        let again = bench.step(after: 0.1, .failure(Self.offline))
        #expect(again.next == .wait(until: at(bench.now + 1.5)), "from the start")
    }

    @Test(
        arguments: [
            .unreachable(.webPage), .unreachable(.malformed), .unreachable(.untrustedCertificate),
            .unreachable(.redirected),
            .unreachable(.noAnswer(seconds: 35)), .unreachable(.tooLarge),
            .refused(status: 503, body: nil, retryAfter: nil),
            .refused(status: 404, body: nil, retryAfter: nil),
            .refused(status: 421, body: ErrorBody(error: "x"), retryAfter: nil),
            .refused(status: 429, body: ErrorBody(error: "rate_limited"), retryAfter: 1),
        ] as [APIFailure])
    func anyTroubleIsWaitedOut(failure: APIFailure) {
        var bench = PollerBench()
        _ = bench.next(.start)
        let step = bench.step(after: 1, .failure(failure))
        #expect(step.reports == [.unreachable(failure, retryAt: at(2.5))])
        #expect(step.next == .wait(until: at(2.5)))
    }

    @Test func aServerThatSaysWhenIsHeeded() {
        var bench = PollerBench()
        _ = bench.next(.start)
        #expect(bench.next(.failure(.refused(status: 503, body: nil, retryAfter: 40))) == .wait(until: at(40)))
        _ = bench.due(.wait(until: at(40)))
        #expect(bench.next(.failure(.refused(status: 503, body: nil, retryAfter: 9999))) == .wait(until: at(100)))
    }

    @Test(arguments: [404, 410])
    func aCodeThatTheServerDoesNotKnowHasEnded(status: Int) {
        var bench = PollerBench()
        _ = bench.next(.start)
        let failure = APIFailure.refused(status: status, body: ErrorBody(error: "not_found"), retryAfter: nil)
        #expect(bench.next(after: 0.1, .failure(failure)) == .finished(.expired))
    }

    @Test func slowDownIsHeededAndAFastClockIsNamed() {
        var bench = PollerBench()
        _ = bench.next(.start)
        var step = bench.step(after: 0.1, Self.slowDown(nil))
        #expect(step == .init(reports: [.slowedDown], next: .wait(until: at(0.1 + 1.5 * 1.2))))
        _ = bench.due(step.next)
        step = bench.step(after: 0.1, Self.slowDown(2))
        #expect(step.reports.isEmpty)
        #expect(step.next == .wait(until: at(bench.now + 2 * 1.4)), "the interval that the server advises")
        _ = bench.due(step.next)
        step = bench.step(after: 0.1, Self.slowDown(1))
        #expect(
            step == .init(reports: [.clockFast], next: .wait(until: at(bench.now + 2 * 1.4))), "never back down")
        let asked = bench.due(step.next)
        #expect(asked == .ask(wait: nil))
        let start = bench.now
        #expect(bench.next(after: 0.1, Self.pending()) == .wait(until: at(start + 2 * 1.4)), "it stays careful")
        _ = bench.due(.wait(until: at(start + 2.8)))
        #expect(bench.step(after: 0.1, Self.slowDown(500)).reports.isEmpty, "said once")
        #expect(bench.next(.due) == .wait(until: at(bench.now + 14)), "an interval has an end")
    }

    @Test func afterTroubleHowThingsStandIsSaidAgain() {
        var bench = PollerBench()
        _ = bench.next(.start)
        var next = bench.next(after: 0.1, Self.pending(true))
        _ = bench.due(next)
        next = bench.next(after: 0.1, .failure(Self.offline))
        _ = bench.due(next)
        var step = bench.step(after: 0.1, Self.pending())
        #expect(step.reports == [.back, .pending(opened: true)])
        _ = bench.due(step.next)
        next = bench.next(after: 0.1, .failure(Self.offline))
        _ = bench.due(next)
        step = bench.step(after: 0.1, Self.slowDown(nil))
        #expect(step.reports == [.back, .pending(opened: true), .slowedDown])
    }

    @Test(arguments: [Int.max, 0, -1, Int.min])
    func timesOutOfReasonAreNoTrap(number: Int) {
        let code = DeviceCode(
            deviceCode: "d", userCode: "A", verificationUrl: "u", verificationUrlComplete: nil, expiresAt: nil,
            expiresIn: number, interval: Double(number), waitMax: number)
        var poller = DeviceCodePoller(LiveDeviceCode(code, at: .seconds(5)))
        #expect(poller.handle(.start, at: .seconds(5)).next == .ask(wait: number > 0 ? 300 : nil))
    }

    /// The question at the code's end may come too soon for the server; that the code stays valid would be untrue then.
    @Test func slowDownAtTheEndIsNotSaid() {
        var bench = PollerBench(life: 10)
        _ = bench.next(.start)
        _ = bench.next(after: 8.9, Self.pending())
        #expect(bench.next(after: 0.1, Self.pending()) == .wait(until: at(10)))
        #expect(bench.due(.wait(until: at(10))) == .ask(wait: nil))
        let step = bench.step(after: 0.1, Self.slowDown(nil))
        #expect(step.reports.isEmpty)
        guard case .wait = step.next else {
            Issue.record("an approval at the last moment is still fetched")
            return
        }
    }

    @Test func slowDownIsAnAnswerAfterTrouble() {
        var bench = PollerBench()
        _ = bench.next(.start)
        let wait = bench.next(after: 0.1, .failure(Self.offline))
        _ = bench.due(wait)
        #expect(bench.step(after: 0.1, Self.slowDown(nil)).reports == [.back, .slowedDown])
    }

    @Test func aNudgeAsksAtOnceButNeverTwiceInASecond() {
        var bench = PollerBench(waitMax: 25)
        _ = bench.next(.start)
        #expect(bench.next(after: 0.4, .nudge) == .hold, "it is on its way")
        let wait = bench.next(after: 0.1, Self.pending())
        #expect(wait == .wait(until: at(1.5)))
        #expect(bench.next(after: 0.1, .nudge) == .wait(until: at(1)))
        #expect(bench.next(after: 0.4, .due) == .ask(wait: 25))
        // After a sleep of the machine a held poll may be dead.
        #expect(bench.next(after: 3, .nudge) == .ask(wait: nil))
    }

    @Test func aNudgeEndsALongPause() {
        var bench = PollerBench()
        _ = bench.next(.start)
        for _ in 1...5 {
            let next = bench.next(after: 0.1, .failure(Self.offline))
            _ = bench.due(next)
        }
        _ = bench.next(after: 2, .failure(Self.offline))
        #expect(bench.next(after: 1, .nudge) == .ask(wait: nil))
    }

    @Test func atItsEndTheCodeIsAskedAboutOnceMore() {
        var bench = PollerBench(life: 10)
        var next = bench.next(.start)
        while case .ask = next, bench.now < 9 {
            next = bench.due(bench.next(after: 0.1, Self.pending()))
        }
        #expect(bench.next(after: 0.1, Self.pending()) == .wait(until: at(10)))
        #expect(bench.due(.wait(until: at(10))) == .ask(wait: nil))
        #expect(bench.next(after: 0.1, Self.pending()) == .finished(.expired))
    }

    @Test func anApprovalAtTheLastMomentCounts() {
        var bench = PollerBench(life: 10)
        _ = bench.next(.start)
        #expect(bench.next(after: 11, .failure(Self.offline)) == .wait(until: at(12)))
        #expect(bench.next(after: 1, .due) == .ask(wait: nil))
        let approved = DeviceCodeStatus(status: .approved, token: Self.token)
        #expect(bench.next(.reply(approved)) == .finished(.approved(token: Self.token, user: nil, expiresAt: nil)))
    }

    @Test func offlineToTheEndIsExpired() {
        var bench = PollerBench(life: 60)
        var next = bench.next(.start)
        var asked = 0
        while case .ask = next {
            asked += 1
            let after = bench.next(after: 0.5, .failure(Self.offline))
            if case .finished(.expired) = after { break }
            next = bench.due(after)
            #expect(bench.now < 62)
        }
        #expect(asked == 7 && bench.now >= 60)
    }

    /// Whatever comes, no two requests start within a second, and the machine is never without a next step.
    @Test(arguments: 0..<200)
    func neverTwiceInASecond(seed: Int) {
        var random = Random(seed: UInt64(seed))
        var bench = PollerBench(
            interval: [nil, 1, 2][Int.random(in: 0..<3, using: &random)], waitMax: seed % 2 == 0 ? 25 : nil)
        var asks: [Double] = []
        var next = bench.next(.start)
        for _ in 0..<300 {
            switch next {
            case .ask:
                if let last = asks.last { #expect(bench.now - last > 0.999) }
                asks.append(bench.now)
            case .wait(let until): #expect(until.seconds >= bench.now)
            case .hold: break
            case .finished: return
            }
            let pause = Double.random(in: 0...3, using: &random)
            switch Int.random(in: 0..<6, using: &random) {
            case 0: next = bench.next(after: pause, Self.pending(Bool.random(using: &random)))
            case 1: next = bench.next(after: pause, .failure(Self.offline))
            case 2: next = bench.next(after: pause, Self.slowDown(Double.random(in: -1...20, using: &random)))
            case 3: next = bench.next(after: pause, .nudge)
            default: next = bench.next(after: pause, .due)
            }
        }
    }
}
