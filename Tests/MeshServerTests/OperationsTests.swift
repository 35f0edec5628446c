// The owner's tasks on a database: the audit's check finds every kind of change, copies are whole, passwords end sessions.

import Foundation
import GRDB
import HTTPTypes
import HummingbirdTesting
import Logging
import MeshAPI
import MeshStore
import Platform
import ServerSupport
import Synchronization
import Testing

@testable import MeshServer
@testable import MeshServices
@testable import MeshStoreSQLite

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

    /// In the place of the database and of what SQLite keeps beside it.
    func damage(_ bytes: Data) throws {
        for ending in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + ending) }
        try bytes.write(to: URL(filePath: path))
    }

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
        ("DELETE FROM audit; UPDATE audit_head SET number = 0, hash = ''", .broken(row: 1, .cut)),
        (
            "DELETE FROM audit; DELETE FROM audit_head; DELETE FROM credentials; DELETE FROM memberships; DELETE FROM mesh_heads; DELETE FROM topics; DELETE FROM meshes",
            .broken(row: 1, .cut)
        ),
        (
            "DELETE FROM audit; DELETE FROM audit_head; DELETE FROM credentials; DELETE FROM memberships; DELETE FROM mesh_heads; DELETE FROM topics; DELETE FROM meshes; DELETE FROM migrations WHERE number = 8",
            .broken(row: 1, .cut)
        ),
        ("DROP TABLE migrations; DELETE FROM audit WHERE number = 5", .broken(row: 5, .cut)),
        ("DROP TABLE audit_head", .broken(row: 6, .cut)),
        ("DROP TABLE audit", .broken(row: 1, .missing)),
        ("ALTER TABLE audit RENAME COLUMN hash TO hush", .broken(row: 1, .missing)),
        ("UPDATE audit SET number = 5.5 WHERE number = 5", .broken(row: 5, .changed)),
        ("UPDATE audit SET number = NULL WHERE number = 5", .broken(row: 1, .changed)),
        ("UPDATE audit SET number = 'five' WHERE number = 5", .broken(row: 5, .changed)),
        ("UPDATE audit SET number = x'05' WHERE number = 5", .broken(row: 5, .changed)),
        ("UPDATE audit SET number = -1 WHERE number = 1", .broken(row: 1, .changed)),
        ("UPDATE audit SET number = 9223372036854775807 WHERE number = 5", .broken(row: 5, .missing)),
        ("UPDATE audit SET body = CAST(body AS BLOB) WHERE number = 2", .broken(row: 2, .changed)),
        ("UPDATE audit SET body = body || char(0) || 'more' WHERE number = 2", .broken(row: 2, .changed)),
        ("UPDATE audit SET hash = CAST(hash AS BLOB) WHERE number = 2", .broken(row: 2, .changed)),
        ("UPDATE audit SET hash = hash || char(0) || 'more' WHERE number = 2", .broken(row: 2, .changed)),
        (
            "UPDATE audit SET number = 10 WHERE number = 2; UPDATE audit SET number = 2 WHERE number = 3; UPDATE audit SET number = 3 WHERE number = 10",
            .broken(row: 2, .changed)
        ),
        ("UPDATE audit_head SET number = 5.5", .broken(row: 6, .cut)),
        ("UPDATE audit_head SET number = 'five'", .broken(row: 6, .cut)),
        ("UPDATE audit_head SET seal = CAST(seal AS BLOB)", .broken(row: 6, .cut)),
        ("UPDATE audit_head SET hash = 7", .broken(row: 6, .cut)),
    ])
    func everyKindOfChangeIsFound(sql: String, report: AuditReport) async throws {
        let site = try Site()
        try await site.addHistory()
        try site.tamper(sql)
        #expect(try site.admin().verifyAudit() == report)
    }

    /// The server's next row must not be its word for what somebody else left.
    @Test(arguments: [
        "DELETE FROM audit; DELETE FROM audit_head", "DELETE FROM audit_head",
        "DELETE FROM audit WHERE number = 5; UPDATE audit_head SET number = 4, hash = (SELECT hash FROM audit WHERE number = 4)",
        "UPDATE audit_head SET seal = 'x'",
    ])
    func aLaterRowMendsNothing(sql: String) async throws {
        let site = try Site()
        try await site.addHistory()
        try site.tamper(sql)
        _ = try await site.admin().resetPassword(email: "u1@example.com", to: "correct horse")
        guard case .broken(_, .cut) = try site.admin().verifyAudit() else {
            Issue.record("taken for whole")
            return
        }
    }

    @Test func anEmptyChainIsSealedFromTheStart() throws {
        let folder = NSTemporaryDirectory() + "claudemesh-operations-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let database = try SQLiteStore(.file(folder + "/server.sqlite"), now: Date())
        func report() throws -> AuditReport {
            try database.writer.read { try AuditVerifier(database: $0, key: database.key).verify() }
        }
        #expect(try report() == .intact(rows: 0))
        _ = try database.writeNow { try $0.run("DELETE FROM audit_head") }
        #expect(try report() == .broken(row: 1, .cut))
    }

    /// A database of before 0008 that recorded nothing yet gets its head when it is opened; one that did and has lost it
    /// does not.
    @Test func anOlderDatabaseGetsItsHead() async throws {
        let site = try Site()
        func start() throws { _ = try SQLiteStore(.file(site.path), now: Date()) }
        let unsealed = "DELETE FROM audit; DELETE FROM audit_head; DELETE FROM migrations WHERE number = 8;"
        let unused =
            "DELETE FROM credentials; DELETE FROM memberships; DELETE FROM mesh_heads; DELETE FROM topics; DELETE FROM meshes"
        for used in ["", unused] {
            try site.tamper("\(unsealed) \(used)")
            try start()
            #expect(try site.admin().verifyAudit() == .broken(row: 1, .cut), "it has an account")
        }
        try site.tamper("\(unsealed) DELETE FROM accounts")
        #expect(try site.admin().verifyAudit() == .broken(row: 1, .cut), "a look at it begins nothing")
        try start()
        #expect(try site.admin().verifyAudit() == .intact(rows: 0))
        try await site.addHistory()
        #expect(try site.admin().verifyAudit() == .intact(rows: 3))
    }

    /// It may be evidence, or on a disk that nobody can write to.
    @Test func aCheckWritesNothing() async throws {
        let site = try Site()
        try await site.addHistory()
        func files() throws -> [String: Data] {
            let names = try FileManager.default.contentsOfDirectory(atPath: site.folder)
            return try Dictionary(
                uniqueKeysWithValues: names.map { ($0, try Data(contentsOf: URL(filePath: "\(site.folder)/\($0)"))) })
        }
        let before = try files()
        #expect(before.count == 2)
        #expect(try site.admin().verifyAudit() == .intact(rows: 5))
        #expect(try files() == before)
        // Beside a server: what it wrote is not in the file yet.
        let server = try SQLiteStore(.file(site.path), now: Date())
        try server.writeNow { try $0.audit.record(.loginOK, at: Date()) }
        let database = try Data(contentsOf: URL(filePath: site.path))
        #expect(try site.admin().verifyAudit() == .intact(rows: 6))
        #expect(try Data(contentsOf: URL(filePath: site.path)) == database)
    }

    @Test func aFileThatIsNoDatabaseIsSaidToBe() throws {
        let site = try Site()
        try site.damage(Data(repeating: 7, count: 8192))
        #expect(throws: StorageFailure.self) { try site.admin().verifyAudit() }
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

    /// What happened since the copy was made never was: whoever reads along is told to begin anew, though nothing is missing
    /// at the place they had.
    @Test func readersBeginAnewWhereACopyWasPutBack() async throws {
        let (site, other) = (try Site(), try Site())
        let before = try Bench { $0.storage = .file(site.path) }
        let kept = Mutex<(token: String?, mesh: String, cursor: String)?>(nil)
        try await before.run { client in
            let ada = try await before.signIn(try await before.person("Ada", client), client)
            let mesh = try await ada.send(.post, "/api/my/meshes", #"{"name":"Team"}"#).decoded(Mesh.self).id
            let place = try await ada.get("/api/my/meshes/\(mesh)/events").decoded(EventPage.self).cursor
            kept.withLock { $0 = (ada.token, mesh, place) }
        }
        try Backup.make(of: site.path, to: site.folder + "/copy")
        _ = try Backup.restore(from: site.folder + "/copy", to: other.path)
        let (token, mesh, cursor) = try #require(kept.withLock { $0 })
        for (path, isReset) in [(site.path, nil), (other.path, true)] {
            let after = try Bench { $0.storage = .file(path) }
            try await after.run { client in
                let ada = API(client: client, token: token)
                let page = try await ada.get("/api/my/meshes/\(mesh)/events?after=\(cursor)").decoded(EventPage.self)
                #expect(page.reset == isReset)
                let next = try await ada.get("/api/my/meshes/\(mesh)/events?after=\(page.cursor)")
                #expect(try next.decoded(EventPage.self).reset == nil)
            }
        }
    }

    /// While no server runs SQLite would leave its own files beside what is only read.
    @Test func nothingIsLeftBesideWhatIsRead() throws {
        let site = try Site()
        let copy = site.folder + "/copy"
        try Backup.make(of: site.path, to: copy)
        let names = ["copy", "copy.key", "server.sqlite", "server.sqlite.key"]
        #expect(try FileManager.default.contentsOfDirectory(atPath: site.folder).sorted() == names)
        // A copy made by hand is as the server had it.
        let byHand = site.folder + "/by-hand"
        for ending in ["", ".key"] {
            try FileManager.default.copyItem(atPath: site.path + ending, toPath: byHand + ending)
        }
        _ = try Backup.restore(from: byHand, to: site.folder + "/other")
        let more = names + ["by-hand", "by-hand.key", "other", "other.key"]
        #expect(try FileManager.default.contentsOfDirectory(atPath: site.folder).sorted() == more.sorted())
    }

    /// On another machine, whose database had a key of its own: whoever was signed in still is, a form that was open can be
    /// sent, and a code that waited can be approved and claimed.
    @Test func theKeyComesAlongAndNobodyHasToSignInAgain() async throws {
        let (site, other) = (try Site(), try Site())
        let copy = site.folder + "/copy"
        let key = try Data(contentsOf: URL(filePath: site.path + ".key"))
        let before = try Bench { $0.storage = .file(site.path) }
        let kept = Mutex<(token: String?, cookies: [String: String], formToken: String, code: DeviceCode)?>(nil)
        try await before.run { client in
            let ada = try await before.person("Ada", client)
            let api = try await before.signIn(ada, client)
            let code = try await api.deviceCode()
            #expect(try await ada.get("/cli-auth?code=\(code.userCode)").status == .ok)
            kept.withLock { $0 = (api.token, ada.cookies, ada.formToken, code) }
        }
        try Backup.make(of: site.path, to: copy)
        #expect(try Data(contentsOf: URL(filePath: copy + ".key")) == key)
        _ = try Backup.restore(from: copy, to: other.path)
        #expect(try Data(contentsOf: URL(filePath: other.path + ".key")) == key)
        let (token, cookies, formToken, code) = try #require(kept.withLock { $0 })
        let after = try Bench { $0.storage = .file(other.path) }
        try await after.run { client in
            let who = try await API(client: client, token: token).get("/api/my/whoami")
            #expect(who.status == .ok)
            let ada = Browser(client: client, cookies: cookies, formToken: formToken)
            let path = "/api/auth/cli/device-code/\(code.userCode)/approve"
            #expect(try await ada.submit(path).status == .seeOther)
            #expect(try await API(client: client).poll(code).token != nil)
        }
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

    /// As its start is: what can't be put back is no copy.
    @Test func aNewerOrForeignDatabaseIsNotCopied() throws {
        let site = try Site()
        let copy = site.folder + "/copy"
        try site.tamper(
            "INSERT INTO migrations (number, name, digest, applied_at) VALUES (9000, '9000-later.sql', 'x', 0)")
        #expect(throws: StorageFailure.newer(name: "9000-later.sql")) { try Backup.make(of: site.path, to: copy) }
        let foreign = site.folder + "/foreign"
        let queue = try DatabaseQueue(path: foreign)
        try queue.write { try $0.execute(sql: "CREATE TABLE theirs (x)") }
        try queue.close()
        try FileManager.default.copyItem(atPath: site.path + ".key", toPath: foreign + ".key")
        #expect(throws: StorageFailure.foreign(path: foreign)) { try Backup.make(of: foreign, to: copy) }
        for ending in ["", ".key", ".partial"] {
            #expect(!FileManager.default.fileExists(atPath: copy + ending), "\(ending)")
        }
    }

    @Test func aWrongPlaceIsNamedAndNothingIsMade() throws {
        let site = try Site()
        let (none, empty) = (site.folder + "/none", site.folder + "/empty")
        #expect(throws: StorageFailure.file(path: none, reason: .noFolder)) {
            try Backup.make(of: site.path, to: none + "/copy")
        }
        #expect(FileManager.default.createFile(atPath: empty, contents: nil))
        #expect(throws: StorageFailure.file(path: empty, reason: .noDatabase)) {
            try ServerAdministration(database: empty, passwordCost: 4)
        }
        #expect(!FileManager.default.fileExists(atPath: empty + ".key"))
    }

    /// An owner restores as root what a service runs on as a user of its own.
    @Test(.enabled(if: geteuid() == 0)) func whatRootRestoresIsTheServices() throws {
        let site = try Site()
        let (copy, home) = (site.folder + "/copy", site.folder + "/service")
        try Backup.make(of: site.path, to: copy)
        try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: false)
        #expect(chown(home, 12_345, 12_346) == 0)
        _ = try Backup.restore(from: copy, to: home + "/server.sqlite")
        for file in ["server.sqlite", "server.sqlite.key"] {
            let found = try FileManager.default.attributesOfItem(atPath: "\(home)/\(file)")
            #expect(
                found[.ownerAccountID] as? Int == 12_345 && found[.groupOwnerAccountID] as? Int == 12_346, "\(file)")
        }
    }

    @Test func aKeyOfAnotherDatabaseIsRefused() throws {
        let site = try Site()
        let copy = site.folder + "/copy"
        try Backup.make(of: site.path, to: copy)
        try Data(repeating: 7, count: 32).write(to: URL(filePath: copy + ".key"))
        #expect(throws: StorageFailure.file(path: copy + ".key", reason: .otherKey)) {
            try Backup.restore(from: copy, to: site.path)
        }
        #expect(throws: StorageFailure.file(path: site.folder, reason: .folder)) {
            try Backup.restore(from: copy, to: site.folder)
        }
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

    /// Beside the database: what a restore that succeeded or failed leaves.
    private func leftovers(_ site: Site) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: site.folder).filter { $0.contains(".partial") }
    }

    @Test func twoRestoresInOneSecondKeepBoth() throws {
        let site = try Site()
        let copy = site.folder + "/copy"
        try Backup.make(of: site.path, to: copy)
        let now = Date(timeIntervalSince1970: 1_800_000_000)
        let first = try #require(try Backup.restore(from: copy, to: site.path, now: now))
        let kept = try Data(contentsOf: URL(filePath: first))
        let second = try #require(try Backup.restore(from: copy, to: site.path, now: now))
        #expect(first != second)
        #expect(try Data(contentsOf: URL(filePath: first)) == kept)
        for file in [first, second] {
            #expect(try ServerAdministration(database: file, passwordCost: 4).verifyAudit() == .intact(rows: 2))
        }
        #expect(try leftovers(site).isEmpty)
    }

    @Test func aDamagedDatabaseIsReplacedAndKept() throws {
        let site = try Site()
        let copy = site.folder + "/copy"
        try Backup.make(of: site.path, to: copy)
        let damaged = Data(repeating: 7, count: 8192)
        try site.damage(damaged)
        let kept = try #require(try Backup.restore(from: copy, to: site.path))
        #expect(try Data(contentsOf: URL(filePath: kept)) == damaged)
        #expect(try site.admin().verifyAudit() == .intact(rows: 2))
    }

    /// What stands there can't be kept: everything is as it was.
    @Test func aRestoreThatCanNotKeepTheOldChangesNothing() throws {
        let (site, other) = (try Site(), try Site())
        let copy = other.folder + "/copy"
        try Backup.make(of: other.path, to: copy)
        let key = try Data(contentsOf: URL(filePath: site.path + ".key"))
        try FileManager.default.removeItem(atPath: site.path + ".key")
        try FileManager.default.createDirectory(atPath: site.path + ".key", withIntermediateDirectories: false)
        #expect(throws: StorageFailure.self) { try Backup.restore(from: copy, to: site.path) }
        try FileManager.default.removeItem(atPath: site.path + ".key")
        try key.write(to: URL(filePath: site.path + ".key"))
        #expect(try site.admin().verifyAudit() == .intact(rows: 2))
        let names = try FileManager.default.contentsOfDirectory(atPath: site.folder)
        #expect(!names.contains { $0.contains("before-restore") || $0.contains(".partial") })
    }

    /// As a kill leaves it: before the new database is in, and between the database and its key.
    @Test func aRestoreThatWasKilledIsTheOldOrTheNew() async throws {
        let (site, other) = (try Site(), try Site())
        try await other.addHistory()
        let copy = other.folder + "/copy"
        try Backup.make(of: other.path, to: copy)
        let (file, key) = (site.path + ".partial", site.path + ".key.partial")
        try FileManager.default.copyItem(atPath: copy, toPath: file)
        try FileManager.default.copyItem(atPath: copy + ".key", toPath: key)
        #expect(try site.admin().verifyAudit() == .intact(rows: 2))
        for ending in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: site.path + ending) }
        try FileManager.default.moveItem(atPath: file, toPath: site.path)
        #expect(try site.admin().verifyAudit() == .intact(rows: 5))
        #expect(try leftovers(site).isEmpty)
    }

    /// A key that no restore left does not take the place of the one that is used.
    @Test func aStrayKeyReplacesNothing() throws {
        let site = try Site()
        let key = try Data(contentsOf: URL(filePath: site.path + ".key"))
        try Data(repeating: 7, count: 32).write(to: URL(filePath: site.path + ".key.partial"))
        _ = try SQLiteStore(.file(site.path), now: Date())
        #expect(try Data(contentsOf: URL(filePath: site.path + ".key")) == key)
        #expect(try site.admin().verifyAudit() == .intact(rows: 2))
    }

    /// Where a name can't be given, the former database is put back with its key; and where another program that opened
    /// the database has moved the key already, nothing failed.
    @Test(arguments: ["", ".key"])
    func aMoveThatFailsPutsEverythingBack(ending: String) async throws {
        let (site, other) = (try Site(), try Site())
        try await other.addHistory()
        let copy = other.folder + "/copy"
        try Backup.make(of: other.path, to: copy)
        let key = try Data(contentsOf: URL(filePath: site.path + ".key"))
        var hasFailed = false
        #expect(throws: StorageFailure.self) {
            try Backup.restore(from: copy, to: site.path) { path, target in
                if target == site.path + ending && !hasFailed {
                    hasFailed = true
                    throw StorageFailure.file(path: target, reason: .damaged)
                }
                try #require(rename(path, target) == 0)
            }
        }
        #expect(try Data(contentsOf: URL(filePath: site.path + ".key")) == key)
        #expect(try site.admin().verifyAudit() == .intact(rows: 2))
        let names = try FileManager.default.contentsOfDirectory(atPath: site.folder)
        #expect(!names.contains { $0.contains("before-restore") || $0.contains(".partial") }, "\(names)")
    }

    @Test func aKeyThatAnotherProgramMovedIsInPlace() async throws {
        let (site, other) = (try Site(), try Site())
        try await other.addHistory()
        let copy = other.folder + "/copy"
        try Backup.make(of: other.path, to: copy)
        let kept = try Backup.restore(from: copy, to: site.path) { path, target in
            if target.hasSuffix(".key") { try Backup.finishRestore(of: site.path) }
            guard rename(path, target) == 0 else {
                throw StorageFailure.file(path: target, reason: .system(errno))
            }
        }
        #expect(kept != nil)
        #expect(try site.admin().verifyAudit() == .intact(rows: 5))
    }

    @Test func aLinkIsNotReplaced() throws {
        let (site, other) = (try Site(), try Site())
        let (copy, link) = (other.folder + "/copy", other.folder + "/link")
        try Backup.make(of: other.path, to: copy)
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: site.path)
        #expect(
            throws: StorageFailure.file(
                path: link, reason: .link)
        ) { try Backup.restore(from: copy, to: link) }
        #expect(try site.admin().verifyAudit() == .intact(rows: 2))
        #expect(try !FileManager.default.contentsOfDirectory(atPath: other.folder).contains { $0.hasPrefix("link.") })
    }

    @Test func aDatabaseInUseIsNotReplaced() throws {
        let site = try Site()
        let copy = site.folder + "/copy"
        try Backup.make(of: site.path, to: copy)
        let server = try SQLiteStore(.file(site.path), now: Date())
        #expect(throws: StorageFailure.file(path: site.path, reason: .inUse)) {
            try Backup.restore(from: copy, to: site.path)
        }
        let report = try server.writer.read { try AuditVerifier(database: $0, key: server.key).verify() }
        #expect(report == .intact(rows: 2))
    }
}

@Suite struct OneServerTests {
    /// What a server counts and whom it wakes is in its memory; the owner's tasks run beside it.
    @Test func aSecondServerIsRefusedWhileTheFirstLives() async throws {
        let site = try Site()
        func bench() throws -> Bench {
            try Bench {
                $0.storage = .file(site.path)
                $0.port = 0
            }
        }
        try await bench().serve { _, _ in
            await #expect(throws: StorageFailure.file(path: site.path, reason: .inUse)) {
                try await bench().server.run()
            }
            _ = try await site.admin().addUser(name: "Ana", email: "ana@example.com", password: "correct horse")
            #expect(try site.admin().verifyAudit() == .intact(rows: 2))
            try Backup.make(of: site.path, to: site.folder + "/copy")
            #expect(throws: StorageFailure.file(path: site.path, reason: .inUse)) {
                try Backup.restore(from: site.folder + "/copy", to: site.path)
            }
        }
        try await bench().serve { port, _ in #expect(port > 0) }
    }
}

@Suite struct UserAdministrationTests {
    @Test func aResetEndsSessionsButNotAccessTokens() async throws {
        let bench = try Bench()
        try await bench.run { client in
            let browser = try await bench.person("Ana", client)
            let api = try await bench.signIn(browser, client)
            let account = try #require(
                try await bench.database.read { try $0.accounts.account(email: "ana@example.com") })
            let pat = TokenForm.make(.pat, bytes: randomBytes(32))
            try await bench.database.write { [now = bench.time.now] in
                try $0.credentials.insert(
                    CredentialRow(
                        id: Identifier.make(), accountID: account.id, kind: .pat, name: "ci", createdAt: now,
                        expiresAt: nil),
                    digest: SecretDigest.of(pat))
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
