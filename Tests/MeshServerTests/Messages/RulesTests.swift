// The mesh's rules as they are: mentions, loops, steps of receipts, wakes, first contact, commits that are shared.

import Foundation
import HTTPTypes
import HummingbirdTesting
import MeshAPI
import MeshStore
import ServerSupport
import Synchronization
import TestSupport
import Testing

@testable import MeshServer
@testable import MeshServices

@Suite struct MeshRulesTests {
    @Test(arguments: [
        ("@bo and @ana-ruiz, hi @x.", ["bo", "ana-ruiz", "x"]), ("mail@bo", []), ("`@bo` @ana", ["ana"]),
        ("```\n@bo\n``` @ana", ["ana"]), ("@@bo", []), ("(@bo)", ["bo"]), ("@", []), ("@bo @bo", ["bo"]),
        ("@josé", ["josé"]), ("/@bo", []), ("@a.b.", ["a.b"]),
    ])
    func mentions(text: String, names: [String]) {
        #expect(MentionParser.names(in: text) == names)
    }

    @Test func sixteenMentionsAreParsed() {
        let text = (1...40).map { "@n\($0)" }.joined(separator: " ")
        #expect(MentionParser.names(in: text).count == 16)
    }

    @Test func receiptsGoForwardButForTwoWaysBack() {
        let order: [MessageState] = [.queued, .fetched, .handed, .seen, .acknowledged]
        for (i, from) in order.enumerated() {
            for (j, to) in order.enumerated() {
                let isBack = from == .handed && to == .queued
                #expect(
                    ReceiptRules.isStep(from: from, to: to, byPerson: false) == ((j > i && to != .queued) || isBack),
                    "\(from) to \(to)")
            }
        }
        #expect(ReceiptRules.isStep(from: .expired, to: .seen, byPerson: false))
        #expect(!ReceiptRules.isStep(from: .expired, to: .fetched, byPerson: true))
        #expect(ReceiptRules.isStep(from: .held, to: .refused, byPerson: true))
        for state in MessageState.allCases {
            #expect(!ReceiptRules.isStep(from: .held, to: state, byPerson: false))
            #expect(!ReceiptRules.isStep(from: .withdrawn, to: state, byPerson: true))
        }
    }

    @Test func twoWriteToEachOtherTenTimesAMinuteAndSixtyAnHour() throws {
        let now = Date(timeIntervalSince1970: 1_800_000_000)
        func check(_ ages: [Double]) throws {
            try LoopRules.check(("a", "b"), times: ages.map { now.addingTimeInterval(-$0) }, at: now)
        }
        try check((0..<9).map(Double.init))
        #expect(throws: Refusal.self) { try check((0..<10).map(Double.init)) }
        try check((0..<10).map { Double($0) * 7 })
        #expect(throws: Refusal.self) { try check((0..<60).map { Double($0) * 59 }) }
        try check((0..<59).map { Double($0) * 59 })
    }

    /// What waits while a commit runs shares the next; a refusal is one's own; a batch that fails is tried each alone.
    @Test func commitsAreShared() async throws {
        struct Refused: Error {}
        struct Broken: Error {}
        let batches = Mutex<[[Int]]>([])
        let gate = Mutex<CheckedContinuation<Void, Never>?>(nil)
        let commit = GroupCommit<Int, Int>(most: 4, isAhead: false) { _, items in
            let items = items()
            let isFirst = batches.withLock { batches in
                batches.append(items)
                return batches.count == 1
            }
            if isFirst { await withCheckedContinuation { continuation in gate.withLock { $0 = continuation } } }
            if items.contains(13), items.count > 1 { throw Broken() }
            return { items.map { $0 == 7 ? .failure(Refused()) : .success($0 * 2) } }
        }
        try await withThrowingTaskGroup(of: Int?.self) { group in
            group.addTask { try await commit.take(1, key: "m") }
            try await eventually { gate.withLock { $0 != nil } }
            for number in [2, 3, 7, 13, 4, 5] {
                group.addTask { do { return try await commit.take(number, key: "m") } catch is Refused { return nil } }
            }
            // Another mesh does not wait.
            #expect(try await commit.take(100, key: "n") == 200)
            try await eventually { commit.waitingCount == 6 }
            gate.withLock { $0.take() }?.resume()
            var answers: [Int?] = []
            for try await answer in group { answers.append(answer) }
            #expect(Set(answers) == [2, 4, 6, 8, 10, 26, nil])
        }
        let seen = batches.withLock { $0 }
        #expect(seen.allSatisfy { $0.count <= 4 } && seen.count < 12)
    }

    /// While the disk takes one batch the next is committed; each has an outcome of its own.
    @Test func theNextCommitDoesNotWaitForTheDisk() async throws {
        struct Lost: Error {}
        let gates = Mutex<[Int: CheckedContinuation<Void, Never>]>([:])
        let commit = GroupCommit<Int, Int>(isAhead: false) { _, items in
            let items = items()
            return {
                await withCheckedContinuation { continuation in gates.withLock { $0[items[0]] = continuation } }
                if items.contains(1) { throw Lost() }
                return items.map { .success($0 * 2) }
            }
        }
        let first = Task { try await commit.take(1, key: "m") }
        try await eventually { gates.withLock { $0[1] != nil } }
        let second = Task { try await commit.take(2, key: "m") }
        try await eventually { gates.withLock { $0[2] != nil } }
        gates.withLock { $0.removeValue(forKey: 2) }?.resume()
        #expect(try await second.value == 4)
        gates.withLock { $0.removeValue(forKey: 1) }?.resume()
        await #expect(throws: Lost.self) { try await first.value }
    }

    /// An engine with one writer has the next at hand while one runs, and what comes until it begins is in it.
    @Test func theNextTakesAllThatCameUntilItBegan() async throws {
        let handed = Mutex(0)
        let gates = Mutex<[Int: CheckedContinuation<Void, Never>]>([:])
        let batches = Mutex<[[Int]]>([])
        let commit = GroupCommit<Int, Int>(most: 3, isAhead: true) { _, items in
            let number = handed.withLock { handed in
                handed += 1
                return handed
            }
            // The writer's line: each begins when the test says so.
            await withCheckedContinuation { continuation in gates.withLock { $0[number] = continuation } }
            let taken = items()
            // As a transaction that is run again.
            #expect(items() == taken)
            batches.withLock { $0.append(taken) }
            return { taken.map { .success($0 * 2) } }
        }
        func begin(_ number: Int) async throws {
            try await eventually { gates.withLock { $0[number] != nil } }
            gates.withLock { $0.removeValue(forKey: number) }?.resume()
        }
        try await withThrowingTaskGroup(of: Int.self) { group in
            func send(_ number: Int) async throws {
                let before = commit.waitingCount
                group.addTask { try await commit.take(number, key: "m") }
                try await eventually { commit.waitingCount == before + 1 }
            }
            for number in [1, 2] { try await send(number) }
            // One is at hand, and no more.
            try await eventually { handed.withLock { $0 } == 1 }
            try await begin(1)
            try await eventually { batches.withLock { $0 } == [[1, 2]] }
            for number in [3, 4, 5, 6] { try await send(number) }
            try await eventually { gates.withLock { $0[2] != nil } }
            #expect(handed.withLock { $0 } == 2)
            try await begin(2)
            // What is more than fits is the next one's.
            try await begin(3)
            var answers: Set<Int> = []
            for try await answer in group { answers.insert(answer) }
            #expect(answers == [2, 4, 6, 8, 10, 12])
        }
        #expect(batches.withLock { $0 } == [[1, 2], [3, 4, 5], [6]])
    }

    /// One that could not begin took nothing yet: who waits for it is answered all the same.
    @Test func aCommitThatCannotBeginAnswersWhoWaitsForIt() async throws {
        struct Away: Error {}
        let isAway = Mutex(true)
        for isAhead in [true, false] {
            isAway.withLock { $0 = true }
            let commit = GroupCommit<Int, Int>(isAhead: isAhead) { _, items in
                if isAway.withLock({ $0 }) { throw Away() }
                let items = items()
                return { items.map { .success($0 * 2) } }
            }
            await withTaskGroup(of: Void.self) { group in
                for number in 1...3 {
                    group.addTask {
                        await #expect(throws: Away.self) { try await commit.take(number, key: "m") }
                    }
                }
            }
            #expect(commit.waitingCount == 0)
            isAway.withLock { $0 = false }
            #expect(try await commit.take(2, key: "m") == 4)
        }
    }

    @Test func aStrangersFirstWordWaitsAndWhoIsBlockedIsTold() async throws {
        try await MeshTable.run { table in
            let mal = try await table.member("Mal", uses: 5)
            let bo = try await table.member("Bo")
            let held = try await table.say(mal, "bo", id: "c1").decoded(SentMessage.self)
            #expect(held.recipients.map(\.state) == [.held] && held.recipients[0].reason == "first_contact")
            let second = try await table.say(mal, "bo", id: "c2")
            #expect(second.status == .tooManyRequests)
            #expect(try second.refusal.error == "held_full")
            let all = try await table.say(mal, "@all", id: "c3")
            #expect(try all.refusal.error == "not_allowed")
            let path = "\(table.path)/messages?held=1"
            #expect(try await bo.get(path).decodedList("messages", of: Message.self).map(\.id) == [held.id])
            // Mal wrote first, so Bo is let in there. Bo writes: Mal is let in, and may answer and ask.
            #expect(try await table.say(bo, "mal", id: "c1").decoded(SentMessage.self).recipients[0].state == .queued)
            #expect(try await table.say(mal, "bo", id: "c4").decoded(SentMessage.self).recipients[0].state == .queued)
        }
    }

    @Test func agentsEndInALimitAndPeopleBeginAnew() async throws {
        try await MeshTable.run { table in
            let bo = try await table.member("Bo")
            let a = try await table.session("s-a", of: table.owner, name: "a")
            let b = try await table.session("s-b", of: bo, name: "b")
            var last = try await a.say("bo/b", id: "c0").decoded(SentMessage.self)
            for hop in 1...8 {
                let speaker = hop.isMultiple(of: 2) ? a : b
                table.bench.time.advance(60)
                last = try await speaker.say(nil, id: "c\(hop)", more: #","reply_to":"\#(last.id)""#)
                    .decoded(SentMessage.self)
                #expect(last.hop == hop)
            }
            table.bench.time.advance(60)
            let over = try await b.say(nil, id: "c9", more: #","reply_to":"\#(last.id)""#)
            #expect(over.status == .tooManyRequests)
            #expect(try over.refusal.error == "loop_limit" && over.refusal.reason == LoopReason.hops)
            #expect(try over.refusal.candidates?.map(\.address) == ["bo/b", "ada/a"])
            let person = try await table.say(bo, "ada/a", id: "p")
            #expect(try person.decoded(SentMessage.self).hop == 0)
        }
    }
}
