// Putting sessions and members out: who may whom, what ends by it, and what stays.

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

@Suite struct ModerationTests {
    /// Ada owns it, Max is its admin, Bo and Cem belong to it.
    private struct Cast: Sendable {
        var talk: Talk
        var max: API
        var cem: API
        var ids: [String: String]

        var path: String { talk.path }
        func id(_ name: String) throws -> String { try #require(ids[name]) }

        func session(_ id: String, of api: API, name: String? = nil, token: String? = nil) async throws -> API {
            let token = token ?? SecretDigest.of(id)
            let body = """
                {"session_id":"\(id)","display_name":"\(name ?? id)","pid":1,"host":"box","receives":"wake",\
                "token_hash":"\(SecretDigest.of(token))"}
                """
            try #require(try await api.send(.post, "\(path)/sessions", body).status == .ok)
            return API(client: talk.client, token: token, scheme: "ClaudeMesh-Session")
        }

        func post(_ api: API, _ route: String, _ body: String? = nil) async throws -> TestResponse {
            try await api.send(.post, path + route, body)
        }
    }

    private func cast(_ test: @escaping @Sendable (Cast) async throws -> Void) async throws {
        let bench = try Bench { $0.hasLimits = false }
        try await bench.run { client in
            let talk = try await Talk(bench, client)
            func join(_ name: String, _ role: String) async throws -> API {
                let api = try await bench.signIn(try await bench.person(name, client), client)
                let invite = try await talk.ada.send(.post, "\(talk.path)/invites", #"{"role":"\#(role)"}"#)
                    .decoded(Invite.self)
                try #require(try await api.send(.post, "/api/public/invites/\(invite.code)/claim", "{}").status == .ok)
                return api
            }
            let (max, cem) = (try await join("Max", "admin"), try await join("Cem", "member"))
            var ids: [String: String] = [:]
            for name in ["Ada", "Max", "Bo", "Cem"] { ids[name] = try await bench.accountID(name) }
            try await test(Cast(talk: talk, max: max, cem: cem, ids: ids))
        }
    }

    @Test func whoMayPutOutWhom() async throws {
        try await cast { cast in
            let (ada, bo) = (cast.talk.ada, cast.talk.bo)
            for (id, api) in [("a1", ada), ("m1", cast.max), ("b1", bo), ("c1", cast.cem)] {
                _ = try await cast.session(id, of: api)
            }
            func ends(_ api: API, _ id: String) async throws -> Bool {
                let answer = try await cast.post(api, "/sessions/\(id)/disconnect")
                #expect(answer.status == .noContent || answer.status == .forbidden)
                return answer.status == .noContent
            }
            for (api, id) in [(bo, "b1"), (cast.max, "m1"), (ada, "a1"), (cast.max, "c1"), (ada, "m1")] {
                #expect(try await ends(api, id), "\(id)")
            }
            for (api, id) in [(bo, "c1"), (bo, "m1"), (cast.max, "a1")] {
                #expect(try await !ends(api, id), "\(id)")
            }
            func bans(_ api: API, _ name: String) async throws -> HTTPResponse.Status {
                try await cast.post(api, "/members/\(try cast.id(name))/ban").status
            }
            for (api, name) in [
                (bo, "Cem"), (bo, "Bo"), (bo, "Ada"), (cast.max, "Ada"), (cast.max, "Max"), (ada, "Ada"),
            ] { #expect(try await bans(api, name) == .forbidden, "\(name)") }
            #expect(try await cast.post(ada, "/members/nobody/ban").status == .notFound)
            #expect(try await cast.post(ada, "/sessions/nobody/kick").status == .notFound)
            #expect(try await bo.get("\(cast.path)/bans").status == .forbidden)
            #expect(try await bo.send(.delete, "\(cast.path)/members/\(try cast.id("Cem"))/ban").status == .forbidden)
            #expect(try await ada.send(.delete, "\(cast.path)/members/\(try cast.id("Cem"))/ban").status == .notFound)
            #expect(try await bans(cast.max, "Bo") == .noContent)
            #expect(try await bans(ada, "Max") == .noContent)
            #expect(try await bans(ada, "Max") == .notFound, "he is out already")
        }
    }

    @Test func aKickStaysAndANewLaunchIsLetIn() async throws {
        try await cast { cast in
            let (ada, bo) = (cast.talk.ada, cast.talk.bo)
            let docs = try await cast.session("b1", of: bo, name: "docs")
            let waiting = try await ada.send(
                .post, "\(cast.path)/messages", MeshTable.body("bo/docs", "Look", id: "c1")
            ).decoded(SentMessage.self)
            let place = try await cast.talk.now(docs)
            let watching = try await cast.talk.now(ada)
            let poll = Task { try await cast.talk.events(docs, after: place, wait: 25) }
            try await eventually { cast.talk.bench.services.changes.count == 1 }
            #expect(try await cast.post(ada, "/sessions/b1/kick").status == .noContent)
            #expect(try await poll.value.brief == ["ended:kicked"])
            #expect(try await cast.post(ada, "/sessions/b1/kick").status == .noContent, "done before, it is done")
            let refusal = try await docs.get("\(cast.path)/messages")
            #expect(refusal.status == .forbidden)
            #expect(try refusal.refusal.error == "kicked")
            #expect(try refusal.refusal.message == "Put out of Team by Ada. Launch again to come back.")
            let hash = SecretDigest.of(SecretDigest.of("b1"))
            let again = #"{"session_id":"b1","display_name":"docs","pid":1,"host":"box","token_hash":"\#(hash)"}"#
            #expect(try await bo.send(.post, "\(cast.path)/sessions", again).refusal.error == "kicked")
            #expect(try await ada.get("\(cast.path)/sessions").decodedList("peers", of: Peer.self).isEmpty)
            #expect(try await cast.talk.events(ada, after: watching).brief.contains("peer:left:b1"))
            let launched = try await cast.session("b1", of: bo, name: "docs", token: "another")
            let unread = try await launched.get("\(cast.path)/messages?unread=1").decodedList(
                "messages", of: Message.self)
            #expect(unread.map(\.id) == [waiting.id], "what waited for it is there")
            #expect(try await docs.get("\(cast.path)/messages").refusal.error == "kicked", "it stays so")
            let events = try await cast.talk.bench.events(of: cast.talk.adaID, like: "peer.%")
            #expect(events == ["peer.kicked"])
        }
    }

    @Test func aDisconnectedSessionComesBack() async throws {
        try await cast { cast in
            let docs = try await cast.session("b1", of: cast.talk.bo)
            let place = try await cast.talk.now(docs)
            let poll = Task { try await cast.talk.events(docs, after: place, wait: 25) }
            try await eventually { cast.talk.bench.services.changes.count == 1 }
            #expect(try await cast.post(cast.talk.bo, "/sessions/b1/disconnect").status == .noContent)
            let page = try await poll.value
            #expect(page.events.isEmpty && page.cursor != place)
            let next = try await cast.talk.events(docs, after: page.cursor)
            #expect(next.events.isEmpty && next.cursor == page.cursor)
            #expect(try await cast.talk.bench.events(of: cast.talk.boID, like: "peer.%") == ["peer.disconnected"])
        }
    }

    @Test func whoIsIdleTooLongAndAll() async throws {
        try await cast { cast in
            let (ada, bench) = (cast.talk.ada, cast.talk.bench)
            for (id, api) in [("b1", cast.talk.bo), ("b2", cast.talk.bo), ("a1", ada)] {
                _ = try await cast.session(id, of: api)
                let status = id == "b2" ? "working" : "idle"
                _ = try await api.send(.patch, "\(cast.path)/sessions/\(id)", #"{"status":"\#(status)"}"#)
            }
            func kicked(_ api: API, _ body: String) async throws -> [String] {
                try await cast.post(api, "/sessions/kick", body).decoded(KickedSessions.self).kicked.map(\.sessionId)
            }
            #expect(try await kicked(ada, #"{"stale_seconds":60}"#).isEmpty)
            bench.time.advance(60)
            #expect(try await kicked(cast.talk.bo, #"{"stale_seconds":60}"#) == ["b1"], "only his own")
            #expect(try await kicked(ada, #"{"stale_seconds":60}"#) == ["a1"], "one that works is not idle")
            #expect(try await kicked(cast.cem, #"{"all":true}"#).isEmpty)
            #expect(try await kicked(cast.max, #"{"all":true}"#) == ["b2"])
            for body in ["{}", #"{"all":false}"#, #"{"all":true,"stale_seconds":5}"#, #"{"stale_seconds":0}"#] {
                let answer = try await cast.post(ada, "/sessions/kick", body)
                #expect(answer.status == .unprocessableContent, "\(body)")
                #expect(try answer.refusal.field == "stale_seconds")
            }
        }
    }

    @Test func aBanEndsAllByWhichTheyWereIn() async throws {
        try await cast { cast in
            let (ada, max, bench) = (cast.talk.ada, cast.max, cast.talk.bench)
            let session = try await cast.session("m1", of: max)
            let key = try await cast.post(max, "/keys", #"{"label":"ci"}"#).decoded(MeshKey.self)
            let script = API(client: cast.talk.client, token: key.key)
            let invite = try await cast.post(max, "/invites", "{}").decoded(Invite.self)
            let unseen = try await max.send(.post, "\(cast.path)/messages", MeshTable.body("bo", "Hi", id: "c1"))
                .decoded(SentMessage.self)
            let seen = try await max.send(.post, "\(cast.path)/messages", MeshTable.body("cem", "Hi", id: "c2"))
                .decoded(SentMessage.self)
            _ = try await cast.cem.send(
                .post, "\(cast.path)/receipts", #"{"receipts":[{"message_id":"\#(seen.id)","state":"seen"}]}"#)
            let posted = try await max.send(.post, "\(cast.path)/messages", MeshTable.body("#general", "All", id: "c3"))
                .decoded(SentMessage.self)
            let waits = try await cast.talk.bo.send(
                .post, "\(cast.path)/messages", MeshTable.body("max", "You?", id: "c4")
            ).decoded(SentMessage.self)
            let places = (
                try await cast.talk.now(max), try await cast.talk.now(session), try await cast.talk.now(script)
            )
            let (bo, boPlace) = (cast.talk.bo, try await cast.talk.now(cast.talk.bo))
            let polls = [(max, places.0), (session, places.1), (script, places.2)].map { api, place in
                Task { try await cast.talk.events(api, after: place, wait: 25) }
            }
            try await eventually { bench.services.changes.count == 3 }
            #expect(try await cast.post(ada, "/members/\(try cast.id("Max"))/ban").status == .noContent)
            #expect(try await polls[0].value.brief == ["ended:banned"])
            #expect(try await polls[1].value.brief == ["ended:banned"])
            #expect(try await polls[2].value.brief == ["ended:credential"])
            let refusal = try await session.get("\(cast.path)/messages")
            #expect(try (refusal.status, refusal.refusal.error) == (.forbidden, "banned"))
            #expect(try refusal.refusal.message == "You are banned from Team. Ask the mesh's owner.")
            #expect(try await script.get("\(cast.path)/messages").status == .unauthorized)
            #expect(try await max.get("\(cast.path)/members").status == .notFound)
            let told = try await cast.talk.events(bo, after: boPlace)
            #expect(told.brief.contains("withdrawn:\(unseen.id)") && told.brief.contains("member:banned:Max"))
            let receipts = try await bo.get("\(cast.path)/messages/\(waits.id)").decoded(Message.self).receipts
            #expect(receipts?.map(\.state) == [.expired])
            let kept = try await cast.cem.get("\(cast.path)/messages/\(seen.id)").decoded(Message.self)
            #expect(kept.state == .seen && kept.body == "Hi", "what was seen was said")
            let history = try await bo.get("\(cast.path)/messages?topic=general").decodedList(
                "messages", of: Message.self)
            #expect(history.map(\.id) == [posted.id] && history.map(\.from.name) == ["Max"])
            // No way back in, whatever the way.
            let stranger = try await bench.signIn(try await bench.person("Eve", cast.talk.client), cast.talk.client)
            let byHis = try await stranger.send(.post, "/api/public/invites/\(invite.code)/claim", "{}")
            #expect(try byHis.refusal.error == "invite_revoked")
            let fresh = try await cast.post(ada, "/invites", "{}").decoded(Invite.self)
            let joining = try await max.send(.post, "/api/public/invites/\(fresh.code)/claim", "{}")
            #expect(try joining.refusal.message == "You are banned from Team. Ask the mesh's owner.")
            let registering = try await max.send(
                .post, "\(cast.path)/sessions",
                #"{"session_id":"m2","display_name":"m2","pid":1,"host":"box","token_hash":"\#(SecretDigest.of("z"))"}"#
            )
            #expect(try (registering.status, registering.refusal.error) == (.forbidden, "banned"))
            let guest = try await API(client: cast.talk.client).send(
                .post, "/api/public/invites/\(fresh.code)/claim", #"{"display_name":"Maxi"}"#
            ).decoded(InviteClaim.self)
            let adopting = try await max.send(.post, "/api/my/guests", #"{"token":"\#(try #require(guest.token))"}"#)
            #expect(try (adopting.status, adopting.refusal.error) == (.forbidden, "banned"))
            // Listed, and lifted.
            let bans = try await ada.get("\(cast.path)/bans").decodedList("bans", of: Ban.self)
            #expect(bans.map(\.name) == ["Max"] && bans.map(\.by.name) == ["Ada"])
            #expect(try await ada.send(.delete, "\(cast.path)/members/\(try cast.id("Max"))/ban").status == .noContent)
            #expect(try await ada.get("\(cast.path)/bans").decodedList("bans", of: Ban.self).isEmpty)
            let other = try await cast.post(ada, "/invites", "{}").decoded(Invite.self)
            #expect(try await max.send(.post, "/api/public/invites/\(other.code)/claim", "{}").status == .ok)
            #expect(try await script.get("\(cast.path)/messages").status == .unauthorized, "that key is over")
            for event in ["member.banned", "member.unbanned", "mesh.key.revoked"] {
                #expect(try await bench.events(of: cast.talk.adaID, like: event) == [event])
            }
        }
    }

    @Test func aBannedGuestsTokenAndInviteAreOver() async throws {
        try await cast { cast in
            let invite = try await cast.post(cast.talk.ada, "/invites", #"{"max_uses":9}"#).decoded(Invite.self)
            let claim = try await API(client: cast.talk.client).send(
                .post, "/api/public/invites/\(invite.code)/claim", #"{"display_name":"Mallory"}"#
            ).decoded(InviteClaim.self)
            let guest = API(client: cast.talk.client, token: claim.token)
            #expect(try await guest.get("\(cast.path)/members").status == .ok)
            let id = try #require(claim.user?.id)
            #expect(try await cast.post(cast.max, "/members/\(id)/ban").status == .noContent)
            #expect(try await guest.get("/api/my/whoami").status == .unauthorized)
            let again = try await API(client: cast.talk.client).send(
                .post, "/api/public/invites/\(invite.code)/claim", #"{"display_name":"Mallory"}"#)
            #expect(try again.refusal.error == "invite_revoked")
        }
    }

    /// A session's own token does none of it; in an archived mesh there is none of it.
    @Test func itIsForPersonsAndForMeshesThatAre() async throws {
        try await cast { cast in
            let ada = cast.talk.ada
            let session = try await cast.session("a1", of: ada)
            let key = try await cast.post(ada, "/keys", #"{"label":"ci"}"#).decoded(MeshKey.self)
            let script = API(client: cast.talk.client, token: key.key)
            let bo = try cast.id("Bo")
            let all: [(HTTPRequest.Method, String, String?)] = [
                (.post, "/sessions/a1/disconnect", nil), (.post, "/sessions/a1/kick", nil),
                (.post, "/sessions/kick", #"{"all":true}"#), (.post, "/members/\(bo)/ban", nil),
                (.delete, "/members/\(bo)/ban", nil), (.get, "/bans", nil), (.get, "/keys", nil),
                (.post, "/keys", #"{"label":"x"}"#), (.delete, "/keys/\(key.id)", nil),
            ]
            for (method, route, body) in all {
                #expect(
                    try await session.send(method, cast.path + route, body).refusal.error == "person_only", "\(route)")
                #expect(
                    try await script.send(method, cast.path + route, body).refusal.error == "not_allowed", "\(route)")
            }
            #expect(try await ada.send(.delete, cast.path).status == .noContent)
            for (method, route, body) in all {
                #expect(try await ada.send(method, cast.path + route, body).status == .notFound, "\(route)")
            }
            #expect(try await session.get("\(cast.path)/messages").status == .notFound)
            #expect(try await script.get("\(cast.path)/messages").status == .notFound)
        }
    }
}
