// Signing a machine in, from the device's side.

import Foundation
import GRDB
import HTTPTypes
import HummingbirdTesting
import MeshAPI
import MeshStore
import ServerSupport
import TestSupport
import Testing

@testable import MeshServer
@testable import MeshServices

@Suite struct DeviceCodeTests {
    @Test func aFreshCodeSaysAllThatIsNeeded() async throws {
        let bench = try Bench()
        try await bench.run { client in
            let code = try await API(client: client).deviceCode()
            #expect(ReadableCode.normalize(code.userCode, length: 8) == code.userCode)
            #expect(code.deviceCode.utf8.count == 52)
            #expect(code.verificationUrl == "http://127.0.0.1:7420/cli-auth")
            #expect(code.verificationUrlComplete == "http://127.0.0.1:7420/cli-auth?code=\(code.userCode)")
            #expect((code.expiresIn, code.interval, code.waitMax) == (600, 1.5, 25))
            #expect(code.expiresAt == bench.time.now.addingTimeInterval(600))
            #expect(try await API(client: client).poll(code).status == .pending)
        }
    }

    @Test func neitherCodeNorTokenIsStored() async throws {
        let bench = try Bench()
        try await bench.signingIn { api, ada, code in
            let signedIn = try await bench.signIn(ada, api.client)
            // The answers that a key gives again are stored too.
            let key: HTTPFields = [.idempotencyKey: "k"]
            let pat = try await signedIn.send(.post, "/api/my/cli/tokens", #"{"name":"CI"}"#, headers: key)
            let mesh = try await signedIn.send(.post, "/api/my/meshes", #"{"name":"Team"}"#).decoded(Mesh.self)
            let invite = try await signedIn.send(.post, "/api/my/meshes/\(mesh.id)/invites", "{}").decoded(Invite.self)
            let guest = try await api.send(.post, "/api/public/invites/\(invite.code)/claim", headers: key)
            let stored = try await bench.everythingStored()
            let secrets = [
                code.deviceCode, code.userCode, try #require(signedIn.token), "correct horse",
                try #require(try pat.decoded(AccessToken.self).token),
                try #require(try guest.decoded(InviteClaim.self).token),
            ]
            for secret in secrets + ada.cookies.values { #expect(!stored.contains(secret)) }
            #expect(stored.contains("laptop"))
        }
    }

    @Test func theTokenComesOnceAndWorks() async throws {
        let bench = try Bench()
        try await bench.signingIn { api, ada, code in
            try await ada.decide(code)
            let first = try await api.poll(code)
            #expect(first.status == .approved)
            #expect(first.user?.email == "ada@example.com")
            #expect(first.expiresAt == bench.time.now.addingTimeInterval(90 * 86_400))
            let token = try #require(first.token)
            #expect(TokenForm.kind(of: token) == .session)
            bench.time.advance(1)
            let second = try await api.get("/api/auth/cli/device-code/\(code.deviceCode)")
            #expect(second.text == #"{"already_claimed":true,"status":"approved","token":null}"#)
            let me = try await API(client: api.client, token: token).get("/api/my/whoami").decoded(WhoAmI.self)
            #expect(me.user.name == "Ada")
            #expect((me.credential.kind, me.credential.name) == (.session, "laptop"))
        }
    }

    @Test func ofAHundredClaimersOneGetsTheToken() async throws {
        let bench = try Bench { $0.hasLimits = false }
        try await bench.signingIn { api, ada, code in
            try await ada.decide(code)
            let answers = try await withThrowingTaskGroup(of: DeviceCodeStatus.self) { group in
                for _ in 0..<100 { group.addTask { try await api.poll(code) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers.count { $0.token != nil } == 1)
            #expect(answers.count { $0.alreadyClaimed == true } == 99)
            #expect(try await bench.database.read { try $0.count("SELECT count(*) FROM credentials") } == 1)
        }
    }

    /// Two that both saw it approved: the one whose UPDATE changed the row has it, whatever they read before.
    @Test func aClaimIsWonInTheDatabase() async throws {
        let bench = try Bench()
        try await bench.signingIn { api, ada, code in
            try await ada.decide(code)
            let now = bench.time.now
            let claims = try await bench.database.write { transaction in
                let row = try #require(try transaction.deviceCodes.code(deviceDigest: SecretDigest.of(code.deviceCode)))
                return try (0..<2).map { _ in try transaction.deviceCodes.claim(id: row.id, at: now) }
            }
            #expect(claims == [true, false])
        }
    }

    @Test func anApprovalIsGoodForAMinute() async throws {
        let bench = try Bench()
        try await bench.signingIn { api, ada, code in
            try await ada.decide(code)
            bench.time.advance(60)
            #expect(try await api.poll(code).status == .expired)
        }
    }

    @Test func aPasswordChangedSinceTheApprovalEndsIt() async throws {
        let bench = try Bench()
        try await bench.signingIn { api, ada, code in
            try await ada.decide(code)
            bench.time.advance(5)
            let now = bench.time.now.milliseconds
            try await bench.database.write { try $0.run("UPDATE accounts SET password_changed_at = ?1", now) }
            let status = try await api.poll(code)
            #expect(status.status == .expired)
            #expect(status.token == nil)
        }
    }

    @Test func aCodeExpiresAfterTenMinutes() async throws {
        let bench = try Bench()
        try await bench.run { client in
            let api = API(client: client)
            let code = try await api.deviceCode()
            bench.time.advance(599)
            #expect(try await api.poll(code).status == .pending)
            bench.time.advance(1)
            #expect(try await api.poll(code).status == .expired)
            bench.time.advance(7 * 86_400)
            try await bench.services.sweep()
            #expect(try await api.poll(code).status == .expired, "kept for a week")
            bench.time.advance(1)
            try await bench.services.sweep()
            #expect(try await api.get("/api/auth/cli/device-code/\(code.deviceCode)").status == .notFound)
        }
    }

    @Test func pollingTooFastIsSlowedDown() async throws {
        let bench = try Bench()
        try await bench.run { client in
            let api = API(client: client)
            let code = try await api.deviceCode()
            let path = "/api/auth/cli/device-code/\(code.deviceCode)"
            #expect(try await api.poll(code).status == .pending)
            bench.time.advance(0.5)
            let refused = try await api.get(path)
            #expect(refused.status == .tooManyRequests)
            #expect(try refused.refusal.error == "slow_down")
            #expect(try refused.refusal.slowDown == true)
            #expect(try refused.refusal.interval == 2.5)
            #expect(refused.headers[.retryAfter] == "3")
            for _ in 0..<20 { _ = try await api.get(path) }
            #expect(try await api.get(path).refusal.interval == 10)
            bench.time.advance(0.5)
            #expect(try await api.poll(code).status == .pending, "a refusal moves the advice, not the bar")
        }
    }

    @Test func anUnknownCodeIs404AndAGivenUpOneIsOver() async throws {
        let bench = try Bench()
        try await bench.run { client in
            let api = API(client: client)
            #expect(try await api.get("/api/auth/cli/device-code/nonsense").status == .notFound)
            let code = try await api.deviceCode()
            #expect(try await api.send(.delete, "/api/auth/cli/device-code/\(code.deviceCode)").status == .noContent)
            #expect(try await api.poll(code).status == .expired)
            let ada = try await bench.person("Ada", client)
            #expect(try await ada.get("/c/\(code.userCode)").status == .notFound)
        }
    }

    @Test func fiveNewCodesAMinutePerAddress() async throws {
        let bench = try Bench()
        try await bench.run { client in
            let api = API(client: client)
            for _ in 0..<5 { _ = try await api.deviceCode() }
            let body = #"{"device_name":"a","device_os":"b","device_arch":"c"}"#
            let sixth = try await api.send(.post, "/api/auth/cli/device-code", body)
            #expect(sixth.status == .tooManyRequests)
            #expect(sixth.headers[.retryAfter] == "60")
            bench.time.advance(61)
            _ = try await api.deviceCode()
        }
    }

    @Test func onlyACodeThatCanStillBeUsedIsLive() async throws {
        let bench = try Bench { $0.hasLimits = false }
        try await bench.signingIn { api, ada, code in
            func live() async throws -> Int {
                try await bench.database.read { try $0.deviceCodes.liveCount(at: bench.time.now) }
            }
            #expect(try await live() == 1)
            try await ada.decide(code)
            #expect(try await live() == 1, "approved, not yet claimed")
            _ = try await api.poll(code)
            #expect(try await live() == 0, "claimed")
            try await ada.decide(try await api.deviceCode(), "deny")
            #expect(try await live() == 0, "denied")
            let withdrawn = try await api.deviceCode()
            _ = try await api.send(.delete, "/api/auth/cli/device-code/\(withdrawn.deviceCode)")
            #expect(try await live() == 0, "given up")
            // Approved in its last second it can be claimed beyond its own end, and a minute later no more.
            let late = try await api.deviceCode()
            bench.time.advance(599)
            try await ada.decide(late)
            bench.time.advance(30)
            #expect(try await live() == 1)
            bench.time.advance(30)
            #expect(try await live() == 0)
            _ = try await api.deviceCode()
            bench.time.advance(600)
            #expect(try await live() == 0, "expired")
            // SQLite says how it finds them.
            guard !TestDatabase.isForServers else { return }
            let plan = try await bench.database.read { transaction in
                try transaction.all("EXPLAIN QUERY PLAN " + DeviceCodeRows.liveCount, 0) { try $0["detail"] as String }
            }.joined(separator: ", ")
            for index in ["pending", "approved"] { #expect(plan.contains("COVERING INDEX device_codes_\(index)")) }
        }
    }

    @Test func aHundredThousandLiveCodesAreEnough() async throws {
        let bench = try Bench()
        try await bench.run { client in
            let now = bench.time.now.milliseconds
            try await bench.database.write { transaction in
                try transaction.run(
                    """
                    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
                    INSERT INTO device_codes (id, device_digest, user_code_hmac, device_name, device_os, device_arch,
                        state, created_at, expires_at)
                    SELECT CAST(i AS TEXT), CAST(i AS TEXT), CAST(i AS TEXT), 'x', 'x', 'x', 'pending', CAST(?1 AS BIGINT),
                        CAST(?1 AS BIGINT) + 600000 FROM n
                    """, now)
            }
            let body = #"{"device_name":"a","device_os":"b","device_arch":"c"}"#
            let full = try await API(client: client).send(.post, "/api/auth/cli/device-code", body)
            #expect(full.status == .serviceUnavailable)
            #expect(full.headers[.retryAfter] == "60")
            bench.time.advance(600)
            _ = try await API(client: client).deviceCode()
        }
    }

    @Test(arguments: [
        (#"{"device_os":"b","device_arch":"c"}"#, "device_name"),
        (#"{"device_name":7,"device_os":"b","device_arch":"c"}"#, "device_name"),
        (#"{"device_name":" \u0000 ","device_os":"b","device_arch":"c"}"#, "device_name"),
        (#"{"device_name":"a","device_os":null,"device_arch":"c"}"#, "device_os"),
        (#"{"device_name":"a","device_os":"b","device_arch":""}"#, "device_arch"),
    ])
    func whatIsWrongIsNamed(body: String, field: String) async throws {
        let bench = try Bench()
        try await bench.run { client in
            let answer = try await API(client: client).send(.post, "/api/auth/cli/device-code", body)
            #expect(answer.status == .unprocessableContent)
            #expect(try answer.refusal.error == "invalid")
            #expect(try answer.refusal.field == field)
        }
    }

    @Test func controlsInADeviceNameAreDroppedAndALongOneIsCut() async throws {
        let bench = try Bench()
        try await bench.run { client in
            let code = try await API(client: client).deviceCode(
                name: #"a\u001b]0;x\u202e\u0007b"# + String(repeating: "x", count: 100))
            let ada = try await bench.person("Ada", client)
            let page = try await ada.get("/c/\(code.userCode)").text
            #expect(page.contains("<bdi>a]0;xb" + String(repeating: "x", count: 57) + "…</bdi> ·"))
        }
    }
}
