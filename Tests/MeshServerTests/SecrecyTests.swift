// Where secrets must not be: in rows that can be turned back, in logs, in answers; and what keeps callers apart.

import Foundation
import HTTPTypes
import HummingbirdTesting
import Logging
import MeshAPI
import MeshStore
import Synchronization
import Testing

@testable import MeshServer
@testable import MeshServices

@Suite struct SecrecyTests {
    /// A user code has 40 bits: a plain digest of it could be turned back by trying them all.
    @Test func aUserCodeIsKeptUnderTheServersKey() async throws {
        let bench = try Bench()
        try await bench.signingIn { _, _, code in
            let stored = try await bench.everythingStored()
            #expect(stored.contains(SecretDigest.of(code.deviceCode)))
            #expect(stored.contains(bench.database.key.hmac(.userCode, code.userCode)))
            for text in [code.userCode, code.userCode.replacing("-", with: "")] {
                #expect(!stored.contains(SecretDigest.of(text)))
            }
            #expect(ServerKey.random().hmac(.userCode, "ABCD-EFGH") != ServerKey.random().hmac(.userCode, "ABCD-EFGH"))
        }
    }

    @Test func logsNameTheRouteAndNothingOfTheRequest() async throws {
        let lines = RecordedLog()
        let bench = try Bench(logger: lines.logger)
        try await bench.signingIn { api, ada, code in
            let session = try await bench.signIn(ada, api.client)
            _ = try await api.poll(code)
            let made = try await session.send(.post, "/api/my/cli/tokens", #"{"name":"label"}"#)
            let pat = try #require(try made.decoded(AccessToken.self).token)
            _ = try await API(client: api.client, token: pat).get("/api/my/meshes?q=wanted")
            _ = try await API(client: api.client, token: pat + "x").get("/api/my/whoami")
            _ = try await ada.get("/nowhere/\(code.userCode)")
            try await bench.database.write { try $0.run("ALTER TABLE audit RENAME TO audit_lost") }
            _ = try await ada.get("/c/\(code.userCode)")
            #expect(
                try await ada.submit("/api/auth/cli/device-code/\(code.userCode)/approve").status
                    == .internalServerError)
            let text = lines.text
            #expect(text.contains("/api/auth/cli/device-code/{code}"))
            #expect(text.contains("fault"), "what broke is logged")
            let secrets = [
                code.deviceCode, code.userCode, session.token ?? "-", pat, "correct horse", "ada@", "wanted",
            ]
            for secret in secrets + ada.cookies.values + [ada.formToken] { #expect(!text.contains(secret)) }
            let counted = bench.services.metrics.text(gauges: [:])
            for secret in secrets { #expect(!counted.contains(secret)) }
        }
    }

    /// `{{{x}}}` and `{{&x}}` would let a name be markup.
    @Test func noTemplateLeavesAValueUnescaped() {
        let names = Assets.embedded.names(under: "web/").filter { $0.hasSuffix(".mustache") }
        #expect(!names.isEmpty)
        for name in names {
            let text = Assets.embedded.text(name) ?? "{{{"
            #expect(!text.contains("{{{") && !text.contains("{{&"), "\(name)")
            #expect(!text.contains("style=") && !text.contains(" on"), "\(name): the policy forbids it")
        }
    }

    @Test func gettingChangesNothing() async throws {
        let bench = try Bench { $0.hasLimits = false }
        try await bench.signingIn { api, ada, code in
            let session = try await bench.signIn(ada, api.client)
            _ = try await session.get("/api/my/whoami")
            let mesh = try await session.send(.post, "/api/my/meshes", #"{"name":"Team"}"#).decoded(Mesh.self)
            let invite = try await session.send(.post, "/api/my/meshes/\(mesh.id)/invites", "{}").decoded(Invite.self)
            let list = try await session.get("/api/my/cli/sessions").decodedList("sessions", of: CLISession.self)
            let id = try #require(list.first?.id)
            // The code is theirs now: a decision that is asked for by GET would be theirs to make.
            _ = try await ada.get("/c/\(code.userCode)")
            let before = try await bench.everythingStored()
            let decision = "/api/auth/cli/device-code/\(code.userCode)"
            let settings = "/dashboard/settings"
            for path in [
                "/", "/login", "/logout", "/register", "/c", "/cli-auth", "/cli-auth/switch", "/cli-auth/approved",
                "\(decision)/approve", "\(decision)/deny", "/dashboard", "\(settings)/cli-tokens",
                "\(settings)/sessions", "\(settings)/sessions/\(id)/revoke", "\(settings)/password",
                "/i/\(invite.code)", "/api/public/invites/\(invite.code)", "/api/public/invites/\(invite.code)/claim",
                "/api/auth/cli/device-code/\(code.deviceCode)",
            ] { #expect(try await ada.get(path).status.kind != .serverError, "\(path)") }
            for path in ["/whoami", "/meshes", "/meshes/\(mesh.id)", "/meshes/\(mesh.id)/members", "/cli/tokens"] {
                #expect(try await session.get("/api/my\(path)").status == .ok)
            }
            #expect(try await bench.everythingStored() == before)
        }
    }

    /// Only a proxy that is trusted may say whose request it is; a header from anybody else buys no new tries.
    @Test func aForgedAddressIsNoWayAroundALimit() async throws {
        let bench = try Bench()
        try await bench.run { client in
            let body = #"{"device_name":"a","device_os":"b","device_arch":"c"}"#
            var statuses: [Int] = []
            for number in 0..<6 {
                let answer = try await API(client: client).send(
                    .post, "/api/auth/cli/device-code", body, headers: [.forwardedFor: "198.51.100.\(number)"])
                statuses.append(answer.status.code)
            }
            #expect(statuses == [201, 201, 201, 201, 201, 429])
        }
    }

    /// The three uses, where their outputs can be seen: none is good for another.
    @Test func everyUseOfTheKeyIsForItsOwnPurpose() async throws {
        let bench = try Bench()
        try await bench.signingIn { _, browser, code in
            _ = try await browser.get("/logout")
            let (key, cookies, token) = (bench.database.key, browser.cookies, browser.formToken)
            try await bench.database.read { transaction in
                #expect(
                    try transaction.first("SELECT user_code_hmac AS it FROM device_codes") { try $0["it"] as String }
                        == key.hmac(.userCode, code.userCode))
                let head = try #require(try transaction.first("SELECT number, hash, seal FROM audit_head"))
                let (number, hash): (Int, String) = (try head["number"], try head["hash"])
                #expect(try head["seal"] == key.hmac(.auditHead, "\(number)/\(hash)"))
            }
            let secret = try #require(cookies.first { $0.key.hasSuffix("cm_web_7420") }?.value)
            #expect(token == key.hmac(.csrf, secret))
        }
    }
}
