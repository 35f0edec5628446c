// Members, and what changes a mesh: who may do what.

import Foundation
import HTTPTypes
import HummingbirdTesting
import MeshAPI
import Testing

@testable import MeshServer
@testable import MeshServices

@Suite struct MemberTests {
    private struct Cast: Sendable {
        var owner: API
        var admin: API
        var member: API
        var stranger: API
        var mesh: Mesh
        var ids: [String: String]
    }

    private func cast(_ bench: Bench, _ client: any TestClientProtocol) async throws -> Cast {
        func sign(_ name: String) async throws -> API {
            try await bench.signIn(try await bench.person(name, client), client)
        }
        let owner = try await sign("Ada")
        let mesh = try await owner.send(.post, "/api/my/meshes", #"{"name":"Team"}"#).decoded(Mesh.self)
        func join(_ name: String, _ role: String) async throws -> API {
            let api = try await sign(name)
            let invite = try await owner.send(.post, "/api/my/meshes/\(mesh.id)/invites", #"{"role":"\#(role)"}"#)
                .decoded(Invite.self)
            _ = try await api.send(.post, "/api/public/invites/\(invite.code)/claim")
            return api
        }
        let (admin, member) = (try await join("Bob", "admin"), try await join("Cyd", "member"))
        let members = try await owner.get("/api/my/meshes/\(mesh.id)/members").decodedList("members", of: Member.self)
        return Cast(
            owner: owner, admin: admin, member: member, stranger: try await sign("Dan"), mesh: mesh,
            ids: Dictionary(uniqueKeysWithValues: members.map { ($0.name, $0.id) }))
    }

    @Test func membersSeeEachOtherAndStrangersNothing() async throws {
        let bench = try Bench { $0.hasLimits = false }
        try await bench.run { client in
            let cast = try await cast(bench, client)
            let path = "/api/my/meshes/\(cast.mesh.id)/members"
            let members = try await cast.member.get(path).decodedList("members", of: Member.self)
            #expect(members.map(\.membership).map(\.rawValue).sorted() == ["admin", "member", "owner"])
            #expect(try await cast.stranger.get(path).status == .notFound)
            for change in [HTTPRequest.Method.delete, .patch] {
                let answer = try await cast.stranger.send(change, "/api/my/meshes/\(cast.mesh.id)", #"{"name":"x"}"#)
                #expect(answer.status == .notFound)
            }
        }
    }

    @Test func whoMayRemoveWhom() async throws {
        let bench = try Bench { $0.hasLimits = false }
        try await bench.run { client in
            let cast = try await cast(bench, client)
            func remove(_ api: API, _ name: String) async throws -> HTTPResponse.Status {
                let id = try #require(cast.ids[name])
                return try await api.send(.delete, "/api/my/meshes/\(cast.mesh.id)/members/\(id)").status
            }
            #expect(try await remove(cast.stranger, "Cyd") == .notFound)
            #expect(try await remove(cast.member, "Bob") == .forbidden)
            #expect(try await remove(cast.admin, "Ada") == .forbidden)
            #expect(try await remove(cast.admin, "Cyd") == .noContent)
            #expect(try await remove(cast.admin, "Cyd") == .notFound)
            #expect(try await cast.member.get("/api/my/meshes").decodedMeshes().isEmpty)
            #expect(try await remove(cast.owner, "Bob") == .noContent)
        }
    }

    @Test func theLastOwnerCantLeave() async throws {
        let bench = try Bench { $0.hasLimits = false }
        try await bench.run { client in
            let cast = try await cast(bench, client)
            let path = "/api/my/meshes/\(cast.mesh.id)/members/me"
            let answer = try await cast.owner.send(.delete, path)
            #expect(answer.status == .conflict)
            #expect(try answer.refusal.error == "last_owner")
            #expect(try await cast.member.send(.delete, path).status == .noContent)
            #expect(try await cast.member.send(.delete, path).status == .notFound)
        }
    }

    /// Nobody walks back in by an invite of their own; those of others stay, and so do theirs to other meshes.
    @Test(arguments: [true, false])
    func whoGoesTakesTheirInvitesAlong(isRemoved: Bool) async throws {
        let bench = try Bench { $0.hasLimits = false }
        try await bench.run { client in
            let cast = try await cast(bench, client)
            let path = "/api/my/meshes/\(cast.mesh.id)"
            func invite(_ api: API, _ path: String) async throws -> Invite {
                try await api.send(.post, "\(path)/invites", #"{"role":"admin","max_uses":9}"#).decoded(Invite.self)
            }
            func joins(_ invite: Invite, _ api: API) async throws -> TestResponse {
                try await api.send(.post, "/api/public/invites/\(invite.code)/claim")
            }
            let own = try await cast.admin.send(.post, "/api/my/meshes", #"{"name":"Own"}"#).decoded(Mesh.self)
            let elsewhere = try await invite(cast.admin, "/api/my/meshes/\(own.id)")
            let (theirs, others) = (try await invite(cast.admin, path), try await invite(cast.owner, path))
            let bob = try #require(cast.ids["Bob"])
            let (who, id) = isRemoved ? (cast.owner, bob) : (cast.admin, "me")
            #expect(try await who.send(.delete, "\(path)/members/\(id)").status == .noContent)
            #expect(try await joins(theirs, cast.admin).refusal.error == "invite_revoked")
            #expect(try await joins(theirs, API(client: client)).refusal.error == "invite_revoked")
            #expect(try await joins(others, cast.stranger).status == .ok)
            #expect(try await joins(elsewhere, cast.stranger).status == .ok)
            let actor = isRemoved ? try #require(cast.ids["Ada"]) : bob
            #expect(try await bench.events(of: actor, like: "invite.revoked") == ["invite.revoked"])
        }
    }

    /// A guest who was an admin becomes an account that is less: what the guest made ends.
    @Test func whoIsNoAdminAnyMoreInvitesNobody() async throws {
        let bench = try Bench { $0.hasLimits = false }
        try await bench.run { client in
            let cast = try await cast(bench, client)
            let path = "/api/my/meshes/\(cast.mesh.id)/invites"
            for (account, isStill) in [(cast.member, false), (cast.admin, true), (cast.stranger, true)] {
                let door = try await cast.owner.send(.post, path, #"{"role":"admin"}"#).decoded(Invite.self)
                let joined = try await API(client: client).send(.post, "/api/public/invites/\(door.code)/claim")
                    .decoded(InviteClaim.self)
                let token = try #require(joined.token)
                let made = try await API(client: client, token: token).send(.post, path, "{}").decoded(Invite.self)
                #expect(try await account.send(.post, "/api/my/guests", #"{"token":"\#(token)"}"#).status == .ok)
                let look = try await API(client: client).get("/api/public/invites/\(made.code)")
                #expect(look.status == (isStill ? .ok : .gone))
            }
        }
    }

    @Test func aGuestThatLeavesIsNobody() async throws {
        let bench = try Bench { $0.hasLimits = false }
        try await bench.run { client in
            let cast = try await cast(bench, client)
            let invite = try await cast.owner.send(.post, "/api/my/meshes/\(cast.mesh.id)/invites", "{}")
                .decoded(Invite.self)
            let joined = try await API(client: client).send(.post, "/api/public/invites/\(invite.code)/claim")
                .decoded(InviteClaim.self)
            let guest = API(client: client, token: joined.token)
            #expect(try await guest.send(.delete, "/api/my/meshes/\(cast.mesh.id)/members/me").status == .noContent)
            #expect(try await guest.get("/api/my/whoami").status == .unauthorized)
        }
    }

    @Test func renamingIsForAdminsAndKeepsTheSlug() async throws {
        let bench = try Bench { $0.hasLimits = false }
        try await bench.run { client in
            let cast = try await cast(bench, client)
            let path = "/api/my/meshes/\(cast.mesh.id)"
            let renamed = try await cast.admin.send(.patch, path, #"{"name":" Équipe "}"#).decoded(Mesh.self)
            #expect((renamed.name, renamed.slug) == ("Équipe", "team"))
            #expect(try await cast.member.send(.patch, path, #"{"name":"x"}"#).status == .forbidden)
            #expect(try await cast.admin.send(.patch, path, #"{"name":""}"#).refusal.field == "name")
            let found = try await cast.owner.get("/api/my/meshes?q=equipe").decodedMeshes()
            #expect(found.map(\.id) == [cast.mesh.id])
        }
    }

    @Test func archivingIsForOwnersAndFreesTheSlug() async throws {
        let bench = try Bench { $0.hasLimits = false }
        try await bench.run { client in
            let cast = try await cast(bench, client)
            let path = "/api/my/meshes/\(cast.mesh.id)"
            let invite = try await cast.owner.send(.post, "\(path)/invites", "{}").decoded(Invite.self)
            #expect(try await cast.admin.send(.delete, path).status == .forbidden)
            #expect(try await cast.owner.send(.delete, path).status == .noContent)
            for part in ["", "/members", "/sessions", "/invites"] {
                #expect(try await cast.owner.get(path + part).status == .notFound)
            }
            #expect(try await API(client: client).get("/api/public/invites/\(invite.code)").status == .notFound)
            #expect(try await cast.owner.send(.post, "/api/my/meshes", #"{"name":"Team"}"#).status == .created)
        }
    }
}
