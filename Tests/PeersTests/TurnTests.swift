// What is sent in a turn is a consequence of what began it, and of what came before the model since.

import FoundationEssentials
import MeshAPI
import Testing

@testable import Peers

@Suite struct TurnTests {
    private let start = Date(timeIntervalSince1970: 1_800_000_000)

    @Test func whatAPersonAskedForBeginsAChain() {
        var turns = Turns()
        turns.prompt(id: "1", messages: [], at: start)
        #expect(turns.needsOrigin)
        turns.found(.person)
        #expect(!turns.needsOrigin)
        #expect(turns.parent() == nil)
    }

    @Test func whatAMessageBeganIsItsConsequence() {
        var turns = Turns()
        turns.prompt(id: "1", messages: [heard("a", hop: 3, at: -5)], at: start)
        #expect(!turns.needsOrigin)
        #expect(turns.parent() == "a")
    }

    @Test func theHighestHopCounts() {
        var turns = Turns()
        turns.prompt(id: "1", messages: [heard("a", hop: 3, at: -5)], at: start)
        turns.prompt(id: "1", messages: [heard("b", hop: 5, at: 2)], at: start + 3)
        turns.hear([heard("c", hop: 1, at: 4)])
        #expect(turns.parent() == "b")
    }

    @Test func whatWaitedBeforeAPersonsWordIsNoCause() {
        var turns = Turns()
        turns.prompt(id: "1", messages: [], at: start)
        turns.found(.person)
        turns.hear([heard("old", hop: 7, at: -60)])
        #expect(turns.parent() == nil)
        turns.hear([heard("new", hop: 2, at: 60)])
        #expect(turns.parent() == "new")
    }

    @Test func aWakeUpOfItsOwnGoesOnWithTheLastChain() {
        var turns = Turns()
        turns.prompt(id: "1", messages: [heard("a", hop: 4, at: -5)], at: start)
        #expect(turns.parent() == "a")
        turns.prompt(id: "2", messages: [], at: start + 60)
        turns.found(.other)
        #expect(turns.parent() == "a")
        turns.prompt(id: "3", messages: [], at: start + 120)
        turns.found(.person)
        #expect(turns.parent() == nil)
        turns.prompt(id: "4", messages: [], at: start + 180)
        turns.found(.other)
        #expect(turns.parent() == nil)
    }

    @Test func aWordTypedInMidTurnSetsItFree() {
        var turns = Turns()
        turns.prompt(id: "1", messages: [heard("a", hop: 6, at: -5)], at: start)
        turns.prompt(id: "1", messages: [], at: start + 10)
        #expect(turns.needsOrigin)
        turns.found(.person)
        #expect(turns.parent() == nil)
    }

    @Test func theRecordSaysWhoBeganATurn() {
        let lines = [
            #"{"promptId":"p1","type":"user","origin":{"kind":"human"},"message":{"role":"user","content":"fix it"}}"#,
            #"{"promptId":"p1","type":"user","message":{"content":[{"type":"tool_result","content":"origin"}]}}"#,
            #"{"promptId":"p2","type":"user","origin":{"kind":"peer"},"message":{"content":"x"}}"#,
            #"{"promptId":"p3","type":"user","message":{"content":"<task-notification>x"}}"#,
            #"{"promptId":"p4","type":"user","message":{"content":"typed, says an older version"}}"#,
            "no JSON with \"origin\"",
        ].map { Substring($0) }
        #expect(Transcript.origin(of: "p1", in: lines) == .person)
        #expect(Transcript.origin(of: "p2", in: lines) == .other)
        #expect(Transcript.origin(of: "p3", in: lines) == .other)
        #expect(Transcript.origin(of: "p4", in: lines) == .person)
        #expect(Transcript.origin(of: "p5", in: lines) == nil)
        let typed =
            #"{"type":"attachment","attachment":{"type":"queued_command","prompt":"x","origin":{"kind":"human"}}}"#
        #expect(Transcript.origin(of: "p2", in: lines + [Substring(typed)]) == .person)
    }

    @Test func theRecordSaysWhatWasDelivered() throws {
        let frames = (1...3).map { FramedText(FramedTextTests.letter("hi"), mark: ClaimMark(bits: UInt64($0))).wrapped }
        let texts = try frames.map { try #require(String(data: JSONEncoder().encode($0), encoding: .utf8)) }
        let lines = [
            #"{"type":"user","promptId":"p","origin":{"kind":"peer"},"message":{"content":\#(texts[0])}}"#,
            #"{"type":"attachment","attachment":{"type":"queued_command","prompt":\#(texts[1]),"origin":{"kind":"peer"}}}"#,
            #"{"type":"queue-operation","operation":"enqueue","content":\#(texts[2])}"#,
        ].map { Substring($0) }
        #expect(Transcript.delivered(in: lines) == [ClaimMark(bits: 1), ClaimMark(bits: 2)])
    }

    private func heard(_ id: String, hop: Int, at offset: TimeInterval) -> Heard {
        Heard(id: id, hop: hop, writtenAt: start + offset)
    }
}
