// What is decided after a wait is decided by what holds then: a password may have been changed meanwhile.

import Foundation
import Localization
import MeshAPI
import MeshStore
import Testing

@testable import MeshServer
@testable import MeshServices

@Suite struct RaceTests {
    private static let caller = Caller(address: "192.0.2.1")

    @Test func aPasswordThatWasChangedMeanwhileOpensNoSessionAndChangesNothing() async throws {
        let bench = try Bench()
        let accounts = AccountService(
            database: bench.database, changes: bench.services.changes, hasher: PasswordHasher(cost: 4),
            limits: RateLimiter(isOn: true) { Date() }
        ) { Date() }
        let caller = Self.caller
        let ada = try await accounts.register(name: "Ada", email: "ada@example.com", password: "correct horse")
        let secret = try await accounts.startWebSession(ada, replacing: "", caller: caller)
        let session = try #require(
            try await bench.database.read { try $0.webSessions.live(digest: SecretDigest.of(secret), at: Date()) })
        let changed = try await accounts.setPassword(of: ada, to: "battery staple", session: session, caller: caller)

        await #expect(throws: AccountService.FieldError(field: "password", text: .signInWrong)) {
            _ = try await accounts.startWebSession(ada, replacing: "", caller: caller)
        }
        let wrong = AccountService.FieldError(field: "current", text: .currentWrong)
        await #expect(throws: wrong, "its session ended") {
            try await accounts.setPassword(of: changed, to: "tea and toast", session: session, caller: caller)
        }
        let next = try await accounts.startWebSession(changed, replacing: "", caller: caller)
        let live = try #require(
            try await bench.database.read { try $0.webSessions.live(digest: SecretDigest.of(next), at: Date()) })
        await #expect(throws: wrong, "the password it was checked against is another now") {
            try await accounts.setPassword(of: ada, to: "tea and toast", session: live, caller: caller)
        }
        let stored = try await bench.database.read { try $0.accounts.account(id: ada.id) }
        #expect(stored?.password == changed.password)
    }
}
