// Live sessions: seen while they are heard, known by their own token, which opens little.

import Foundation
import HTTPTypes
import HummingbirdTesting
import MeshAPI
import MeshStore
import ServerSupport
import Testing

@testable import MeshServer
@testable import MeshServices

@Suite struct PresenceTests {
    private let token = String(repeating: "ab", count: 32)

    private func body(_ id: String = "s1", token: String? = nil, name: String = "Ada", role: String = "null") -> String
    {
        let hash = SecretDigest.of(token ?? self.token)
        return """
            {"session_id":"\(id)","display_name":"\(name)","role":\(role),"pid":42,"host":"box","token_hash":"\(hash)"}
            """
    }

    private func mesh(_ bench: Bench, _ client: any TestClientProtocol, _ name: String = "Ada") async throws
        -> (API, String)
    {
        let api = try await bench.signIn(try await bench.person(name, client), client)
        return (api, try await api.send(.post, "/api/my/meshes", #"{"name":"Team"}"#).decoded(Mesh.self).id)
    }

    private func peers(_ api: API, _ mesh: String) async throws -> [Peer] {
        try await api.get("/api/my/meshes/\(mesh)/sessions").decodedList("peers", of: Peer.self)
    }

    @Test func aSessionIsSeenUntilItFallsSilent() async throws {
        let bench = try Bench()
        try await bench.run { client in
            let (ada, mesh) = try await mesh(bench, client)
            let path = "/api/my/meshes/\(mesh)/sessions"
            let start = bench.time.now
            let peer = try await ada.send(.post, path, body(role: #""reviewer""#)).decoded(Peer.self)
            #expect((peer.displayName, peer.role, peer.host, peer.isSelf) == ("Ada", "reviewer", "box", true))
            bench.time.advance(89)
            #expect(try await peers(ada, mesh).map(\.sessionID) == [peer.sessionID])
            _ = try await ada.send(.post, path, body())
            bench.time.advance(89)
            let still = try await peers(ada, mesh)
            #expect(still.map(\.since) == [start], "one session, one presence")
            bench.time.advance(1)
            #expect(try await peers(ada, mesh).isEmpty)
        }
    }

    @Test func aSessionThatEndsIsGone() async throws {
        let bench = try Bench()
        try await bench.run { client in
            let (ada, mesh) = try await mesh(bench, client)
            let path = "/api/my/meshes/\(mesh)/sessions"
            _ = try await ada.send(.post, path, body())
            #expect(try await ada.send(.delete, "\(path)/s1").status == .noContent)
            #expect(try await ada.send(.delete, "\(path)/s1").status == .notFound)
            #expect(try await peers(ada, mesh).isEmpty)
        }
    }

    @Test func nobodyTakesAnothersSession() async throws {
        let bench = try Bench { $0.hasLimits = false }
        try await bench.run { client in
            let (ada, mesh) = try await mesh(bench, client)
            let (eve, hers) = try await self.mesh(bench, client, "Eve")
            _ = try await ada.send(.post, "/api/my/meshes/\(mesh)/sessions", body())
            let path = "/api/my/meshes/\(hers)/sessions"
            #expect(try await eve.send(.post, path, body("s1", token: "other")).refusal.error == "session_taken")
            #expect(try await eve.send(.post, path, body("s2")).refusal.error == "session_taken", "nor its token")
            #expect(try await eve.send(.delete, "/api/my/meshes/\(mesh)/sessions/s1").status == .notFound)
            #expect(
                try await eve.send(.post, "/api/my/meshes/\(mesh)/sessions", body("s3", token: "x")).status == .notFound
            )
            #expect(try await eve.get("/api/my/meshes/\(mesh)/sessions").status == .notFound)
            #expect(try await peers(ada, mesh).count == 1)
        }
    }

    /// The list shows the ids: who ended, or fell silent, may want to come back under their own.
    @Test(arguments: [true, false])
    func anIdStaysItsAccounts(isEnded: Bool) async throws {
        let bench = try Bench { $0.hasLimits = false }
        try await bench.run { client in
            let (ada, mesh) = try await mesh(bench, client)
            let (eve, hers) = try await self.mesh(bench, client, "Eve")
            let (path, other) = ("/api/my/meshes/\(mesh)/sessions", "/api/my/meshes/\(hers)/sessions")
            _ = try await ada.send(.post, path, body())
            if isEnded { _ = try await ada.send(.delete, "\(path)/s1") }
            bench.time.advance(3600)
            try await bench.services.sweep()
            #expect(try await eve.send(.post, other, body("s1", token: "other")).refusal.error == "session_taken")
            #expect(try await eve.send(.post, other, body("s2")).refusal.error == "session_taken", "nor its token")
            let again = try await ada.send(.post, path, body())
            #expect(again.status == .ok)
            #expect(try again.decoded(Peer.self).since == bench.time.now, "a new presence")
            _ = try await ada.send(.delete, "\(path)/s1")
            #expect(try await ada.send(.post, path, body("s3")).status == .ok, "one's own token for another")
            _ = try await ada.send(.delete, "\(path)/s3")
            bench.time.advance(PresenceRow.keptSeconds)
            try await bench.services.sweep()
            #expect(try await eve.send(.post, other, body("s3", token: "other")).status == .ok)
        }
    }

    @Test func itsOwnTokenOpensItsMeshAndNothingElse() async throws {
        let bench = try Bench { $0.hasLimits = false }
        try await bench.run { client in
            let (ada, mesh) = try await mesh(bench, client)
            let other = try await ada.send(.post, "/api/my/meshes", #"{"name":"Other"}"#).decoded(Mesh.self)
            _ = try await ada.send(.post, "/api/my/meshes/\(mesh)/sessions", body())
            func ask(_ method: HTTPRequest.Method, _ path: String, _ token: String) async throws -> TestResponse {
                try await API(client: client).send(
                    method, path, method == .get ? nil : "{}", headers: [.authorization: "ClaudeMesh-Session \(token)"])
            }
            let me = try await ask(.get, "/api/my/whoami", token.uppercased()).decoded(WhoAmI.self)
            #expect((me.user.name, me.credential.kind, me.credential.id) == ("Ada", .peer, "s1"))
            for part in ["", "/members", "/sessions"] {
                #expect(try await ask(.get, "/api/my/meshes/\(mesh)\(part)", " \(token) ").status == .ok)
                #expect(try await ask(.get, "/api/my/meshes/\(other.id)\(part)", token).status == .notFound)
            }
            let closed: [(HTTPRequest.Method, String)] = [
                (.get, "/api/my/meshes"), (.post, "/api/my/meshes"), (.patch, "/api/my/meshes/\(mesh)"),
                (.delete, "/api/my/meshes/\(mesh)"), (.get, "/api/my/meshes/\(mesh)/invites"),
                (.post, "/api/my/meshes/\(mesh)/invites"), (.delete, "/api/my/meshes/\(mesh)/members/me"),
                (.get, "/api/my/cli/tokens"), (.post, "/api/my/cli/tokens"), (.get, "/api/my/cli/sessions"),
                (.delete, "/api/my/cli/sessions/current"), (.post, "/api/my/guests"),
            ]
            for (method, path) in closed {
                #expect(try await ask(method, path, token).status == .forbidden, "\(method) \(path)")
            }
            #expect(try await ask(.get, "/api/my/whoami", String(repeating: "00", count: 32)).status == .unauthorized)
            #expect(try await !bench.everythingStored().contains(token))
        }
    }

    @Test func itEndsWithSilenceAndWithTheCredentialThatMadeIt() async throws {
        let bench = try Bench()
        try await bench.run { client in
            let (ada, mesh) = try await mesh(bench, client)
            func status() async throws -> HTTPResponse.Status {
                try await API(client: client).send(
                    .get, "/api/my/whoami", headers: [.authorization: "ClaudeMesh-Session \(token)"]
                ).status
            }
            _ = try await ada.send(.post, "/api/my/meshes/\(mesh)/sessions", body())
            #expect(try await status() == .ok)
            bench.time.advance(PresenceRow.keptSeconds)
            #expect(try await status() == .unauthorized)
            _ = try await ada.send(.post, "/api/my/meshes/\(mesh)/sessions", body())
            #expect(try await ada.send(.delete, "/api/my/cli/sessions/current").status == .noContent)
            #expect(try await status() == .unauthorized)
            // A changed password ends the credential; who looks from a token that stays sees nobody.
            let eve = try await bench.signIn(try await bench.person("Eve", client), client)
            let other = try await eve.send(.post, "/api/my/meshes", #"{"name":"Two"}"#).decoded(Mesh.self)
            let pat = try await eve.send(.post, "/api/my/cli/tokens", #"{"name":"CI"}"#).decoded(AccessToken.self)
            _ = try await eve.send(.post, "/api/my/meshes/\(other.id)/sessions", body("s2", token: "hers"))
            let watcher = API(client: client, token: pat.token)
            #expect(try await peers(watcher, other.id).count == 1)
            let account = try #require(
                try await bench.database.read { try $0.accounts.account(email: "eve@example.com") })
            try await bench.services.accounts.setPassword(
                of: account, to: "battery staple", caller: Caller(address: "192.0.2.1"))
            #expect(try await peers(watcher, other.id).isEmpty)
        }
    }

    @Test func itEndsWhenTheTokenThatMadeItExpires() async throws {
        let bench = try Bench()
        try await bench.run { client in
            let (ada, mesh) = try await mesh(bench, client)
            let made = try await ada.send(.post, "/api/my/cli/tokens", #"{"name":"CI","expires_in_days":1}"#)
                .decoded(AccessToken.self)
            bench.time.advance(86_390)
            _ = try await API(client: client, token: made.token)
                .send(.post, "/api/my/meshes/\(mesh)/sessions", body())
            let header: HTTPFields = [.authorization: "ClaudeMesh-Session \(token)"]
            let before = try await API(client: client).send(.get, "/api/my/whoami", headers: header)
            #expect(before.status == .ok)
            bench.time.advance(10)
            let after = try await API(client: client).send(.get, "/api/my/whoami", headers: header)
            #expect(after.status == .unauthorized)
        }
    }

    @Test(arguments: [
        (#""session_id":"s1""#, #""session_id":"""#, "session_id"), (#""pid":42"#, #""pid":0"#, "pid"),
        (#""session_id":"s1""#, #""session_id":"kick""#, "session_id"),
        (#""session_id":"s1""#, #""session_id":"a b""#, "session_id"), (#""host":"box""#, #""host":"""#, "host"),
        (#""display_name":"Ada""#, #""display_name":"\u202e""#, "display_name"),
        (#""role":null"#, #""role":"a\u0007""#, "role"), (#""token_hash":""#, #""token_hash":"x"#, "token_hash"),
        (#""pid":42"#, #""pid":"42""#, "pid"), (#""pid":42"#, #""pid":1.5"#, "pid"),
        (#""pid":42"#, #""pid":true"#, "pid"),
    ])
    func whatIsWrongIsNamed(part: String, wrong: String, field: String) async throws {
        let bench = try Bench()
        try await bench.run { client in
            let (ada, mesh) = try await mesh(bench, client)
            let answer = try await ada.send(
                .post, "/api/my/meshes/\(mesh)/sessions", body().replacing(part, with: wrong))
            #expect(answer.status == .unprocessableContent)
            #expect(try answer.refusal.field == field)
        }
    }
}
