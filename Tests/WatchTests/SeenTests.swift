// What may be called seen, what became of messages, and where the window stands while they arrive.

import Canvas
import FlowEngine
import FoundationEssentials
import Localization
import MeshAPI
import Testing
import Widgets

@testable import Watch
@testable import WatchSamples

@Suite struct WatchSeenTests {
    @Test func onTheScreenIsSeenWhileTheWindowHasTheFocus() {
        var run = Run()
        run.send(.focus(false))
        run.paint()
        #expect(run.seen.isEmpty)
        run.send(.focus(true))
        #expect(run.seen == ["m5"])
        // It is for one until something is done about it, and is said to be seen once.
        #expect(run.state.forYou.contains { $0.id.rawValue == "word:m5" })
        run.effects = []
        run.paint()
        #expect(run.seen.isEmpty)
    }

    @Test func withoutWordOfTheFocusTheNextKeySaysSo() {
        var run = Run()
        run.state.focus = .unknown
        run.paint()
        #expect(run.seen.isEmpty)
        run.press(.left)
        #expect(run.seen == ["m5"])
    }

    @Test func whatIsCutOrOutOfSightOrCoveredIsNotSeen() throws {
        var run = Run()
        var long = Samples.message("l", 320, Samples.toMe.from, "dora", 0, String(repeating: "word ", count: 3000))
        (long.mailbox, long.state) = (Samples.toMe.mailbox, .queued)
        run.send(.arrived(.event(.message(long))), .focus(true))
        run.paint()
        #expect(!run.seen.contains("l"))
        run = Run()
        run.send(.show(.attention), .focus(true))
        run.paint()
        #expect(run.seen.isEmpty)
        run.send(.dismiss, .scroll(.to(Viewport.Anchor(id: "m1", line: 0))))
        run.state.size = Size(width: 80, height: 14)
        run.state.view.anchor = Viewport.Anchor(id: "m1", line: 0)
        run.paint()
        #expect(run.seen.isEmpty == !picture(of: run.state, strings: Strings(.en)).whole.contains("m5"))
    }

    @Test func aHeldWordIsNeverSeen() {
        var run = Run()
        run.send(.focus(true))
        run.paint()
        run.press(.up, .down, .down, .enter)
        #expect(run.state.screen == .firstWord && run.state.selections[.firstWord] == .later)
        #expect(!run.seen.contains("m6"))
    }

    @Test func topicsAreReadUpToWhatWasShown() {
        var run = Run()
        run.send(.focus(true))
        run.state.roster.count(topic: "ci", unread: 3)
        run.paint()
        #expect(run.effects.contains(.readTopic("x", topic: "ci", upTo: "m3")))
        #expect(run.state.roster.topic("ci")?.unread == 0)
    }

    @Test func receiptsChangeWhatIsShown() {
        var run = Run()
        func receipt(_ id: String, _ box: String, _ state: MessageState) -> Action {
            .arrived(
                .event(
                    .receipt(
                        Receipt(
                            messageId: id, kind: .peer, id: box, name: box, state: state, at: Samples.at(0), times: [:])
                    )))
        }
        var two = Samples.message("two", 330, Samples.said[0].from, "@reviewer", 0, "who?", states: [.queued: 2])
        two.receipts = nil
        run.send(.arrived(.event(.message(two))))
        // Of which of two it is said is not known: the whole is asked for.
        run.send(receipt("two", "p2", .seen))
        #expect(run.effects == [.loadMessage("x", id: "two")])
        two.states = [.seen: 1, .queued: 1]
        two.receipts = ["p2", "p5"].map {
            Receipt(
                messageId: "two", kind: .peer, id: $0, name: $0, state: $0 == "p2" ? .seen : .queued, at: Samples.at(0),
                times: [:])
        }
        run.send(.arrived(.message(two)))
        run.send(receipt("two", "p5", .acknowledged))
        #expect(run.effects.isEmpty && run.state.log["two"]?.states == [.seen: 1, .acknowledged: 1])
        run.send(receipt("m1", "p2", .acknowledged))
        #expect(run.state.log["m1"]?.states == [.acknowledged: 1])
    }

    @Test func givenToAnIdleSessionAndNotTakenUpIsSaidAfterAWhile() throws {
        var run = Run()
        run.send(.write("bo/docs"))
        run.send(line: "there?")
        let sent = try #require(run.sent.first)
        run.send(.arrived(.sent(sent.clientId, run.answer(sent))))
        func standing(isWide: Bool = true) -> String? {
            run.state.log["s1"].flatMap { Pen(run.state, Strings(.en)).standing($0, isWide: isWide)?.text }
        }
        func card() -> String {
            let model = screenModel(for: run.state, strings: Strings(.en))
            return Layout(model, size: Size(width: 80, height: 24)).frame.lines.joined(separator: "\n")
        }
        let now = Date(timeIntervalSince1970: Double(run.state.now.wall))
        let handed = Receipt(
            messageId: "s1", kind: .peer, id: "p4", name: "bo/docs", state: .handed, at: now, times: [:])
        run.send(.arrived(.event(.receipt(handed))))
        run.send(.tick, after: 29)
        #expect(standing() == "given")
        run.send(.tick, after: 1)
        #expect(standing() == "given, not confirmed" && standing(isWide: false) == "given")
        run.send(.show(.message("s1")))
        #expect(run.effects == [.loadMessage("x", id: "s1")])
        #expect(card().contains("Given to bo/docs, not confirmed: its Claude Code has not taken it"))
        // One that works takes it up later.
        var docs = try #require(run.state.roster.peer("p4"))
        docs.status = .working
        run.send(.arrived(.event(.peer(.status, docs))))
        #expect(standing() == "given" && card().contains("It is working, and sees this at its next step."))
        docs.status = .asking
        run.send(.arrived(.event(.peer(.status, docs))))
        #expect(standing() == "given" && card().contains("It waits behind a question to its person."))
    }

    @Test func aKeyOpensTheNewestMessageOrTheOneThatGoesOn() {
        var run = Run()
        run.press(.control("o"))
        #expect(run.state.overlays.top == .message("m5"))
        run.press(.escape)
        let long = Samples.message("l", 320, Samples.toMe.from, "#ci", 0, String(repeating: "word ", count: 3000))
        let short = Samples.message("s", 321, Samples.toMe.from, "#ci", 0, "short")
        run.send(.arrived(.event(.message(long))), .arrived(.event(.message(short))))
        run.press(.control("o"))
        #expect(run.state.overlays.top == .message("l"))
    }

    @Test func whoLeftTwiceIsAwayOnce() throws {
        var run = Run()
        var later = try #require(run.state.roster.peers.first { !$0.live })
        let address = later.address
        (later.sessionID, later.awaySince) = ("later", later.awaySince?.addingTimeInterval(60))
        var lists = Lists(
            members: run.state.roster.members, peers: run.state.roster.peers + [later], topics: run.state.roster.topics,
            grants: run.state.roster.grants)
        func sessions() -> [String] { run.state.roster.peers.filter { $0.address == address }.map(\.sessionID) }
        run.send(.arrived(.lists(lists)))
        #expect(sessions() == ["later"])
        // And not at all while another of its address is here.
        later.live = true
        later.sessionID = "here"
        lists.peers.append(later)
        run.send(.arrived(.lists(lists)))
        #expect(sessions() == ["here"])
    }

    @Test func onesOwnCardSaysWhatOneChoseForAll() throws {
        var run = Run()
        let own = try #require(run.state.roster.peers.first { $0.isSelf && $0.live && $0.receives == .wake })
        #expect(Pen(run.state, Strings(.en)).takes(own) == "at once")
        run.send(.arrived(.done(.attention(.quiet))))
        #expect(Pen(run.state, Strings(.en)).takes(own) == "nothing wakes it")
    }

    @Test func theWindowKeepsItsPlaceWhenThingsArrive() throws {
        var run = Run(Self.long(200))
        run.state.log.newFrom = nil
        run.press(.pageUp)
        let anchor = try #require(run.state.view.anchor)
        let before = picture(of: run.state, strings: Strings(.en)).frame.lines[5...14]
        for number in 0..<20 {
            run.send(
                .arrived(
                    .event(.message(Samples.message("n\(number)", 900 + number, Samples.toMe.from, "dora", 0, "new")))))
        }
        #expect(run.state.view.anchor == anchor)
        #expect(picture(of: run.state, strings: Strings(.en)).frame.lines[5...14] == before)
        #expect(run.state.log.newFrom == 900)
        run.press(.escape)
        #expect(run.state.view.anchor == nil)
    }

    @Test func historyComesByPages() {
        var run = Run(Self.long(120))
        run.state.log.older = "c9"
        while run.state.view.anchor == nil || !run.state.log.isLoadingOlder {
            let before = run.state.view.anchor
            run.press(.pageUp)
            if run.state.view.anchor == before { break }
        }
        #expect(run.effects.contains(.loadMessages("x", before: "c9")))
        let anchor = run.state.view.anchor
        run.send(
            .arrived(
                .messages(
                    [Samples.message("old", 1, Samples.toMe.from, "dora", -99, "long ago")], older: nil, isOlder: true))
        )
        #expect(
            run.state.view.anchor == anchor && run.state.log.older == nil && run.state.log.messages.first?.id == "old")
    }

    @Test func pagesUpAndDownMeetAgain() throws {
        var run = Run(Self.long(100))
        let newest = picture(of: run.state, strings: Strings(.en)).frame.lines
        run.press(.pageUp, .pageUp, .pageUp)
        #expect(picture(of: run.state, strings: Strings(.en)).frame.lines != newest)
        run.press(.pageDown, .pageDown, .pageDown, .pageDown)
        #expect(run.state.view.anchor == nil && picture(of: run.state, strings: Strings(.en)).frame.lines == newest)
    }

    static func long(_ count: Int) -> WatchState {
        var state = Samples(language: .en).mesh
        for number in 0..<count {
            state.log.add(
                Samples.message(
                    "h\(number)", 400 + number, Samples.said[number % 2].from, "dora/api", 0, "message \(number)"))
        }
        return state
    }

    @Test func theFilterFindsOverAll() {
        var run = Run(Self.long(500))
        run.press(.character("/"))
        run.type("message 49")
        #expect(run.state.filter.matches?.count == 11)
        run.press(.backspace)
        #expect(run.state.filter.matches?.count == 111)
        run.press(.enter, .escape)
        #expect(run.state.filter.matches == nil && !run.state.filter.isActive)
        run.press(.character("/"))
        run.type("tests")
        #expect(run.state.rows.compactMap(\.id) == [.peer("p7")])
    }
}

@Suite struct WatchDeedTests {
    @Test func firstWordsAreDecidedByThePerson() {
        for (choice, effect) in [
            (FirstWord.letIn, Effect.grant("x", member: "mal", [.dm, .broadcast], .letIn("Mallory Q."))),
            (.block, .grant("x", member: "mal", [], .block("Mallory Q."))),
            (.refuse, .refuse("x", message: "m6", .refuse("Mallory Q."))),
        ] {
            var run = Run()
            run.send(.show(.firstWord(Samples.held)), .decide(choice, Samples.held))
            #expect(run.effects == [effect] && run.state.screen == .mesh)
        }
        var run = Run()
        run.send(.show(.firstWord(Samples.held)))
        run.press(.enter)
        #expect(run.effects.isEmpty && run.state.forYouCount == 3)
        run.send(.arrived(.done(.letIn("Mallory Q."))))
        #expect(run.state.forYouCount == 2)
    }

    @Test func puttingOutAndBanningAskForTheName() {
        var run = Run()
        run.send(.show(.putOut("p2")))
        run.type("ana/tests")
        run.press(.enter)
        #expect(run.effects.isEmpty && run.state.remark?.text.key == .watch(.otherName))
        run.press(.control("u"))
        run.type("ana/Reviewer")
        run.press(.enter)
        #expect(run.effects == [.putOut("x", session: "p2", .putOut("ana/reviewer"))] && run.state.screen == .mesh)
        run.send(.show(.ban("ana")))
        run.type("ana ruiz")
        run.press(.enter)
        #expect(run.effects == [.ban("x", member: "ana", .ban("Ana Ruiz"))])
    }

    @Test func whoMayModerateWhom() {
        var run = Run()
        #expect(run.state.moderates("ana") && run.state.moderates("bo") && !run.state.moderates("dora"))
        run.state.me?.membership = .admin
        #expect(run.state.moderates("ana") && !run.state.moderates("bo"))
        run.state.me?.membership = .member
        #expect(!run.state.moderates("ana"))
        run.send(.show(.peer("p2")))
        let rows = screenModel(for: run.state, strings: Strings(.en)).menu?.items.map(\.id.rawValue)
        #expect(rows == ["write", "said", "contact"])
    }

    @Test func whomNobodyPutsOutIsSaidAndNotAsked() {
        var run = Run()
        let me = run.state.me?.id ?? ""
        var members = run.state.roster.members
        for index in members.indices where members[index].id == "cem" { members[index].membership = .owner }
        let roster = run.state.roster
        run.send(.arrived(.lists(Lists(members: members, peers: roster.peers, topics: roster.topics, grants: []))))
        for (membership, overlay, bar) in [
            (Membership.owner, Overlay.ban(me), ModerationBar.oneself), (.member, .ban(me), .oneself),
            (.owner, .ban("cem"), .owner), (.admin, .ban("bo"), .admin),
            (.member, .ban("ana"), .noModerator), (.member, .putOut("p2"), .noModerator),
        ] {
            run.state.me?.membership = membership
            run.send(.show(overlay))
            #expect(run.state.overlays.isEmpty && run.effects.isEmpty, "\(overlay)")
            #expect(run.state.remark?.text.key == .bar(bar), "\(overlay)")
        }
        // One's own sessions anybody puts out.
        run.send(.show(.putOut("p1")))
        #expect(run.state.overlays.top == .putOut("p1"))
    }

    @Test func attentionAndTopics() {
        var run = Run()
        run.send(.show(.attention))
        run.press(.down, .down, .enter)
        #expect(run.effects == [.attention("x", .quiet)])
        run.send(.arrived(.done(.attention(.quiet))))
        #expect(run.state.me?.attention == .quiet)
        run.send(.mute("ci", true))
        #expect(run.effects == [.mute("x", topic: "ci", true)])
        run.send(.join("ci", false))
        #expect(run.effects == [.join("x", topic: "ci", false)])
    }

    @Test func aSessionThatAsksIsGoneTo() throws {
        var run = Run()
        run.press(.up, .enter)
        let peer = try #require(run.state.roster.peer("p1"))
        #expect(run.effects.contains(.goToTerminal(peer)))
        run.send(.arrived(.terminal(.terminal("web", "pts/4"))))
        #expect(run.state.remark?.text == Said(.runsInTerminal, ["name": "web", "terminal": "pts/4"]))
    }

    @Test func anotherMeshAndBackKeepsDrafts() {
        var run = Run()
        run.send(.write("bo"))
        run.type("half")
        run.send(.show(.meshes))
        #expect(run.effects == [.loadMeshes])
        run.send(.arrived(.meshes(Samples.meshes)), .openMesh("y1"))
        #expect(run.effects == [.follow("y1")] && run.state.mesh.name == "platform-team" && run.state.log.isEmpty)
        run.send(.openMesh("x"), .write("bo"))
        #expect(run.state.compose.input.text == "half")
    }

    @Test func doneSettlesAndSaysSo() {
        var run = Run()
        run.press(.up, .down, .character("d"))
        #expect(
            run.effects.contains(
                .report("x", [ReportReceipts.Step(messageId: "m5", state: .acknowledged, lane: .person)])))
        #expect(run.state.forYouCount == 2)
    }

    @Test func theBellIsRungOnlyIfAskedAndElsewhere() {
        for (bell, focus, rings) in [(true, Focus.away, true), (true, .here, false), (false, .away, false)] {
            var run = Run()
            (run.state.settings.bell, run.state.focus) = (bell, focus)
            var message = Samples.message("b", 340, Samples.toMe.from, "dora", 0, "hey")
            (message.mailbox, message.state) = (Samples.toMe.mailbox, .queued)
            run.send(.arrived(.event(.message(message))))
            #expect(run.effects.contains(.callAttention) == rings)
        }
    }

    @Test func aChainAtItsEndWaitsForThePerson() {
        var run = Run()
        var last = Samples.message("c8", 350, Samples.said[0].from, "ana/reviewer", 0, "so?", states: [.seen: 1])
        last.hop = 8
        run.send(.arrived(.event(.message(last))))
        #expect(run.state.forYou.last?.id.rawValue == "chain:c8")
        run.send(.edit(.line, TextInput("@ana/reviewer go on")), .send)
        #expect(!run.state.forYou.contains { $0.id.rawValue == "chain:c8" })
    }

    @Test func theEndOfTheStreamIsSaidAndTakesNothing() {
        var run = Run()
        run.type("half")
        run.send(.arrived(.event(.ended(.kicked))))
        #expect(run.state.screen == .ended)
        run.press(.enter)
        #expect(run.state.screen == .mesh && run.state.compose.input.text == "half" && run.state.outcome == nil)
    }
}
