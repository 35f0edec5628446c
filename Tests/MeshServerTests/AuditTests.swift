// What the audit holds: every event there is, with who and from where, in the transaction of what it records.

import Foundation
import GRDB
import HTTPTypes
import HummingbirdTesting
import MeshAPI
import MeshStore
import NIOCore
import ServerSupport
import Testing

@testable import MeshServer
@testable import MeshServices
@testable import MeshStoreSQLite

@Suite struct AuditTests {
    private func entries(_ bench: Bench) async throws -> [AuditRow] {
        try await bench.database.read { try $0.all("SELECT body FROM audit ORDER BY number") { try $0[0] as String } }
            .map { try WireJSON.decode(AuditRow.self, from: Data($0.utf8)) }
    }

    /// Everything that is recorded, done once; a new event needs a line here.
    @Test func everyEventIsRecorded() async throws {
        let bench = try Bench { $0.hasLimits = false }
        try await bench.signingIn { api, ada, code in
            try await ada.decide(code, "deny")
            let session = try await bench.signIn(ada, api.client)
            let pat = try await session.send(.post, "/api/my/cli/tokens", #"{"name":"CI"}"#).decoded(AccessToken.self)
            _ = try await session.send(.delete, "/api/my/cli/tokens/\(pat.id)")
            let mesh = try await session.send(.post, "/api/my/meshes", #"{"name":"Team"}"#).decoded(Mesh.self)
            let path = "/api/my/meshes/\(mesh.id)"
            func invite() async throws -> Invite {
                try await session.send(.post, "\(path)/invites", "{}").decoded(Invite.self)
            }
            let unused = try await invite()
            _ = try await session.send(.delete, "\(path)/invites/\(unused.id)")
            let (first, second) = (try await invite(), try await invite())
            let eve = try await bench.signIn(try await bench.person("Eve", api.client), api.client)
            _ = try await eve.send(.post, "/api/public/invites/\(first.code)/claim", "{}")
            _ = try await eve.send(.delete, "\(path)/members/me")
            _ = try await eve.send(.post, "/api/public/invites/\(second.code)/claim", "{}")
            let who = try await eve.get("/api/my/whoami").decoded(WhoAmI.self)
            _ = try await session.send(.delete, "\(path)/members/\(who.user.id)")
            _ = try await session.send(.delete, path)
            _ = try await ada.get("/dashboard/settings/password")
            let passwords = ["current_password": "correct horse", "password": "battery staple"]
            _ = try await ada.submit("/dashboard/settings/password", passwords)
            let browser = Browser(client: api.client)
            _ = try await browser.get("/login")
            _ = try await browser.submit("/login", ["email": "ada@example.com", "password": "wrong horse"])

            let all = try await entries(bench)
            let events: [AuditEvent] = [
                .sessionRequested, .sessionApproved, .sessionDenied, .sessionClaimed, .sessionRevoked, .patCreated,
                .patRevoked, .loginOK, .loginFailed, .passwordChanged, .meshCreated, .meshArchived, .inviteCreated,
                .inviteClaimed, .inviteRevoked, .memberJoined, .memberLeft, .memberRemoved,
            ]
            for event in events { #expect(all.contains { $0.event == event.rawValue }, "\(event.rawValue)") }
            #expect(Set(all.map(\.event)).count == events.count, "an event that is not in this list")
            guard let store = bench.database as? SQLiteStore else { return }
            let report = try await store.writer.read { try AuditVerifier(database: $0, key: store.key).verify() }
            #expect(report == .intact(rows: all.count))
        }
    }

    @Test func aRequestedSignInSaysFromWhereAndByWhat() async throws {
        let bench = try Bench()
        try await bench.run { client in
            let body = #"{"device_name":"a","device_os":"b","device_arch":"c"}"#
            let agent = String(repeating: "x", count: 300)
            _ = try await API(client: client).send(
                .post, "/api/auth/cli/device-code", body, headers: [.userAgent: agent])
            let entry = try #require(try await entries(bench).first)
            #expect(entry.event == "auth.cli.session.requested")
            #expect(entry.address != nil)
            #expect(entry.userAgent == String(repeating: "x", count: 200))
        }
    }

    /// Where the event can't be written, what it records does not happen either.
    @Test func whatCannotBeRecordedDoesNotHappen() async throws {
        let bench = try Bench { $0.hasLimits = false }
        try await bench.signingIn { api, ada, code in
            let session = try await bench.signIn(ada, api.client)
            _ = try await session.get("/api/my/whoami")
            let mesh = try await session.send(.post, "/api/my/meshes", #"{"name":"Old"}"#).decoded(Mesh.self)
            let path = "/api/my/meshes/\(mesh.id)"
            func invite() async throws -> Invite {
                try await session.send(.post, "\(path)/invites", "{}").decoded(Invite.self)
            }
            let (used, open) = (try await invite(), try await invite())
            let eve = try await bench.signIn(try await bench.person("Eve", api.client), api.client)
            let claimed = try await eve.send(.post, "/api/public/invites/\(used.code)/claim", "{}")
            #expect(claimed.status == .ok)
            let eveID = try await bench.accountID("Eve")
            let unused = try await bench.signIn(ada, api.client)
            let pat = try await session.send(.post, "/api/my/cli/tokens", #"{"name":"CI"}"#).decoded(AccessToken.self)
            _ = try await ada.get("/c/\(code.userCode)")
            try await bench.database.write { try $0.run("ALTER TABLE audit RENAME TO audit_lost") }
            let before = try await bench.everythingStored()
            let decision = "/api/auth/cli/device-code/\(code.userCode)"
            let passwords = ["current_password": "correct horse", "password": "battery staple"]
            let login = ["email": "ada@example.com", "password": "correct horse"]
            for (form, fields) in [
                ("\(decision)/approve", [:]), ("\(decision)/deny", [:]), ("/dashboard/settings/password", passwords),
                ("/login", login), ("/login", ["email": "ada@example.com", "password": "wrong horse"]),
            ] {
                #expect(try await ada.submit(form, fields).status == .internalServerError, "\(form)")
            }
            let claim = "/api/public/invites/\(open.code)/claim"
            let asked: [(HTTPRequest.Method, String, String?)] = [
                (.post, "\(path)/invites", "{}"), (.delete, "\(path)/invites/\(open.id)", nil),
                (.delete, "\(path)/members/\(eveID)", nil), (.delete, path, nil),
                (.post, "/api/my/meshes", #"{"name":"Team"}"#), (.post, "/api/my/cli/tokens", #"{"name":"x"}"#),
                (.delete, "/api/my/cli/tokens/\(pat.id)", nil), (.delete, "/api/my/cli/sessions/current", nil),
                (.post, "/api/auth/cli/device-code", #"{"device_name":"a","device_os":"b","device_arch":"c"}"#),
            ]
            for (method, path, body) in asked {
                let answer = try await session.client.execute(
                    uri: path, method: method,
                    headers: [.authorization: "Bearer \(session.token ?? "")", .contentType: "application/json"],
                    body: body.map { .init(string: $0) })
                #expect(answer.status == .internalServerError, "\(method) \(path)")
            }
            #expect(try await api.client.execute(uri: claim, method: .post).status == .internalServerError)
            let leaving = try await api.client.execute(
                uri: "\(path)/members/me", method: .delete, headers: [.authorization: "Bearer \(eve.token ?? "")"])
            #expect(leaving.status == .internalServerError)
            #expect(try await bench.everythingStored() == before)
            bench.time.advance(600)
            await #expect(throws: (any Error).self) { try await bench.services.sweep() }
            let revoked = try await bench.database.read {
                try $0.count("SELECT count(*) FROM credentials WHERE revoked_at > 0")
            }
            #expect(unused.token != nil && revoked == 0)
        }
    }
}
