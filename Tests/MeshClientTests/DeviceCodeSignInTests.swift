// Signing in against a real server over time that a test turns.

import FoundationEssentials
import MeshAPI
import MeshClient
import Platform
import Synchronization
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(2)))
struct DeviceCodeSignInTests {
    static let token = DeviceCodePollerTests.token
    static let user = User(id: "u1", name: "Ale")
    static let approved = #"{"status":"approved","token":"\#(token)","user":{"id":"u1","name":"Ale"}}"#
    static let claimed = #"{"status":"approved","token":null,"already_claimed":true}"#

    /// The events of a sign-in, as they come.
    final class Log: Sendable {
        private let events = Mutex<[DeviceCodeSignIn.Event]>([])

        var all: [DeviceCodeSignIn.Event] { events.withLock { $0 } }
        var last: DeviceCodeSignIn.Event? { all.last }

        func follow(_ signIn: DeviceCodeSignIn) -> Task<Void, Never> {
            Task { for await event in signIn.events() { events.withLock { $0.append(event) } } }
        }
    }

    private func signIn(
        _ server: ScriptedServer, _ clock: BootClock, waitMax: Int? = nil, life: Duration = .seconds(600)
    ) throws -> DeviceCodeSignIn {
        DeviceCodeSignIn(
            client: try server.client(),
            code: LiveDeviceCode(deviceCode: "d", interval: 1.5, waitMax: waitMax, endsAt: clock.now() + life),
            clock: clock)
    }

    @Test func aPersonApproves() async throws {
        let polls = Counter()
        let replies = [#"{"status":"pending"}"#, #"{"status":"pending","opened":true}"#, Self.approved]
        let clock = FakeClock()
        try await ScriptedServer.run { _ in
            .json(replies[polls.next() - 1])
        } _: { server in
            let log = Log()
            let task = log.follow(try signIn(server, clock.clock))
            try await eventually("waits after the first answer") { clock.pauses == [1.5, 2] }
            clock.advance(.milliseconds(1500))
            try await eventually("waits after the second") { log.all.count == 2 && clock.pauses == [0.5, 1.5] }
            clock.advance(.milliseconds(1500))
            await task.value
            #expect(
                log.all == [
                    .report(.pending(opened: false)), .report(.pending(opened: true)),
                    .approved(token: Self.token, user: Self.user, expiresAt: nil),
                ])
            #expect(server.received.map(\.path) == Array(repeating: "/api/auth/cli/device-code/d", count: 3))
            #expect(clock.pauses.isEmpty, "no timer is left behind")
        }
    }

    @Test func theServerStopsAndComesBackWhileItWaits() async throws {
        let polls = Counter()
        let clock = FakeClock()
        try await ScriptedServer.run { _ in
            polls.next() < 3 ? .raw("") : .json(Self.approved)
        } _: { server in
            let log = Log()
            let signIn = try signIn(server, clock.clock)
            let task = log.follow(signIn)
            try await eventually("1.5 s after the first failure") { clock.pauses == [1.5, 2] }
            let first = DeviceCodePoller.Report.unreachable(
                .unreachable(.connectionLost), retryAt: clock.now + .milliseconds(1500))
            #expect(log.all == [.report(first)])
            clock.advance(.milliseconds(1500))
            try await eventually("3 s after the second") { clock.pauses == [0.5, 3] }
            // A person does not want to wait; but a second lies between two requests.
            clock.advance(.milliseconds(400))
            signIn.nudge()
            try await eventually("the rest of a second") { clock.pauses.contains { abs($0 - 0.6) < 0.001 } }
            clock.advance(.milliseconds(600))
            await task.value
            #expect(log.last == .approved(token: Self.token, user: Self.user, expiresAt: nil))
            #expect(server.received.count == 3)
        }
    }

    @Test(
        arguments: [
            (#"{"status":"denied"}"#, .denied), (#"{"status":"expired"}"#, .expired), (claimed, .lost),
        ] as [(String, DeviceCodeSignIn.Event)])
    func anAnswerEndsIt(reply: String, event: DeviceCodeSignIn.Event) async throws {
        try await ScriptedServer.run { _ in
            .json(reply)
        } _: { server in
            let log = Log()
            await log.follow(try signIn(server, FakeClock().clock)).value
            #expect(log.all == [event])
        }
    }

    @Test func whoSignedInIsAskedWhereItWasNotSaid() async throws {
        let asked = Counter()
        let clock = FakeClock()
        try await ScriptedServer.run { request in
            if request.path.hasSuffix("/d") { return .json(#"{"status":"approved","token":"\#(Self.token)"}"#) }
            if asked.next() == 1 { return .reply(503, "") }
            return .json(#"{"user":{"id":"u1","name":"Ale"},"credential":{"id":"c","kind":"session","name":"box"}}"#)
        } _: { server in
            let log = Log()
            let task = log.follow(try signIn(server, clock.clock))
            try await eventually("a pause after the failure") { clock.pauses == [1.5] }
            clock.advance(.milliseconds(1500))
            await task.value
            #expect(log.all == [.approved(token: Self.token, user: Self.user, expiresAt: nil)])
            #expect(server.received.last?.headers["authorization"] == "Bearer \(Self.token)")
        }
    }

    @Test func onWakingItAsksAtOnce() async throws {
        let clock = FakeClock()
        let polls = Counter()
        // The held poll died with the connection; nobody told this side.
        try await ScriptedServer.run { _ in
            polls.next() == 1 ? .never : .json(Self.approved)
        } _: { server in
            let log = Log()
            let task = log.follow(try signIn(server, clock.clock, waitMax: 25))
            try await eventually("a poll is held") { server.received.count == 1 && clock.pauses == [2] }
            clock.advance(.seconds(2))
            try await eventually("awake, and nothing happened") { clock.pauses == [2] }
            #expect(server.received.count == 1)
            clock.suspendMachine(.seconds(300))
            clock.advance(.seconds(2))
            await task.value
            #expect(log.all == [.approved(token: Self.token, user: Self.user, expiresAt: nil)])
            #expect(server.received.map(\.path).last == "/api/auth/cli/device-code/d", "not held")
        }
    }

    @Test func anOvertakenPollMayBeTheOneThatGotTheToken() async throws {
        let clock = FakeClock()
        let polls = Counter()
        let second = Gate()
        try await ScriptedServer.run { _ in
            guard polls.next() == 1 else { return .json(Self.claimed) }
            await second.wait()
            return .json(Self.approved)
        } _: { server in
            let log = Log()
            let signIn = try signIn(server, clock.clock, waitMax: 25)
            let task = log.follow(signIn)
            try await eventually("a poll is held") { server.received.count == 1 && clock.pauses == [2] }
            clock.advance(.milliseconds(1500))
            signIn.nudge()
            try await eventually("the other one says it was claimed; it lingers") { clock.pauses.contains(3) }
            second.open()
            await task.value
            #expect(log.all == [.approved(token: Self.token, user: Self.user, expiresAt: nil)])
        }
    }

    @Test func aTokenThatNeverComesIsLost() async throws {
        let clock = FakeClock()
        let polls = Counter()
        try await ScriptedServer.run { _ in
            polls.next() == 1 ? .never : .json(Self.claimed)
        } _: { server in
            let log = Log()
            let signIn = try signIn(server, clock.clock, waitMax: 25)
            let task = log.follow(signIn)
            try await eventually("a poll is held") { server.received.count == 1 && clock.pauses == [2] }
            clock.advance(.milliseconds(1500))
            signIn.nudge()
            try await eventually("it lingers") { clock.pauses.contains(3) }
            clock.advance(.seconds(3))
            await task.value
            #expect(log.all == [.lost])
            try await eventually("nothing is left open") { server.connections <= 1 }
        }
    }

    @Test func whoStopsReadingStopsThePolling() async throws {
        try await ScriptedServer.run { _ in
            .never
        } _: { server in
            let clock = FakeClock()
            let task = Log().follow(try signIn(server, clock.clock, waitMax: 25))
            try await eventually("a poll is held") { server.connections == 1 && clock.pauses == [2] }
            task.cancel()
            await task.value
            try await eventually("the connection is closed, the timers are gone") {
                server.connections == 0 && clock.pauses.isEmpty
            }
        }
    }

    @Test func anApprovalIsSeenAtOnce() async throws {
        let approval = Gate()
        try await ScriptedServer.run { _ in
            await approval.wait()
            return .json(Self.approved)
        } _: { server in
            let log = Log()
            let task = log.follow(try signIn(server, .system, waitMax: 25))
            try await eventually("a poll is held") { server.received.count == 1 }
            #expect(server.received[0].path.hasSuffix("?wait=25"))
            approval.open()
            await task.value
            #expect(log.last == .approved(token: Self.token, user: Self.user, expiresAt: nil))
        }
    }

    @Test func theSystemsClocksGoOn() async throws {
        let clock = BootClock.system
        let before = (clock.now(), clock.awake())
        try await clock.sleep(.milliseconds(5))
        #expect(clock.now() - before.0 >= .milliseconds(4) && clock.awake() - before.1 >= .milliseconds(4))
        #expect(clock.now() >= clock.awake() - .milliseconds(1), "sleep counts for one of them only")
    }
}
