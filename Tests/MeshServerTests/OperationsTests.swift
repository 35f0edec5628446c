// The owner's tasks on a database: the audit's check finds every kind of change, copies are whole, passwords end sessions.

import Foundation
import GRDB
import HTTPTypes
import HummingbirdTesting
import Logging
import MeshAPI
import Testing

@testable import MeshServer

/// A database in a folder of its own, with some history.
private final class Site {
    let folder: String
    var path: String { folder + "/server.sqlite" }

    init() throws {
        folder = NSTemporaryDirectory() + "claudemesh-operations-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        _ = try LocalServer.prepare(database: path, userName: "ana", hostName: "box")
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func admin() throws -> ServerAdministration { try ServerAdministration(database: path, passwordCost: 4) }

    /// Behind the server's back, as somebody with the file would.
    func tamper(_ sql: String) throws {
        let queue = try DatabaseQueue(path: path)
        try queue.write { try $0.execute(sql: sql) }
        try queue.close()
    }

    func addHistory() async throws {
        for number in 0..<3 {
            let user = try await admin().addUser(
                name: "U\(number)", email: "u\(number)@example.com", password: "correct horse")
            _ = try await admin().resetPassword(email: user.email ?? "", to: "battery staple")
        }
    }
}

@Suite struct AuditVerifierTests {
    @Test func anUntouchedChainIsIntact() async throws {
        let site = try Site()
        try await site.addHistory()
        #expect(try site.admin().verifyAudit() == .intact(rows: 5))
    }

    @Test(arguments: [
        (
            "UPDATE audit SET body = replace(body, ':', ';') WHERE number = 2",
            AuditReport.broken(row: 2, .changed)
        ),
        (
            "UPDATE audit SET hash = (SELECT hash FROM audit WHERE number = 1) WHERE number = 3",
            .broken(row: 3, .changed)
        ),
        ("DELETE FROM audit WHERE number = 2", .broken(row: 2, .missing)),
        ("DELETE FROM audit WHERE number = 1", .broken(row: 1, .missing)),
        ("DELETE FROM audit WHERE number = 5", .broken(row: 5, .cut)),
        (
            "DELETE FROM audit WHERE number = 5; UPDATE audit_head SET number = 4, hash = (SELECT hash FROM audit WHERE number = 4)",
            .broken(row: 5, .cut)
        ),
        ("INSERT INTO audit VALUES (6, '{}', 'made up')", .broken(row: 6, .changed)),
        ("DELETE FROM audit_head", .broken(row: 6, .cut)),
        ("DELETE FROM audit; DELETE FROM audit_head", .broken(row: 1, .cut)),
    ])
    func everyKindOfChangeIsFound(sql: String, report: AuditReport) async throws {
        let site = try Site()
        try await site.addHistory()
        try site.tamper(sql)
        #expect(try site.admin().verifyAudit() == report)
    }
}

@Suite struct BackupTests {
    @Test func aCopyIsWholeAndComesBack() async throws {
        let site = try Site()
        try await site.addHistory()
        let copy = site.folder + "/copy"
        try Backup.make(of: site.path, to: copy)
        for file in [copy, copy + ".key"] {
            let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
            #expect(mode == 0o600)
        }
        _ = try await site.admin().addUser(name: "Late", email: "late@example.com", password: "correct horse")
        let kept = try #require(try Backup.restore(from: copy, to: site.path))
        #expect(FileManager.default.fileExists(atPath: kept))
        #expect(try site.admin().verifyAudit() == .intact(rows: 5))
        await #expect(throws: AccountProblem.unknownEmail) {
            try await site.admin().resetPassword(email: "late@example.com", to: "battery staple")
        }
        // The copy still opens after it was used.
        #expect(try ServerAdministration(database: copy, passwordCost: 4).verifyAudit() == .intact(rows: 5))
    }

    @Test func neverOverwritesAndNeverGuesses() throws {
        let site = try Site()
        let copy = site.folder + "/copy"
        try Backup.make(of: site.path, to: copy)
        #expect(throws: StorageFailure.self) { try Backup.make(of: site.path, to: copy) }
        #expect(throws: StorageFailure.self) { try Backup.make(of: site.folder + "/none", to: site.folder + "/other") }
        let alias = site.folder + "/alias"
        try FileManager.default.createSymbolicLink(atPath: alias, withDestinationPath: site.path)
        try FileManager.default.copyItem(atPath: site.path + ".key", toPath: alias + ".key")
        #expect(throws: StorageFailure.self, "of itself") { try Backup.restore(from: alias, to: site.path) }
        try FileManager.default.removeItem(atPath: copy + ".key")
        #expect(throws: StorageFailure.self) { try Backup.restore(from: copy, to: site.path) }
        #expect(try site.admin().verifyAudit() == .intact(rows: 2))
    }

    @Test func aDamagedCopyIsRefusedBeforeAnythingMoves() throws {
        let site = try Site()
        let copy = site.folder + "/copy"
        try Backup.make(of: site.path, to: copy)
        let handle = try #require(FileHandle(forWritingAtPath: copy))
        try handle.seek(toOffset: 5000)
        try handle.write(contentsOf: Data(repeating: 0xFF, count: 3000))
        try handle.close()
        #expect(throws: StorageFailure.self) { try Backup.restore(from: copy, to: site.path) }
        #expect(try site.admin().verifyAudit() == .intact(rows: 2))
    }

    @Test func aDatabaseInUseIsNotReplaced() throws {
        let site = try Site()
        let copy = site.folder + "/copy"
        try Backup.make(of: site.path, to: copy)
        let admin = try site.admin()
        #expect(try admin.verifyAudit() == .intact(rows: 2))
        #expect(throws: StorageFailure.file(path: site.path, reason: "a server uses it; stop it first")) {
            try Backup.restore(from: copy, to: site.path)
        }
        #expect(try admin.verifyAudit() == .intact(rows: 2))
    }
}

@Suite struct UserAdministrationTests {
    @Test func aResetEndsSessionsButNotAccessTokens() async throws {
        let bench = try Bench()
        try await bench.run { client in
            let browser = try await bench.person("Ana", client)
            let api = try await bench.signIn(browser, client)
            let account = try #require(try bench.database.read { try $0.accounts.account(email: "ana@example.com") })
            let pat = TokenForm.make(.pat, bytes: Secret.randomBytes(32))
            try await bench.database.write { [now = bench.time.now] in
                try $0.credentials.insert(
                    Credential(
                        id: Identifier.make(), accountID: account.id, kind: .pat, name: "ci", createdAt: now,
                        expiresAt: nil),
                    digest: Secret.digest(pat))
            }
            try await bench.services.accounts.setPassword(
                of: account, to: "battery staple", caller: Caller(address: "test"))
            #expect(try await api.get("/api/my/whoami").status == .unauthorized)
            #expect(try await API(client: client, token: pat).get("/api/my/whoami").status == .ok)
            #expect(try await browser.get("/dashboard").status == .seeOther)
        }
    }

    @Test func wrongWishesAreNamed() async throws {
        let site = try Site()
        let admin = try site.admin()
        _ = try await admin.addUser(name: "Ana", email: "ana@example.com", password: "correct horse")
        await #expect(throws: AccountProblem.emailTaken) {
            try await admin.addUser(name: "Ana", email: "ANA@example.com", password: "correct horse")
        }
        await #expect(throws: AccountProblem.email) {
            try await admin.addUser(name: "Ana", email: "ana", password: "correct horse")
        }
        await #expect(throws: AccountProblem.name) {
            try await admin.addUser(name: " ", email: "b@example.com", password: "correct horse")
        }
        await #expect(throws: AccountProblem.passwordShort) {
            try await admin.resetPassword(email: "ana@example.com", to: "short")
        }
        #expect(throws: StorageFailure.self) { try ServerAdministration(database: site.folder + "/none") }
        #expect(!FileManager.default.fileExists(atPath: site.folder + "/none"))
    }
}
