// Which text goes by which way, when, and that none goes twice.

import FoundationEssentials
import MeshAPI
import Testing

@testable import Peers

@Suite struct LanesTests {
    @Test func aMessageIsHandedAndSeenAtTheGate() throws {
        var bench = LaneBench()
        bench.arrive("a")
        let effects = bench.pump()
        let mark = try #require(bench.mark("a"))
        #expect(effects == [.hand(id: "a", mark), .receipt(id: "a", .handed(.inbox))])
        #expect(bench.pump().isEmpty)
        let (answer, seen) = bench.submit([mark])
        #expect(answer == GateAnswer(passed: ["a"], needsInstructions: true, isOwn: false))
        #expect(seen == [.receipt(id: "a", .seen(.inbox))])
        #expect(bench.submit([mark]).0.isBlocked)
    }

    @Test func theInstructionsComeOnceBeforeATypedPrompt() {
        var bench = LaneBench()
        for id in ["a", "b"] { bench.arrive(id) }
        _ = bench.pump()
        #expect(bench.submit(["a"]).0.needsInstructions)
        #expect(!bench.submit(["b"]).0.needsInstructions)
        var other = LaneBench()
        _ = other.lanes.submitted(prompt: "fix it", turn: "1", at: other.now)
        other.arrive("a")
        _ = other.pump()
        #expect(!other.submit(["a"]).0.needsInstructions)
    }

    @Test func tenUnconfirmedTwentyAtOnceAndOneEveryThreeSeconds() {
        var bench = LaneBench()
        for number in 0..<40 { bench.arrive("m\(number)", seq: number) }
        var handed: [String] = []
        for _ in 0..<3 {
            let effects = bench.pump().handed
            #expect(effects.count <= 10)
            handed += effects
            _ = bench.submit(effects)
        }
        #expect(handed.count == 20)
        #expect(bench.lanes.pause(at: bench.now) == 3)
        for _ in 0..<20 {
            bench.now += 3
            let effects = bench.pump().handed
            #expect(effects.count == 1)
            handed += effects
            _ = bench.submit(effects)
        }
        #expect(handed == (0..<40).map { "m\($0)" })
        #expect(bench.lanes.pause(at: bench.now) == nil)
    }

    @Test func whatIsNotTakenUpHoldsTheRestBack() {
        var bench = LaneBench()
        for number in 0..<12 { bench.arrive("m\(number)", seq: number) }
        #expect(bench.pump().handed.count == 10)
        bench.now += 600
        #expect(bench.pump().isEmpty)
        #expect(bench.lanes.pause(at: bench.now) == nil)
    }

    @Test func whatAToolGaveIsStoppedAtTheGate() throws {
        var bench = LaneBench()
        bench.arrive("a")
        _ = bench.pump()
        let mark = try #require(bench.mark("a"))
        #expect(bench.lanes.takeAll() == [.init(id: "a", mayBeShown: true)])
        #expect(bench.lanes.takeAll().isEmpty)
        let (answer, effects) = bench.submit([mark])
        #expect(answer.isBlocked && effects == [.receipt(id: "a", .seen(.tool))])
    }

    @Test func withAGateNothingIsGivenTwice() {
        var bench = LaneBench()
        _ = bench.lanes.stopped(at: bench.now)
        bench.arrive("a")
        _ = bench.pump()
        #expect(bench.lanes.takeAll() == [.init(id: "a", mayBeShown: false)])
    }

    @Test func anAnswerThatWasLostWaitsAgain() throws {
        var bench = LaneBench()
        bench.arrive("a")
        bench.arrive("b", seq: 1, wakes: false)
        _ = bench.pump()
        _ = bench.lanes.takeAll()
        bench.lanes.takeBack(["a", "b"])
        #expect(bench.lanes.confirm().isEmpty)
        // Its mark is closed: it comes by a tool alone, and not twice.
        let mark = try #require(bench.mark("a"))
        #expect(bench.submit([mark]).0.isBlocked)
        #expect(bench.lanes.takeAll().map(\.id) == ["a", "b"])
    }

    @Test func aTextThatWasCutIsNotSeen() {
        var bench = LaneBench()
        bench.arrive("a", isLong: true)
        _ = bench.pump()
        let (answer, effects) = bench.submit(["a"])
        #expect(answer.passed == ["a"] && effects.isEmpty)
        #expect(bench.lanes.take("a") != nil)
        #expect(bench.lanes.confirm() == [.receipt(id: "a", .seen(.tool))])
    }

    @Test func aWithdrawnTextIsStoppedAtTheGate() throws {
        var bench = LaneBench()
        bench.arrive("a")
        _ = bench.pump()
        let mark = try #require(bench.mark("a"))
        bench.lanes.ended("a")
        #expect(bench.submit([mark]).0.isBlocked)
        #expect(bench.lanes.takeAll().isEmpty)
    }

    @Test func whileInboxWaitsNothingIsHanded() {
        var bench = LaneBench()
        bench.lanes.isAsked = true
        bench.arrive("a")
        #expect(bench.pump().isEmpty)
        bench.lanes.isAsked = false
        #expect(bench.pump().handed == ["a"])
    }

    @Test func aSessionThatAsksNobodyIsNotDrivenByOthers() {
        var bench = LaneBench()
        bench.lanes.session.bypasses = true
        bench.arrive("foreign")
        bench.arrive("own", seq: 1, isOwn: true)
        #expect(bench.pump().handed == ["own"])
        #expect(bench.lanes.notice(.end, at: bench.now).map(\.message.id) == ["foreign"])
    }

    @Test func whatDiedUnseenOpensAgain() throws {
        var bench = LaneBench()
        for (seq, id) in ["seen", "lost", "delivered", "waits"].enumerated() { bench.arrive(id, seq: seq) }
        _ = bench.pump()
        _ = bench.submit(["seen"])
        _ = bench.lanes.stopped(at: bench.now)
        let old = try #require(bench.mark("lost"))
        bench.now += 60
        let effects = bench.lanes.agentEnded(delivered: [try #require(bench.mark("delivered"))])
        #expect(
            effects == [
                .receipt(id: "lost", .queued), .receipt(id: "delivered", .seen(.inbox)), .receipt(id: "waits", .queued),
            ])
        bench.lanes.session.hasInbox = true
        #expect(bench.pump().handed == ["lost", "waits"])
        #expect(bench.mark("lost") != old)
    }

    /// A kill between the gate and Claude Code's own record.
    @Test func whatPassedTheGateAndStandsInNoRecordWaitsForWhoResumesIt() throws {
        var bench = LaneBench()
        for (seq, id) in ["written", "unwritten"].enumerated() { bench.arrive(id, seq: seq) }
        _ = bench.pump()
        _ = bench.submit(["written", "unwritten"])
        let written = try #require(bench.mark("written"))
        var unknown = bench.lanes
        #expect(unknown.agentEnded(delivered: nil).isEmpty && unknown.items.isEmpty)
        var later = bench.lanes
        // However slow the machine was.
        bench.now += 60
        #expect(bench.lanes.agentEnded(delivered: [written]).isEmpty)
        #expect(bench.lanes.items.map(\.message.id) == ["unwritten"] && bench.lanes.items.allSatisfy(\.isReopened))
        // Claude Code went on from there: it has written it down, wherever that is now.
        _ = later.toolsDone(turn: nil)
        #expect(later.agentEnded(delivered: []).isEmpty && later.items.isEmpty)
    }

    /// A kill behind the answer of `inbox`.
    @Test func whatAToolGaveToWhoDiedWaitsUnlessItsRecordHasIt() {
        var bench = LaneBench()
        for (seq, id) in ["written", "lost"].enumerated() { bench.arrive(id, seq: seq) }
        _ = bench.lanes.takeAll()
        let effects = bench.lanes.agentEnded(delivered: []) { $0 == "written" }
        #expect(effects == [.receipt(id: "written", .seen(.tool)), .receipt(id: "lost", .queued)])
        #expect(bench.lanes.items.map(\.message.id) == ["lost"])
        let line: Substring = #"{"type":"user","content":[{"type":"tool_result","content":"x\nMessage abc of bo"}]}"#
        #expect(Transcript.gave("abc", in: [line]) && !Transcript.gave("ab", in: [line]))
    }

    @Test func whatIsDoneWithIsForgottenInTheEnd() {
        var bench = LaneBench()
        for seq in 0..<401 {
            bench.arrive("m\(seq)", seq: seq)
            bench.lanes.ended("m\(seq)")
        }
        bench.arrive("next", seq: 401)
        #expect(bench.lanes.items.count == 202 && bench.lanes.items.first?.message.id == "m200")
        #expect(bench.lanes.items.last?.isPending == true)
    }

    @Test func whatTheRecordHasIsSeenThoughNoHookSaidIt() throws {
        var bench = LaneBench()
        for (seq, id) in ["written", "open"].enumerated() { bench.arrive(id, seq: seq) }
        _ = bench.pump()
        #expect(!bench.lanes.isUnconfirmed(at: bench.now + 1) && bench.lanes.isUnconfirmed(at: bench.now + 3))
        let mark = try #require(bench.mark("written"))
        #expect(bench.lanes.wereDelivered([mark]) == [.receipt(id: "written", .seen(.inbox))])
        #expect(bench.submit([mark]).0.isBlocked)
        #expect(bench.lanes.takeAll().map(\.id) == ["open"])
    }

    @Test func aRestartKnowsWhatWasHanded() throws {
        var bench = LaneBench()
        bench.arrive("a")
        _ = bench.pump()
        let mark = try #require(bench.mark("a"))
        bench.lanes = Lanes(items: bench.lanes.items, session: bench.lanes.session)
        #expect(bench.pump().isEmpty)
        #expect(bench.submit([mark]).0.passed == ["a"])
    }

    @Test func afterANightOneNoticeWakes() {
        var bench = LaneBench()
        for number in 0..<5 { bench.arrive("m\(number)", seq: number, isLapsed: true) }
        #expect(bench.pump() == [.summon])
        #expect(bench.pump().isEmpty)
        // Nor by a daemon that follows.
        bench.lanes = Lanes(items: bench.lanes.items, session: bench.lanes.session)
        #expect(bench.pump().isEmpty)
        _ = bench.lanes.submitted(prompt: FramedText.opening + "claudemesh\">", turn: "woken", at: bench.now)
        bench.lanes.summonsCame()
        #expect(bench.lanes.notice(.within, at: bench.now).isEmpty, "it was told by what woke")
        #expect(bench.lanes.notice(.end, at: bench.now).isEmpty, "it woke once already")
        _ = bench.lanes.submitted(prompt: "typed", turn: "next", at: bench.now)
        #expect(bench.lanes.notice(.within, at: bench.now).count == 5)
    }

    @Test func whatNeverWakesDoesNotAfterANightEither() {
        var bench = LaneBench()
        bench.arrive("broadcast", wakes: false, isLapsed: true)
        bench.lanes.session.bypasses = true
        bench.arrive("another's", seq: 1, isLapsed: true)
        #expect(bench.pump().isEmpty)
        bench.arrive("own", seq: 2, isOwn: true, isLapsed: true)
        bench.lanes.session.narrowed = .quiet
        #expect(bench.pump().isEmpty)
        bench.lanes.session.narrowed = nil
        // The daemon may have died before it could wake.
        bench.lanes = Lanes(items: bench.lanes.items, session: bench.lanes.session)
        #expect(bench.pump() == [.summon])
    }

    @Test func whatANoticeToldOfWakesNobodyAnyMore() {
        var bench = LaneBench()
        bench.lanes.session.hasInbox = false
        bench.arrive("a", isLapsed: true)
        _ = bench.lanes.submitted(prompt: "typed", turn: "turn", at: bench.now)
        #expect(bench.lanes.notice(.within, at: bench.now).count == 1)
        bench.lanes.session.hasInbox = true
        #expect(bench.pump().isEmpty)
    }

    @Test func aMessageIsKnownByItsID() {
        var bench = LaneBench()
        bench.arrive("a")
        bench.arrive("a")
        #expect(bench.pump().handed == ["a"])
    }
}

/// Lanes with a clock that is set by hand.
struct LaneBench {
    var lanes = Lanes()
    var now = Date(timeIntervalSince1970: 1_800_000_000)
    var generator = SystemRandomNumberGenerator()

    init() { lanes.session.hasInbox = true }

    mutating func arrive(
        _ id: String, seq: Int = 0, isOwn: Bool = false, answersOwn: Bool = false, wakes: Bool = true,
        isLong: Bool = false, isLapsed: Bool = false
    ) {
        let message = LaneMessage(
            id: id, seq: seq, address: "bo/docs", isOwn: isOwn, answersOwn: answersOwn, wakes: wakes, isLong: isLong,
            createdAt: now)
        lanes.arrived(message, isLapsed: isLapsed)
    }

    mutating func pump() -> [LaneEffect] { lanes.pump(at: now, using: &generator) }

    func mark(_ id: String) -> ClaimMark? { lanes.items.first { $0.message.id == id }?.claim?.mark }

    mutating func submit(_ ids: [String]) -> (GateAnswer, [LaneEffect]) { submit(ids.compactMap(mark)) }

    mutating func submit(_ marks: [ClaimMark]) -> (GateAnswer, [LaneEffect]) {
        let lines = marks.map { "Message x of bo/docs. \($0.text)" }
        let prompt = ([FramedText.opening + "bo\">"] + lines + [FramedText.closing]).joined(separator: "\n")
        return lanes.submitted(prompt: prompt, turn: "turn", at: now)
    }
}

extension [LaneEffect] {
    var handed: [String] { compactMap { if case .hand(let id, _) = $0 { id } else { nil } } }
}
