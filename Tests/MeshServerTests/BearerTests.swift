// Tokens: what is wrong with one is said, expiry slides, uses are written once a minute, revocation holds at once.

import Foundation
import HTTPTypes
import HummingbirdTesting
import MeshAPI
import MeshStore
import ServerSupport
import Testing

@testable import MeshServer
@testable import MeshServices

@Suite struct BearerTests {
    @Test(
        arguments: [
            (nil, "token_missing"), ("Basic x", "token_malformed"), ("Bearer cm_pat_x", "token_malformed"),
            ("Bearer", "token_malformed"), ("Bearer cm_session_\(String(repeating: "a", count: 52))", "token_unknown"),
        ] as [(String?, String)])
    func whatIsWrongWithATokenIsSaid(header: String?, code: String) async throws {
        let bench = try Bench()
        try await bench.run { client in
            var headers = HTTPFields()
            headers[.authorization] = header
            let answer = try await API(client: client).send(.get, "/api/my/whoami", headers: headers)
            #expect(answer.status == .unauthorized)
            #expect(try answer.refusal.error == code)
            #expect(answer.headers[.wwwAuthenticate] == "Bearer")
        }
    }

    @Test func aSessionLivesNinetyDaysFromItsLastUse() async throws {
        let bench = try Bench()
        try await bench.run { client in
            let api = try await bench.signIn(try await bench.person("Ada", client), client)
            #expect(try await api.get("/api/my/whoami").status == .ok)
            bench.time.advance(89 * 86_400)
            let me = try await api.get("/api/my/whoami").decoded(WhoAmI.self)
            #expect(me.credential.expiresAt == bench.time.now.addingTimeInterval(90 * 86_400))
            bench.time.advance(89 * 86_400)
            #expect(try await api.get("/api/my/whoami").status == .ok)
            bench.time.advance(90 * 86_400)
            let over = try await api.get("/api/my/whoami")
            #expect(over.status == .unauthorized)
            #expect(try over.refusal.error == "token_expired")
        }
    }

    @Test func aUseIsWrittenOnceAMinute() async throws {
        let bench = try Bench()
        try await bench.run { client in
            let api = try await bench.signIn(try await bench.person("Ada", client), client)
            @Sendable func lastUsed() async throws -> Date? {
                try await bench.database.read {
                    try $0.first("SELECT last_used_at FROM credentials").flatMap { try $0.dateIfAny("last_used_at") }
                }
            }
            let start = bench.time.now
            _ = try await api.get("/api/my/whoami")
            #expect(try await lastUsed() == start)
            bench.time.advance(59)
            _ = try await api.get("/api/my/whoami")
            #expect(try await lastUsed() == start)
            bench.time.advance(1)
            _ = try await api.get("/api/my/whoami")
            #expect(try await lastUsed() == start.addingTimeInterval(60))
        }
    }

    @Test func aSessionNeverUsedIsVoidAfterTenMinutes() async throws {
        let bench = try Bench()
        try await bench.run { client in
            let ada = try await bench.person("Ada", client)
            let used = try await bench.signIn(ada, client)
            _ = try await used.get("/api/my/whoami")
            let unused = try await bench.signIn(ada, client)
            bench.time.advance(600)
            let answer = try await unused.get("/api/my/whoami")
            #expect(answer.status == .unauthorized)
            #expect(try answer.refusal.error == "token_revoked")
            #expect(try await used.get("/api/my/whoami").status == .ok)
            try await bench.services.sweep()
            let revoked = "SELECT count(*) FROM credentials WHERE revoked_at IS NOT NULL"
            #expect(try await bench.database.read { try $0.count(revoked) } == 1)
            let audited = "SELECT count(*) FROM audit WHERE body LIKE '%auth.cli.session.revoked%'"
            #expect(try await bench.database.read { try $0.count(audited) } == 1)
        }
    }

    @Test func aRevokedTokenEndsAtOnce() async throws {
        let bench = try Bench()
        try await bench.run { client in
            let api = try await bench.signIn(try await bench.person("Ada", client), client)
            let me = try await api.get("/api/my/whoami").decoded(WhoAmI.self)
            let now = bench.time.now
            let isRevoked = try await bench.database.write { try $0.credentials.revoke(id: me.credential.id, at: now) }
            #expect(isRevoked)
            #expect(try await api.get("/api/my/whoami").refusal.error == "token_revoked")
        }
    }

    @Test func aHundredRequestsAMinute() async throws {
        let bench = try Bench()
        try await bench.run { client in
            let api = try await bench.signIn(try await bench.person("Ada", client), client)
            for _ in 0..<100 { #expect(try await api.get("/api/my/whoami").status == .ok) }
            let limited = try await api.get("/api/my/whoami")
            #expect(limited.status == .tooManyRequests)
            #expect(limited.headers[.retryAfter] == "60")
            #expect(try await api.get("/api/my/cli/sessions").status == .tooManyRequests, "whatever is asked")
            let claim = try await api.send(.post, "/api/public/invites/AAAA-AAAA-AAAA/claim")
            #expect(claim.status == .tooManyRequests)
            bench.time.advance(60)
            #expect(try await api.get("/api/my/whoami").status == .ok)
        }
    }
}
