// What every mesh has from its beginning, and what a server from before messages gets when it is opened by this one.

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

@Suite struct MeshGroundTests {
    private let now = Date(timeIntervalSince1970: 1_800_000_000)

    /// The migrations of the versions before messages.
    private var before: Assets {
        let names = Assets.embedded.names(under: "migrations/").filter { $0 < "migrations/0010" }
        return Assets(replaced: Dictionary(uniqueKeysWithValues: names.map { ($0, Assets.embedded.text($0) ?? "") }))
    }

    @Test func aServerFromBeforeGetsHandlesCountersAndGeneral() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "meshserver-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = folder + "/data/server.sqlite"
        let old = try SQLiteStore(.file(path), assets: before, now: now)
        try old.writeNow { transaction in
            let people = [("a", "Ana Ruiz"), ("b", "Bo Chen"), ("c", "Bo Díaz"), ("d", "Bo Chen"), ("e", "世界")]
            for (id, name) in people {
                try transaction.accounts.insert(
                    AccountRow(id: id, kind: .person, name: name, passwordChangedAt: now, createdAt: now))
            }
            for mesh in ["m1", "m2"] {
                try transaction.run(
                    "INSERT INTO meshes (id, owner_id, slug, name, name_folded, created_at) VALUES (?1, 'a', ?1, ?1, ?1, 1)",
                    mesh)
                for (index, person) in people.enumerated() {
                    try transaction.run(
                        "INSERT INTO memberships (mesh_id, account_id, membership, joined_at) VALUES (?1, ?2, ?3, ?4)",
                        mesh, person.0, index == 0 ? "owner" : "member", index)
                }
            }
            let credential = CredentialRow(
                id: "k", accountID: "a", kind: .pat, name: "CI", createdAt: now, expiresAt: nil)
            try transaction.credentials.insert(credential, digest: "x")
            for id in ["s1", "s2"] {
                try transaction.run(
                    """
                    INSERT INTO presences (session_id, mesh_id, account_id, credential_id, display_name, pid, host,
                        token_digest, since, heard_at)
                    VALUES (?1, 'm1', 'a', 'k', 'My API', 1, 'box', ?1, ?2, ?2)
                    """, id, now.milliseconds)
            }
        }
        try old.writer.close()

        let database = try SQLiteStore(.file(path), now: now)
        try database.readNow { transaction in
            for mesh in ["m1", "m2"] {
                let members = try transaction.memberships.list(meshID: mesh, page: PageRequest(of: .members))
                #expect(members.map(\.handle) == ["ana", "bo", "bo-diaz", "bo-chen", "member"])
                let topics = try transaction.all("SELECT name, is_general FROM topics WHERE mesh_id = ?1", mesh)
                #expect(try topics.map { try $0["name"] as String } == ["general"])
                #expect(try topics[0]["is_general"] == 1)
            }
            #expect(try transaction.count("SELECT count(*) FROM memberships WHERE vouched = 1") == 10)
            let heads = try ["m1", "m2"].map { try transaction.heads.head(meshID: $0) }
            #expect(heads.allSatisfy { $0?.seq == 0 && $0?.change == 0 } && heads[0]?.epoch != heads[1]?.epoch)
            let handles = try transaction.all("SELECT handle FROM presences ORDER BY session_id")
            #expect(try handles.map { try $0["handle"] as String } == ["my-api", "my-api-2"])
        }
    }

    @Test func aNewMeshHasThemAtOnce() async throws {
        let bench = try Bench()
        try await bench.run { client in
            let ada = try await bench.signIn(try await bench.person("Ada", client), client)
            let mesh = try await ada.send(.post, "/api/my/meshes", #"{"name":"One"}"#).decoded(Mesh.self)
            #expect(mesh.firstContact == .vouched)
            let members = try await ada.get("/api/my/meshes/\(mesh.id)/members").decodedList("members", of: Member.self)
            #expect(members.map(\.handle) == ["ada"])
            try await bench.database.read { transaction in
                #expect(try transaction.heads.head(meshID: mesh.id)?.seq == 0)
                let name = try transaction.first("SELECT name FROM topics WHERE mesh_id = ?1", mesh.id)
                #expect(try name?["name"] == "general")
            }
        }
    }

    @Test func numbersHaveNoGapsAndAreUndoneWithTheirTransaction() async throws {
        let database = try SQLiteStore(.memory, now: now)
        try await database.write { [now] transaction in
            try transaction.accounts.insert(
                AccountRow(id: "a", kind: .person, name: "Ana", passwordChangedAt: now, createdAt: now))
            try transaction.meshes.insert(id: "m", ownerID: "a", slug: "m", name: "m", at: now)
        }
        struct Undone: Error {}
        #expect(try await database.write { try $0.heads.take(meshID: "m", messages: 3, changes: 5)?.seq } == 3)
        await #expect(throws: Undone.self) {
            try await database.write { transaction in
                _ = try transaction.heads.take(meshID: "m", messages: 1, changes: 1)
                throw Undone()
            }
        }
        let head = try await database.write { try $0.heads.take(meshID: "m", messages: 1, changes: 1) }
        #expect(head?.seq == 4 && head?.change == 6)
        #expect(try await database.write { try $0.heads.take(meshID: "none", changes: 1) } == nil)
    }

    /// The owner chooses whose first message waits; an admin may rename.
    @Test func firstContactIsTheOwnersToChoose() async throws {
        let bench = try Bench()
        try await bench.run { client in
            let ada = try await bench.signIn(try await bench.person("Ada", client), client)
            let mesh = try await ada.send(.post, "/api/my/meshes", #"{"name":"One"}"#).decoded(Mesh.self)
            let changed = try await ada.send(.patch, "/api/my/meshes/\(mesh.id)", #"{"first_contact":"ask"}"#)
            #expect(try changed.decoded(Mesh.self).firstContact == .ask)
            #expect(try await ada.send(.patch, "/api/my/meshes/\(mesh.id)", "{}").refusal.field == "name")
            let invite = try await ada.send(
                .post, "/api/my/meshes/\(mesh.id)/invites", #"{"role":"admin","max_uses":1}"#
            ).decoded(Invite.self)
            let bo = try await bench.signIn(try await bench.person("Bo", client), client)
            _ = try await bo.send(.post, "/api/public/invites/\(invite.code)/claim", "{}")
            let refused = try await bo.send(.patch, "/api/my/meshes/\(mesh.id)", #"{"first_contact":"open"}"#)
            #expect(refused.status == .forbidden)
            #expect(try await bo.send(.patch, "/api/my/meshes/\(mesh.id)", #"{"name":"Two"}"#).status == .ok)
        }
    }
}
