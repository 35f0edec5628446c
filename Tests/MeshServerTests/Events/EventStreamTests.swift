// GET events as a stream, over a socket: what it begins with, going on after a cut, those who read too slowly, and ends.

import Foundation
import HTTPTypes
import HummingbirdTesting
import MeshAPI
import MeshStore
import NIOHTTP1
import ServerSupport
import ServiceLifecycle
import TestSupport
import Testing

@testable import MeshServer
@testable import MeshServices

@Suite struct EventStreamTests {
    private func talk(_ test: @escaping @Sendable (Talk, _ port: Int) async throws -> Void) async throws {
        let bench = try Bench {
            $0.hasLimits = false
            $0.port = 0
        }
        try await bench.serve { port, _ in
            try await bench.run { try await test(try await Talk(bench, $0), port) }
        }
    }

    private func listen(_ talk: Talk, _ api: API, _ port: Int, last: String? = nil, reads: Bool = true) async throws
        -> Listener
    {
        let listener = try await Listener(
            port: port, path: "\(talk.path)/events", authorization: "\(api.scheme) \(api.token ?? "")", last: last,
            reads: reads)
        try await eventually { listener.lastID != nil }
        return listener
    }

    @Test func itBeginsAtOnceAndSaysThatItIsThere() async throws {
        try await talk { talk, port in
            let listener = try await listen(talk, talk.bo, port)
            let head = try #require(listener.head)
            #expect(head.status == .ok && head.headers.first(name: "content-type") == "text/event-stream")
            #expect(head.headers.first(name: "cache-control") == "no-store")
            #expect(head.headers.first(name: "x-accel-buffering") == "no")
            let hello = try #require(listener.text.prefixMatch(of: #/:\nretry: ([0-9]+)\nid: /#))
            #expect((0...750).contains(Int(hello.1) ?? -1), "they come back at different times")
            let before = listener.text
            for signs in ["", ":\n\n", ":\n\n:\n\n"] {
                try await eventually { listener.text == before + signs }
                for _ in 0..<15 {
                    try await eventually { talk.bench.time.timerCount == 1 }
                    talk.bench.time.advance(1)
                }
            }
            try await eventually { listener.text == before + ":\n\n:\n\n:\n\n" }
            let said = try await talk.say(from: talk.adaID, to: [Mailbox(kind: .member, id: talk.boID)])
            try await eventually { listener.heard.map(\.brief) == ["message:\(said)"] }
            listener.close()
            try await eventually { talk.bench.services.changes.count == 0 }
        }
    }

    @Test func eventsComeAndItGoesOnAfterACut() async throws {
        try await talk { talk, port in
            let box = Mailbox(kind: .member, id: talk.boID)
            let first = try await listen(talk, talk.bo, port)
            let one = try await talk.say(from: talk.adaID, to: [box])
            try await eventually { first.heard.map(\.brief) == ["message:\(one)"] }
            let id = try #require(first.lastID)
            first.close()
            let two = try await talk.say(from: talk.adaID, to: [box])
            let three = try await talk.say(from: talk.adaID, to: [box])
            let again = try await listen(talk, talk.bo, port, last: id)
            try await eventually { again.heard.map(\.brief) == ["message:\(two)", "message:\(three)"] }
            // From between the two.
            let between = try #require(again.heard.first?.id)
            let last = try await listen(talk, talk.bo, port, last: between)
            try await eventually { last.heard.map(\.brief) == ["message:\(three)"] }
            try await talk.bench.database.write { [talk] transaction in
                try transaction.run("UPDATE mesh_heads SET epoch = 'another' WHERE mesh_id = ?1", talk.meshID)
            }
            let lost = try await listen(talk, talk.bo, port, last: between)
            try await eventually { lost.heard.map(\.type) == ["reset"] }
        }
    }

    /// Cut off over and over while fifty people write: nothing comes twice, nothing is missing, all in its order.
    @Test(.timeLimit(.minutes(2))) func nothingIsMissedOrDoubledUnderManySenders() async throws {
        try await talk { talk, port in
            let box = Mailbox(kind: .member, id: talk.boID)
            var (seen, last): ([Event], String?) = ([], try await talk.now(talk.bo))
            let sent = Task {
                try await withThrowingTaskGroup(of: [String].self) { group in
                    for sender in 0..<50 {
                        group.addTask {
                            var ids: [String] = []
                            for number in 0..<20 {
                                let isTopic = (sender + number) % 3 == 0
                                ids.append(
                                    try await talk.say(
                                        "\(sender)/\(number)", from: talk.adaID, to: isTopic ? [] : [box],
                                        topic: isTopic ? "general" : nil))
                            }
                            return ids
                        }
                    }
                    return try await group.reduce(into: []) { $0 += $1 }
                }
            }
            while seen.count < 1000 {
                let listener = try await listen(talk, talk.bo, port, last: last)
                let goal = min(Int.random(in: 1...120), 1000 - seen.count)
                try await eventually { listener.heard.count >= goal }
                listener.close()
                let heard = listener.heard
                seen += heard.compactMap(\.event)
                last = heard.last?.id ?? last
            }
            let numbers = seen.compactMap { event in
                if case .message(let message) = event { message.seq } else { nil }
            }
            #expect(numbers == Array(1...1000), "each once, in their order")
            #expect(try await Set(sent.value).count == 1000)
        }
    }

    @Test(.timeLimit(.minutes(2))) func whoReadsTooSlowlyIsCutOffAndLosesNothing() async throws {
        try await talk { talk, port in
            let box = Mailbox(kind: .member, id: talk.boID)
            let slow = try await listen(talk, talk.bo, port, reads: false)
            let text = String(repeating: "x", count: 60_000)
            var sent: [String] = []
            // The kernel takes some megabytes for whoever does not read.
            while talk.bench.services.changes.count > 0, sent.count < 400 {
                for _ in 0..<10 { sent.append(try await talk.say(text, from: talk.adaID, to: [box])) }
                talk.bench.time.advance(1)
                try await Task.sleep(for: .milliseconds(5))
            }
            try await eventually {
                talk.bench.time.advance(1)
                return talk.bench.services.changes.count == 0
            }
            let count = sent.count
            try await slow.read()
            try await eventually { slow.isOver }
            let got = slow.heard.compactMap(\.event).map(\.brief)
            #expect(got.count < sent.count)
            let next = try await listen(talk, talk.bo, port, last: slow.lastID)
            // As long as more comes: each look reads ahead, which takes its time where the database is another process.
            while case let heard = next.heard.count, heard < count - got.count {
                try await eventually { next.heard.count > heard }
            }
            #expect(got + next.heard.map(\.brief) == sent.map { "message:\($0)" })
        }
    }

    @Test func aSessionThatIsPutOutOrDisconnectedIsSeenAtOnce() async throws {
        try await talk { talk, port in
            let docs = try await talk.peer("docs", of: talk.bo)
            func note(_ kind: MeshChangeKind) async throws {
                try await talk.bench.database.write { [talk] transaction in
                    try transaction.changes.note(
                        kind, meshID: talk.meshID, subject: "docs", at: Date(timeIntervalSince1970: 1))
                }
                talk.bench.services.changes.post(talk.meshID)
            }
            let first = try await listen(talk, docs, port)
            try await note(.peerDisconnected)
            try await eventually { first.isOver }
            #expect(first.heard.isEmpty, "it comes back")
            let second = try await listen(talk, docs, port)
            try await talk.bench.database.write { transaction in
                try transaction.run(
                    """
                    INSERT INTO ended_tokens (token_digest, mesh_id, session_id, account_id, reason, ended_at)
                    SELECT token_digest, mesh_id, session_id, account_id, 'kicked', 1 FROM presences
                    """)
            }
            try await note(.peerKicked)
            try await eventually { second.isOver }
            #expect(second.heard.map(\.brief) == ["ended:kicked"])
        }
    }

    /// Without the look of each second.
    @Test func aTokenThatIsRevokedEndsItAtOnce() async throws {
        try await talk { talk, port in
            let docs = try await talk.peer("docs", of: talk.bo)
            let streams = [try await listen(talk, talk.bo, port), try await listen(talk, docs, port)]
            let others = try await listen(talk, talk.ada, port)
            try #require(try await talk.bo.send(.delete, "/api/my/cli/sessions/current").status == .noContent)
            for stream in streams {
                try await eventually { stream.isOver }
                #expect(stream.heard.map(\.brief) == ["ended:credential"])
            }
            #expect(!others.isOver)
        }
    }

    /// Without the look of each second.
    @Test func aSessionThatMovedIsToldSoAtOnce() async throws {
        try await talk { talk, port in
            let docs = try await talk.peer("docs", of: talk.bo)
            let stream = try await listen(talk, docs, port)
            let body = """
                {"session_id":"docs","display_name":"docs","role":null,"pid":2,"host":"box","receives":"wake",\
                "token_hash":"\(SecretDigest.of("another"))"}
                """
            try #require(try await talk.bo.send(.post, "\(talk.path)/sessions", body).status == .ok)
            try await eventually { stream.isOver }
            #expect(stream.heard.map(\.brief) == ["ended:moved"])
        }
    }

    /// It comes back and reads by its new rights, from where it was.
    @Test func aSessionThatMayDoOtherThingsIsDisconnected() async throws {
        try await talk { talk, port in
            func register(_ can: String) async throws {
                let body = """
                    {"session_id":"docs","display_name":"docs","role":null,"pid":1,"host":"box","receives":"wake",\
                    "can":\(can),"token_hash":"\(SecretDigest.of(SecretDigest.of("docs")))"}
                    """
                try #require(try await talk.bo.send(.post, "\(talk.path)/sessions", body).status == .ok)
            }
            let docs = try await talk.peer("docs", of: talk.bo)
            try await register(#"["send"]"#)
            let narrow = try await listen(talk, docs, port)
            try await register(#"["send"]"#)
            try await register(#"["send","read"]"#)
            try await eventually { narrow.isOver }
            let said = try await talk.say(from: talk.adaID, topic: "general")
            let wide = try await listen(talk, docs, port, last: narrow.lastID)
            try await eventually { wide.heard.map(\.brief) == ["message:\(said)"] }
            try await register(#"["send"]"#)
            try await eventually { wide.isOver }
            #expect(narrow.heard.isEmpty)
        }
    }

    @Test func aStopEndsIt() async throws {
        let bench = try Bench {
            $0.hasLimits = false
            $0.port = 0
        }
        try await bench.serve { port, group in
            try await bench.run { client in
                let talk = try await Talk(bench, client)
                let listener = try await listen(talk, talk.bo, port)
                await group.triggerGracefulShutdown()
                try await eventually { listener.isOver }
                #expect(listener.heard.isEmpty)
            }
        }
    }
}
