// Meshes: names and slugs, lists by pages, a POST that is sent twice.

import Foundation
import HTTPTypes
import HummingbirdTesting
import MeshAPI
import ServerSupport
import Testing

@testable import MeshServer
@testable import MeshServices

@Suite struct MeshTests {
    @Test func aMeshIsMadeAndListed() async throws {
        let bench = try Bench()
        try await bench.run { client in
            let api = try await bench.signIn(try await bench.person("Ada", client), client)
            let answer = try await api.send(.post, "/api/my/meshes", #"{"name":" Équipe d'été "}"#)
            #expect(answer.status == .created)
            let mesh = try answer.decoded(Mesh.self)
            #expect((mesh.name, mesh.slug) == ("Équipe d'été", "equipe-dete"))
            #expect((mesh.membership, mesh.memberCount, mesh.ownerName) == (.owner, 1, "Ada"))
            #expect(mesh.createdAt == bench.time.now)
            var listed = mesh
            (listed.here, listed.unread) = (PeersHere(count: 0, names: []), 0)
            #expect(try await api.get("/api/my/meshes").decodedList("meshes", of: Mesh.self) == [listed])
            var one = mesh
            one.unread = 0
            #expect(try await api.get("/api/my/meshes/\(mesh.id)").decoded(Mesh.self) == one)
        }
    }

    @Test func whatSomebodyElseHasIsNotThere() async throws {
        let bench = try Bench()
        try await bench.run { client in
            let ada = try await bench.signIn(try await bench.person("Ada", client), client)
            let eve = try await bench.signIn(try await bench.person("Eve", client), client)
            let mesh = try await ada.send(.post, "/api/my/meshes", #"{"name":"x"}"#).decoded(Mesh.self)
            #expect(try await eve.get("/api/my/meshes/\(mesh.id)").status == .notFound)
            #expect(try await eve.get("/api/my/meshes").text == #"{"meshes":[]}"#)
            #expect(
                try await eve.send(.post, "/api/my/meshes", #"{"name":"x"}"#).status == .created, "slugs are per owner")
        }
    }

    @Test func aTakenSlugSuggestsAFreeOne() async throws {
        let bench = try Bench()
        try await bench.run { client in
            let api = try await bench.signIn(try await bench.person("Ada", client), client)
            _ = try await api.send(.post, "/api/my/meshes", #"{"name":"Platform team"}"#)
            let taken = try await api.send(.post, "/api/my/meshes", #"{"name":"platform TEAM"}"#)
            #expect(taken.status == .conflict)
            #expect(try taken.refusal.error == "slug_taken")
            #expect(try taken.refusal.suggestion == "platform-team-2")
            let body = #"{"name":"platform TEAM","slug":"platform-team-2"}"#
            #expect(try await api.send(.post, "/api/my/meshes", body).status == .created)
            #expect(try await api.send(.post, "/api/my/meshes", body).refusal.suggestion == "platform-team-2-2")
            let long = String(repeating: "a", count: 40)
            _ = try await api.send(.post, "/api/my/meshes", #"{"name":"\#(long)"}"#)
            let again = try await api.send(.post, "/api/my/meshes", #"{"name":"\#(long)"}"#).refusal.suggestion
            #expect(again == String(repeating: "a", count: 38) + "-2")
        }
    }

    @Test(arguments: [
        (#"{}"#, "name"), (#"{"name":""}"#, "name"), (#"{"name":"\u200b"}"#, "name"), (#"{"name":"a\u0007b"}"#, "name"),
        (#"{"name":7}"#, "name"), (#"{"name":"x","slug":"A b"}"#, "slug"), (#"{"name":"x","slug":""}"#, "slug"),
        (#"{"name":"x","slug":"a--b"}"#, "slug"),
    ])
    func whatIsWrongIsNamed(body: String, field: String) async throws {
        let bench = try Bench()
        try await bench.run { client in
            let api = try await bench.signIn(try await bench.person("Ada", client), client)
            let answer = try await api.send(.post, "/api/my/meshes", body)
            #expect(answer.status == .unprocessableContent)
            #expect(try answer.refusal.field == field)
            #expect(try await api.get("/api/my/meshes").text == #"{"meshes":[]}"#)
        }
    }

    @Test func theSameKeyMakesOneMesh() async throws {
        let bench = try Bench()
        try await bench.run { client in
            let ada = try await bench.person("Ada", client)
            let api = try await bench.signIn(ada, client)
            let key: HTTPFields = [.idempotencyKey: "one"]
            let first = try await api.send(.post, "/api/my/meshes", #"{"name":"x"}"#, headers: key)
            bench.time.advance(3600)
            let again = try await api.send(.post, "/api/my/meshes", #"{"name":"x"}"#, headers: key)
            #expect(again.status == .created)
            #expect(again.text == first.text)
            for bad in ["", "a b", String(repeating: "a", count: 256)] {
                let answer = try await api.send(
                    .post, "/api/my/meshes", #"{"name":"z"}"#, headers: [.idempotencyKey: bad])
                #expect(try answer.refusal.field == "Idempotency-Key")
            }
            let other = try await api.send(.post, "/api/my/meshes", #"{"name":"y"}"#, headers: key)
            #expect(other.status == .unprocessableContent)
            let eve = try await bench.signIn(try await bench.person("Eve", client), client)
            let hers = try await eve.send(.post, "/api/my/meshes", #"{"name":"x"}"#, headers: key)
            #expect(hers.status == .created)
            #expect(hers.text != first.text)
            bench.time.advance(86_400)
            #expect(try await api.send(.post, "/api/my/meshes", #"{"name":"x"}"#, headers: key).status == .conflict)
        }
    }

    @Test func listsComeByPagesAndRowsThatComeShiftNothing() async throws {
        let bench = try Bench { $0.hasLimits = false }
        try await bench.run { client in
            let api = try await bench.signIn(try await bench.person("Ada", client), client)
            for number in 0..<7 { _ = try await api.send(.post, "/api/my/meshes", #"{"name":"m\#(number)"}"#) }
            var names: [String] = []
            var path = "/api/my/meshes?limit=3"
            while true {
                let answer = try await api.get(path)
                names += try answer.decodedMeshes().map(\.name)
                guard let cursor = try answer.decoded(NextCursor.self).nextCursor else { break }
                path = "/api/my/meshes?limit=3&cursor=\(cursor)"
            }
            #expect(names.count == 7)
            #expect(Set(names).count == 7)
        }
    }

    @Test func aCursorIsGoodInItsOwnListAlone() async throws {
        let bench = try Bench { $0.hasLimits = false }
        try await bench.run { client in
            let api = try await bench.signIn(try await bench.person("Ada", client), client)
            var id = ""
            for number in 0..<2 {
                id = try await api.send(.post, "/api/my/meshes", #"{"name":"m\#(number)"}"#).decoded(Mesh.self).id
                _ = try await api.send(.post, "/api/my/cli/tokens", #"{"name":"t\#(number)"}"#)
            }
            let lists = [
                "/api/my/meshes", "/api/my/cli/tokens", "/api/my/cli/sessions", "/api/my/meshes/\(id)/members",
                "/api/my/meshes/\(id)/invites", "/api/my/meshes/\(id)/sessions",
            ]
            for giver in lists.prefix(2) {
                let first = try await api.get("\(giver)?limit=1")
                let cursor = try #require(try first.decoded(NextCursor.self).nextCursor)
                for list in lists {
                    let answer = try await api.get("\(list)?cursor=\(cursor)")
                    #expect(answer.status == (list == giver ? .ok : .unprocessableContent), "\(giver) in \(list)")
                    if list != giver { #expect(try answer.refusal.field == "cursor") }
                }
            }
        }
    }

    @Test(arguments: [
        "limit=0", "limit=1001", "limit=x", "cursor=!", "cursor=aaaa", "q=\(String(repeating: "x", count: 65))",
        "q=%00", "q=a%1Bb",
    ])
    func aBadPageIsNamed(query: String) async throws {
        let bench = try Bench()
        try await bench.run { client in
            let api = try await bench.signIn(try await bench.person("Ada", client), client)
            let answer = try await api.get("/api/my/meshes?\(query)")
            #expect(answer.status == .unprocessableContent)
            #expect(try answer.refusal.field == String(query.prefix { $0 != "=" }))
        }
    }

    @Test func aQueryFindsNamesAndSlugsWithoutMarks() async throws {
        let bench = try Bench()
        try await bench.run { client in
            let api = try await bench.signIn(try await bench.person("Ada", client), client)
            for name in ["Été 100%", "Planning", "under_score", "Data Team"] {
                _ = try await api.send(.post, "/api/my/meshes", #"{"name":"\#(name)"}"#)
            }
            func found(_ query: String) async throws -> [String] {
                try await api.get("/api/my/meshes?q=\(PercentCoding.encode(query))").decodedMeshes().map(\.name)
            }
            #expect(try await found("ete") == ["Été 100%"])
            #expect(try await found("PLAN") == ["Planning"])
            #expect(try await found("%") == ["Été 100%"])
            #expect(try await found("_") == ["under_score"])
            #expect(try await found("zzz") == [])
            let form = try await api.get("/api/my/meshes?q=data+team").decodedMeshes().map(\.name)
            #expect(form == ["Data Team"], "a space as forms send it")
        }
    }
}

struct NextCursor: Decodable {
    var nextCursor: String?
}

extension TestResponse {
    /// The meshes of a page, whether or not another follows.
    func decodedMeshes() throws -> [Mesh] {
        struct List: Decodable { var meshes: [Mesh] }
        return try decoded(List.self).meshes
    }
}
