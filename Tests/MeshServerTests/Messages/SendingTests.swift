// Sending: to whom it goes, what becomes of it, and what is refused with no trace.

import Foundation
import HTTPTypes
import HummingbirdTesting
import MeshAPI
import MeshStore
import ServerSupport
import Testing

@testable import MeshServer
@testable import MeshServices

@Suite struct SendingTests {
    @Test func aMessageIsNumberedReadAnsweredAndToldOf() async throws {
        try await MeshTable.run { table in
            let bo = try await table.member("Bo")
            let api = try await table.session("s-ada", of: table.owner, name: "api")
            let docs = try await table.session("s-bo", of: bo, name: "docs")
            let answer = try await api.say("bo/docs", "May I?", id: "c1")
            #expect(answer.status == .created)
            let sent = try answer.decoded(SentMessage.self)
            #expect((sent.seq, sent.hop, sent.chain) == (1, 0, sent.id))
            #expect(sent.recipients.map(\.who.address) == ["bo/docs"] && sent.recipients[0].state == .queued)
            #expect(sent.recipients[0].wakes == true)

            let waiting = try await docs.read("unread=1")
            #expect(waiting.map(\.body) == ["May I?"] && waiting[0].from.address == "ada/api")
            #expect(waiting[0].state == .queued && waiting[0].wakes == true && waiting[0].states == nil)
            for (state, holds) in [("fetched", "fetched"), ("seen", "seen"), ("handed", "seen"), ("queued", "seen")] {
                #expect(try await docs.report(sent.id, state) == holds)
            }
            #expect(try await docs.read("unread=1").isEmpty)
            let reply = try await docs.say(nil, "Yes", id: "c1", more: #","reply_to":"\#(sent.id.prefix(6))""#)
                .decoded(SentMessage.self)
            #expect((reply.seq, reply.hop, reply.chain) == (2, 1, sent.id))
            #expect(reply.recipients.map(\.who.address) == ["ada/api"])
            let told = try await api.send(.get, "/messages/\(sent.id)").decoded(Message.self)
            #expect(told.states == [.acknowledged: 1] && told.receipts?.first?.times[.seen] != nil)
            #expect(try await api.read("unread=1").map(\.reason) == [.answer])
        }
    }

    private struct Listed: Decodable {
        var messages: [Message]
        var nextCursor: String?
    }

    /// Who was away for long reads what waits to its end.
    @Test(arguments: ["unread=1", "topic=general"])
    func aListIsReadByPagesToItsEnd(query: String) async throws {
        try await MeshTable.run { table in
            let api = try await table.session("s-ada", of: table.owner, name: "api")
            let docs = try await table.session("s-bo", of: try await table.member("Bo"), name: "docs")
            let to = query == "unread=1" ? "bo/docs" : "#general"
            for number in 1...5 {
                #expect(try await api.say(to, "\(number)", id: "c\(number)").status == .created)
            }
            var (read, cursor) = ([String](), "")
            repeat {
                let answer = try await docs.send(.get, "/messages?\(query)&limit=2\(cursor)")
                #expect(answer.status == .ok)
                let page = try answer.decoded(Listed.self)
                read += page.messages.map(\.body)
                cursor = page.nextCursor.map { "&cursor=\($0)" } ?? ""
            } while !cursor.isEmpty
            #expect(read == ["5", "4", "3", "2", "1"])
        }
    }

    @Test func theSameAgainIsTheSameMessage() async throws {
        try await MeshTable.run { table in
            let bo = try await table.member("Bo")
            let docs = try await table.session("s-bo", of: bo, name: "docs")
            let first = try await table.say(table.owner, "bo/docs", id: "build-1")
            #expect(first.status == .created)
            let again = try await table.say(table.owner, "bo/docs", id: "build-1")
            #expect(again.status == .ok && again.text == first.text)
            _ = try await docs.report(try first.decoded(SentMessage.self).id, "seen")
            let later = try await table.say(table.owner, "bo/docs", id: "build-1").decoded(SentMessage.self)
            #expect(later.recipients.map(\.state) == [.seen], "today's states")
            let other = try await table.say(table.owner, "bo/docs", "Other", id: "build-1")
            #expect(other.status == .conflict)
            #expect(try other.refusal.error == "client_id_reused")
            // Another sender's ids are its own.
            #expect(try await table.say(bo, "ada", id: "build-1").status == .created)
            #expect(try await table.bench.database.read { try $0.count("SELECT count(*) FROM messages") } == 2)
        }
    }

    @Test(arguments: [
        (#""body":"Hi""#, #""body":"""#, 422, "body"), (#""body":"Hi""#, #""body":7"#, 422, "body"),
        (#""body":"Hi""#, #""body":"a\u0000""#, 422, "body"),
        (#""client_id":"c""#, #""client_id":"a b""#, 422, "client_id"),
        (#""client_id":"c""#, #""client_id":"""#, 422, "client_id"), (#","to":"ada""#, "", 422, "to"),
        (#""to":"ada""#, #""to":[]"#, 422, "to"), (#""to":"ada""#, #""to":{}"#, 422, "to"),
        (#""to":"ada""#, #""to":"""#, 422, "to"), (#""to":"ada""#, #""to":"@all","within":9"#, 422, "within"),
        (#""to":"ada""#, #""to":"ada","within":604801"#, 422, "within"),
        (#""to":"ada""#, #""to":"ada","reply_to":"nothing"#, 400, ""),
        (#""to":"ada""#, #""to":"ada","reply_to":"nothing""#, 404, "reply_to"),
        (#""to":"ada""#, #""to":"ada","written_at":"noon""#, 422, "written_at"),
    ])
    func whatIsWrongIsNamedAndLeavesNoTrace(part: String, wrong: String, status: Int, field: String) async throws {
        try await MeshTable.run { table in
            let bo = try await table.member("Bo")
            let body = #"{"body":"Hi","client_id":"c","to":"ada"}"#.replacing(part, with: wrong)
            let answer = try await bo.send(.post, "\(table.path)/messages", body)
            #expect(answer.status.code == status, "\(answer.text)")
            #expect(try (answer.refusal.field ?? "") == field)
            let (count, seq) = try await table.bench.database.read { transaction in
                (
                    try transaction.count("SELECT count(*) FROM messages"),
                    try transaction.heads.head(meshID: table.meshID)?.seq
                )
            }
            #expect(count == 0 && seq == 0)
        }
    }

    @Test func aBodyHoldsSixtyFourKibibytes() async throws {
        try await MeshTable.run { table in
            let bo = try await table.member("Bo")
            let most = String(repeating: "é", count: 32 * 1024)
            #expect(try await table.say(bo, "ada", most, id: "c1").status == .created)
            let over = try await table.say(bo, "ada", most + "x", id: "c2")
            #expect(over.status == .contentTooLarge)
            #expect(try over.refusal.error == "too_large")
            // What is escaped may take six times as much.
            let escaped = String(repeating: #"\u0001"#, count: 64 * 1024)
            #expect(try await table.say(bo, "ada", escaped, id: "c3").status == .created)
        }
    }

    @Test func oneOfSeveralThatIsWrongSendsNothing() async throws {
        try await MeshTable.run { table in
            let bo = try await table.member("Bo")
            _ = try await table.session("s-bo", of: bo, name: "docs", role: "reviewer")
            let unknown = try await table.say(table.owner, #"["bo/docs","bo/dosc"]"#, id: "c1")
            #expect(unknown.status == .notFound)
            let refusal = try unknown.refusal
            #expect(refusal.error == "no_recipient" && refusal.address == "bo/dosc")
            #expect(refusal.near?.map(\.address) == ["bo/docs"])
            let role = try await table.say(table.owner, "@tester", id: "c1").refusal
            #expect(role.roles == [RoleHere(role: "reviewer", count: 1)])
            let own = try await table.say(table.owner, "ada", id: "c1")
            #expect(own.status == .unprocessableContent)
            #expect(try own.refusal.error == "self")
            #expect(try await table.bench.database.read { try $0.count("SELECT count(*) FROM messages") } == 0)
        }
    }

    @Test func whatIsSentToAPeerThatTakesNothingIsItsMembers() async throws {
        try await MeshTable.run { table in
            let bo = try await table.member("Bo")
            _ = try await table.session("s-bo", of: bo, name: "docs", receives: "nothing")
            let sent = try await table.say(table.owner, "bo/docs", id: "c1").decoded(SentMessage.self)
            #expect(sent.recipients.map(\.who.address) == ["bo/docs"])
            #expect(sent.recipients.map(\.reason) == ["receives_nothing"])
            let waiting = try await bo.get("\(table.path)/messages?unread=1").decodedList("messages", of: Message.self)
            #expect(waiting.map(\.mailbox?.kind) == [.member])
        }
    }

    @Test func aTopicIsOneRowAndItsMentionsReachWhomTheyName() async throws {
        try await MeshTable.run { table in
            let bo = try await table.member("Bo")
            let docs = try await table.session("s-bo", of: bo, name: "docs")
            let sent = try await table.say(table.owner, "#general", "Look, @docs, not `@ada`, @nobody.", id: "c1")
                .decoded(SentMessage.self)
            #expect(sent.recipients.map(\.state) == [.queued, .posted] && sent.notMentioned == ["nobody"])
            #expect(sent.recipients.last?.who.address == "#general")
            #expect(try await docs.read("unread=1").map(\.reason) == [.mention])
            #expect(try await docs.read("topic=general").map(\.id) == [sent.id])
            #expect(try await table.bench.database.read { try $0.count("SELECT count(*) FROM notifications") } == 1)
            #expect(try await table.say(table.owner, "#cii", id: "c2").status == .notFound)
        }
    }

    @Test func withdrawnIsWhatNobodyHasSeen() async throws {
        try await MeshTable.run { table in
            let bo = try await table.member("Bo")
            let docs = try await table.session("s-bo", of: bo, name: "docs")
            let first = try await table.say(table.owner, "bo/docs", id: "c1").decoded(SentMessage.self)
            let gone = try await table.owner.send(.delete, "\(table.path)/messages/\(first.id)")
            #expect(try gone.decoded(Message.self).states == [.withdrawn: 1])
            #expect(try await docs.read("unread=1").isEmpty)
            #expect(try await docs.send(.get, "/messages/\(first.id)").status == .notFound)
            let second = try await table.say(table.owner, "bo/docs", id: "c2").decoded(SentMessage.self)
            _ = try await docs.report(second.id, "seen")
            let late = try await table.owner.send(.delete, "\(table.path)/messages/\(second.id)")
            #expect(late.status == .conflict)
            #expect(try late.refusal.error == "seen")
            #expect(try await docs.send(.delete, "/messages/\(second.id)").status == .notFound, "not its own")
        }
    }

    @Test func whatWasReadInATopicStaysThere() async throws {
        try await MeshTable.run { table in
            let bo = try await table.member("Bo")
            let first = try await table.say(table.owner, "#general", id: "c1").decoded(SentMessage.self)
            let second = try await table.say(table.owner, "#general", id: "c2").decoded(SentMessage.self)
            _ = try await bo.send(.post, "\(table.path)/topics/general/read", #"{"up_to":"\#(first.id)"}"#)
            let late = try await table.owner.send(.delete, "\(table.path)/messages/\(first.id)")
            #expect(try late.status == .conflict && late.refusal.error == "seen")
            let gone = try await table.owner.send(.delete, "\(table.path)/messages/\(second.id)")
            #expect(try gone.decoded(Message.self).state == .withdrawn, "nobody has read as far")
            let bodies = try await bo.get("\(table.path)/messages?topic=general")
                .decodedList("messages", of: Message.self).map(\.body)
            #expect(bodies == ["", "Hi"])
        }
    }

    @Test func unseenItExpiresAndSeenLateStillCounts() async throws {
        try await MeshTable.run { table in
            let bo = try await table.member("Bo")
            let docs = try await table.session("s-bo", of: bo, name: "docs")
            let sent = try await table.say(table.owner, "bo/docs", id: "c1", more: #","within":60"#)
                .decoded(SentMessage.self)
            table.bench.time.advance(60)
            func state() async throws -> [MessageState: Int]? {
                try await table.owner.get("\(table.path)/messages/\(sent.id)").decoded(Message.self).states
            }
            #expect(try await state() == [.expired: 1], "at once")
            try await table.bench.services.sweep()
            #expect(try await state() == [.expired: 1])
            #expect(try await docs.read("unread=1").isEmpty)
            #expect(try await docs.report(sent.id, "handed") == "expired")
            #expect(try await docs.report(sent.id, "seen") == "seen")
            table.bench.time.advance(31 * 86_400)
            try await table.bench.services.sweep()
            #expect(try await state() != nil, "the newest of a mesh stays")
        }
    }
}
