// Topics: made, changed, joined, muted and read; who was named there.

import Foundation
import HTTPTypes
import HummingbirdTesting
import MeshAPI
import MeshStore
import ServerSupport
import Testing

@testable import MeshServer
@testable import MeshServices

@Suite struct TopicTests {
    private struct Listed: Decodable {
        var notifications: [Mention]
        var nextCursor: String?
    }

    private struct Said: Decodable {
        var messages: [Message]
        var nextCursor: String?
    }

    private func talk(_ test: @escaping @Sendable (Talk) async throws -> Void) async throws {
        let bench = try Bench { $0.hasLimits = false }
        try await bench.run { try await test(try await Talk(bench, $0)) }
    }

    private func topics(_ talk: Talk, _ api: API) async throws -> [Topic] {
        try await api.get("\(talk.path)/topics").decodedList("topics", of: Topic.self)
    }

    private func create(_ talk: Talk, _ api: API, _ name: String) async throws -> TestResponse {
        try await api.send(.post, "\(talk.path)/topics", #"{"name":"\#(name)"}"#)
    }

    @Test func everyMeshHasGeneralAndEverybodyIsInIt() async throws {
        try await talk { talk in
            for api in [talk.ada, talk.bo] {
                let general = try #require(try await topics(talk, api).first)
                #expect((general.name, general.members, general.joined, general.muted) == ("general", 2, true, false))
            }
            for method in [HTTPRequest.Method.delete, .patch] {
                let body = method == .patch ? #"{"name":"x"}"# : nil
                #expect(try await talk.ada.send(method, "\(talk.path)/topics/general", body).status == .forbidden)
            }
            #expect(
                try await talk.bo.send(.delete, "\(talk.path)/topics/general/members/me").status == .forbidden)
            let muted = try await talk.bo.send(.put, "\(talk.path)/topics/general/attention", #"{"mute":true}"#)
            #expect(try muted.decoded(Topic.self).muted)
            #expect(try await topics(talk, talk.ada).map(\.muted) == [false], "each their own")
        }
    }

    @Test func aTopicIsMadeRenamedAndDeletedByWhoMay() async throws {
        try await talk { talk in
            let body = #"{"name":"ci","about":" Builds "}"#
            let start = try await talk.now(talk.ada)
            let made = try await talk.bo.send(.post, "\(talk.path)/topics", body)
            let topic = try made.decoded(Topic.self)
            #expect(made.status == .created && topic.about == "Builds" && topic.by.name == "Bo")
            #expect((topic.joined, topic.members, topic.unread) == (true, 1, 0))
            #expect(try await create(talk, talk.ada, "ci").refusal.error == "topic_taken")
            _ = try await create(talk, talk.ada, "docs")
            #expect(try await talk.bo.send(.delete, "\(talk.path)/topics/docs").status == .forbidden)
            let renamed = try await talk.ada.send(.patch, "\(talk.path)/topics/ci", #"{"name":"builds"}"#)
            #expect(try renamed.decoded(Topic.self).name == "builds", "an owner may")
            #expect(
                try await talk.bo.send(.patch, "\(talk.path)/topics/builds", #"{"name":"docs"}"#).refusal.error
                    == "topic_taken")
            let silent = try await talk.bo.send(.patch, "\(talk.path)/topics/builds", #"{"about":""}"#)
            #expect(try silent.decoded(Topic.self).about == nil)
            #expect(try await talk.bo.send(.delete, "\(talk.path)/topics/builds").status == .noContent)
            #expect(try await talk.bo.send(.delete, "\(talk.path)/topics/builds").status == .notFound)
            #expect(try await create(talk, talk.ada, "builds").status == .created, "its name is free again")
            #expect(
                try await talk.events(talk.ada, after: start).brief == [
                    "topic:created:builds", "topic:created:docs", "topic:changed:builds", "topic:changed:builds",
                    "topic:deleted:builds", "topic:created:builds",
                ])
            #expect(try await talk.bench.events(of: talk.boID, like: "mesh.topic%") == ["mesh.topic.deleted"])
        }
    }

    @Test func whatWasSaidInOnesTopicsIsAmongAllThatWasSaid() async throws {
        try await talk { talk in
            _ = try await create(talk, talk.bo, "ci")
            for (index, to) in ["#general", "#ci", "ada", "#ci", "#general"].enumerated() {
                let body = #"{"to":"\#(to)","body":"\#(index)","client_id":"c\#(index)"}"#
                #expect(try await talk.bo.send(.post, "\(talk.path)/messages", body).status == .created)
            }
            func all(_ query: String = "") async throws -> [String] {
                try await talk.ada.get("\(talk.path)/messages\(query)").decodedList("messages", of: Message.self)
                    .map(\.body)
            }
            #expect(try await all() == ["4", "2", "0"])
            _ = try await talk.ada.send(.put, "\(talk.path)/topics/ci/members/me")
            #expect(try await all() == ["4", "3", "2", "1", "0"], "also from before one joined")
            var (pages, cursor) = ([[String]](), "")
            repeat {
                let answer = try await talk.ada.get("\(talk.path)/messages?limit=2\(cursor)")
                let page = try answer.decoded(Said.self)
                pages.append(page.messages.map(\.body))
                cursor = page.nextCursor.map { "&cursor=\($0)" } ?? ""
            } while !cursor.isEmpty
            #expect(pages == [["4", "3"], ["2", "1"], ["0"]])
            #expect(try await all("?with=bo") == ["2"], "a topic is nobody in particular")
            let block = #"{"can":[]}"#
            #expect(try await talk.ada.send(.put, "\(talk.path)/grants/\(talk.boID)", block).status == .ok)
            #expect(try await all() == ["2"], "of who is blocked nothing said in topics")
            _ = try await talk.ada.send(.delete, "\(talk.path)/grants/\(talk.boID)")
            _ = try await talk.bo.send(.delete, "\(talk.path)/topics/ci")
            #expect(try await all() == ["4", "2", "0"])
        }
    }

    @Test func badInputIsNamedAndChangesNothing() async throws {
        try await talk { talk in
            let path = "\(talk.path)/topics"
            for name in ["", "CI", "c i", "#ci", "é", String(repeating: "x", count: 49)] {
                let refused = try await create(talk, talk.ada, name)
                #expect(try refused.status == .unprocessableContent && refused.refusal.field == "name", "\(name)")
            }
            let long = String(repeating: "x", count: 201)
            for about in [long, "a\\u0007b"] {
                let refused = try await talk.ada.send(.post, path, #"{"name":"x","about":"\#(about)"}"#)
                #expect(try refused.refusal.field == "about")
            }
            #expect(try await talk.ada.send(.patch, "\(path)/general", "{}").refusal.field == "name")
            #expect(
                try await talk.ada.send(.post, "\(path)/general/read", #"{"up_to":"x"}"#).refusal.field == "up_to")
            #expect(try await talk.ada.send(.put, "\(path)/none/members/me").status == .notFound)
            #expect(try await create(talk, talk.ada, "a-1_b").status == .created)
            let notIn = try await talk.bo.send(.put, "\(path)/a-1_b/attention", #"{"mute":true}"#)
            #expect(try notIn.refusal.error == "not_joined")
            for body in ["{}", #"{"ids":[],"up_to":"x"}"#] {
                let refused = try await talk.ada.send(.post, "\(talk.path)/notifications/read", body)
                #expect(try refused.refusal.field == "ids")
            }
            #expect(try await topics(talk, talk.ada).map(\.name).sorted() == ["a-1_b", "general"])
        }
    }

    @Test func aMeshHasFiveHundredTopicsAtMost() async throws {
        try await talk { talk in
            for index in 1..<Topic.most { _ = try await create(talk, talk.ada, "t\(index)") }
            let refused = try await create(talk, talk.ada, "more")
            #expect(try refused.status == .conflict && refused.refusal.error == "too_many_topics")
            let page = try await talk.bo.get("\(talk.path)/topics?limit=1000").decodedList("topics", of: Topic.self)
            #expect(page.count == Topic.most)
        }
    }

    @Test func eachMailboxHasReadAsFarAsItSays() async throws {
        try await talk { talk in
            talk.bench.time.advance(1)
            _ = try await create(talk, talk.ada, "ci")
            let early = try await talk.say(from: talk.adaID, topic: "general")
            talk.bench.time.advance(1)
            let docs = try await talk.peer("docs", of: talk.bo)
            let one = try await talk.say(from: talk.adaID, topic: "general")
            let two = try await talk.say(from: talk.adaID, topic: "general")
            try await talk.say(from: talk.boID, topic: "general")
            func unread(_ api: API) async throws -> Int { try await topics(talk, api)[0].unread }
            #expect(try await unread(talk.bo) == 3, "its own are none")
            #expect(try await unread(docs) == 3, "a new session begins at the end")
            #expect(try await unread(talk.ada) == 1)
            func read(_ api: API, _ id: String) async throws -> TestResponse {
                try await api.send(.post, "\(talk.path)/topics/general/read", #"{"up_to":"\#(id)"}"#)
            }
            #expect(try await read(talk.bo, one).status == .noContent)
            #expect(try await unread(talk.bo) == 1)
            #expect(try await unread(docs) == 3)
            #expect(try await read(talk.bo, early).status == .noContent)
            #expect(try await unread(talk.bo) == 1, "never back")
            #expect(try await read(docs, two).status == .noContent)
            try await talk.bench.database.read { [talk] transaction in
                let topic = try #require(try transaction.topics.topic(named: "general", meshID: talk.meshID))
                let sender = Mailbox(kind: .member, id: talk.adaID)
                #expect(try transaction.topics.readers(of: 3, topicID: topic.id, but: sender) == 1)
                #expect(try transaction.topics.readers(of: 1, topicID: topic.id, but: sender) == 2)
            }
            _ = try await talk.say(from: talk.adaID, topic: "ci")
            #expect(try await topics(talk, talk.bo).map(\.unread) == [1, 0], "nobody's who is not in it")
        }
    }

    @Test func whoIsNamedIsToldUntilTheyHaveRead() async throws {
        try await talk { talk in
            let docs = try await talk.peer("docs", of: talk.bo)
            var ids: [String] = []
            for (index, name) in ["bo", "bo", "docs"].enumerated() {
                talk.bench.time.advance(1)
                let body = ##"{"to":"#general","body":"@\##(name) look","client_id":"c\##(index)"}"##
                let answer = try await talk.ada.send(.post, "\(talk.path)/messages", body)
                try #require(answer.status == .created, "\(answer.text)")
                ids.append(try answer.decoded(SentMessage.self).id)
            }
            func mentions(_ api: API, _ query: String = "") async throws -> [Mention] {
                try await api.get("\(talk.path)/notifications\(query)")
                    .decodedList("notifications", of: Mention.self)
            }
            func read(_ api: API, _ body: String) async throws -> Int {
                try await api.send(.post, "\(talk.path)/notifications/read", body).decoded(MentionsRead.self).read
            }
            let all = try await mentions(talk.bo)
            #expect(all.map(\.messageId) == ids.reversed() && all[0].from.member.name == "Ada")
            #expect(try await mentions(docs).map(\.messageId) == [ids[2]])
            #expect(try await mentions(talk.ada).isEmpty)
            #expect(try await read(talk.ada, #"{"ids":["\#(all[2].id)"]}"#) == 0, "none of hers")
            #expect(try await read(talk.bo, #"{"ids":["\#(all[2].id)","none"]}"#) == 1)
            #expect(try await mentions(talk.bo, "?unread=1").count == 2)
            #expect(try await read(talk.bo, #"{"up_to":"\#(all[1].id)"}"#) == 1)
            #expect(try await mentions(talk.bo, "?unread=1").map(\.messageId) == [ids[2]])
            _ = try await docs.send(.post, "\(talk.path)/topics/general/read", #"{"up_to":"\#(ids[2])"}"#)
            #expect(try await mentions(talk.bo, "?unread=1").isEmpty, "read with the topic")
            let page = try await talk.bo.get("\(talk.path)/notifications?limit=2").decoded(Listed.self)
            #expect(page.notifications.count == 2 && page.nextCursor != nil)
        }
    }

    @Test func theMeshesSayWhoIsThereAndWhatWaits() async throws {
        try await talk { talk in
            func mesh(_ api: API) async throws -> Mesh {
                try #require(try await api.get("/api/my/meshes").decodedList("meshes", of: Mesh.self).first)
            }
            #expect(try await mesh(talk.bo).here == PeersHere(count: 0, names: []))
            for name in ["a", "b", "c", "d"] {
                talk.bench.time.advance(1)
                _ = try await talk.peer(name, of: talk.ada)
            }
            #expect(try await mesh(talk.bo).here == PeersHere(count: 4, names: ["d", "c", "b"]))
            let box = Mailbox(kind: .member, id: talk.boID)
            let id = try await talk.say(from: talk.adaID, to: [box])
            _ = try await talk.say(from: talk.adaID, to: [box], state: .held)
            #expect(try await mesh(talk.bo).unread == 1)
            try await talk.step(id, at: box, .seen)
            #expect(try await mesh(talk.bo).unread == 0)
            #expect(try await mesh(talk.ada).unread == 0)
            #expect(try await mesh(talk.bo).attention == nil)
            let until = (talk.bench.time.now + 60).formatted(.iso8601)
            _ = try await talk.bo.send(
                .patch, "\(talk.path)/members/me", #"{"attention":"quiet","attention_until":"\#(until)"}"#)
            #expect(try await mesh(talk.bo).attention == .quiet)
            #expect(try await mesh(talk.ada).attention == nil)
            talk.bench.time.advance(61)
            #expect(try await mesh(talk.bo).attention == nil)
        }
    }
}
