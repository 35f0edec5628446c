// What a session's own commands ask the daemon, and how it knows whose they are.

import FoundationEssentials
import MeshAPI
import MeshStore
import MeshStoreSQLite
import Platform
import Testing

@testable import MeshClient
@testable import Peers

#if canImport(Glibc)
    import Glibc
#endif

@Suite struct CommandRoutesTests {
    @Test func aProcessOfASessionIsKnownWithoutAToken() async throws {
        let bench = try await DaemonBench()
        var facts = bench.facts()
        // This process is what the session's launcher started.
        facts.owner = ProcessIdentity(
            pid: getppid(), start: 0, boot: ProcessIdentity.own.boot, namespace: ProcessIdentity.own.namespace)
        #expect(await bench.line(token: nil).me() == nil)
        try await bench.daemon.register(facts)
        #expect(await bench.line(token: nil).me()?.sessionID == "s1")
        #expect(await bench.daemon.session(around: getppid()) == nil)
        #expect(await bench.daemon.session(around: 1) == nil)
        // The same number in another boot is another process.
        facts.owner = ProcessIdentity(pid: getppid(), start: 0, boot: "other", namespace: 1)
        try await bench.daemon.register(facts)
        #expect(await bench.line(token: nil).me() == nil)
    }

    @Test func theNearestSessionCounts() async throws {
        let bench = try await DaemonBench()
        let chain = ProcessTree.ancestors(of: getpid())
        try #require(chain.first == getppid())
        let own = ProcessIdentity.own
        for (id, pid) in [("outer", chain[1]), ("inner", chain[0])] {
            var facts = bench.facts(id)
            facts.owner = ProcessIdentity(pid: pid, start: 0, boot: own.boot, namespace: own.namespace)
            try await bench.daemon.register(facts)
        }
        #expect(await bench.daemon.session(around: getpid())?.id == "inner")
    }

    @Test func withoutASessionNothingIsSaid() async throws {
        let bench = try await DaemonBench()
        let socket = SocketClient(path: bench.place.socket, token: nil)
        let message = Data(#"{"to":"bo","body":"hi","client_id":"1"}"#.utf8)
        #expect(try await socket.send("POST", "/v1/messages", body: message, within: .seconds(5)).status == 401)
        #expect(try await socket.send("GET", "/v1/events", within: .seconds(5)).status == 401)
        #expect(try await socket.send("GET", "/v1/peers", within: .seconds(5)).status == 401)
    }

    @Test func aMessageIsInTheTurnsChainAndWaitsHere() async throws {
        let bench = try await DaemonBench()
        let session = try await bench.session()
        await session.take(EventPage(events: [DaemonBench.message("a")], cursor: "c"))
        guard case .answer(let lane) = await bench.line().lane(.init(pid: 1, hasInbox: true, posted: [])) else {
            return
        }
        _ = await session.hook(
            HookEvent(event: "UserPromptSubmit", prompt: lane.texts.first?.content, promptID: "p1"))
        let socket = SocketClient(path: bench.place.socket, token: DaemonBench.token)
        let message = Data(#"{"to":"bo/docs","body":"on it","client_id":"build-1","parent":"forged"}"#.utf8)
        for _ in 0..<2 {
            let answer = try await socket.send("POST", "/v1/messages", body: message, within: .seconds(20))
            #expect(answer.status == 202)
            let waiting = try WireJSON.decode(WaitingHere.self, from: answer.body)
            #expect(waiting == WaitingHere(clientId: "build-1", why: "refused"))
        }
        let kept = try await bench.store.read { try $0.daemon.toSend(of: "s1") }
        #expect(kept.map(\.message.parent) == ["a"] && kept.map(\.message.clientId) == ["build-1"])
    }

    @Test func onlyAPersonWakesAllWidensAndSendsSecrets() async throws {
        let bench = try await DaemonBench()
        var facts = bench.facts()
        facts.attention = .focus
        #expect(await bench.line().register(facts))
        let session = try #require(await bench.daemon.session(token: DaemonBench.token))
        #expect(await session.change(ChangeSession(attention: .open)).status == 403)
        #expect(await session.lanes.session.attention == .focus)
        // Told to the mesh later: it is out of reach here.
        #expect(
            await session.change(ChangeSession(attention: .quiet, attentionUntil: DaemonBench.now + 60)).status == 502)
        #expect(await session.lanes.session.attention == .quiet)
        #expect(await session.post(SendMessage(to: "@all", body: "x", clientId: "1", wake: true)).status == 403)
        let secret = "ghp_" + String(repeating: "a", count: 36)
        #expect(await session.post(SendMessage(to: "bo", body: secret, clientId: "2")).status == 422)
        #expect(try await bench.store.read { try $0.daemon.countToSend() } == 0)
    }

    @Test func whatACommandPrintedIsSeenAndComesByNoLane() async throws {
        let bench = try await DaemonBench()
        let session = try await bench.session()
        await session.take(
            EventPage(events: [DaemonBench.message("a"), DaemonBench.message("b", seq: 2)], cursor: "c"))
        let socket = SocketClient(path: bench.place.socket, token: DaemonBench.token)
        let inbox = try await socket.send("GET", "/v1/inbox", within: .seconds(5))
        let page = try WireJSON.decode(Page<Message>.self, of: Routes.listMessages, from: inbox.body)
        #expect(page.items.map(\.id) == ["a", "b"])
        let steps = Data(#"{"receipts":[{"message_id":"a","state":"seen"},{"message_id":"b","state":"handed"}]}"#.utf8)
        let told = try await socket.send("POST", "/v1/receipts", body: steps, within: .seconds(5))
        let answer = try WireJSON.decode(ReceiptsReported.self, from: told.body)
        #expect(answer.receipts == [.init(messageId: "a", state: .seen)])
        guard case .answer(let lane) = await bench.line().lane(.init(pid: 1, hasInbox: true, posted: [])) else {
            return
        }
        #expect(lane.texts.count == 1 && lane.texts.first?.content.contains("Message b of") == true)
        let owed = try await bench.store.read { try $0.daemon.owed(of: "s1") }
        #expect(owed.contains(.init(messageId: "a", state: .seen, lane: .tool)))
    }

    @Test func anEndedSessionsMessageGoesOnAndThatOfALostDaemonWaits() async throws {
        let bench = try await DaemonBench()
        let session = try await bench.session()
        guard case .waits = await session.send(SendMessage(to: "bo", body: "late", clientId: "1")) else { return }
        await bench.daemon.end("s1")
        #expect(await bench.daemon.carried().sessions.isEmpty)
        #expect(try await bench.store.read { try $0.daemon.toSend(of: "s1").count } == 1)
        try await bench.store.write(.nothing) { try $0.daemon.forgetOldToSend(at: DaemonBench.now + 8 * 86_400) }
        #expect(try await bench.store.read { try $0.daemon.countToSend() } == 0)
    }

    @Test func whatWasSeenWhileNobodyCouldBeToldIsNotForgotten() async throws {
        let bench = try await DaemonBench()
        let session = try await bench.session()
        await session.take(EventPage(events: [DaemonBench.message("a")], cursor: "c"))
        _ = await session.report(ReportReceipts(receipts: [.init(messageId: "a", state: .seen)]))
        await bench.daemon.end("s1")
        #expect(try await bench.store.read { try $0.daemon.settledUntold(of: "s1") } == ["a"])
    }

    @Test(arguments: [
        ("/api/my/meshes/m1/messages?unread=1", "/v1/messages?unread=1"),
        ("/api/my/meshes/m1/sessions?away=1", "/v1/peers?away=1"),
        ("/api/my/meshes/m1/sessions", "/v1/peers"), ("/api/my/meshes/m1/sessions/s1", "/v1/sessions/me"),
        ("/api/my/meshes/m1/topics/ci/members/me", "/v1/topics/ci/members/me"),
    ])
    func addressesAreTheDaemonsOwn(server: String, daemon: String) {
        #expect(DaemonRoute.path(of: server) == daemon)
    }

    @Test(arguments: [
        Unreachable.refused, .nameNotResolved, .noAnswer(seconds: 8), .proxy("p:1"), .proxyRefused("p:1"),
        .proxyFailed("p:1"),
        .other("a:b"), .certificates("/c"),
    ])
    func whyNobodyAnsweredIsPassedOn(why: Unreachable) {
        #expect(Unreachable(word: why.word) == why)
    }
}
