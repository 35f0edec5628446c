// What Claude is told of messages that wait.

import Testing

@testable import Peers

@Suite struct WaitingNoticeTests {
    @Test func countsBySenderAndNamesIDs() throws {
        let items = [
            WaitingNotice.Item(id: "a1", address: "ana/reviewer", answersOwn: true),
            .init(id: "a2", address: "ana/reviewer"),
            .init(id: "b1", address: "bo/docs", age: Age(seconds: 5 * 3600 + 10)),
        ]
        let text = try #require(
            WaitingNotice(mesh: "planning", items: items, topics: [("ci", 8), ("general", 0)]).text)
        #expect(
            text == """
                11 messages wait in planning: ana/reviewer 2 (1 answers you), bo/docs 1 (5 h old), #ci 8 new. None counts as \
                seen: call inbox, and answer only what still matters.
                a1 of ana/reviewer
                a2 of ana/reviewer
                b1 of bo/docs
                """)
    }

    @Test func nothingWaitsNothingIsSaid() {
        #expect(WaitingNotice(mesh: "planning", items: [], topics: [("ci", 3)]).text == nil)
    }

    @Test func staysWithinEightKilobytes() throws {
        let items = (0..<5000).map { WaitingNotice.Item(id: "id\($0)", address: "bo/docs-\($0 % 40)") }
        let text = try #require(WaitingNotice(mesh: "planning", items: items).text)
        #expect(text.utf8.count <= WaitingNotice.most && text.contains("28 others") && text.contains("more"))
    }

    @Test(arguments: [(599, nil), (600, "10 min old"), (3600, "1 h old"), (200_000, "2 d old")])
    func ages(seconds: Int, words: String?) { #expect(Age(seconds: seconds)?.description == words) }
}
