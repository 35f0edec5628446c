// What follows from what a person does and from what arrives: the change and the effects, both accounted for.

import Canvas
import FlowEngine
import FoundationEssentials
import Localization
import MeshAPI
import Testing
import Widgets

@testable import Watch
@testable import WatchSamples

/// A run: its state, and what the last action asked for.
struct Run {
    var state: WatchState
    var effects: [Effect] = []

    init(_ state: WatchState = Samples(language: .en).mesh) { self.state = state }

    mutating func send(_ actions: Action..., after seconds: Int = 0) {
        state.now.boot += seconds * 1000
        state.now.wall += seconds
        effects = actions.flatMap { reduce(&state, $0, at: state.now) }
    }

    /// As a person types it, by the key tables.
    mutating func press(_ keys: Key...) {
        effects = []
        for key in keys {
            for action in actions(for: .key(key), in: state, strings: Strings(.en)) {
                effects += reduce(&state, action, at: state.now)
            }
            paint()
        }
    }

    mutating func type(_ text: String) { for character in text { press(.character(character)) } }

    mutating func paint() {
        let picture = picture(of: state, strings: Strings(.en))
        effects += reduce(&state, .painted(whole: picture.whole, rows: picture.rows), at: state.now)
    }

    mutating func send(line: String) {
        type(line)
        press(.enter)
    }

    var sent: [SendMessage] { effects.compactMap { if case .send(_, let message) = $0 { message } else { nil } } }
    var seen: [String] {
        effects.flatMap { effect -> [String] in
            guard case .report(_, let steps) = effect else { return [] }
            return steps.filter { $0.state == .seen }.map(\.messageId)
        }
    }

    func answer(_ message: SendMessage, state: MessageState = .queued, id: String = "s1", seq: Int = 400) -> SentMessage
    {
        SentMessage(
            id: id, seq: seq, chain: id, hop: 0, createdAt: Samples.at(0), expiresAt: Samples.at(9),
            recipients: [
                Recipient(who: Who(kind: .peer, id: "p4", address: "bo/docs", name: "docs"), state: state)
            ])
    }
}

@Suite struct WatchStartTests {
    @Test func opensThenFollowsThenReadsTheLists() {
        var run = Run(Samples(language: .en).fresh)
        run.send(.started)
        #expect(run.effects == [.open])
        run.send(.arrived(.opened(MeshName(id: "x", slug: "planning", name: "Planning"), Samples.me)))
        #expect(run.effects == [.follow("x")] && run.state.mesh.name == "Planning")
        run.send(.arrived(.connected))
        #expect(run.effects == [.loadLists("x"), .loadMessages("x", before: nil), .loadWaiting("x")])
        #expect(run.state.link.isLive)
    }

    @Test func countsWhoIsHereAndWhatIsForOne() {
        let run = Run()
        #expect(run.state.roster.here == 6 && run.state.roster.asking == 1)
        #expect(run.state.forYou.map(\.id.rawValue) == ["asks:p1", "word:m5", "first:m6"])
        #expect(title(of: run.state) == "planning (3)")
    }

    @Test func whatWaitedBeforeIsMarkedAsNew() {
        var run = Run(Samples(language: .en).run(Samples(language: .en).fresh, Samples.opened))
        run.send(.arrived(.messages(Samples.said + [Samples.toMe], older: nil, isOlder: false)))
        run.send(.arrived(.waiting([Samples.toMe], held: [Samples.held])))
        #expect(run.state.log.newFrom == 303 && run.state.forYouCount == 2)
    }

    /// A stranger's word to oneself is among the messages too: it waits to be decided about, and is no word to answer.
    @Test func aFirstWordIsForOneOnce() {
        var held = Samples.held
        (held.to, held.mailbox) = (["dora"], Samples.toMe.mailbox)
        var run = Run(Samples(language: .en).run(Samples(language: .en).fresh, Samples.opened))
        run.send(.arrived(.messages([held], older: nil, isOlder: false)))
        run.send(.arrived(.waiting([], held: [held])))
        #expect(run.state.forYou.map(\.id.rawValue) == ["first:m6"] && run.state.forYouCount == 1)
        #expect(picture(of: run.state, strings: Strings(.en)).frame.lines.contains { $0.hasSuffix("not let in yet") })
        // Let in, it is one.
        held.state = .queued
        run.send(.arrived(.done(.letIn("Mallory Q."))), .arrived(.event(.message(held))))
        #expect(run.state.forYou.contains(.word(held)))
    }
}

@Suite struct WatchComposeTests {
    @Test func enterSendsToWhomTheLineNames() {
        var run = Run()
        run.send(.write("bo/docs"))
        run.send(line: "Yes, drop it.")
        #expect(
            run.sent.map(\.body) == ["Yes, drop it."] && run.sent[0].to == "bo/docs" && run.sent[0].clientId == "run-1")
        #expect(run.state.compose.input.isEmpty && run.state.compose.outbox.count == 1)
        run.send(.arrived(.sent("run-1", run.answer(run.state.compose.outbox[0].message))))
        #expect(run.state.compose.outbox.isEmpty && run.state.log["s1"]?.states == [.queued: 1])
    }

    @Test func toChangesByThePersonAlone() {
        var run = Run()
        run.send(.write("bo/docs"))
        run.send(.arrived(.event(.message(Samples.message("z", 310, Samples.toMe.from, "dora", 0, "and?")))))
        #expect(run.state.compose.to == "bo/docs")
        // An address before the text is for this once.
        run.send(line: "@ana/reviewer thanks")
        #expect(run.sent.map(\.to) == ["ana/reviewer"] && run.sent[0].body == "thanks")
        #expect(run.state.compose.to == "bo/docs")
        run.send(.arrived(.sent("run-1", run.answer(run.sent.first ?? SendMessage(body: "", clientId: "")))))
        // Alone it is whom the line is for.
        run.send(line: "#ci")
        #expect(run.sent.isEmpty && run.state.compose.to == "#ci")
    }

    @Test(arguments: [
        ("@bo hi", "bo"), ("@reviewer hi", "ana/reviewer"), ("@web hi", "web"), ("@docs hi", "bo/docs"),
        ("@all hi", "@all"), ("@api hi", "api"), ("#ci hi", "#ci"), ("@cem/api hi", "cem/api"),
    ])
    func oneMailboxWhereItFitsOne(_ line: String, _ to: String) {
        var run = Run()
        run.send(.edit(.line, TextInput(line)), .send)
        #expect(run.sent.map(\.to) == [Addresses([to])], "\(run.sent)")
    }

    @Test func anAnswerNamesWhatItAnswers() {
        var run = Run()
        run.press(.up, .down, .enter)
        #expect(run.state.compose.answers == "m5" && run.state.compose.to == "bo/docs" && run.state.place == .line)
        run.send(line: "Yes.")
        #expect(run.sent.map(\.replyTo) == ["m5"] && run.sent[0].to == nil)
        // Answered, it is for one no more.
        #expect(run.state.forYou.map(\.id.rawValue) == ["asks:p1", "first:m6"])
        #expect(run.state.compose.answers == nil && run.state.log["m5"]?.state == .acknowledged)
    }

    @Test func whatIsWrittenOfflineWaitsAndGoesInItsOrder() {
        var run = Run()
        run.send(.write("bo"), .arrived(.interrupted(.unreachable(.refused), seconds: 8)))
        for text in ["one", "two"] { run.send(.edit(.line, TextInput(text)), .send, after: 10) }
        #expect(run.effects.isEmpty && run.state.compose.outbox.map(\.message.body) == ["one", "two"])
        run.send(.arrived(.connected), after: 60)
        #expect(
            run.sent.map(\.body) == ["one"]
                && run.sent[0].writtenAt == Date(timeIntervalSince1970: Double(Samples.now.wall + 10)))
        let written = run.sent[0].writtenAt
        run.send(.arrived(.sent("run-1", run.answer(run.sent[0]))))
        #expect(run.sent.map(\.body) == ["two"])
        // Its row says when it was written, as before.
        #expect(run.state.log["s1"]?.writtenAt == written)
    }

    @Test func whatIsSentBeforeTheMeshIsKnownGoesThere() {
        var run = Run(Samples(language: .en).fresh)
        run.send(.started, .edit(.line, TextInput("@bo/docs early")), .send)
        #expect(run.sent.isEmpty && run.state.compose.outbox.count == 1)
        run.send(Samples.opened[1], Samples.opened[2])
        #expect(run.sent.map(\.body) == ["early"] && run.state.compose.outbox[0].mesh == "x")
    }

    @Test func aLostRequestIsSentAgainUnderItsId() {
        var run = Run()
        run.send(.write("bo"), .edit(.line, TextInput("hi")), .send)
        run.send(.arrived(.unsent("run-1", .unreachable(.connectionLost))))
        #expect(run.state.compose.outbox.count == 1 && run.state.link.offline?.isFollowing == true)
        run.send(.tick, after: 6)
        #expect(run.effects == [.follow("x")])
        run.send(.arrived(.connected))
        #expect(run.sent.map(\.clientId) == ["run-1"])
    }

    @Test func whatIsRefusedStandsInTheLineAgain() {
        var run = Run()
        run.send(.edit(.line, TextInput("@bos hi")), .send, .arrived(.unsent("run-1", Samples.noRecipient)))
        #expect(run.state.compose.input.text == "@bos hi" && run.state.compose.outbox.isEmpty)
        #expect(run.state.remark == Remark(.error, Said(.nobodyCalledNear, ["address": "bos", "names": "bo"])))
    }

    @Test func aSecretWantsASecondEnter() {
        var run = Run()
        let secret = "cm_pat_" + String(repeating: "a", count: 43)
        run.send(.write("bo"), .edit(.line, TextInput(secret)), .send)
        #expect(run.sent.isEmpty && run.state.remark?.text.key == .watch(.looksLikeToken))
        run.send(.send)
        #expect(run.sent.map(\.body) == [secret])
    }

    @Test func tabTakesWhatTheWordMayBecome() {
        var run = Run()
        run.type("@re")
        #expect(run.state.compose.completion?.candidates == ["@ana/reviewer", "@reviewer"])
        run.press(.down, .tab)
        #expect(run.state.compose.input.text == "@reviewer " && run.state.compose.completion == nil)
        run.press(.tab)
        #expect(run.state.place == .lists)
    }

    @Test func draftsStayWithTheirAddress() {
        var run = Run()
        run.send(.write("bo"))
        run.type("half")
        run.send(.write("cem"))
        #expect(run.state.compose.input.isEmpty)
        run.send(.write("bo"))
        #expect(run.state.compose.input.text == "half")
    }

    @Test func leavingAsksOnlyWhereSomethingIsLost() {
        var run = Run()
        run.press(.control("c"))
        #expect(run.state.outcome == .quit(interrupted: true))
        run = Run()
        run.type("half")
        run.press(.control("c"))
        #expect(run.state.outcome == nil && run.state.screen == .quit)
        run.press(.enter)
        #expect(run.state.outcome == nil && run.state.screen == .mesh)
        run.press(.control("c"), .control("c"))
        #expect(run.state.outcome == .quit(interrupted: true))
    }

    @Test func leavingAsksForWhatWasBegunForOthersToo() {
        var run = Run()
        run.send(.write("bo/docs"))
        run.type("half")
        run.send(.write("cem/api"))
        #expect(run.state.compose.input.isEmpty)
        run.press(.control("c"))
        let model = screenModel(for: run.state, strings: Strings(.en))
        let text = Layout(model, size: run.state.size).frame.lines.joined(separator: " ")
        #expect(run.state.screen == .quit && text.contains("What you began for bo/docs is lost."), "\(text)")
        #expect(!text.contains("What stands in the line"))
    }
}

@Suite struct WatchVisitTests {
    @Test func escUndoesWhatThereIsAndGoesBackAtLast() {
        var run = Run()
        run.state.facts.isVisit = true
        run.send(.write("bo"))
        run.press(.tab, .escape)
        #expect(run.state.place == .line && run.state.outcome == nil)
        run.press(.escape)
        #expect(run.state.outcome == .quit(interrupted: false))
        // Nobody is behind it elsewhere.
        run = Run()
        run.press(.escape, .escape)
        #expect(run.state.outcome == nil)
    }

    @Test func whatWouldBeLostIsAskedAbout() {
        var run = Run()
        run.state.facts.isVisit = true
        run.type("half")
        run.press(.escape)
        #expect(run.state.screen == .quit && run.state.outcome == nil)
    }

    @Test func theBarSaysBack() throws {
        var run = Run()
        run.state.facts.isVisit = true
        let bar = try #require(picture(of: run.state, strings: Strings(.en)).frame.lines.last)
        #expect(bar.contains("Esc back") && !bar.contains("quit"))
    }
}
