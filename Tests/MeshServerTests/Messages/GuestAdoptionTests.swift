// A guest who signs in takes along all they have in the mesh; and nobody is a stranger after the upgrade who was a member before.

import Foundation
import GRDB
import HTTPTypes
import HummingbirdTesting
import MeshAPI
import MeshStore
import Testing

@testable import MeshServer
@testable import MeshServices
@testable import MeshStoreSQLite

@Suite struct GuestAdoptionTests {
    private func guest(_ table: MeshTable) async throws -> API {
        let invite = try await table.owner.send(.post, "\(table.path)/invites", #"{"max_uses":9}"#).decoded(Invite.self)
        let claimed = try await API(client: table.client).send(
            .post, "/api/public/invites/\(invite.code)/claim", #"{"display_name":"Gus"}"#
        ).decoded(InviteClaim.self)
        return API(client: table.client, token: claimed.token)
    }

    private func adopt(_ guest: API, by person: API) async throws {
        let answer = try await person.send(.post, "/api/my/guests", #"{"token":"\#(try #require(guest.token))"}"#)
        try #require(answer.status == .ok, "\(answer.text)")
    }

    @Test func aGuestWhoSignsInTakesAllAlong() async throws {
        try await MeshTable.run { table in
            let (bo, cy) = (try await table.member("Bo"), try await table.member("Cy"))
            let gus = try await guest(table)
            let bot = try await table.session("s-gus", of: gus, name: "bot")
            try await table.put(gus, try await table.id("Ada"), #"["dm","broadcast"]"#)
            _ = try await gus.send(.post, "\(table.path)/topics", #"{"name":"ci"}"#)
            let asks = try await table.said(gus, "cy", "May I?", id: "g1")
            let post = try await table.said(gus, "#general", "Hello", id: "g2")
            let toBot = try await table.said(table.owner, "gus/bot", "For the bot", id: "a1")
            let toGus = try await table.said(table.owner, "gus", "For you", id: "a2")
            let gusID = try #require(try await table.grants(bo).first { $0.guest == true }?.member.id)
            try await table.put(bo, gusID, "[]")

            let eve = try await table.bench.signIn(try await table.bench.person("Eve", table.client), table.client)
            let eveID = try await table.id("Eve")
            try await adopt(gus, by: eve)
            // Sessions and mailboxes.
            let peers = try await eve.get("\(table.path)/sessions").decodedList("peers", of: Peer.self)
            #expect(peers.map(\.address) == ["gus/bot"] && peers.map(\.isSelf) == [true] && peers.map(\.live) == [true])
            #expect(try await bot.read("unread=1").map(\.id) == [toBot.id], "by its own token")
            #expect(try await bot.say("ada", id: "b1").status == .created)
            let waiting = try await eve.get("\(table.path)/messages?unread=1").decodedList("messages", of: Message.self)
            #expect(waiting.map(\.id) == [toGus.id])
            // Authorship.
            let from = try await table.owner.get("\(table.path)/messages/\(post.id)").decoded(Message.self).from.member
            #expect(from.id == eveID && from.name == "Eve")
            #expect(try await table.states(asks.id, eve) == [.held: 1])
            #expect(try await eve.send(.delete, "\(table.path)/messages/\(asks.id)").status == .ok)
            // Contacts and topics.
            #expect(try await table.grant(table.owner, "gus").state == .open)
            #expect(try await table.grant(table.owner, "gus").member.id == eveID)
            #expect(try await table.grant(bo, "gus").state == .blocked)
            #expect(try await table.say(eve, "bo", id: "e1").refusal.error == "blocked")
            #expect(try await table.grant(eve, "ada").by == .letIn)
            #expect(try await table.grant(eve, "cy").by == .wrote)
            let topics = try await eve.get("\(table.path)/topics").decodedList("topics", of: Topic.self)
            #expect(topics.first { $0.name == "ci" }.map { $0.joined && $0.by.id == eveID } == true)
            #expect(try await table.said(cy, "gus", id: "c1").recipients.map(\.who.id) == [eveID])
            let leftOver = try await table.bench.everythingStored().split(separator: "\n").filter { row in
                // The guest's account and credential, the audit, that they left, and how often they wrote a moment ago.
                row.contains(gusID)
                    && !["guest", "hash: ", "member.joined", "member.left", "rule: "].contains(where: row.contains)
            }
            #expect(leftOver.isEmpty, "\(leftOver)")
        }
    }

    @Test func whereTheAccountWasInTheMeshAlreadyBothBecomeOne() async throws {
        try await MeshTable.run { table in
            let (bo, cy) = (try await table.member("Bo"), try await table.member("Cy"))
            let gus = try await guest(table)
            let gusID = try #require(try await table.grants(bo).first { $0.guest == true }?.member.id)
            _ = try await table.session("s-bo", of: bo, name: "api")
            _ = try await table.session("s-gus", of: gus, name: "api")
            _ = try await table.said(bo, "ada", "One", id: "same")
            _ = try await table.said(gus, "ada", "Two", id: "same")
            let both = try await table.said(table.owner, #"["bo","gus"]"#, "Both", id: "a1")
            try await table.put(table.owner, gusID, "[]")
            let seen = try await table.said(cy, "#general", "Read", id: "c1")
            _ = try await gus.send(.post, "\(table.path)/topics/general/read", #"{"up_to":"\#(seen.id)"}"#)
            let cursor = try await bo.get("\(table.path)/events").decoded(EventPage.self).cursor

            try await adopt(gus, by: bo)
            let peers = try await bo.get("\(table.path)/sessions").decodedList("peers", of: Peer.self)
            #expect(Set(peers.map(\.address)) == ["bo/api", "bo/api-2"] && peers.allSatisfy(\.isSelf))
            let members = try await bo.get("\(table.path)/members").decodedList("members", of: Member.self)
            #expect(Set(members.map(\.handle)) == ["ada", "bo", "cy"])
            let told = try await bo.get("\(table.path)/events?after=\(cursor)&wait=0").decoded(EventPage.self)
            #expect(told.brief.contains("member:left:Gus") && !told.brief.contains("member:joined:Bo"))
            #expect(try await table.states(both.id, table.owner) == [.queued: 1])
            let waiting = try await bo.get("\(table.path)/messages?unread=1").decodedList("messages", of: Message.self)
            #expect(waiting.map(\.id) == [both.id])
            // What both call the same is the account's; of two words about one the block stands.
            #expect(try await table.say(bo, "ada", "One", id: "same").status == .ok)
            #expect(try await table.grant(table.owner, "bo").state == .blocked)
            #expect(try await table.say(bo, "ada", id: "b2").refusal.error == "blocked")
            let topics = try await bo.get("\(table.path)/topics").decodedList("topics", of: Topic.self)
            #expect(topics.map(\.unread) == [0])
        }
    }

    /// The migrations of the versions before messages.
    private var before: Assets {
        let names = Assets.embedded.names(under: "migrations/").filter { $0 < "migrations/0010" }
        return Assets(replaced: Dictionary(uniqueKeysWithValues: names.map { ($0, Assets.embedded.text($0) ?? "") }))
    }

    /// An owner, an admin, one who came by a link for many, and a guest, in a database of the version before.
    private func makeFormer(_ path: String, _ people: [(id: String, kind: String, membership: String)]) throws {
        let now = Date(timeIntervalSince1970: 1_700_000_000)
        let old = try SQLiteStore(.file(path), assets: before, now: now)
        try old.writeNow { transaction in
            for (index, person) in people.enumerated() {
                try transaction.accounts.insert(
                    AccountRow(
                        id: person.id, kind: person.kind == "guest" ? .guest : .person, name: person.id,
                        passwordChangedAt: now, createdAt: now))
                let credential = CredentialRow(
                    id: "k-\(person.id)", accountID: person.id, kind: .pat, name: "CI", createdAt: now, expiresAt: nil)
                try transaction.credentials.insert(
                    credential, digest: SecretDigest.of(Self.token(of: person.id)))
                if index == 0 {
                    try transaction.run(
                        """
                        INSERT INTO meshes (id, owner_id, slug, name, name_folded, created_at)
                        VALUES ('m', ?1, 'm', 'm', 'm', 1)
                        """, person.id)
                }
                try transaction.run(
                    "INSERT INTO memberships (mesh_id, account_id, membership, joined_at) VALUES ('m', ?1, ?2, ?3)",
                    person.id, person.membership, index)
            }
        }
        try old.writer.close()
    }

    private static func token(of person: String) -> String {
        TokenForm.make(.pat, bytes: [UInt8](repeating: UInt8(person.utf8.count), count: 32))
    }

    @Test func nobodyIsAStrangerAfterTheUpgradeWhoWasAMemberBefore() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "meshserver-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let people = [
            ("o", "person", "owner"), ("ad", "person", "admin"), ("mem", "person", "member"),
            ("gues", "guest", "member"),
        ]
        try makeFormer(folder + "/data/server.sqlite", people)
        let bench = try Bench { $0.storage = .file(folder + "/data/server.sqlite") }
        try await bench.run { client in
            let table = MeshTable(
                bench: bench, client: client, meshID: "m", owner: API(client: client, token: Self.token(of: "o")))
            for (from, _, _) in people {
                let api = API(client: client, token: Self.token(of: from))
                let grants = try await table.grants(api)
                #expect(grants.count == 3 && grants.allSatisfy { $0.state == .open && $0.by == .vouched })
                for (to, _, _) in people where to != from {
                    let sent = try await table.said(api, to, id: "to-\(to)")
                    #expect(sent.recipients.map(\.state) == [.queued], "\(from) to \(to)")
                }
            }
            // Who comes by a link for several after it is one.
            let mal = try await table.member("Mal", uses: 5)
            #expect(try await table.said(mal, "o", id: "c1").recipients.map(\.state) == [.held])
        }
    }
}
