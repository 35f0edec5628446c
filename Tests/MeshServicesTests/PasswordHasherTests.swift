// Passwords: scrypt as everybody computes it, and a bounded queue.

import Foundation
import Synchronization
import TestSupport
import Testing

@testable import MeshServices

@Suite struct PasswordHasherTests {
    /// Made by Python: `hashlib.scrypt(b"correct horse", salt=bytes(range(16)), n=1 << 10, r=8, p=1, dklen=32)`.
    private let foreign =
        "$scrypt$ln=10,r=8,p=1$000102030405060708090a0b0c0d0e0f$"
        + "9df923deed5f4531c279af9f56bd37b1657bef4929e702ce2e811a93388a86a1"

    @Test func itIsScryptWithTheParametersItSays() async throws {
        #expect(PasswordHasher.cost == 17)
        let hasher = PasswordHasher(cost: 4)
        #expect(try await hasher.verify("correct horse", against: foreign))
        #expect(try await hasher.verify("correct house", against: foreign) == false)
        #expect(try await hasher.verify("correct horse", against: nil) == false)
        let (one, two) = (try await hasher.hash("correct horse"), try await hasher.hash("correct horse"))
        #expect(one != two, "salted")
        #expect(one.hasPrefix("$scrypt$ln=4,r=8,p=1$"))
        #expect(try await hasher.verify("correct horse", against: one))
    }

    @Test func aRushIsRefusedNotQueuedForEver() async throws {
        let hasher = PasswordHasher(cost: 14, queueLength: 1)
        let refusals = await withTaskGroup(of: Refusal?.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    do {
                        _ = try await hasher.hash("correct horse")
                        return nil
                    } catch { return error as? Refusal }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(refusals.contains { $0 == nil }, "some get through")
        let refused = try #require(refusals.compactMap(\.self).first, "the queue is bounded")
        #expect(refused.status == .serviceUnavailable)
        #expect(refused.retryAfter == 2)
    }

    /// What goes on until it is let go, and how much of it at once.
    private final class Work: Sendable {
        private let counts = Mutex((begun: 0, now: 0, most: 0))
        private let gate = DispatchSemaphore(value: 0)

        var begun: Int { counts.withLock { $0.begun } }
        var most: Int { counts.withLock { $0.most } }

        func run() {
            counts.withLock { ($0.begun, $0.now, $0.most) = ($0.begun + 1, $0.now + 1, max($0.most, $0.now + 1)) }
            gate.wait()
            counts.withLock { $0.now -= 1 }
        }

        func endOne() { gate.signal() }
    }

    /// Each takes 128 MiB: never more than half the cores, however many wait. What is counted goes through the same door.
    @Test func noMoreThanHalfTheCoresHashAtOnce() async throws {
        #expect(PasswordHasher.threads == max(1, ProcessInfo.processInfo.activeProcessorCount / 2))
        let (hasher, work) = (PasswordHasher(cost: 4), Work())
        let all = PasswordHasher.threads + PasswordHasher.queueLength
        let tasks = (0..<all).map { _ in Task { try await hasher.run { work.run() } } }
        try await eventually { hasher.count == all }
        for ended in 0..<all {
            try await eventually { work.begun >= min(all, PasswordHasher.threads + ended) }
            work.endOne()
        }
        for task in tasks { try await task.value }
        #expect(work.most == PasswordHasher.threads)
        #expect(hasher.count == 0)
    }
}
