// The daemon over its socket, with its database on the disk.

import FoundationEssentials
import MeshAPI
import MeshStore
import MeshStoreSQLite
import Platform
import Testing

@testable import Peers

@Suite struct DaemonTests {
    @Test func saysWhichItIs() async throws {
        let bench = try await DaemonBench()
        #expect(await bench.line(token: nil).version()?.version == "1.2.3")
    }

    @Test func aSessionIsKnownByItsTokenAlone() async throws {
        let bench = try await DaemonBench()
        #expect(await bench.line().isUnknown())
        _ = try await bench.session()
        #expect(await !bench.line().isUnknown())
        #expect(await bench.line(token: String(repeating: "f", count: 64)).isUnknown())
        #expect(await bench.line(token: nil).isUnknown())
        #expect(await bench.line().sessions()?.sessions.map(\.sessionID) == ["s1"])
    }

    @Test func whatCameIsHandedOnceAndSeenAtTheGate() async throws {
        let bench = try await DaemonBench()
        let session = try await bench.session()
        await session.take(EventPage(events: [DaemonBench.message("a", text: "May I?")], cursor: "c1"))
        let request = LaneRequest(pid: 4711, hasInbox: true, posted: [])
        guard case .answer(let first) = await bench.line().lane(request) else { throw NoAnswer() }
        let text = try #require(first.texts.first)
        #expect(text.content.contains("Bo Chen, not your user | May I?") && text.content.contains(text.mark.text))
        // Asked again before it was written, it is the same text; a daemon that was restarted knows it too.
        guard case .answer(let again) = await bench.line().lane(request) else { throw NoAnswer() }
        #expect(again.texts == first.texts)
        let event = HookEvent(event: "UserPromptSubmit", prompt: text.content, promptID: "p1")
        let answer = try #require(try Answer.read(await bench.line().hook(event)))
        #expect(answer["decision"] == nil)
        let context = (answer["hookSpecificOutput"] as? [String: Any])?["additionalContext"] as? String
        #expect(context?.hasPrefix("You are api, a Claude Code session of Ana Ruiz") == true)
        #expect(await bench.line().hook(event).contains("\"block\""))
        let owed = try await bench.store.read { try $0.daemon.owed(of: "s1") }
        #expect(owed == [.init(messageId: "a", state: .seen, lane: .inbox)])
        #expect(await session.parentNow() == "a")
    }

    @Test func aRestartSurfacesNothingTwice() async throws {
        let bench = try await DaemonBench()
        let session = try await bench.session()
        await session.take(
            EventPage(events: [DaemonBench.message("a"), DaemonBench.message("b", seq: 2)], cursor: "c1"))
        guard case .answer(let first) = await bench.line().lane(.init(pid: 1, hasInbox: true, posted: [])) else {
            throw NoAnswer()
        }
        #expect(first.texts.count == 2)
        _ = await session.hook(HookEvent(event: "UserPromptSubmit", prompt: first.texts[0].content, promptID: "p1"))
        await session.stop()
        #expect(await bench.line().register(bench.facts()))
        let later = try #require(await bench.daemon.session(token: DaemonBench.token))
        #expect(await later.cursor == "c1")
        let blocked = await later.hook(
            HookEvent(event: "UserPromptSubmit", prompt: first.texts[0].content, promptID: "p1"))
        #expect(blocked.isBlocked)
        let passed = await later.hook(
            HookEvent(event: "UserPromptSubmit", prompt: first.texts[1].content, promptID: "p1"))
        #expect(!passed.isBlocked)
    }

    /// Claude Code starts its tools again: what the former ones were to write may be there already.
    /// One flush before the text goes out, and none goes out before it.
    @Test func whatComesIsHandedInTheTransactionThatBringsIt() async throws {
        let bench = try await DaemonBench()
        let session = try await bench.session()
        await session.canBeWrittenTo()
        await session.take(EventPage(events: [DaemonBench.message("a")], cursor: "c"))
        let stored = try await bench.store.read { try $0.daemon.inbox(of: "s1").map(\.item) }
        #expect(stored.map(\.state) == [.handed])
        #expect(await session.unwritten.map(\.mark) == stored.compactMap(\.claim?.mark))
        let owed = try await bench.store.read { try $0.daemon.owed(of: "s1") }
        #expect(owed == [.init(messageId: "a", state: .handed, lane: .inbox)])
    }

    /// The daemon dies before the first hook of a Claude Code that then takes up what it was handed, and is killed in its turn.
    @Test func whatItsRecordHasIsSeenThoughNoHookGotThrough() async throws {
        let bench = try await DaemonBench()
        let session = try await bench.session()
        let both = [DaemonBench.message("a"), DaemonBench.message("b", seq: 2)]
        await session.take(EventPage(events: both, cursor: "c"))
        guard case .answer(let lane) = await bench.line().lane(.init(pid: 1, hasInbox: true, posted: [])) else {
            throw NoAnswer()
        }
        try bench.record(lane.texts[0])
        _ = await session.end()
        let owed = try await bench.store.read { try $0.daemon.owed(of: "s1") }
        #expect(owed == [.init(messageId: "a", state: .seen, lane: .inbox), .init(messageId: "b", state: .queued)])
    }

    /// What its record has nobody calls seen there: no hook says that it came through the gate.
    @Test func withHooksOffTheInboxRepeatsWhatMayHaveBeenShown() async throws {
        let bench = try await DaemonBench()
        let session = try await bench.session()
        await session.take(EventPage(events: [DaemonBench.message("a")], cursor: "c"))
        guard case .answer(let lane) = await bench.line().lane(.init(pid: 1, hasInbox: true, posted: [])) else {
            throw NoAnswer()
        }
        try bench.record(lane.texts[0])
        let given = await session.call(.inbox(done: [], waitSeconds: 0)).text
        #expect(given.hasPrefix("Perhaps shown before:\nBo Chen, not your user | hi"))
    }

    /// Its launcher was killed, and it was launched anew before that was seen.
    @Test func anotherLaunchOfASessionOpensAgainWhatTheFormerWasHanded() async throws {
        let bench = try await DaemonBench()
        let session = try await bench.session()
        await session.take(EventPage(events: [DaemonBench.message("a")], cursor: "c"))
        _ = await bench.line().lane(.init(pid: 1, hasInbox: true, posted: []))
        let own = ProcessIdentity.own
        var later = bench.facts()
        later.owner = ProcessIdentity(pid: 1, start: 0, boot: own.boot, namespace: own.namespace)
        #expect(await bench.line().register(later))
        let owed = try await bench.store.read { try $0.daemon.owed(of: "s1") }
        #expect(owed == [.init(messageId: "a", state: .queued)])
    }

    /// Nobody looks every five seconds here.
    @Test func aLauncherThatGoesWithoutAWordIsSeenByItsConnection() async throws {
        let bench = try await DaemonBench()
        let launcher = try DetachedProcess.start(
            "/bin/sleep", ["sleep", "600"], environment: [:], directory: "/", log: "\(bench.folder)/log")
        let own = ProcessIdentity.own
        var facts = bench.facts()
        facts.owner = ProcessIdentity(pid: launcher, start: 0, boot: own.boot, namespace: own.namespace)
        #expect(await bench.line().register(facts))
        DetachedProcess.end(launcher, atOnce: true)
        while await bench.daemon.session(id: "s1") != nil {
            let life = Task { await bench.line().live() }
            try await Task.sleep(for: .milliseconds(50))
            life.cancel()
        }
    }

    /// The tools are killed while the daemon finds out what came before the model.
    @Test func whatIsSoIsStoredThoughWhoAskedIsGone() async throws {
        let bench = try await DaemonBench()
        let session = try await bench.session()
        let asking = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            await session.take(EventPage(events: [DaemonBench.message("a")], cursor: "c"))
        }
        await asking.value
        #expect(try await bench.store.read { try $0.daemon.inbox(of: "s1").map(\.message.id) } == ["a"])
        let owed = try await bench.store.read { try $0.daemon.owed(of: "s1") }
        #expect(owed == [.init(messageId: "a", state: .fetched)])
    }

    @Test func newToolsOfTheSameClaudeCodeWriteNothingTwice() async throws {
        let bench = try await DaemonBench()
        let session = try await bench.session()
        await session.take(EventPage(events: [DaemonBench.message("a")], cursor: "c"))
        let own = ProcessIdentity.own.pid
        _ = await session.lane(LaneRequest(pid: own, hasInbox: true, posted: []))
        #expect(await session.unwritten.count == 1)
        await session.isHeld(by: own + 1, agent: ProcessTree.parent)
        #expect(await session.unwritten.isEmpty)
        await session.isHeld(by: own + 1, agent: 1)
        #expect(await session.unwritten.count == 1)
    }

    @Test func whatIsSentOfflineWaitsOnTheDisk() async throws {
        let bench = try await DaemonBench()
        let session = try await bench.session()
        let answer = await session.call(.send(.init(text: "hello", to: ["bo/docs"])))
        #expect(!answer.isError && answer.text.contains("waits here and goes by itself"))
        let waiting = try await bench.store.read { try $0.daemon.toSend(of: "s1") }
        #expect(waiting.map(\.message.body) == ["hello"])
        let shown = await session.hook(HookEvent(event: "Stop"))
        #expect(shown.toPerson == "claudemesh › to bo/docs: hello · waits here")
    }

    @Test func itsStatusSaysWhyTheServerIsNotReachedAndWhatWaits() async throws {
        let bench = try await DaemonBench()
        let session = try await bench.session()
        while await session.carried().why == nil { try await Task.sleep(for: .milliseconds(5)) }
        await session.stop()
        await session.take(
            EventPage(events: [DaemonBench.message("a"), DaemonBench.message("b", seq: 2)], cursor: "c"))
        #expect(await session.carried().why == nil)
        _ = await bench.line().lane(.init(pid: 1, hasInbox: true, posted: []))
        let carried = await session.carried()
        #expect(carried.link == "following" && carried.waiting == 2 && carried.given == 2)
    }

    @Test func aSecretStaysHere() async throws {
        let bench = try await DaemonBench()
        let session = try await bench.session()
        let text = "look:\nghp_" + String(repeating: "a", count: 36)
        let answer = await session.call(.send(.init(text: text, to: ["bo/docs"])))
        #expect(answer.isError && answer.text.hasPrefix("Not sent. Line 2 looks like an access token."))
        #expect(try await bench.store.read { try $0.daemon.countToSend() } == 0)
        let shown = await session.hook(HookEvent(event: "Stop"))
        #expect(shown.toPerson == "claudemesh › to bo/docs: line 2 looks like a token · not sent")
    }

    @Test func theInboxGivesWholeAndOnce() async throws {
        let bench = try await DaemonBench()
        let session = try await bench.session()
        let long = String(repeating: "long\n", count: 4000)
        await session.take(
            EventPage(events: [DaemonBench.message("a"), DaemonBench.message("b", seq: 2, text: long)], cursor: "c"))
        let answer = await session.call(.inbox(done: [], waitSeconds: 0))
        #expect(answer.text.contains("| hi\nMessage a of bo/docs"))
        #expect(answer.text.components(separatedBy: "| long").count == 4001)
        #expect(await session.call(.inbox(done: ["a"], waitSeconds: 0)).text.hasPrefix("Settled. Nothing waits"))
        let owed = try await bench.store.read { try $0.daemon.owed(of: "s1") }
        #expect(Set(owed.map { "\($0.messageId) \($0.state)" }) == ["a acknowledged", "b seen"])
    }

    @Test func whoWaitsIsAnsweredByWhatComes() async throws {
        let bench = try await DaemonBench()
        let session = try await bench.session()
        async let answer = session.call(.inbox(done: [], waitSeconds: 50))
        while await !session.lanes.isAsked { await Task.yield() }
        await session.take(EventPage(events: [DaemonBench.message("a")], cursor: "c"))
        #expect(await answer.text.contains("Message a of bo/docs"))
        #expect(await session.lanes.isAsked == false)
    }

    @Test func anAnswerThatNobodyTookIsNotSeen() async throws {
        let bench = try await DaemonBench()
        let session = try await bench.session()
        let call = Task { await session.call(.inbox(done: [], waitSeconds: 50)) }
        while await !session.lanes.isAsked { await Task.yield() }
        call.cancel()
        _ = await call.value
        await session.take(EventPage(events: [DaemonBench.message("a")], cursor: "c"))
        _ = await session.hook(HookEvent(event: "Stop"))
        #expect(try await bench.store.read { try $0.daemon.owed(of: "s1") } == [.init(messageId: "a", state: .fetched)])
    }

    @Test func attentionIsNarrowedAndNeverWidened() async throws {
        let bench = try await DaemonBench()
        let session = try await bench.session()
        #expect(await session.call(.status(attention: "quiet")).text.contains("nothing (quiet)"))
        #expect(await session.call(.status(attention: "open")).text.contains("messages (open)"))
        #expect(await session.call(.status(attention: "loud")).isError)
    }

    private struct NoAnswer: Error {}
}

extension PeerSession {
    func isHeld(by writer: Int32, agent: Int32) {
        (lanes.session.writer, lanes.session.agent, posted) = (writer, agent, [])
    }

    func parentNow() -> String? { turns.parent() }
}

extension PeerSession {
    fileprivate func canBeWrittenTo() { lanes.session.hasInbox = true }
}
