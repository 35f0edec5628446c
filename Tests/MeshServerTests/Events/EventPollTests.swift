// GET events by polls: what each reader is told, what they are not, and what ends or resets it.

import Foundation
import HTTPTypes
import HummingbirdTesting
import MeshAPI
import MeshStore
import NIOCore
import ServerSupport
import TestSupport
import Testing

@testable import MeshServer
@testable import MeshServices

@Suite struct EventPollTests {
    private func talk(_ test: @escaping @Sendable (Talk) async throws -> Void) async throws {
        let bench = try Bench { $0.hasLimits = false }
        try await bench.run { try await test(try await Talk(bench, $0)) }
    }

    @Test func withoutAPlaceTheAnswerIsThePlaceOfNow() async throws {
        try await talk { talk in
            let id = try await talk.say(from: talk.adaID, to: [Mailbox(kind: .member, id: talk.boID)])
            let page = try await talk.events(talk.bo, wait: 25)
            #expect(page.events.isEmpty && page.reset == nil)
            #expect(try await talk.events(talk.bo, after: page.cursor).brief == [])
            _ = try await talk.step(id, at: Mailbox(kind: .member, id: talk.boID), .seen)
            #expect(try await talk.events(talk.bo, after: page.cursor).brief == ["receipt:\(id):seen"])
        }
    }

    @Test func aMessageComesToItsMailboxAndItsStepsToWhoSentIt() async throws {
        try await talk { talk in
            let start = try await talk.now(talk.bo)
            let box = Mailbox(kind: .member, id: talk.boID)
            let id = try await talk.say("Read me", from: talk.adaID, to: [box])
            let first = try await talk.events(talk.bo, after: start)
            let event = try #require(first.events.first)
            guard case .message(let message) = event else {
                Issue.record("no message")
                return
            }
            #expect((message.body, message.state, message.mailbox) == ("Read me", .queued, box))
            #expect(message.from.member.name == "Ada" && message.seq == 1 && first.events.count == 1)
            // A member's own comes to all of their devices, with what became of it so far.
            let own = try await talk.events(talk.ada, after: start)
            #expect(own.brief == ["message:\(id)", "receipt:\(id):queued"])
            try await talk.step(id, at: box, .fetched)
            try await talk.step(id, at: box, .seen)
            #expect(
                try await talk.events(talk.ada, after: own.cursor).brief == ["receipt:\(id):seen"], "the newest state")
            #expect(try await talk.events(talk.bo, after: first.cursor).brief == ["receipt:\(id):seen"])
            #expect(try await talk.events(talk.bo, after: start).brief == ["message:\(id)"], "once, as it now is")
        }
    }

    @Test func aSessionGetsItsOwnMailboxAndWhatItSentAsReceiptsAlone() async throws {
        try await talk { talk in
            let (api, docs) = (try await talk.peer("api", of: talk.ada), try await talk.peer("docs", of: talk.bo))
            let (atApi, atDocs) = (try await talk.now(api), try await talk.now(docs))
            let box = Mailbox(kind: .peer, id: "docs")
            let id = try await talk.say(from: talk.adaID, session: "api", to: [box])
            _ = try await talk.say(from: talk.adaID, to: [Mailbox(kind: .member, id: talk.boID)])
            #expect(try await talk.events(docs, after: atDocs).brief == ["message:\(id)"], "not its member's")
            #expect(try await talk.events(api, after: atApi).brief == ["receipt:\(id):queued"], "not its member's")
            #expect(try await talk.events(talk.bo, after: atDocs).brief.contains("message:\(id)"), "a member sees both")
            #expect(try await talk.events(talk.bo, after: atDocs).events.count == 2)
        }
    }

    @Test func heldWordsAreShownToThePersonAlone() async throws {
        try await talk { talk in
            let docs = try await talk.peer("docs", of: talk.bo)
            let start = try await talk.now(docs)
            let box = Mailbox(kind: .peer, id: "docs")
            let id = try await talk.say(from: talk.adaID, to: [box], state: .held)
            #expect(try await talk.events(docs, after: start).brief == [])
            #expect(try await talk.events(talk.bo, after: start).brief == ["held:\(id)"])
            try await talk.step(id, at: box, .queued)
            #expect(try await talk.events(docs, after: start).brief == ["message:\(id)"], "let in")
            let refused = try await talk.say(from: talk.adaID, to: [box], state: .refused)
            #expect(try await talk.events(docs, after: start).brief == ["message:\(id)"], "that one never came")
            #expect(try await talk.events(talk.ada, after: start).brief.contains("receipt:\(refused):refused"))
        }
    }

    @Test func topicsComeToWhoIsInThemAndNotFromWhomTheyBlocked() async throws {
        try await talk { talk in
            let api = try await talk.peer("api", of: talk.ada)
            _ = try await talk.ada.send(.post, "\(talk.path)/topics", #"{"name":"ci"}"#)
            talk.bench.time.advance(1)
            let start = try await talk.now(api)
            let general = try await talk.say(from: talk.boID, topic: "general")
            let ci = try await talk.say(from: talk.adaID, session: "api", topic: "ci")
            #expect(try await talk.events(api, after: start).brief == ["message:\(general)"], "its own is none for it")
            #expect(try await talk.events(talk.ada, after: start).brief == ["message:\(general)", "message:\(ci)"])
            #expect(try await talk.events(talk.bo, after: start).brief == ["message:\(general)"], "Bo is not in #ci")
            _ = try await talk.bo.send(.put, "\(talk.path)/topics/ci/members/me")
            #expect(try await talk.events(talk.bo, after: start).brief.count == 2, "joined at the same moment")
            talk.bench.time.advance(1)
            try await talk.bench.database.write { [talk] transaction in
                try transaction.run(
                    "INSERT INTO grants (mesh_id, account_id, other_id, state, since) VALUES (?1, ?2, ?3, 'blocked', 1)",
                    talk.meshID, talk.adaID, talk.boID)
            }
            let now = try await talk.now(api)
            let last = try await talk.say(from: talk.boID, topic: "general")
            #expect(try await talk.events(api, after: now).brief == [])
            #expect(try await talk.events(talk.ada, after: now).brief == [])
            #expect(try await talk.events(talk.bo, after: now).brief == ["message:\(last)"])
        }
    }

    /// Where nothing but words in topics is new, less is asked for them: the same is told.
    @Test func whatIsSaidInTopicsIsToldTheSameWhateverElseHappens() async throws {
        try await talk { talk in
            func said(_ page: EventPage) -> [Message] {
                page.events.compactMap { if case .message(let message) = $0 { message } else { nil } }
            }
            let start = try await talk.now(talk.ada)
            for number in 1...3 { try await talk.say("\(number)", from: talk.adaID, topic: "general") }
            let alone = [
                try await talk.events(talk.ada, after: start), try await talk.events(talk.bo, after: start),
            ].map(said)
            #expect(alone.allSatisfy { $0.map(\.body) == ["1", "2", "3"] && $0.allSatisfy { $0.topic == "general" } })
            #expect(alone[0].allSatisfy { $0.states == [:] && $0.readers == 0 })
            #expect(alone[1].allSatisfy { $0.states == nil && $0.readers == nil })
            let id = try await talk.say("4", from: talk.adaID, to: [Mailbox(kind: .member, id: talk.boID)])
            let among = [
                try await talk.events(talk.ada, after: start), try await talk.events(talk.bo, after: start),
            ]
            #expect(among.map { said($0).filter { $0.id != id } } == alone)
            #expect(among[0].brief.suffix(2) == ["message:\(id)", "receipt:\(id):queued"])
            #expect(among[1].brief.last == "message:\(id)")
        }
    }

    @Test func aHeldPollWakesAtOnceAndEndsWithItsTime() async throws {
        try await talk { talk in
            let bench = talk.bench
            let start = try await talk.now(talk.bo)
            let poll = Task { try await talk.events(talk.bo, after: start, wait: 25) }
            try await eventually { bench.services.changes.count == 1 }
            let id = try await talk.say(from: talk.adaID, to: [Mailbox(kind: .member, id: talk.boID)])
            let page = try await poll.value
            #expect(page.brief == ["message:\(id)"])
            let idle = Task { try await talk.events(talk.bo, after: page.cursor, wait: 25) }
            try await eventually { bench.services.changes.count == 1 }
            for _ in 0..<25 {
                try await eventually { bench.time.timerCount == 1 }
                bench.time.advance(1)
            }
            let empty = try await idle.value
            #expect(empty.events.isEmpty && empty.cursor == page.cursor)
            #expect(bench.services.changes.count == 0)
        }
    }

    /// What another server, or the program at the file, changed wakes nobody: the look of each second sees it.
    @Test func whatNobodyPostedIsSeenWithinASecond() async throws {
        try await talk { talk in
            let bench = talk.bench
            let start = try await talk.now(talk.bo)
            let poll = Task { try await talk.events(talk.bo, after: start, wait: 25) }
            try await eventually { bench.time.timerCount == 1 }
            bench.time.advance(1)
            try await eventually { bench.time.timerCount == 1 }
            try await bench.database.write { [talk] transaction in
                try transaction.changes.note(
                    .memberUnbanned, meshID: talk.meshID, subject: talk.adaID, at: Date(timeIntervalSince1970: 1))
            }
            bench.time.advance(1)
            #expect(try await poll.value.brief == ["member:unbanned:Ada"])
        }
    }

    @Test func whoMayReadNoMoreIsToldWhy() async throws {
        try await talk { talk in
            let bench = talk.bench
            func held(_ api: API) async throws -> Task<EventPage, any Error> {
                let start = try await talk.now(api)
                let poll = Task { try await talk.events(api, after: start, wait: 25) }
                try await eventually { bench.services.changes.count == 1 && bench.time.timerCount == 1 }
                return poll
            }
            let sessions = try await talk.bo.get("/api/my/cli/sessions").decodedList("sessions", of: CLISession.self)
            let revoked = try await held(talk.bo)
            _ = try await talk.bo.send(.delete, "/api/my/cli/sessions/\(sessions[0].id)")
            bench.time.advance(1)
            #expect(try await revoked.value.brief == ["ended:credential"])
            let bo = try await bench.signIn(try await loggedIn(bench, talk.client), talk.client)
            let docs = try await talk.peer("docs", of: bo)
            let kicked = try await held(docs)
            try await bench.database.write { [talk] transaction in
                try transaction.run(
                    """
                    INSERT INTO ended_tokens (token_digest, mesh_id, session_id, account_id, reason, ended_at)
                    SELECT token_digest, mesh_id, session_id, account_id, 'kicked', 1 FROM presences
                    """)
                try transaction.changes.note(
                    .peerKicked, meshID: talk.meshID, subject: "docs", at: Date(timeIntervalSince1970: 1))
            }
            bench.services.changes.post(talk.meshID)
            #expect(try await kicked.value.brief == ["ended:kicked"])
            let removed = try await held(bo)
            _ = try await talk.ada.send(.delete, "\(talk.path)/members/\(talk.boID)")
            #expect(try await removed.value.brief == ["ended:removed"])
            #expect(try await bo.get("\(talk.path)/events").status == .notFound)
            let archived = try await held(talk.ada)
            _ = try await talk.ada.send(.delete, talk.path)
            #expect(try await archived.value.brief == ["ended:archived"])
            #expect(try await talk.ada.get("\(talk.path)/events").status == .notFound)
        }
    }

    private func loggedIn(_ bench: Bench, _ client: any TestClientProtocol) async throws -> Browser {
        let browser = Browser(client: client)
        _ = try await browser.get("/login")
        _ = try await browser.submit("/login", ["email": "bo@example.com", "password": "correct horse"])
        return browser
    }

    @Test func aPlaceThatIsLostBeginsAnew() async throws {
        try await talk { talk in
            let place = try await talk.now(talk.bo)
            try await talk.say(from: talk.adaID, to: [Mailbox(kind: .member, id: talk.boID)])
            try await talk.bench.database.write { [talk] transaction in
                try transaction.run("UPDATE mesh_heads SET epoch = 'another' WHERE mesh_id = ?1", talk.meshID)
            }
            let page = try await talk.events(talk.bo, after: place)
            #expect(page.reset == true && page.events.isEmpty)
            #expect(try await talk.events(talk.bo, after: page.cursor).reset == nil)
        }
    }

    @Test func aPageEndsAtItsSizeButHoldsOneEvent() async throws {
        try await talk { talk in
            let start = try await talk.now(talk.bo)
            let box = Mailbox(kind: .member, id: talk.boID)
            for index in 0..<20 {
                try await talk.say("\(index)" + String(repeating: "x", count: 65_000), from: talk.adaID, to: [box])
            }
            var (place, bodies, pages) = (start, [String](), 0)
            while true {
                let answer = try await talk.bo.get("\(talk.path)/events?after=\(place)")
                #expect(answer.body.readableBytes <= EventService.pageBytes + 1000)
                let page = try answer.decoded(EventPage.self)
                guard !page.events.isEmpty else { break }
                bodies += page.events.compactMap { event in
                    if case .message(let message) = event { String(message.body.prefix { $0 != "x" }) } else { nil }
                }
                (place, pages) = (page.cursor, pages + 1)
            }
            #expect(bodies == (0..<20).map(String.init) && pages == 2)
        }
    }

    @Test func badInputIsNamed() async throws {
        try await talk { talk in
            let other = try await talk.ada.send(.post, "/api/my/meshes", #"{"name":"Two"}"#).decoded(Mesh.self)
            let place = try await talk.ada.get("/api/my/meshes/\(other.id)/events").decoded(EventPage.self).cursor
            for query in ["after=x", "after=\(place)", "after="] {
                let refusal = try await talk.ada.get("\(talk.path)/events?\(query)")
                #expect(try refusal.status == .unprocessableContent && refusal.refusal.field == "after", "\(query)")
            }
            let wait = try await talk.ada.get("\(talk.path)/events?wait=soon")
            #expect(try wait.refusal.field == "wait")
            let last = try await talk.ada.send(
                .get, "\(talk.path)/events", headers: [.accept: "text/event-stream", .lastEventID: "x"])
            #expect(try last.refusal.field == "Last-Event-ID")
            let eve = try await talk.bench.signIn(try await talk.bench.person("Eve", talk.client), talk.client)
            #expect(try await eve.get("\(talk.path)/events").status == .notFound)
        }
    }

    @Test func aPollByASessionsTokenIsItsHeartbeat() async throws {
        try await talk { talk in
            let docs = try await talk.peer("docs", of: talk.bo)
            let place = try await talk.now(docs)
            for _ in 0..<4 {
                talk.bench.time.advance(60)
                _ = try await talk.events(docs, after: place)
            }
            let peers = try await talk.ada.get("\(talk.path)/sessions").decodedList("peers", of: Peer.self)
            #expect(peers.map(\.sessionID) == ["docs"])
            talk.bench.time.advance(80)
            _ = try await talk.events(talk.bo, after: place)
            talk.bench.time.advance(80)
            #expect(try await talk.ada.get("\(talk.path)/sessions").decodedList("peers", of: Peer.self).isEmpty)
        }
    }
}
