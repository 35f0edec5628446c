// Mesh keys: made by owners and admins, shown once, good in one mesh for what they were made for.

import Foundation
import HTTPTypes
import HummingbirdTesting
import MeshAPI
import MeshStore
import ServerSupport
import TestSupport
import Testing

@testable import MeshServer
@testable import MeshServices

@Suite struct KeyTests {
    private func table(_ test: @escaping @Sendable (Talk) async throws -> Void) async throws {
        let bench = try Bench { $0.hasLimits = false }
        try await bench.run { client in
            let talk = try await Talk(bench, client)
            _ = try await talk.ada.send(.post, "\(talk.path)/topics", #"{"name":"ci"}"#)
            try await test(talk)
        }
    }

    private func key(_ talk: Talk, _ more: String = "") async throws -> (API, MeshKey) {
        let answer = try await talk.ada.send(.post, "\(talk.path)/keys", #"{"label":"ci"\#(more)}"#)
        try #require(answer.status == .created, "\(answer.text)")
        let key = try answer.decoded(MeshKey.self)
        return (API(client: talk.client, token: key.key), key)
    }

    private func say(
        _ api: API, _ talk: Talk, _ to: String?, _ body: String = "Green", id: String = UUID().uuidString,
        more: String = ""
    ) async throws -> TestResponse {
        try await api.send(.post, "\(talk.path)/messages", MeshTable.body(to, body, id: id, more: more))
    }

    @Test func itIsMadeShownOnceListedAndRevoked() async throws {
        try await table { talk in
            let (script, key) = try await key(talk, ##","topics":["#ci"],"expires_in_days":30"##)
            let secret = try #require(key.key)
            #expect(TokenForm.kind(of: secret, among: [.key]) == .key && key.can == [.send] && key.topics == ["ci"])
            #expect(key.expiresAt == talk.bench.time.now.addingTimeInterval(30 * 86_400))
            #expect(try await !talk.bench.everythingStored().contains(secret))
            let listed = try await talk.ada.get("\(talk.path)/keys").decodedList("keys", of: MeshKey.self)
            #expect(listed.map(\.id) == [key.id] && listed[0].key == nil && listed[0].lastUsedAt == nil)
            #expect(listed[0].by.name == "Ada")
            let who = try await script.get("/api/my/whoami").decoded(WhoIsKey.self).credential
            #expect(who.name == "ci" && who.can == [.send] && who.topics == ["ci"] && who.mesh.id == talk.meshID)
            #expect(who.mesh.slug == "team" && who.mesh.name == "Team" && who.kind == .key)
            let used = try await talk.ada.get("\(talk.path)/keys").decodedList("keys", of: MeshKey.self)
            #expect(used[0].lastUsedAt == talk.bench.time.now)
            #expect(try await talk.bo.get("\(talk.path)/keys").status == .forbidden)
            #expect(try await talk.bo.send(.post, "\(talk.path)/keys", #"{"label":"x"}"#).status == .forbidden)
            #expect(try await talk.bo.send(.delete, "\(talk.path)/keys/\(key.id)").status == .forbidden)
            #expect(try await talk.ada.send(.delete, "\(talk.path)/keys/\(key.id)").status == .noContent)
            #expect(try await talk.ada.send(.delete, "\(talk.path)/keys/\(key.id)").status == .notFound)
            #expect(try await script.get("/api/my/whoami").refusal.error == "token_revoked")
            let audit = try await talk.bench.events(of: talk.adaID, like: "mesh.key.%")
            #expect(audit == ["mesh.key.created", "mesh.key.revoked"])
        }
    }

    @Test(arguments: [
        (#"{"label":""}"#, "label"), (#"{"label":"a","can":[]}"#, "can"), (#"{"label":"a","topics":[]}"#, "topics"),
        (#"{"label":"a","topics":["none"]}"#, "topics"), (#"{"label":"a","expires_in_days":0}"#, "expires_in_days"),
        (#"{"label":"a","expires_in_days":3651}"#, "expires_in_days"), (#"{"label":"a","can":["all"]}"#, "can[0]"),
    ])
    func badInputIsNamed(_ body: String, _ field: String) async throws {
        try await table { talk in
            let answer = try await talk.ada.send(.post, "\(talk.path)/keys", body)
            #expect(answer.status == .unprocessableContent)
            #expect(try answer.refusal.field == field)
        }
    }

    /// A key for one topic posts there and does nothing else.
    @Test func withTopicsItReachesTheseAlone() async throws {
        try await table { talk in
            let (script, key) = try await key(talk, #","topics":["ci"]"#)
            let posted = try await say(script, talk, "#ci", "Build 7 is green, @bo").decoded(SentMessage.self)
            #expect(posted.recipients.last?.state == .posted && posted.hop == 0)
            let docs = try await talk.peer("docs", of: talk.bo)
            let mention = try await say(script, talk, "#ci", "@docs look").decoded(SentMessage.self)
            #expect(mention.recipients.first?.wakes == false, "a key wakes nobody by a mention")
            let seen = try await docs.get("\(talk.path)/messages?topic=ci").decodedList("messages", of: Message.self)
            #expect(seen.map(\.from.kind) == [.key, .key] && seen[0].from.name == "ci" && seen[0].from.address == "ci")
            #expect(seen[0].from.id == key.id && seen[0].from.member.name == "Ada")
            for to in ["#general", "bo", "docs", "@all", "#none", "nobody"] {
                let refused = try await say(script, talk, to)
                #expect(refused.status == .forbidden, "\(to)")
                #expect(try refused.refusal.error == "not_allowed")
                #expect(try refused.refusal.message == "This key may only send to #ci.")
            }
            let elsewhere: [(HTTPRequest.Method, String)] = [
                (.get, "/messages?topic=ci"), (.get, "/members"), (.get, "/sessions"), (.get, "/topics"), (.get, ""),
                (.patch, ""), (.delete, ""), (.post, "/topics"), (.post, "/sessions"), (.get, "/invites"),
                (.put, "/topics/ci/members/me"), (.delete, "/sessions/docs"), (.get, "/notifications"),
                (.delete, "/members/me"), (.delete, "/topics/ci"), (.patch, "/sessions/docs"),
            ]
            for (method, route) in elsewhere {
                let body = method == .get || method == .delete ? nil : "{}"
                let refused = try await script.send(method, talk.path + route, body)
                #expect(refused.status == .forbidden, "\(method) \(route)")
                #expect(try refused.refusal.error == "not_allowed")
            }
            let other = try await talk.ada.send(.post, "/api/my/meshes", #"{"name":"Other"}"#).decoded(Mesh.self)
            for path in [
                "/api/my/meshes", "/api/my/meshes/\(other.id)", "/api/my/meshes/\(other.id)/messages",
                "/api/my/cli/tokens", "/api/my/meshes/\(other.id)/keys",
            ] { #expect(try await script.get(path).status == .unauthorized, "\(path)") }
            #expect(try await script.send(.post, "/api/my/guests", "{}").status == .unauthorized)
            // Deleted, its topic opens nothing else.
            _ = try await talk.ada.send(.delete, "\(talk.path)/topics/ci")
            #expect(try await say(script, talk, "#ci").status == .forbidden)
            #expect(try await say(script, talk, "#general").status == .forbidden)
        }
    }

    @Test func answersAreKeptForItAndReadWithSendAlone() async throws {
        try await table { talk in
            let (script, key) = try await key(talk)
            let place = try await talk.now(script)
            let sent = try await say(script, talk, "bo", "Deploy?").decoded(SentMessage.self)
            _ = try await say(talk.bo, talk, "ada", "Something else")
            _ = try await say(talk.bo, talk, "#general", "To everybody")
            let answered = try await say(talk.bo, talk, nil, "Yes", more: #","reply_to":"\#(sent.id)""#)
            let answer = try answered.decoded(SentMessage.self)
            #expect(answer.recipients.map(\.who.kind) == [.key] && answer.recipients[0].who.id == key.id)
            let events = try await talk.events(script, after: place)
            #expect(events.brief == ["message:\(answer.id)", "receipt:\(sent.id):acknowledged"])
            let all = try await script.get("\(talk.path)/messages").decodedList("messages", of: Message.self)
            #expect(all.map(\.id) == [answer.id, sent.id], "nothing else of what was said")
            let unread = try await script.get("\(talk.path)/messages?unread=1").decodedList(
                "messages", of: Message.self)
            #expect(unread.map(\.body) == ["Yes"] && unread[0].mailbox == Mailbox(kind: .key, id: key.id))
            #expect(try await script.get("\(talk.path)/messages/\(answer.id)").status == .ok)
            let general = try await talk.bo.get("\(talk.path)/messages?topic=general")
                .decodedList("messages", of: Message.self)
            #expect(try await script.get("\(talk.path)/messages/\(general[0].id)").status == .notFound)
            let step = #"{"receipts":[{"message_id":"\#(answer.id)","state":"seen"}]}"#
            let told = try await script.send(.post, "\(talk.path)/receipts", step).decoded(ReceiptsReported.self)
            #expect(told.receipts.map(\.state) == [.seen])
            let again = try await say(script, talk, nil, "Thanks", more: #","reply_to":"\#(answer.id)""#)
                .decoded(SentMessage.self)
            #expect(again.chain == answer.chain && again.hop == answer.hop + 1, "a script goes on with the chain")
            let nobody = try await say(script, talk, "boo")
            #expect(try nobody.refusal.error == "no_recipient" && nobody.refusal.near == nil, "not who else is there")
        }
    }

    /// A script that may only post in a topic hears what is answered it there, and nothing else that is said.
    @Test func answersInATopicAreKeptForItToo() async throws {
        try await table { talk in
            let (script, key) = try await key(talk, #","topics":["ci"]"#)
            let sent = try await say(script, talk, "#ci", "Deploy?").decoded(SentMessage.self)
            _ = try await say(talk.bo, talk, "#ci", "To everybody")
            let answered = try await say(talk.bo, talk, nil, "Yes", more: #","reply_to":"\#(sent.id)""#)
            let answer = try answered.decoded(SentMessage.self)
            #expect(answer.recipients.map(\.who.kind) == [.key, .topic] && answer.recipients[0].state == .queued)
            let heard = try await script.get("\(talk.path)/messages?unread=1").decodedList("messages", of: Message.self)
            #expect(heard.map(\.body) == ["Yes"] && heard[0].mailbox == Mailbox(kind: .key, id: key.id))
            let history = try await talk.ada.get("\(talk.path)/messages?topic=ci").decodedList(
                "messages", of: Message.self)
            #expect(history.map(\.body) == ["Yes", "To everybody", "Deploy?"])
        }
    }

    /// Nobody reads there any more.
    @Test func anEndedKeyIsAnsweredByNobody() async throws {
        try await table { talk in
            let (script, key) = try await key(talk)
            let asked = try await say(script, talk, "bo", "Deploy?").decoded(SentMessage.self)
            let posted = try await say(script, talk, "#ci", "Deploy?").decoded(SentMessage.self)
            #expect(try await talk.ada.send(.delete, "\(talk.path)/keys/\(key.id)").status == .noContent)
            let late = try await say(talk.bo, talk, nil, "Yes", more: #","reply_to":"\#(asked.id)""#)
            #expect(try late.status == .notFound && late.refusal.error == "no_recipient")
            #expect(try late.refusal.address == "ci")
            let there = try await say(talk.bo, talk, nil, "Yes", more: #","reply_to":"\#(posted.id)""#)
            #expect(try there.decoded(SentMessage.self).recipients.map(\.who.kind) == [.topic])
        }
    }

    @Test func readIsHistoryAndEventsOfItsTopics() async throws {
        try await table { talk in
            let (script, _) = try await key(talk, #","can":["read"],"topics":["ci"]"#)
            let place = try await talk.now(script)
            _ = try await say(talk.ada, talk, "#general", "Hall")
            let said = try await say(talk.ada, talk, "#ci", "Red").decoded(SentMessage.self)
            _ = try await say(talk.ada, talk, "bo", "Between us")
            #expect(try await talk.events(script, after: place).brief == ["message:\(said.id)"])
            let history = try await script.get("\(talk.path)/messages?topic=ci").decodedList(
                "messages", of: Message.self)
            #expect(history.map(\.body) == ["Red"])
            #expect(try await script.get("\(talk.path)/messages/\(said.id)").status == .ok)
            #expect(try await script.get("\(talk.path)/messages").decodedList("messages", of: Message.self).isEmpty)
            for topic in ["general", "none"] {
                #expect(try await script.get("\(talk.path)/messages?topic=\(topic)").refusal.error == "not_allowed")
            }
            let refused = try await say(script, talk, "#ci")
            #expect(try refused.refusal.message == "This key may only read #ci.")
            let (maker, _) = try await key(talk, #","can":["topics"]"#)
            #expect(try await maker.send(.post, "\(talk.path)/topics", #"{"name":"deploys"}"#).status == .created)
            #expect(try await say(maker, talk, "#deploys").status == .created)
            #expect(try await say(maker, talk, "bo").refusal.error == "not_allowed")
        }
    }

    @Test func itEndsWithItsTimeAndWithItsMakersMembership() async throws {
        try await table { talk in
            let bench = talk.bench
            let (script, _) = try await key(talk, #","expires_in_days":1"#)
            bench.time.advance(86_380)
            let place = try await talk.now(script)
            let poll = Task { try await talk.events(script, after: place, wait: 25) }
            try await eventually { bench.services.changes.count == 1 }
            for _ in 0..<21 {
                try await eventually { bench.time.timerCount == 1 }
                bench.time.advance(1)
            }
            #expect(try await poll.value.brief == ["ended:credential"])
            #expect(try await script.get("\(talk.path)/messages").refusal.error == "token_expired")
            #expect(try await talk.ada.get("\(talk.path)/keys").decodedList("keys", of: MeshKey.self).isEmpty)
            let invite = try await talk.ada.send(.post, "\(talk.path)/invites", #"{"role":"admin"}"#)
                .decoded(Invite.self)
            let eve = try await bench.signIn(try await bench.person("Eve", talk.client), talk.client)
            _ = try await eve.send(.post, "/api/public/invites/\(invite.code)/claim", "{}")
            let made = try await eve.send(.post, "\(talk.path)/keys", #"{"label":"hers"}"#).decoded(MeshKey.self)
            let hers = API(client: talk.client, token: made.key)
            #expect(try await hers.get("\(talk.path)/messages").status == .ok)
            #expect(try await eve.send(.delete, "\(talk.path)/members/me").status == .noContent)
            #expect(try await hers.get("\(talk.path)/messages").refusal.error == "token_revoked")
        }
    }

    @Test func itSignsNobodyInAndWhatIsNoneIsTold() async throws {
        try await table { talk in
            for (token, code) in [
                ("cm_key_abc", "token_malformed"),
                (TokenForm.make(.key, bytes: [UInt8](repeating: 3, count: 32)), "token_unknown"),
            ] {
                let script = API(client: talk.client, token: token)
                for path in ["/api/my/whoami", "/api/my/meshes", "\(talk.path)/messages", "\(talk.path)/keys"] {
                    let refused = try await script.get(path)
                    #expect(refused.status == .unauthorized, "\(path)")
                    #expect(try refused.refusal.error == code)
                }
            }
            let (script, _) = try await key(talk)
            let invite = try await talk.ada.send(.post, "\(talk.path)/invites", "{}").decoded(Invite.self)
            let claim = try await script.send(.post, "/api/public/invites/\(invite.code)/claim", "{}")
            #expect(claim.status == .unauthorized)
        }
    }
}
