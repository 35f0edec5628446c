// Contacts as they are listed, who may say anything about them, and what becomes of them where somebody leaves.

import Foundation
import HTTPTypes
import HummingbirdTesting
import MeshAPI
import MeshStore
import Testing

@testable import MeshServer
@testable import MeshServices

@Suite struct ContactListTests {
    @Test func itIsAPersonsToSay() async throws {
        try await MeshTable.three { table, _, docs, _ in
            let mal = try await table.id("Mal")
            for (method, path, body) in [
                (HTTPRequest.Method.get, "/grants", nil), (.put, "/grants/\(mal)", #"{"can":[]}"#),
                (.delete, "/grants/\(mal)", nil), (.patch, "", #"{"first_contact":"open"}"#),
                (.patch, "/members/me", #"{"first_contact":"ask"}"#), (.get, "/messages?held=1", nil),
            ] {
                let answer = try await docs.send(method, path, body)
                #expect(answer.status == .forbidden, "\(path)")
                #expect(try answer.refusal.error == "person_only", "\(path)")
            }
        }
    }

    @Test func whatIsWrongIsNamed() async throws {
        try await MeshTable.three { table, bo, _, _ in
            let (boID, malID) = (try await table.id("Bo"), try await table.id("Mal"))
            for (id, can, status, field) in [
                (malID, #"["all"]"#, 422, "can[0]"), (malID, #""dm""#, 422, "can"), (boID, "[]", 422, "member_id"),
                ("nobody", "[]", 404, ""),
            ] {
                let answer = try await table.put(bo, id, can)
                #expect(answer.status.code == status, "\(answer.text)")
                #expect(try (answer.refusal.field ?? "") == field, "\(answer.text)")
            }
            #expect(try await bo.send(.delete, "\(table.path)/grants/nobody").status == .notFound)
            let eve = try await table.bench.signIn(try await table.bench.person("Eve", table.client), table.client)
            #expect(try await eve.get("\(table.path)/grants").status == .notFound)
            #expect(try await table.put(eve, malID, "[]").status == .notFound)
            let past = try await bo.send(
                .patch, "\(table.path)/members/me", #"{"attention":"quiet","attention_until":"2001-01-01T00:00:00Z"}"#)
            #expect(try past.refusal.field == "attention_until")
            let open = try await bo.send(.patch, "\(table.path)/members/me", #"{"first_contact":"open"}"#)
            #expect(try open.refusal.field == "first_contact")
            #expect(try await table.audited().isEmpty)
        }
    }

    /// Everybody else, by pages, with how they came.
    @Test func contactsAreListed() async throws {
        try await MeshTable.three { table, bo, _, _ in
            let invite = try await table.owner.send(.post, "\(table.path)/invites", #"{"max_uses":9}"#)
                .decoded(Invite.self)
            let claimed = try await API(client: table.client).send(
                .post, "/api/public/invites/\(invite.code)/claim", #"{"display_name":"Gus"}"#
            ).decoded(InviteClaim.self)
            func brief(_ api: API) async throws -> Set<String> {
                Set(try await table.grants(api).map { "\($0.member.handle ?? "") \($0.state)" })
            }
            let all = try await table.grants(bo)
            #expect(try await brief(bo) == ["ada open", "mal held", "gus held"])
            #expect(all.compactMap(\.by) == [.invite] && all.compactMap(\.guest) == [true])
            let pages = try await bo.get("\(table.path)/grants?limit=2").decoded([String: StringOrList].self)
            let cursor = try #require(pages["next_cursor"]?.text)
            let rest = try await bo.get("\(table.path)/grants?limit=2&cursor=\(cursor)")
            #expect(try rest.decodedList("grants", of: Grant.self) == [all[2]])
            // Blocked, one stays in the list of whoever blocked them after they left.
            let gusID = try #require(claimed.user?.id)
            try await table.put(bo, gusID, "[]")
            let gus = API(client: table.client, token: claimed.token)
            #expect(try await gus.send(.delete, "\(table.path)/members/me").status == .noContent)
            #expect(try await brief(bo) == ["ada open", "mal held", " blocked"])
            #expect(try await brief(table.owner) == ["bo open", "mal held"])
            #expect(try await bo.send(.delete, "\(table.path)/grants/\(gusID)").status == .noContent)
            #expect(try await table.grants(bo).count == 2)
        }
    }

    @Test func whereAMemberLeavesOrAMeshEndsWhatWaitsExpiresAtOnce() async throws {
        try await MeshTable.three { table, bo, _, mal in
            let toBo = try await table.said(table.owner, "bo/docs", id: "c1")
            let held = try await table.said(mal, "bo", id: "c1")
            let fromMal = try await table.said(mal, "ada", id: "c2")
            #expect(try await bo.send(.delete, "\(table.path)/members/me").status == .noContent)
            #expect(try await table.states(toBo.id, table.owner) == [.expired: 1])
            #expect(try await table.states(held.id, mal) == [.expired: 1])
            #expect(try await mal.send(.delete, "\(table.path)/members/me").status == .noContent)
            func state(_ id: String) async throws -> String? {
                try await table.bench.database.read {
                    try $0.first("SELECT state FROM receipts WHERE message_id = ?1", id)?["state"]
                }
            }
            #expect(try await state(fromMal.id) == "expired", "nobody can let in any more who has left")
            let cy = try await table.member("Cy")
            let last = try await table.said(cy, "ada", id: "c1")
            #expect(try await state(last.id) == "queued")
            #expect(try await table.owner.send(.delete, table.path).status == .noContent)
            #expect(try await state(last.id) == "expired")
        }
    }
}

/// A value of a page that is a text, or something else.
private struct StringOrList: Decodable {
    var text: String?

    init(from decoder: any Decoder) throws { text = try? decoder.singleValueContainer().decode(String.self) }
}
