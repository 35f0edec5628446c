// Who may say what: what waits, let in, refused, blocked; what first contact, an answer and a broadcast may.

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

extension MeshTable {
    func grants(_ api: API) async throws -> [Grant] {
        try await api.get("\(path)/grants").decodedList("grants", of: Grant.self)
    }

    func grant(_ api: API, _ handle: String) async throws -> Grant {
        try #require(try await grants(api).first { $0.member.handle == handle })
    }

    @discardableResult
    func put(_ api: API, _ memberID: String, _ can: String) async throws -> TestResponse {
        try await api.send(.put, "\(path)/grants/\(memberID)", #"{"can":\#(can)}"#)
    }

    /// What became of a message, by state.
    func states(_ id: String, _ api: API) async throws -> [MessageState: Int] {
        try await api.get("\(path)/messages/\(id)").decoded(Message.self).states ?? [:]
    }

    /// The id of a message that was taken.
    func said(_ api: API, _ to: String?, _ body: String = "Hi", id: String, more: String = "") async throws
        -> SentMessage
    {
        let answer = try await say(api, to, body, id: id, more: more)
        try #require(answer.status == .created, "\(answer.text)")
        return try answer.decoded(SentMessage.self)
    }

    func id(_ name: String) async throws -> String { try await bench.accountID(name) }

    /// What the audit says of grants and meshes: event and actor.
    func audited() async throws -> [String] {
        try await bench.database.read { transaction in
            try transaction.all("SELECT body FROM audit ORDER BY number") { try $0[0] as String }
        }.map { try WireJSON.decode(AuditRow.self, from: Data($0.utf8)).event }
            .filter { ["mesh.grant.changed", "mesh.changed"].contains($0) }
    }

    /// Ada's mesh, Bo whom she invited singly with a session `docs`, and Mal, who came by a link for several.
    static func three(
        _ test:
            @escaping @Sendable (_ table: MeshTable, _ bo: API, _ docs: MeshTable.PeerAPI, _ mal: API) async throws
            -> Void
    ) async throws {
        try await MeshTable.run { table in
            let bo = try await table.member("Bo")
            let mal = try await table.member("Mal", uses: 5)
            try await test(table, bo, try await table.session("s-bo", of: bo, name: "docs"), mal)
        }
    }
}

@Suite struct GrantTests {
    @Test func aFirstWordIsLetInOnceAndThenAllIsFree() async throws {
        try await MeshTable.three { table, bo, docs, mal in
            let first = try await table.said(mal, "bo/docs", "First", id: "c1")
            #expect(first.recipients.map(\.state) == [.held])
            #expect(try await docs.read("unread=1").isEmpty)
            #expect(try await docs.send(.get, "/messages/\(first.id)").status == .notFound)
            let asks = try await table.grant(bo, "mal")
            #expect(asks.state == .held && asks.held == 1 && asks.can.isEmpty && asks.by == nil && asks.guest == nil)
            #expect(asks.invitedBy?.handle == "ada" && asks.invite == Grant.ByInvite(uses: 1, maxUses: 5))

            let cursor = try await docs.send(.get, "/events").decoded(EventPage.self).cursor
            let follow = Task { try await docs.send(.get, "/events?after=\(cursor)&wait=25").decoded(EventPage.self) }
            try await eventually { table.bench.services.changes.count == 1 }
            let open = try await table.put(bo, try await table.id("Mal"), #"["dm","broadcast"]"#).decoded(Grant.self)
            #expect(open.state == .open && open.can == [.dm, .broadcast] && open.by == .letIn && open.held == nil)
            let came = try await follow.value
            #expect(came.brief == ["message:\(first.id)"], "in force on an open poll")
            guard case .message(let message)? = came.events.first else { return }
            #expect(message.state == .queued && message.wakes == true && message.body == "First")
            #expect(try await table.states(first.id, mal) == [.queued: 1])
            let next = try await table.said(mal, "@docs", id: "c2")
            #expect(next.recipients.map(\.state) == [.queued])
            #expect(try await table.audited() == ["mesh.grant.changed", "mesh.grant.changed"], "Mal wrote, Bo let in")
        }
    }

    @Test func whoIsRefusedMayAskAgainTomorrow() async throws {
        try await MeshTable.three { table, bo, docs, mal in
            let first = try await table.said(mal, "bo/docs", id: "c1")
            let body = #"{"receipts":[{"message_id":"\#(first.id)","state":"refused"}]}"#
            #expect(try await docs.report(first.id, "refused") == nil, "a person's alone")
            let told = try await bo.send(.post, "\(table.path)/receipts", body).decoded(ReceiptsReported.self)
            #expect(told.receipts.map(\.state) == [.refused])
            #expect(try await table.states(first.id, mal) == [.refused: 1])
            #expect(try await table.grant(bo, "mal").state == .refused)
            let again = try await table.say(mal, "bo", id: "c2").refusal
            #expect(again.error == "not_allowed" && again.reason == "refused_before")
            #expect(again.message == "Bo did not take your message. You can ask again tomorrow.")
            table.bench.time.advance(86_400)
            #expect(try await table.said(mal, "bo", id: "c3").recipients.map(\.state) == [.held])
            #expect(try await table.grant(bo, "mal").state == .held)
            #expect(try await table.audited().suffix(1) == ["mesh.grant.changed"])
        }
    }

    @Test func whoIsBlockedReachesNobodyByAnyWay() async throws {
        try await MeshTable.three { table, bo, docs, mal in
            let malID = try await table.id("Mal")
            let asked = try await docs.say("mal", "A question", id: "q").decoded(SentMessage.self)
            let held = try await table.said(mal, "bo/docs", id: "c1")
            let blocked = try await table.put(bo, malID, "[]").decoded(Grant.self)
            #expect(blocked.state == .blocked && blocked.can.isEmpty)
            let told = try await mal.get("\(table.path)/messages/\(held.id)").decoded(Message.self)
            #expect(told.receipts?.map(\.reason) == ["blocked"] && told.states == [.refused: 1])
            let cursor = try await docs.send(.get, "/events").decoded(EventPage.self).cursor
            for (to, more) in [("bo", ""), ("bo/docs", ""), ("bo/docs", #","reply_to":"\#(asked.id)""#)] {
                let answer = try await table.say(mal, to, id: "d\(to)\(more.count)", more: more)
                #expect(answer.status == .forbidden)
                let refusal = try answer.refusal
                #expect(refusal.error == "blocked" && refusal.candidates?.first?.member?.name == "Bo")
            }
            #expect(try await table.say(mal, "@docs", id: "e1").refusal.reason == "no_broadcast")
            let post = try await table.said(mal, "#general", "Look, @docs and @bo", id: "e2")
            #expect(post.notMentioned == ["docs", "bo"])
            #expect(try await docs.read("topic=general").isEmpty)
            #expect(try await docs.send(.get, "/messages/\(post.id)").status == .notFound)
            let mentions = try await docs.send(.get, "/notifications").text
            #expect(!mentions.contains(post.id))
            let events = try await docs.send(.get, "/events?after=\(cursor)&wait=0").decoded(EventPage.self)
            #expect(events.brief.allSatisfy { !$0.contains(post.id) })
            #expect(try await docs.say(nil, id: "r", more: #","reply_to":"\#(post.id)""#).status == .notFound)
            // Others read it, and Bo again once Mal is a stranger like before.
            #expect(try await table.owner.get("\(table.path)/messages/\(post.id)").status == .ok)
            #expect(try await bo.send(.delete, "\(table.path)/grants/\(malID)").status == .noContent)
            #expect(try await docs.read("topic=general").map(\.id) == [post.id])
            #expect(try await table.said(mal, "bo", id: "f").recipients.map(\.state) == [.held])
        }
    }

    @Test func broadcastIsAGrantOfItsOwn() async throws {
        try await MeshTable.three { table, bo, docs, _ in
            let adaID = try await table.id("Ada")
            #expect(try await table.grant(bo, "ada").by == .invite)
            try await table.put(bo, adaID, #"["dm"]"#)
            #expect(try await table.said(table.owner, "bo/docs", id: "c1").recipients.map(\.state) == [.queued])
            let all = try await table.say(table.owner, "@docs", id: "c2").refusal
            #expect(all.error == "not_allowed" && all.reason == "no_broadcast")
            #expect(all.message == "Bo takes no messages to everyone from you.")
            let post = try await table.said(table.owner, "#general", "Hello @docs", id: "c3")
            #expect(post.notMentioned == ["docs"])
            #expect(try await docs.read("topic=general").count == 1, "the topic is not a broadcast")
            try await table.put(bo, adaID, #"["broadcast"]"#)
            #expect(try await table.say(table.owner, "bo", id: "c4").refusal.error == "blocked")
            #expect(try await table.said(table.owner, "@docs", id: "c5").recipients.map(\.state) == [.queued])
            #expect(try await bo.send(.delete, "\(table.path)/grants/\(adaID)").status == .noContent)
            #expect(try await table.grant(bo, "ada").can == [.dm, .broadcast], "as first contact has it")
        }
    }

    @Test func aPersonsWordLetsInAndAnAgentsItsAnswersAlone() async throws {
        try await MeshTable.three { table, bo, docs, mal in
            let bot = try await table.session("s-mal", of: mal, name: "bot")
            _ = try await table.session("s-bo2", of: bo, name: "api")
            try await table.put(mal, try await table.id("Bo"), #"["dm","broadcast"]"#)
            let post = try await docs.say("#general", "Who knows?", id: "p").decoded(SentMessage.self)
            let said = try await docs.say("mal/bot", "You?", id: "q").decoded(SentMessage.self)
            // What stands in a topic is nobody's question to Mal; nor is one's question every session's.
            let sly = try await bot.say("bo/docs", id: "a1", more: #","reply_to":"\#(post.id)""#)
            #expect(try sly.decoded(SentMessage.self).recipients.map(\.state) == [.held])
            let answer = try await bot.say(nil, "I", id: "a2", more: #","reply_to":"\#(said.id)""#)
            #expect(try answer.decoded(SentMessage.self).recipients.map(\.state) == [.queued])
            let other = try await bot.say("bo/api", id: "a3", more: #","reply_to":"\#(said.id)""#)
            #expect(try other.refusal.error == "held_full")
            #expect(try await table.grant(bo, "mal").state == .held)
            // A person's word: what waits goes on, and the next is free.
            let cursor = try await docs.send(.get, "/events").decoded(EventPage.self).cursor
            _ = try await table.said(bo, "mal", "Welcome", id: "w")
            let events = try await docs.send(.get, "/events?after=\(cursor)&wait=0").decoded(EventPage.self)
            #expect(events.brief.count { $0.hasPrefix("message:") } == 1)
            let grant = try await table.grant(bo, "mal")
            #expect(grant.state == .open && grant.by == .wrote && grant.held == nil)
            #expect(try await bot.say("bo/api", id: "a4").status == .created)
        }
    }

    @Test func aWordToWhomOneRefusedLetsInAndToWhomOneBlockedDoesNot() async throws {
        try await MeshTable.three { table, bo, _, mal in
            let first = try await table.said(mal, "bo", id: "c1")
            let body = #"{"receipts":[{"message_id":"\#(first.id)","state":"refused"}]}"#
            _ = try await bo.send(.post, "\(table.path)/receipts", body)
            _ = try await table.said(bo, "mal", id: "c1")
            #expect(try await table.grant(bo, "mal").state == .open)
            try await table.put(bo, try await table.id("Mal"), "[]")
            _ = try await table.said(bo, "mal", id: "c2")
            #expect(try await table.grant(bo, "mal").state == .blocked)
        }
    }

    @Test func firstContactIsInForceForWhatWaits() async throws {
        try await MeshTable.three { table, bo, docs, mal in
            let first = try await table.said(mal, "bo/docs", id: "c1")
            let mesh = try await table.owner.send(.patch, table.path, #"{"first_contact":"open","name":"Plans"}"#)
            #expect(try mesh.decoded(Mesh.self).firstContact == .open)
            #expect(try await docs.read("unread=1").map(\.id) == [first.id])
            #expect(try await table.grant(bo, "mal").state == .open)
            // One who is asked first is asked by those whom all know, too.
            let me = try await bo.send(.patch, "\(table.path)/members/me", #"{"first_contact":"ask"}"#)
            #expect(try me.decoded(Member.self).firstContact == .ask)
            let asked = try await table.said(table.owner, "bo", id: "c2")
            #expect(asked.recipients.map(\.state) == [.held])
            _ = try await bo.send(.patch, "\(table.path)/members/me", #"{"first_contact":null}"#)
            #expect(try await table.states(asked.id, table.owner) == [.queued: 1])
            #expect(
                try await table.audited() == [
                    "mesh.grant.changed", "mesh.changed", "mesh.grant.changed", "mesh.grant.changed",
                ], "Mal's word let Bo in at Mal's; the mesh; Bo twice")
        }
    }

    @Test func aHundredWaitOneOfEachForSevenDays() async throws {
        try await MeshTable.three { table, bo, _, mal in
            let first = try await table.said(mal, "bo", id: "c1")
            #expect(try await table.say(mal, "bo", id: "c2").refusal.error == "held_full")
            let boID = try await table.id("Bo")
            try await table.bench.database.write { transaction in
                for number in 0..<98 {
                    try transaction.run(
                        """
                        INSERT INTO receipts (message_id, mailbox_kind, mailbox_id, mesh_id, seq, change, account_id,
                            address, name, from_kind, from_id, from_account, state, reason, created_at, expires_at, at)
                        SELECT message_id, mailbox_kind, ?2, mesh_id, seq, change, account_id, address, name, from_kind,
                            from_id, ?2, state, reason, created_at, expires_at, at
                        FROM receipts WHERE message_id = ?1 AND account_id = ?3 AND from_account <> 'x0'
                            AND mailbox_kind = 'member' AND mailbox_id = ?3
                        """, first.id, "x\(number)", boID)
                }
            }
            let eve = try await table.member("Eve", uses: 5)
            let ian = try await table.member("Ian", uses: 5)
            #expect(try await table.said(eve, "bo", id: "c1").recipients.map(\.state) == [.held])
            let full = try await table.say(ian, "bo", id: "c1")
            #expect(full.status == .tooManyRequests && full.headers[.retryAfter] != nil)
            table.bench.time.advance(7 * 86_400)
            #expect(try await table.states(first.id, mal) == [.expired: 99])
            #expect(try await table.said(ian, "bo", id: "c2").recipients.map(\.state) == [.held], "that is over")
            #expect(try await table.put(bo, try await table.id("Mal"), #"["dm","broadcast"]"#).status == .ok)
            #expect(try await table.states(first.id, mal) == [.expired: 99], "too late")
        }
    }
}
