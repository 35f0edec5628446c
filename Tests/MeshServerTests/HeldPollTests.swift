// Polls that wait: woken by what happens, ended by a second one, by time, by a stop.

import Foundation
import HTTPTypes
import HummingbirdTesting
import MeshAPI
import MeshStore
import ServerSupport
import TestSupport
import Testing

@testable import MeshServer
@testable import MeshServices

@Suite struct HeldPollTests {
    /// A poll with `wait` that is held.
    private func held(_ bench: Bench, _ api: API, _ code: DeviceCode) async throws -> Task<DeviceCodeStatus, any Error>
    {
        let before = bench.time.timersMade
        let task = Task { try await api.poll(code, wait: 25) }
        try await eventually { bench.time.timersMade > before }
        return task
    }

    @Test func openingTheCardAndApprovingWakeIt() async throws {
        let bench = try Bench()
        try await bench.signingIn { api, ada, code in
            let first = try await held(bench, api, code)
            _ = try await ada.get("/cli-auth?code=\(code.userCode)")
            let opened = try await first.value
            #expect((opened.status, opened.opened) == (.pending, true))
            bench.time.advance(1)
            let second = try await held(bench, api, code)
            _ = try await ada.submit("/api/auth/cli/device-code/\(code.userCode)/approve")
            let approved = try await second.value
            #expect(approved.status == .approved)
            #expect(approved.token != nil)
            #expect(bench.services.hub.count == 0)
        }
    }

    @Test func whatIsDecidedWithinASecondOfOpeningDoesNotWaitForAPollsPace() async throws {
        let bench = try Bench()
        try await bench.signingIn { api, ada, code in
            let first = try await held(bench, api, code)
            _ = try await ada.get("/cli-auth?code=\(code.userCode)")
            #expect(try await first.value.interval == 0)
            let second = try await held(bench, api, code)
            _ = try await ada.submit("/api/auth/cli/device-code/\(code.userCode)/approve")
            #expect(try await second.value.token != nil)
        }
    }

    @Test func denyingWakesIt() async throws {
        let bench = try Bench()
        try await bench.signingIn { api, ada, code in
            _ = try await ada.get("/cli-auth?code=\(code.userCode)")
            let poll = try await held(bench, api, code)
            _ = try await ada.submit("/api/auth/cli/device-code/\(code.userCode)/deny")
            #expect(try await poll.value.status == .denied)
        }
    }

    @Test func timeEndsIt() async throws {
        let bench = try Bench()
        try await bench.run { client in
            let api = API(client: client)
            let code = try await api.deviceCode()
            let poll = try await held(bench, api, code)
            bench.time.advance(25)
            #expect(try await poll.value.status == .pending)
            bench.time.advance(570)
            let last = try await held(bench, api, code)
            bench.time.advance(5)
            #expect(try await last.value.status == .expired, "held no longer than the code lives")
        }
    }

    @Test func aSecondWaiterEndsTheFirst() async throws {
        let bench = try Bench()
        try await bench.run { client in
            let api = API(client: client)
            let code = try await api.deviceCode()
            let first = try await held(bench, api, code)
            let second = try await held(bench, api, code)
            #expect(try await first.value.status == .pending)
            #expect(bench.services.hub.count == 1)
            bench.time.advance(25)
            #expect(try await second.value.status == .pending)
        }
    }

    @Test func aStopAnswersEverybodyAndHoldsNobody() async throws {
        let bench = try Bench()
        try await bench.run { client in
            let api = API(client: client)
            let (one, two) = (try await api.deviceCode(), try await api.deviceCode())
            let first = try await held(bench, api, one)
            bench.services.hub.stop()
            #expect(try await first.value.status == .pending)
            #expect(try await api.poll(two, wait: 25).status == .pending)
        }
    }

    @Test(arguments: [EventHub.Wake.replaced, .stopped, .left])
    func whoMayBeGoneGetsNoToken(wake: EventHub.Wake) async throws {
        // One server's: several wake everybody as they begin to hear each other, whenever that is.
        let bench = try Bench { $0.storage = .memory }
        try await bench.signingIn { api, ada, code in
            _ = try await ada.get("/c/\(code.userCode)")
            let codes = bench.services.deviceCodes
            let poll = Task { try await codes.poll(code.deviceCode, wait: 25) }
            try await eventually { bench.services.hub.count == 1 }
            // Approved, but what wakes the poll is not the approval.
            let hmac = bench.database.key.hmac(.userCode, code.userCode)
            let now = bench.time.now
            try await bench.database.write { transaction in
                let row = try #require(try transaction.deviceCodes.code(userCodeHMAC: hmac))
                let owner = try #require(row.ownerID)
                _ = try transaction.deviceCodes.decide(id: row.id, accountID: owner, state: .approved, at: now)
            }
            switch wake {
            case .replaced: _ = bench.services.hub.enter(bench.services.deviceCodes.ticket(for: code.deviceCode))
            case .stopped: bench.services.hub.stop()
            default: poll.cancel()
            }
            #expect(try await poll.value.status == .pending)
            bench.time.advance(1)
            #expect(try await api.poll(code).token != nil, "it is still there to be claimed")
        }
    }

    @Test func pastTheMostWaitersPollsAreAnsweredAtOnce() async throws {
        let bench = try Bench { $0.mostWaiters = 1 }
        try await bench.run { client in
            let api = API(client: client)
            let (one, two) = (try await api.deviceCode(), try await api.deviceCode())
            let first = try await held(bench, api, one)
            #expect(try await api.poll(two, wait: 25).status == .pending)
            bench.time.advance(25)
            _ = try await first.value
        }
    }

    /// A number is clamped at both ends: nothing is waited for below 0.
    @Test(arguments: ["-1", "-0.5", "0"])
    func aWaitBelowNothingIsNone(wait: String) async throws {
        let bench = try Bench()
        try await bench.run { client in
            let api = API(client: client)
            let code = try await api.deviceCode()
            #expect(try await api.get("/api/auth/cli/device-code/\(code.deviceCode)?wait=\(wait)").status == .ok)
        }
    }

    @Test(arguments: ["x", "", "nan"])
    func aWaitThatIsNoNumberIsNamed(wait: String) async throws {
        let bench = try Bench()
        try await bench.run { client in
            let api = API(client: client)
            let code = try await api.deviceCode()
            let answer = try await api.get("/api/auth/cli/device-code/\(code.deviceCode)?wait=\(wait)")
            #expect(answer.status == .unprocessableContent)
            #expect(try answer.refusal.field == "wait")
        }
    }

    /// Hashes on the threads that serve would let a poll wait until they are all done.
    @Test func pollsAreAnsweredWhilePasswordsAreHashed() async throws {
        let bench = try Bench()
        try await bench.signingIn { api, _, code in
            let hasher = PasswordHasher(cost: 17)
            let hashes = (0..<8).map { _ in Task { try? await hasher.hash("correct horse") } }
            try await eventually { hasher.count == 8 }
            #expect(try await api.poll(code).status == .pending)
            #expect(hasher.count > 0, "the poll came first")
            for hash in hashes { hash.cancel() }
            for hash in hashes { _ = await hash.value }
        }
    }
}
