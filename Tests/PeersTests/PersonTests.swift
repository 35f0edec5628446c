// What is the person's and not the model's: lines in their language, the dialog of a first message, words to them; and what
// Claude Code says without a hook.

import FoundationEssentials
import MeshAPI
import MeshStore
import MeshStoreSQLite
import Platform
import Testing

@testable import Peers

@Suite struct PersonTests {
    private static let grant = Grant(
        member: MemberName(id: "m", name: "Mallory Q."), can: [], state: .held, since: DaemonBench.now,
        invitedBy: MemberName(id: "bo", name: "Bo Chen"), guest: true)

    private static func message(_ text: String) -> Message {
        Message(
            id: "a", seq: 1,
            from: Sender(
                kind: .peer, id: "p", address: "bo/docs", name: "docs",
                member: MemberName(id: "m", name: "Mallory Q.")),
            to: ["ana"], body: text, chain: "a", hop: 0, reason: .direct, createdAt: DaemonBench.now,
            expiresAt: DaemonBench.now + 9000, mailbox: Mailbox(kind: .member, id: "ana"), state: .queued)
    }

    @Test func theDialogSaysWhoAndWhatItCosts() {
        let english = PersonWords(language: nil).question(Self.message("Hi! I am\nnew"), Self.grant, session: "api")
        #expect(
            english
                == "Mallory Q., a guest by Bo Chen's link, wants to write to api: \"Hi! I am\" "
                + "Let in, Mallory Q. can wake your sessions, which costs you tokens.")
        let spanish = PersonWords(language: "es").question(Self.message("<b>"), nil, session: "api")
        #expect(spanish.hasPrefix("Mallory Q. quiere escribir a api: «&lt;b&gt;»."))
        #expect(
            PersonWords(language: "es").sent(to: "bo", "one\ntwo", "en espera") == "claudemesh › a bo: one · en espera")
        #expect(PersonWords(language: "es").readAlready == "claudemesh: ya leído.")
        #expect(PersonWords(language: "es").state(.acknowledged) == "contestado o atendido")
    }

    @Test func theDialogIsARequestWhoseAnswerComesBack() throws {
        let choices = PersonWords(language: nil).choices.map {
            FirstWordQuestion.Choice(value: $0.value, title: $0.title)
        }
        let question = FirstWordQuestion(id: "q1", text: "May I?", title: "Answer", choices: choices)
        let request = try #require(try Answer.read(Elicitation.request(question)))
        #expect(request["method"] as? String == "elicitation/create")
        let schema = (request["params"] as? [String: Any])?["requestedSchema"] as? [String: Any]
        #expect(schema?["required"] as? [String] == ["answer"])
        let answer = (schema?["properties"] as? [String: [String: Any]])?["answer"]
        #expect(answer?["enum"] as? [String] == ["let_in", "refuse", "block"])
        let server = MCPServer(version: "1", instructions: "", wakes: true)
        func answered(_ result: String) -> [MCPServer.Action] {
            server.receive(Array(#"{"jsonrpc":"2.0","id":"claudemesh-ask-q1","result":\#(result)}"#.utf8))
        }
        #expect(
            answered(#"{"action":"accept","content":{"answer":"block"}}"#)
                == [.answered(FirstWordAnswer(id: "q1", choice: "block"))])
        #expect(answered(#"{"action":"cancel"}"#) == [.answered(FirstWordAnswer(id: "q1", choice: nil))])
        #expect(
            answered(#"{"action":"decline","content":null}"#) == [.answered(FirstWordAnswer(id: "q1", choice: nil))])
        #expect(server.receive(Array(#"{"jsonrpc":"2.0","id":"other","result":{}}"#.utf8)).isEmpty)
    }

    @Test(arguments: [(#"{"elicitation":{}}"#, true), ("{}", false)])
    func whoCanAskSaysSo(capabilities: String, asks: Bool) {
        let line = #"{"id":0,"method":"initialize","params":{"capabilities":\#(capabilities)}}"#
        let actions = MCPServer(version: "1", instructions: "", wakes: true).receive(Array(line.utf8))
        #expect(actions.contains(.greeted(asks: asks)))
    }

    @Test func aDialogIsOpenedOnceAndNeverUnderQuiet() async throws {
        let bench = try await DaemonBench()
        let session = try await bench.session()
        #expect(await !session.canAsk)
        _ = await bench.line().lane(
            .init(pid: getpidForTest(), hasInbox: false, asks: true, posted: []), while: session)
        #expect(await session.canAsk)
        await session.ask("q1", Self.message("hi"), Self.grant)
        let request = LaneRequest(pid: getpidForTest(), hasInbox: false, asks: true, posted: [])
        let answer = await session.lane(request)
        #expect(answer.question?.id == "q1")
        #expect(await session.takeQuestion() == nil)
        _ = await session.narrow(to: .quiet, until: nil)
        #expect(await !session.canAsk)
        // Nobody but the process that holds the dialog answers it.
        #expect(await session.holder == getpidForTest())
    }

    /// Who is asked is who typed last, also where another daemon asks than the one that saw it.
    @Test func whenTheyTypedIsKeptOverARestart() async throws {
        let bench = try await DaemonBench()
        let session = try await bench.session()
        _ = await session.hook(HookEvent(event: "UserPromptSubmit", prompt: "go", promptID: "p1"))
        await session.stop()
        #expect(await bench.line().register(bench.facts()))
        let later = try #require(await bench.daemon.session(token: DaemonBench.token))
        #expect(await later.turns.typedAt == DaemonBench.now)
    }

    @Test func wordsToThePersonAreNamedAndReadUnseen() async throws {
        let bench = try await DaemonBench()
        let session = try await bench.session()
        await session.hearsForPerson([Self.message("for Ana alone")])
        // Its mesh is out of reach: what is there nobody knows.
        #expect(
            await session.call(.inbox(done: [], waitSeconds: 0)).text
                == "Nothing waits on this machine; 127.0.0.1 can't be reached now.\n"
                + "For your user, who has not seen it: bo/docs (a). read gives a text; it stays unseen.")
        #expect(await session.call(.read(id: "a")).text.contains("| for Ana alone"))
        #expect(try await bench.store.read { try $0.daemon.owed(of: "s1") }.isEmpty)
        await session.tellPerson(of: Self.message("for Ana alone"))
        let shown = await session.hook(HookEvent(event: "Stop"))
        #expect(shown.toPerson == "claudemesh › bo/docs wrote to you: for Ana alone · claudemesh inbox")
        await session.forgetForPerson(["a"])
        #expect(await session.personsNote == nil)
    }

    @Test func afterAnEscTheRegistrySaysThatItIsIdle() async throws {
        let bench = try await DaemonBench()
        let session = try await bench.session()
        let file = "\(bench.folder)/4711.json"
        _ = await session.hook(HookEvent(event: "UserPromptSubmit", prompt: "go", promptID: "p1"))
        await session.speaks(of: file, since: DaemonBench.now - 10)
        try Data(#"{"pid":4711,"status":"busy"}"#.utf8).write(to: URL(filePath: file))
        await session.lookAtRegistry()
        #expect(await session.lanes.activity == .working)
        await session.speaks(of: file, since: DaemonBench.now - 10)
        try Data(#"{"pid":4711,"status":"idle"}"#.utf8).write(to: URL(filePath: file))
        await session.lookAtRegistry()
        #expect(await session.lanes.activity == .idle(since: DaemonBench.now))
    }

    @Test func whoIsSilentForTenMinutesMayDoAnything() async throws {
        let bench = try await DaemonBench()
        let session = try await bench.session()
        _ = await session.hook(HookEvent(event: "UserPromptSubmit", prompt: "go", promptID: "p1"))
        await session.holds(1)
        #expect(await session.status == .working)
        await session.speaks(of: nil, since: DaemonBench.now - 601)
        #expect(await session.status == .unknown)
        await session.laneIsGone()
        #expect(await session.status == .deaf)
    }

    @Test func aProbeThatCannotGoSaysWhy() async throws {
        let bench = try await DaemonBench()
        let session = try await bench.session()
        let answer = await session.probe(throughLanes: false)
        #expect(answer.refusal == "unreachable" && answer.back == nil)
    }

    @Test func aProbeIsBeforeNoModelUnlessItIsToProveTheLane() async throws {
        let bench = try await DaemonBench()
        let session = try await bench.session()
        guard case .message(var message) = DaemonBench.message("p") else { return }
        message.to = ["@self"]
        message.from.id = "s1"
        await session.take(EventPage(events: [.message(message)], cursor: "c"))
        #expect(await session.lanes.items.isEmpty)
        #expect(await session.probes == ["p"])
    }

    @Test func theEndIsSaidToThePersonOnce() async throws {
        let bench = try await DaemonBench()
        let session = try await bench.session()
        await session.take(EventPage(events: [.ended(.moved)], cursor: "c"))
        let shown = await session.hook(HookEvent(event: "Stop"))
        #expect(shown.toPerson?.hasPrefix("claudemesh › ") == true)
        await session.isOver("moved")
        #expect(await session.hook(HookEvent(event: "Stop")).toPerson == nil)
    }

    @Test func whoWasPutOutIsToldByWhom() async throws {
        let bench = try await DaemonBench()
        let session = try await bench.session()
        // The event does not name them; the refusal of what is asked next does.
        await session.take(EventPage(events: [.ended(.kicked)], cursor: "c"))
        #expect(await session.hook(HookEvent(event: "Stop")).toPerson == nil)
        await session.isOver("kicked", ErrorBody(error: "kicked", mesh: "Planning", by: "Ada", at: DaemonBench.now))
        let shown = await session.hook(HookEvent(event: "Stop")).toPerson
        #expect(shown?.hasPrefix("claudemesh › Ada put this session out of planning. Claude Code goes on. · ") == true)
        let words = "Put out of planning by Ada. Try no other way; tell your user."
        #expect(await session.call(.peers(match: nil)).text == words)
        #expect(await session.call(.status(attention: nil)).text.contains(words))
    }
}

private func getpidForTest() -> Int32 { ProcessIdentity.own.pid }

extension PeerSession {
    func speaks(of file: String?, since time: Date) { (registry, spokenAt) = (file, time) }

    func holds(_ pid: Int32) { laneHolder = pid }
}

extension DaemonLine {
    /// Asks for the lane without waiting for a text.
    fileprivate func lane(_ request: LaneRequest, while session: PeerSession) async {
        let call = Task { await session.lane(request) }
        while await session.holder != request.pid { await Task.yield() }
        call.cancel()
        _ = await call.value
    }
}
