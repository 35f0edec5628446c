// Peers: handles, what waits for one that comes back, what a session's own token may do, and when it is over.

import Foundation
import HTTPTypes
import HummingbirdTesting
import MeshAPI
import MeshStore
import ServerSupport
import Testing

@testable import MeshServer
@testable import MeshServices

@Suite struct PeerTests {
    @Test func whoComesBackUnderAHandleGetsWhatWaitsThere() async throws {
        try await MeshTable.run { table in
            let bo = try await table.member("Bo")
            _ = try await table.session("s1", of: bo, name: "api")
            #expect(try await bo.send(.delete, "\(table.path)/sessions/s1").status == .noContent)
            let sent = try await table.say(table.owner, "bo/api", id: "night").decoded(SentMessage.self)
            #expect(sent.recipients.map(\.who.live) == [false] && sent.recipients[0].who.awaySince != nil)
            let morning = try await table.session("s2", of: bo, name: "api")
            #expect(try await morning.read("unread=1").map(\.id) == [sent.id])
            let told = try await table.owner.get("\(table.path)/messages/\(sent.id)").decoded(Message.self)
            #expect(told.receipts?.map(\.id) == ["s2"])
            // A second at once has another handle, and takes nothing over.
            let second = try await table.session("s3", of: bo, name: "api")
            #expect(try await second.read("unread=1").isEmpty)
            let peers = try await bo.get("\(table.path)/sessions").decodedList("peers", of: Peer.self)
            #expect(peers.map(\.address) == ["bo/api", "bo/api-2"] && peers.map(\.waiting) == [1, 0])
            let all = try await bo.get("\(table.path)/sessions?away=1").decodedList("peers", of: Peer.self)
            #expect(all.map(\.live) == [false, true, true])
        }
    }

    /// Being away changes what wakes it as little as being at work does: it wakes when it is back, but for what never wakes.
    @Test(arguments: [("open", true), ("quiet", false)])
    func whoIsAwayIsWokenWhenItIsBack(attention: String, wakes: Bool) async throws {
        try await MeshTable.run { table in
            let bo = try await table.member("Bo")
            let chosen = #","attention":"\#(attention)""#
            let docs = try await table.session("s1", of: bo, name: "docs", more: chosen)
            let looks = try await table.session("s2", of: bo, name: "looks", receives: "look")
            table.bench.time.advance(91)
            let sent = try await table.say(table.owner, #"["bo/docs","bo/looks"]"#, id: "c1").decoded(SentMessage.self)
            #expect(sent.recipients.map(\.who.live) == [false, false])
            #expect(sent.recipients.map(\.wakes) == [wakes, false])
            _ = try await table.session("s1", of: bo, name: "docs", more: chosen)
            #expect(try await docs.read("unread=1").map { $0.wakes == true } == [wakes])
            let woken = try await looks.read("unread=1").filter { $0.wakes == true }
            #expect(woken.isEmpty)
        }
    }

    /// A session that is registered under another id with the token it had: what waited at the former is not lost.
    @Test func whoTakesATokenOverGetsWhatWaitsAtItsFormerId() async throws {
        try await MeshTable.run { table in
            let bo = try await table.member("Bo")
            let first = try await table.session("s1", of: bo, name: "api")
            let sent = try await table.say(table.owner, "bo/api", id: "night").decoded(SentMessage.self)
            #expect(try await first.report(sent.id, "fetched") == "fetched")
            let named = try await table.say(table.owner, "#general", "@bo/api and @api look", id: "named")
            #expect(named.status == .created)
            table.bench.time.advance(91)
            let body =
                #"{"session_id":"s2","display_name":"other","pid":7,"host":"box","receives":"wake","token_hash":"\#(SecretDigest.of(first.token))"}"#
            #expect(try await bo.send(.post, "\(table.path)/sessions", body).status == .ok)
            let waiting = try await first.read("unread=1")
            #expect(waiting.contains { $0.id == sent.id && $0.state == .queued })
            let told = try await table.owner.get("\(table.path)/messages/\(sent.id)").decoded(Message.self)
            #expect(told.receipts?.map(\.id) == ["s2"])
        }
    }

    @Test func whoFallsSilentHasLeft() async throws {
        try await MeshTable.run { table in
            let bench = table.bench
            _ = try await table.session("s1", of: table.owner, name: "api")
            func events(_ after: String) async throws -> EventPage {
                try await table.owner.get("\(table.path)/events?after=\(after)").decoded(EventPage.self)
            }
            let place = try await table.owner.get("\(table.path)/events").decoded(EventPage.self).cursor
            bench.time.advance(89)
            try await bench.services.tellSilence()
            #expect(try await events(place).brief.isEmpty)
            bench.time.advance(1)
            try await bench.services.tellSilence()
            try await bench.services.tellSilence()
            let left = try await events(place)
            #expect(left.brief == ["peer:left:s1"], "told once")
            _ = try await table.session("s1", of: table.owner, name: "api")
            #expect(try await events(left.cursor).brief == ["peer:joined:s1"])
            bench.time.advance(90)
            try await bench.services.tellSilence()
            #expect(try await events(left.cursor).brief == ["peer:joined:s1", "peer:left:s1"])
        }
    }

    /// The server was away for an hour: who lived when it stopped has a minute to be heard, who was gone stays so.
    @Test func whoWasThereWhenTheServerStoppedIsNotGone() async throws {
        try await MeshTable.run { table in
            let bench = table.bench
            func here() async throws -> [String] {
                try await table.owner.get("\(table.path)/sessions").decodedList("peers", of: Peer.self).map(\.sessionID)
            }
            _ = try await table.session("silent", of: table.owner, name: "silent")
            bench.time.advance(100)
            _ = try await table.session("ended", of: table.owner, name: "ended")
            _ = try await table.owner.send(.delete, "\(table.path)/sessions/ended")
            _ = try await table.session("s1", of: table.owner, name: "api")
            bench.time.advance(80)
            _ = try await table.session("s2", of: table.owner, name: "docs")
            bench.time.advance(3600)
            #expect(try await here().isEmpty)
            try await bench.services.begin()
            #expect(try await Set(here()) == ["s1", "s2"])
            bench.time.advance(59)
            #expect(try await Set(here()) == ["s1", "s2"])
            bench.time.advance(1)
            #expect(try await here().isEmpty)
        }
    }

    @Test func itsOwnTokenRenewsItAndIsOverWhenItMoves() async throws {
        try await MeshTable.run { table in
            let peer = try await table.session("s1", of: table.owner, name: "api", more: #","can":["send"]"#)
            table.bench.time.advance(91)
            let hash = SecretDigest.of(peer.token)
            func body(_ id: String) -> String {
                #"{"session_id":"\#(id)","display_name":"api","pid":7,"host":"box","token_hash":"\#(hash)"}"#
            }
            let renewed = try await peer.send(.post, "/sessions", body("s1")).decoded(Peer.self)
            #expect(renewed.live && renewed.can == [.send] && renewed.cursor != nil)
            #expect(try await peer.send(.post, "/sessions", body("s2")).refusal.error == "person_only")
            let refusal = try await peer.send(.get, "/messages?topic=general").refusal
            #expect(refusal.error == "not_allowed" && refusal.message == "This session may only send (--can send).")
            #expect(try await peer.send(.get, "/sessions").refusal.error == "not_allowed")
            #expect(try await peer.say("#general", id: "c").refusal.error == "not_allowed")
            #expect(try await peer.send(.patch, "/members/me", "{}").refusal.error == "person_only")
            // Taken up again with another token: the former is over.
            let other =
                #"{"session_id":"s1","display_name":"api","pid":7,"host":"box","token_hash":"\#(SecretDigest.of("x"))"}"#
            #expect(try await table.owner.send(.post, "\(table.path)/sessions", other).status == .ok)
            #expect(try await peer.send(.get, "/messages").refusal.error == "moved")
            #expect(try await table.owner.send(.post, "\(table.path)/sessions", body("s1")).refusal.error == "moved")
        }
    }

    @Test func itIsGoodForSevenDays() async throws {
        try await MeshTable.run { table in
            let peer = try await table.session("s1", of: table.owner, name: "api")
            table.bench.time.advance(7 * 86_400 - 1)
            #expect(try await peer.send(.get, "/messages").status == .ok)
            table.bench.time.advance(1)
            #expect(try await peer.send(.get, "/messages").status == .unauthorized)
        }
    }

    @Test func aRemovedMembersSessionsAreToldAndWhatWaitsExpires() async throws {
        try await MeshTable.run { table in
            let bo = try await table.member("Bo")
            let docs = try await table.session("s1", of: bo, name: "docs")
            let sent = try await table.say(table.owner, "bo/docs", id: "c1").decoded(SentMessage.self)
            let id = try await table.bench.accountID("Bo")
            #expect(try await table.owner.send(.delete, "\(table.path)/members/\(id)").status == .noContent)
            #expect(try await docs.send(.get, "/messages").refusal.error == "removed")
            let told = try await table.owner.get("\(table.path)/messages/\(sent.id)").decoded(Message.self)
            #expect(told.states == [.expired: 1])
        }
    }

    @Test func attentionIsNarrowedByASessionAndWidenedByAPerson() async throws {
        try await MeshTable.run { table in
            let bo = try await table.member("Bo")
            let docs = try await table.session("s1", of: bo, name: "docs", more: #","attention":"focus""#)
            let api = try await table.session("s2", of: table.owner, name: "api")
            func wakes(_ id: String) async throws -> Bool? {
                try await api.say("bo/docs", id: id).decoded(SentMessage.self).recipients.first?.wakes
            }
            #expect(try await wakes("c1") == false, "an agent's first word")
            #expect(
                try await docs.send(.patch, "/sessions/s1", #"{"attention":"open"}"#).refusal.error == "person_only")
            #expect(try await docs.send(.patch, "/sessions/s1", #"{"attention":"quiet"}"#).status == .ok)
            #expect(try await docs.send(.patch, "/sessions/s1", #"{"attention":"focus"}"#).status == .ok)
            let changed = try await bo.send(
                .patch, "\(table.path)/sessions/s1", #"{"attention":"open","status":"asking","asks":"Bash"}"#
            )
            .decoded(Peer.self)
            #expect(changed.attention == .open && changed.status == .asking && changed.asks == "Bash")
            #expect(try await wakes("c2") == true)
            let me = try await bo.send(
                .patch, "\(table.path)/members/me", #"{"attention":"quiet","first_contact":"ask"}"#
            )
            .decoded(Member.self)
            #expect(me.attention == .quiet && me.firstContact == .ask)
            #expect(try await wakes("c3") == false)
            // All that lists it says what wakes it, by its person's choice too.
            let listed = try await api.send(.get, "/sessions").decodedList("peers", of: Peer.self)
            #expect(listed.first { $0.sessionID == "s1" }?.attention == .quiet)
        }
    }

    /// Alone or with others in one commit: what was written before counts, and so does what stands before it in the commit.
    @Test func agentsWakeAPeerSixTimesInTenMinutes() async throws {
        try await MeshTable.run { table in
            let (services, meshID) = (table.bench.services, table.meshID)
            _ = try await table.session("s1", of: try await table.member("Bo"), name: "docs")
            let api = try await table.session("s2", of: table.owner, name: "api")
            let reader = try await services.credentials.reader(sessionToken: api.token)
            func wakes(_ numbers: Range<Int>) async throws -> [Bool?] {
                let items = try numbers.map { number in
                    try Outgoing(
                        SendMessage(to: "bo/docs", body: "Hi", clientId: "c\(number)"), by: Speaker(reader),
                        meshID: meshID)
                }
                let now = services.surroundings.now()
                return try await services.database.write(.one(meshID)) { transaction in
                    let batch = try MessageBatch(items, meshID: meshID, in: transaction, isLimited: false, at: now)
                    let wakes = try items.map { try batch.take($0).message.recipients.first?.wakes }
                    _ = try batch.finish()
                    return wakes
                }
            }
            #expect(try await wakes(0..<1) == [true])
            #expect(try await wakes(1..<4) == [true, true, true])
            #expect(try await wakes(4..<8) == [true, true, false, false])
            table.bench.time.advance(WakeRules.seconds)
            #expect(try await wakes(8..<10) == [true, true])
        }
    }
}
