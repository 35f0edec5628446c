// Which messages a notice tells of, where, and how often.

import FoundationEssentials
import MeshAPI
import Testing

@testable import Peers

@Suite struct LaneNoticeTests {
    @Test func whatMayNotWakeIsToldOnceATurn() {
        var bench = LaneBench()
        bench.arrive("a", wakes: false)
        #expect(bench.pump().isEmpty)
        begin(&bench, "1")
        #expect(told(&bench, .within) == ["a"])
        #expect(told(&bench, .within).isEmpty)
        #expect(told(&bench, .end).isEmpty)
        begin(&bench, "2")
        #expect(told(&bench, .within) == ["a"])
    }

    @Test func whatWasHandedIsToldAfterTwoBoundaries() {
        var bench = LaneBench()
        begin(&bench, "1")
        bench.arrive("a")
        _ = bench.pump()
        #expect(told(&bench, .within).isEmpty)
        _ = bench.lanes.toolsDone(turn: "1")
        #expect(told(&bench, .within).isEmpty)
        _ = bench.lanes.toolsDone(turn: "1")
        #expect(told(&bench, .within) == ["a"])
    }

    @Test func whatWasHandedIsToldAfterFiveIdleSeconds() {
        var bench = LaneBench()
        _ = bench.lanes.stopped(at: bench.now)
        bench.arrive("a")
        _ = bench.pump()
        bench.now += 4
        #expect(told(&bench, .within).isEmpty)
        bench.now += 2
        begin(&bench, "2")
        #expect(told(&bench, .within) == ["a"])
    }

    @Test func theEndOfATurnTellsOnceWhatMayWakeAndMakesItGoOn() {
        var bench = LaneBench()
        bench.lanes.session.hasInbox = false
        bench.arrive("quiet", wakes: false)
        bench.arrive("loud", seq: 1)
        _ = bench.lanes.stopped(at: bench.now)
        #expect(told(&bench, .end) == ["loud"])
        #expect(bench.lanes.activity == .working)
        _ = bench.lanes.stopped(at: bench.now)
        #expect(told(&bench, .end).isEmpty)
        #expect(bench.lanes.activity == .idle(since: bench.now))
    }

    @Test func whatCameThroughTheGateIsNotTold() {
        var bench = LaneBench()
        bench.arrive("a")
        bench.arrive("long", seq: 1, isLong: true)
        _ = bench.pump()
        _ = bench.submit(["a"])
        _ = bench.submit(["long"])
        for _ in 0..<3 { _ = bench.lanes.toolsDone(turn: "1") }
        #expect(told(&bench, .within).isEmpty)
    }

    @Test(arguments: [
        (Attention.open, true, true, true), (.focus, true, true, false), (.quiet, false, false, false),
    ])
    func attentionDecidesWhatWakes(attention: Attention, person: Bool, answer: Bool, other: Bool) {
        let date = Date(timeIntervalSince1970: 0)
        #expect(LaneMessage(id: "", seq: 0, address: "", isPersons: true, createdAt: date).wakes(attention) == person)
        #expect(LaneMessage(id: "", seq: 0, address: "", answersOwn: true, createdAt: date).wakes(attention) == answer)
        #expect(LaneMessage(id: "", seq: 0, address: "", createdAt: date).wakes(attention) == other)
        #expect(!LaneMessage(id: "", seq: 0, address: "", wakes: false, createdAt: date).wakes(attention))
    }

    @Test func aModelNarrowsAndNeverWidens() {
        var session = Lanes.Session()
        session.chosen = .focus
        session.narrowed = .open
        #expect(session.attention == .focus)
        session.narrowed = .quiet
        #expect(session.attention == .quiet)
        session.narrowed = nil
        #expect(session.attention == .focus)
    }

    private func told(_ bench: inout LaneBench, _ place: Lanes.Place) -> [String] {
        bench.lanes.notice(place, at: bench.now).map(\.message.id)
    }

    private func begin(_ bench: inout LaneBench, _ turn: String) {
        _ = bench.lanes.submitted(prompt: "do it", turn: turn, at: bench.now)
    }
}
