// What two people say to each other by commands, against the real server: sent, read, answered, taken back, and what is
// said where it does not go.

import Foundation
import MeshAPI
import MeshClient
import MeshServices
import MeshStore
import TestSupport
import Testing

@testable import Commands
@testable import Connect
@testable import Console
@testable import LocalState
@testable import WizardRun

@Suite struct MessageJourneyTests {
    private struct InboxAnswer: Decodable {
        struct Item: Decodable {
            struct Name: Decodable { var slug: String }
            var id: String
            var body: String
            var state: MessageState
            var mesh: Name
        }
        var messages: [Item]
        var held: [Item]
    }

    @Test func saidReadAnsweredSeen() async throws {
        try await CommandServer.two { ana, bo, _, server in
            let sent = await ana.home.run("send", "bo", "May I drop", "the old quick start?")
            #expect(sent.status == 0 && sent.err.isEmpty, "\(sent.err)")
            #expect(sent.out.hasPrefix("✔ Sent (") && sent.out.contains("\n  bo: waiting\n"), "\(sent.out)")
            #expect(await bo.home.run("inbox", "--count").out == "1\n")

            let read = await bo.home.run("inbox")
            #expect(read.status == 0 && read.out.hasPrefix("Ana Ruiz (ana)  today "), "\(read.out)")
            #expect(read.out.hasSuffix("\n| May I drop the old quick start?\n"))
            // Printed is seen.
            #expect(await bo.home.run("inbox").err == "Nothing waits for you.\n")
            let all = try await bo.home.run("inbox", "--all", "--json").json(InboxAnswer.self)
            let message = try #require(all.messages.first)
            #expect(all.messages.count == 1 && message.state == .seen && message.mesh.slug == "planning")

            let shown = await ana.home.run("messages", "show", message.id)
            #expect(shown.out.contains("\nBo Chen  seen  today "), "\(shown.out)")
            let late = await ana.home.run("messages", "withdraw", message.id)
            #expect(late.status == 6 && late.err == "error: Bo Chen has seen it already.\n", "\(late.err)")

            // The beginning of an id is enough.
            let reply = await bo.home.run("reply", String(message.id.prefix(8)), "-", "--json", input: "Yes,\ndo.\n")
            #expect(reply.status == 0, "\(reply.err)")
            let answer = await ana.home.run("inbox")
            #expect(answer.out.hasPrefix("Bo Chen (bo)  ") && answer.out.hasSuffix("\n| Yes,\n| do.\n"))
            let history = await ana.home.run("messages", "--with", "bo")
            #expect(history.out.contains("Ana Ruiz (ana) → bo  ") && history.out.contains("| Yes,\n| do.\n"))
            // An answer names nobody: it goes to who asked.
            #expect(history.out.contains("Bo Chen (bo) → ana  "), "\(history.out)")
            let alone = await bo.home.run("messages", "show", try reply.json(SentMessage.self).id)
            #expect(alone.out.hasPrefix("Bo Chen (bo) → ana  "), "\(alone.out)")
            // Nor is it lost where what it answers is kept no more.
            try await server.services.database.write { transaction in
                try transaction.run("DELETE FROM receipts WHERE message_id = ?1", message.id)
                try transaction.run("DELETE FROM messages WHERE id = ?1", message.id)
            }
            let left = await ana.home.run("messages")
            #expect(left.status == 0 && left.out.contains("Bo Chen (bo)  today "), "\(left)")
        }
    }

    @Test func settledWithoutAWord() async throws {
        try await CommandServer.two { ana, bo, _, _ in
            let sent = try await ana.home.run("send", "bo", "done", "--json").json(SentMessage.self)
            let settled = await bo.home.run("inbox", "--done", String(sent.id.prefix(8)))
            #expect(settled.status == 0 && settled.out == "✔ Settled 1 message\n", "\(settled.err)")
            #expect(await bo.home.run("inbox", "--count").out == "0\n")
            let shown = try await ana.home.run("messages", "show", sent.id, "--json").json(Message.self)
            #expect(shown.receipts?.map(\.state) == [.acknowledged])
            #expect(await bo.home.run("inbox", "--done", "nosuchid").status == 5)
        }
    }

    @Test func takenBackBeforeItIsSeen() async throws {
        try await CommandServer.two { ana, bo, _, _ in
            let sent = try await ana.home.run("send", "bo", "oops", "--json").json(SentMessage.self)
            let back = await ana.home.run("messages", "withdraw", sent.id)
            #expect(back.status == 0 && back.out == "✔ Took \(sent.id.prefix(8)) back\n", "\(back.err)")
            #expect(await bo.home.run("inbox", "--count").out == "0\n")
        }
    }

    @Test func aRepeatedStepIsOneMessage() async throws {
        try await CommandServer.two { ana, bo, _, _ in
            let first = try await ana.home.run("send", "bo", "green", "--id", "build-1", "--json")
                .json(SentMessage.self)
            let again = try await ana.home.run("send", "bo", "green", "--id", "build-1", "--json")
                .json(SentMessage.self)
            #expect(first.id == again.id)
            #expect(await bo.home.run("inbox", "--count").out == "1\n")
            let other = await ana.home.run("send", "bo", "red", "--id", "build-1")
            #expect(other.status == 6 && other.err == "error: build-1 was sent already, with another text.\n")
        }
    }

    @Test func whereItDoesNotGo() async throws {
        try await CommandServer.two { ana, _, _, _ in
            let typo = await ana.home.run("send", "bow", "hi")
            #expect(typo.status == 5)
            #expect(
                typo.err == "error: Nobody in Planning is called bow.\n  Near: bo. Everyone: `claudemesh peers`\n",
                "\(typo.err)")
            let topic = await ana.home.run("send", "--topic", "cii", "hi")
            #expect(topic.status == 5 && topic.err.hasPrefix("error: There is no #cii here.\n"), "\(topic.err)")
            #expect(await ana.home.run("send", "@tester", "hi").err.hasPrefix("error: Nobody here is a tester now.\n"))
            let own = await ana.home.run("send", "ana", "hi")
            #expect(own.status == 3 && own.err == "error: That is you.\n", "\(own.err)")
            let none = await ana.home.run("messages", "show", "7k2f9q")
            #expect(none.status == 5 && none.err == "error: You can read no message 7k2f9q.\n", "\(none.err)")
            let json = try await ana.home.run("send", "bow", "hi", "--json").error()
            #expect(json.code == "no_recipient" && json.hint == "Near: bo. Everyone: `claudemesh peers`")
        }
    }

    /// A peer's text moves no cursor, and none of its lines passes for one of ours.
    @Test func hostileTextIsInert() async throws {
        try await CommandServer.two { ana, bo, _, _ in
            _ = await ana.home.run("send", "bo", "x\n✔ Sent (forged)\n\u{1B}[2J\u{202E}evil")
            let read = await bo.home.run("inbox")
            let lines = read.out.split(separator: "\n")
            #expect(lines.count == 4 && lines.dropFirst().allSatisfy { $0.hasPrefix("| ") }, "\(read.out)")
            #expect(read.out.contains(#"| \u{1B}[2J\u{202E}evil"#))
        }
    }

    @Test func sessionsAndTheirAttention() async throws {
        try await CommandServer.two { ana, bo, mesh, server in
            let session = InsideSession(mesh: mesh)
            try await session.register(bo.client, role: "reviewer")
            try bo.home.write(session.token, to: "token")
            let inside = session.environment(server.url, tokenFile: "\(bo.home.path)/token")
            let peers = await ana.home.run("peers")
            #expect(
                peers.out.hasPrefix("bo/ales-agent Ale's agent  reviewer  here  takes no messages  "), "\(peers.out)")

            // It is the session that speaks, though somebody is signed in there.
            let sent = await bo.home.run("send", "ana", "from within", environment: inside)
            #expect(sent.status == 0, "\(sent.err)")
            #expect(await ana.home.run("inbox").out.hasPrefix("bo/ales-agent  today "))
            let wake = await bo.home.run("send", "@all", "up", "--wake", environment: inside)
            #expect(wake.status == 7 && wake.err.hasPrefix("error: Only a person does that.\n"), "\(wake.err)")
            let quiet = await bo.home.run("attention", "quiet", environment: inside)
            #expect(quiet.status == 0 && quiet.out == "✔ In Planning nothing wakes: quiet.\n", "\(quiet.err)")
            #expect(await bo.home.run("attention", environment: inside).out == "In Planning nothing wakes: quiet.\n")
            let person = await ana.home.run("attention", "focus", "--for", "2h", "--json")
            #expect(person.status == 0 && person.out.contains(#""attention":"focus""#), "\(person.err)")
            #expect(await ana.home.run("attention").out.hasPrefix("In Planning answers and people wake: focus. Until "))
        }
    }

    /// `--wait` prints the first answer alone; where nobody answers it ends with 1.
    @Test func waitsForTheFirstAnswer() async throws {
        try await CommandServer.two { ana, bo, _, _ in
            async let asked = ana.home.run("send", "bo", "Is it good?", "--wait", "60s")
            var waiting: [InboxAnswer.Item] = []
            try await eventually {
                waiting = try await bo.home.run("inbox", "--json").json(InboxAnswer.self).messages
                return !waiting.isEmpty
            }
            let question = try #require(waiting.first)
            #expect(await bo.home.run("reply", question.id, "It is.").status == 0)
            let answer = await asked
            #expect(answer.status == 0 && answer.out == "It is.\n", "\(answer.out)\(answer.err)")
            // Printed is seen.
            #expect(await ana.home.run("inbox", "--count").out == "0\n")
            let none = await ana.home.run("send", "bo", "Anybody?", "--wait", "1s")
            #expect(none.status == 1 && none.out.isEmpty && none.err.hasSuffix("Nobody answered within 1s.\n"))
        }
    }

    /// Whoever waits for an answer waits over whatever happens to the server meanwhile.
    @Test func waitsForTheAnswerWhileTheServerIsAway() async throws {
        try await CommandServer.two { ana, bo, _, server in
            let relay = try Relay()
            try relay.lead(to: server.url)
            let home = try CommandHome(server: relay.url)
            try home.signIn(ana.token, ana.user, on: relay.url)
            async let asked = home.run("send", "bo", "Is it good?", "--wait", "60s")
            var waiting: [InboxAnswer.Item] = []
            try await eventually {
                waiting = try await bo.home.run("inbox", "--json").json(InboxAnswer.self).messages
                return !waiting.isEmpty
            }
            relay.pause()
            let question = try #require(waiting.first)
            #expect(await bo.home.run("reply", question.id, "It is.").status == 0)
            // Longer than what one call waits for another server.
            try await Task.sleep(for: .seconds(1))
            relay.resume()
            let answer = await asked
            #expect(answer.status == 0 && answer.out == "It is.\n", "\(answer.out)\(answer.err)")
        }
    }

    @Test func topics() async throws {
        try await CommandServer.two { ana, bo, _, _ in
            let made = await ana.home.run("topics", "create", "#ci", "--about", "builds")
            #expect(made.status == 0 && made.out == "✔ Made #ci\n", "\(made.err)")
            let again = await bo.home.run("topics", "create", "ci")
            #expect(again.status == 6 && again.err == "error: There is a #ci already.\n", "\(again.err)")
            #expect(await bo.home.run("topics", "join", "ci").out == "✔ Joined #ci\n")
            let posted = await ana.home.run("send", "--topic", "ci", "green")
            #expect(posted.status == 0 && posted.out.contains("\n  #ci: posted\n"), "\(posted.err)")
            #expect(await bo.home.run("messages", "--topic", "#ci").out.hasSuffix("\n| green\n"))
            let listed = await bo.home.run("topics", "--json")
            #expect(listed.out.contains(#""name":"ci""#) && !listed.out.contains(#""unread":1"#), "\(listed.out)")
            #expect(await bo.home.run("topics", "mute", "ci").out == "✔ Muted #ci\n")
            #expect(await bo.home.run("topics", "leave", "ci").status == 0)
            let none = await bo.home.run("topics", "join", "cii")
            #expect(none.status == 5 && none.err == "error: There is no #cii here.\n", "\(none.err)")
        }
    }
}
