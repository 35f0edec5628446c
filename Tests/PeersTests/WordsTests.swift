// What the model is told of what it sent, of refusals and of who is here: the truth, and the next step.

import FoundationEssentials
import MeshAPI
import Testing

@testable import Peers

@Suite struct WordsTests {
    static let now = Date(timeIntervalSince1970: 1_800_000_000)

    private func who(_ address: String, live: Bool? = true, receives: Receives? = .wake, away: Date? = nil) -> Who {
        Who(
            kind: .peer, id: "p", address: address, name: "docs", member: MemberName(id: "m", name: "Bo Chen"),
            live: live, awaySince: away, receives: receives)
    }

    private func sent(_ recipients: [Recipient], hop: Int = 0) -> String {
        let answer = SentMessage(
            id: "7k2f9q", seq: 1, chain: "7k2f9q", hop: hop, createdAt: Self.now, expiresAt: Self.now + 9,
            recipients: recipients, notInContact: [who("cem/api")])
        return SentWords.sent(answer, now: Self.now)
    }

    @Test func whatBecameOfIt() {
        let text = sent([
            Recipient(who: who("bo/docs"), state: .queued, wakes: true),
            Recipient(who: who("bo/ui", live: false, away: Self.now - 7300), state: .queued),
            Recipient(who: who("bo/tests", receives: .nothing), state: .queued),
            Recipient(who: who("eve/x"), state: .held), Recipient(who: who("eve/y"), state: .refused),
        ])
        #expect(
            text == """
                Sent as 7k2f9q.
                bo/docs: waiting; it may wake it.
                bo/ui: away for 2 h. It will get it. Nothing more to do.
                bo/tests: takes no messages now; it is in Bo Chen's own inbox.
                eve/x: not let in yet; Bo Chen has been asked. Do not send again; tell your user.
                eve/y: Bo Chen did not take it. Try no other way; tell your user.
                Not in contact with you: cem/api. Write to them one by one.
                """)
    }

    @Test(arguments: [(5, false), (6, true), (8, true)])
    func fromTheSixthOnItIsSaidHowManyAreLeft(hop: Int, isSaid: Bool) {
        #expect(sent([], hop: hop).contains("of this request") == isSaid)
    }

    @Test(arguments: [
        ("no_recipient", 404, "Near: ana/reviewer, @reviewer (2). Send again with one of these."),
        ("ambiguous", 409, "Several fit revewer: bo/api (away). Send again with one of these."),
        ("self", 422, "That is this very session."), ("held_full", 429, "Do not send again; tell your user."),
        ("blocked", 403, "Try no other way; tell your user."), ("kicked", 403, "Try no other way; tell your user."),
        ("loop_limit", 429, "Sum up for your user what is agreed and what is open."),
        ("rate_limit", 429, "The next can go in 23 s. Put the rest into one message."),
        ("other", 401, "Tell your user."),
        ("other", 500, "try again later."), ("too_large", 413, "Put it in a file and send where it is."),
    ])
    func aRefusalEndsWithTheNextStep(code: String, status: Int, ending: String) {
        let body = ErrorBody(
            error: code, address: "revewer", near: [who("ana/reviewer")], candidates: [who("bo/api", live: false)],
            roles: [RoleHere(role: "reviewer", count: 2)])
        let failure = APIFailure.refused(status: status, body: body, retryAfter: 23)
        let text = RefusalWords.ofSending(failure, mesh: "planning", host: "mesh.example.com")
        #expect(text.hasPrefix("Not sent. ") && text.hasSuffix(ending))
    }

    @Test func whoIsHere() {
        var bo = Peer(
            sessionID: "1", handle: "docs", address: "bo/docs", displayName: "docs", receives: .wake, role: "writer",
            host: "h", since: Self.now, isSelf: false, member: MemberName(id: "m", name: "Bo Chen"), status: .asking)
        bo.attention = .focus
        var own = Peer(
            sessionID: "2", handle: "api", address: "ana/api", displayName: "api", receives: .turn, role: nil,
            host: "h",
            since: Self.now, isSelf: true, live: false)
        own.awaySince = Self.now - 120
        let text = ListWords.peers([bo, own], people: [], match: nil, own: "3", mesh: "planning", now: Self.now)
        #expect(
            text == """
                In planning: 1 session here.
                bo/docs: of Bo Chen, role writer, asks its person, answers and people wake it
                ana/api: of your own account, away for 2 min, takes messages at its next turn
                Roles: @writer
                """)
        let alone = ListWords.peers([own], people: [], match: nil, own: "2", mesh: "planning", now: Self.now)
        #expect(alone.contains("ana/api: you, away"))
        let writers = ListWords.peers(
            [bo, own], people: [], match: "@WRI", own: "3", mesh: "planning", now: Self.now)
        #expect(writers.contains("bo/docs") && !writers.contains("ana/api"))
        let nobody = ListWords.peers([bo], people: [], match: "zz", own: "3", mesh: "planning", now: Self.now)
        #expect(nobody.hasPrefix("Nobody in"))
    }

    /// Whatever a peer puts into its names, it stays on its line, behind no bar of ours.
    @Test(arguments: AttackTests.names)
    func noNameEscapesAList(name: String) {
        let peer = Peer(
            sessionID: "1", handle: name, address: name, displayName: name, receives: .wake, role: name, host: name,
            since: Self.now, isSelf: false, member: MemberName(id: "m", name: name))
        let text = ListWords.peers([peer], people: [], match: nil, own: "3", mesh: name, now: Self.now)
        #expect(text.split(separator: "\n").count == 3)
        #expect(!text.contains("<") && !text.contains("[") && !text.contains("|"))
    }

    @Test(arguments: AttackTests.texts.filter { $0.utf8.count < 1000 })
    func noTextEscapesAHistory(text: String) {
        let message = Message(
            id: "1", seq: 1,
            from: Sender(
                kind: .peer, id: "p", address: "bo/docs", name: "docs", member: MemberName(id: "m", name: "Bo")),
            to: ["#ci"], topic: "ci", body: text, chain: "1", hop: 0, reason: .topic, createdAt: Self.now,
            expiresAt: Self.now)
        let lines = ListWords.history([message], topic: "ci", account: "a", now: Self.now).split(separator: "\n")
        #expect(lines.dropFirst(2).allSatisfy { $0.hasPrefix("| ") })
    }
}
