// What one server keeps by being alone, over two with one database: the same is asked of both in one moment. By the routes, so
// that each takes the lock it needs.

import Foundation
import HTTPTypes
import HummingbirdTesting
import MeshAPI
import MeshStore
import ServerSupport
import TestSupport
import Testing

@testable import MeshServer
@testable import MeshServices

@Suite(.enabled(if: TestDatabase.url != nil, Comment(rawValue: TestDatabase.missing))) struct SharedRaceTests {
    /// The answers' statuses, of `count` at once, every second at the other server.
    private func statuses(
        _ count: Int, _ ask: @escaping @Sendable (Int) async throws -> TestResponse
    ) async throws -> [Int] {
        try await withThrowingTaskGroup(of: Int.self) { group in
            for index in 0..<count { group.addTask { Int(try await ask(index).status.code) } }
            return try await group.reduce(into: []) { $0.append($1) }.sorted()
        }
    }

    private func count(_ pair: ServerPair, _ table: String, _ condition: String) async throws -> Int {
        try await pair.one.services.database.read {
            try $0.count("SELECT count(*) FROM \(table) WHERE \(condition)")
        }
    }

    @Test func ofTwoOwnersWhoLeaveAtOnceOneStays() async throws {
        let pair = try ServerPair { $0.hasLimits = false }
        try await pair.run { first, second in
            let ada = try await pair.one.signIn(try await pair.one.person("Ada", first), first)
            let bo = try await pair.two.signIn(try await pair.two.person("Bo", second), second)
            let other = try await pair.one.accountID("Bo")
            for index in 0..<12 {
                let mesh = try await ada.send(.post, "/api/my/meshes", #"{"name":"Team \#(index)"}"#).decoded(Mesh.self)
                let now = pair.one.time.now
                try await pair.one.services.database.write {
                    try $0.memberships.insert(
                        meshID: mesh.id, accountID: other, membership: .owner, by: .isVouched, at: now)
                }
                let path = "/api/my/meshes/\(mesh.id)/members/me"
                let answers = try await statuses(2) { try await ($0 == 0 ? ada : bo).send(.delete, path) }
                #expect(answers == [204, 409])
            }
            #expect(try await count(pair, "memberships", "membership = 'owner'") == 12)
        }
    }

    @Test func aNameAKeyASessionAndAnInviteAreTakenOnce() async throws {
        let pair = try ServerPair { $0.hasLimits = false }
        try await pair.run { first, second in
            let ada = try await pair.one.signIn(try await pair.one.person("Ada", first), first)
            let clients = [ada, API(client: second, token: ada.token)]
            for round in 0..<6 {
                let named = try await statuses(8) {
                    try await clients[$0 % 2].send(.post, "/api/my/meshes", #"{"name":"Team","slug":"s\#(round)"}"#)
                }
                #expect(named == [201] + [Int](repeating: 409, count: 7))

                let keyed = try await statuses(8) {
                    try await clients[$0 % 2].send(
                        .post, "/api/my/meshes", #"{"name":"Once \#(round)"}"#, headers: [.idempotencyKey: "k\(round)"])
                }
                #expect(keyed == [Int](repeating: 201, count: 8))
                #expect(try await count(pair, "meshes", "name = 'Once \(round)'") == 1)
            }
            let meshes = try await ada.get("/api/my/meshes").decodedList("meshes", of: Mesh.self)
            for round in 0..<6 {
                // The same session in two meshes: neither mesh's lock keeps the other out.
                let body = { @Sendable (index: Int) in
                    let digest = String(repeating: "\(round)\(index)", count: 32)
                    return
                        #"{"session_id":"s\#(round)","display_name":"api","pid":4,"host":"box","token_hash":"\#(digest)"}"#
                }
                let registered = try await statuses(8) {
                    try await clients[$0 % 2].send(
                        .post, "/api/my/meshes/\(meshes[$0 % 2].id)/sessions", body($0))
                }
                #expect(registered.contains(200) && Set(registered).isSubset(of: [200, 409]), "\(registered)")
                #expect(try await count(pair, "presences", "session_id = 's\(round)'") == 1)
            }
            let people = [
                try await pair.one.signIn(try await pair.one.person("Bo", first), first),
                try await pair.two.signIn(try await pair.two.person("Cy", second), second),
            ]
            for mesh in meshes {
                let invite = try await ada.send(.post, "/api/my/meshes/\(mesh.id)/invites", #"{"max_uses":1}"#)
                    .decoded(Invite.self)
                let claimed = try await statuses(2) {
                    try await people[$0].send(.post, "/api/public/invites/\(invite.code)/claim", "{}")
                }
                #expect(claimed == [200, 410])
            }
        }
    }

    /// The audit is one chain, whoever writes it: 32 at once, at two servers.
    @Test func theAuditOfTwoServersIsOneChain() async throws {
        let pair = try ServerPair { $0.hasLimits = false }
        try await pair.run { first, second in
            let ada = try await pair.one.signIn(try await pair.one.person("Ada", first), first)
            let clients = [ada, API(client: second, token: ada.token)]
            for round in 0..<4 {
                let made = try await statuses(32) {
                    try await clients[$0 % 2].send(.post, "/api/my/cli/tokens", #"{"name":"t\#(round)-\#($0)"}"#)
                }
                #expect(made == [Int](repeating: 201, count: 32))
            }
        }
        guard case .intact(let rows) = try ServerAdministration(pair.storage, environment: [:]).verifyAudit() else {
            Issue.record("the audit broke")
            return
        }
        #expect(rows >= 128)
    }
}
