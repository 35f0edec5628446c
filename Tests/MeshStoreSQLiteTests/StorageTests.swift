// The database: migrations that are applied once and refused when changed or newer, private files.

import Foundation
import GRDB
import MeshAPI
import MeshStore
import Platform
import Testing

@testable import MeshStoreSQLite

@Suite struct StorageTests {
    private let now = Date(timeIntervalSince1970: 1_800_000_000)

    private func withFolder(_ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "meshserver-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try body(folder + "/data/server.sqlite")
    }

    private func mode(_ path: String) throws -> Int {
        try #require(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int)
    }

    @Test func filesAreTheOwnersAlone() throws {
        try withFolder { path in
            let database = try SQLiteStore(.file(path), now: now)
            #expect(database.isReadyNow())
            for file in [path, path + ".key", path + "-wal", path + "-shm"] {
                #expect(try mode(file) == 0o600, "\(file)")
            }
            #expect(try mode(URL(filePath: path).deletingLastPathComponent().path) == 0o700)
        }
    }

    @Test(arguments: ["x", "a text that was named by mistake", String(repeating: "\0", count: 15)])
    func aFileThatIsNoDatabaseIsLeftAsItIs(text: String) throws {
        try withFolder { path in
            try DatabaseFile.prepareFolder(of: path)
            #expect(FileManager.default.createFile(atPath: path, contents: Data(text.utf8)))
            #expect(chmod(path, 0o644) == 0)
            #expect(throws: StorageFailure.foreign(path: path)) {
                try SQLiteStore(.file(path), now: now)
            }
            #expect(try mode(path) == 0o644)
            #expect(try String(contentsOfFile: path, encoding: .utf8) == text)
            #expect(!FileManager.default.fileExists(atPath: path + ".key"))
        }
    }

    /// Its mode is everybody's, and to open it may do something by itself.
    @Test func whatIsNoFileIsLeftAsItIs() throws {
        try withFolder { path in
            try DatabaseFile.prepareFolder(of: path)
            #expect(mkfifo(path, 0o644) == 0)
            let copy = path + ".copy"
            let refused = StorageFailure.file(path: path, reason: .notFile)
            #expect(throws: refused) { try SQLiteStore(.file(path), now: now) }
            #expect(throws: refused) { try AuditVerifier.verify(database: path) }
            #expect(throws: refused) { try Backup.make(of: path, to: copy) }
            #expect(throws: refused) { try Backup.restore(from: path, to: copy) }
            _ = try SQLiteStore(.file(copy), now: now)
            #expect(throws: refused) { try Backup.restore(from: copy, to: path) }
            #expect(try mode(path) == 0o644)
            #expect(!FileManager.default.fileExists(atPath: path + ".key"))
            let folder = URL(filePath: path).deletingLastPathComponent().path
            #expect(throws: StorageFailure.file(path: folder, reason: .folder)) {
                try SQLiteStore(.file(folder), now: now)
            }
        }
    }

    /// A reader that would wait for a writer for ever.
    @Test func aKeyThatIsNoFileIsNoKey() throws {
        try withFolder { path in
            _ = try SQLiteStore(.file(path), now: now)
            #expect(unlink(path + ".key") == 0 && mkfifo(path + ".key", 0o600) == 0)
            let refused = StorageFailure.file(path: path + ".key", reason: .notFile)
            #expect(throws: refused) { try SQLiteStore(.file(path), now: now) }
            #expect(throws: refused) { try Backup.make(of: path, to: path + ".copy") }
        }
    }

    @Test(arguments: ["file:x.sqlite", ":memory:", "x.sqlite"]) func aNameIsAPath(path: String) {
        #expect(DatabaseFile.name(path) == "./" + path)
        #expect(DatabaseFile.name("/" + path) == "/" + path)
    }

    @Test func anEmptyFileIsNoDatabaseToCopy() throws {
        try withFolder { path in
            try DatabaseFile.prepareFolder(of: path)
            #expect(FileManager.default.createFile(atPath: path, contents: nil))
            #expect(throws: StorageFailure.file(path: path, reason: .noDatabase)) {
                try Backup.make(of: path, to: path + ".copy")
            }
        }
    }

    /// Whoever copies the file and its key copies all of it.
    @Test func nothingStaysBesideADatabaseThatIsClosed() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "meshserver-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let database = try SQLiteStore(.file(folder + "/server.sqlite"), now: now)
        // A reader of the pool, and the one of its own.
        _ = try await database.read { try $0.count("SELECT count(*) FROM accounts") }
        _ = try await database.lookUp { try $0.count("SELECT count(*) FROM accounts") }
        try database.close()
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
        #expect(names.sorted() == ["server.sqlite", "server.sqlite.key"])
    }

    /// It may be named by mistake: no table of ours in it, no key and no journal beside it.
    @Test func anotherProgramsDatabaseIsLeftAsItIs() throws {
        try withFolder { path in
            try DatabaseFile.prepareFolder(of: path)
            let other = try DatabaseQueue(path: path)
            try other.write { try $0.execute(sql: "CREATE TABLE migrations (id TEXT); CREATE TABLE notes (text TEXT)") }
            try other.close()
            #expect(chmod(path, 0o644) == 0)
            let before = try Data(contentsOf: URL(filePath: path))
            #expect(throws: StorageFailure.foreign(path: path)) { try SQLiteStore(.file(path), now: now) }
            #expect(throws: StorageFailure.foreign(path: path)) {
                try AuditVerifier.verify(database: path)
            }
            #expect(try Data(contentsOf: URL(filePath: path)) == before && mode(path) == 0o644)
            for ending in [".key", "-wal", "-shm"] { #expect(!FileManager.default.fileExists(atPath: path + ending)) }
        }
    }

    @Test func wideFilesAreClosedToOthers() throws {
        try withFolder { path in
            _ = try SQLiteStore(.file(path), now: now)
            for file in [path, path + ".key"] { #expect(chmod(file, 0o666) == 0) }
            _ = try SQLiteStore(.file(path), now: now)
            for file in [path, path + ".key"] { #expect(try mode(file) == 0o600, "\(file)") }
        }
    }

    /// A disk without modes says yes to every change and keeps none.
    @Test func filesThatStayWideAreRefused() throws {
        var calls = FileCalls()
        calls.fchmod = { _, _ in 0 }
        for ending in ["", ".key"] {
            try withFolder { path in
                _ = try SQLiteStore(.file(path), now: now)
                #expect(chmod(path + ending, 0o666) == 0)
                let failure = StorageFailure.file(path: path + ending, reason: .staysWide)
                FileCalls.$current.withValue(calls) {
                    #expect(throws: failure) { try SQLiteStore(.file(path), now: now) }
                }
            }
        }
    }

    @Test func openingAgainKeepsKeyAndRows() throws {
        try withFolder { path in
            let first = try SQLiteStore(.file(path), now: now)
            try first.writeNow { try $0.audit.record(.loginOK, at: now) }
            let seal = first.key.hmac(.csrf, "x")
            try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path + ".key")
            let second = try SQLiteStore(.file(path), now: now)
            #expect(second.key.hmac(.csrf, "x") == seal)
            #expect(try mode(path + ".key") == 0o600, "closed again")
            #expect(try second.readNow { try $0.count("SELECT count(*) FROM audit") } == 1)
        }
    }

    /// A start that was killed has made the file, or SQLite's header in it, and nothing else.
    @Test func aDatabaseWithNothingInItIsNew() throws {
        for sql in ["", "PRAGMA journal_mode = WAL"] {
            try withFolder { path in
                try DatabaseFile.prepareFolder(of: path)
                let queue = try DatabaseQueue(path: path)
                try queue.writeWithoutTransaction { try $0.execute(sql: sql) }
                try queue.close()
                #expect(try SQLiteStore(.file(path), now: now).isReadyNow(), "\(sql)")
            }
        }
    }

    /// Whichever row of the list is gone: what that migration made is there.
    @Test(arguments: Array(1...13) + [15, 16])
    func aMigrationThatIsNotInTheListIsNamed(number: Int) throws {
        try withFolder { path in
            let database = try SQLiteStore(.file(path), now: now)
            let name = try database.writeNow { transaction in
                let row = try transaction.first("DELETE FROM migrations WHERE number = ?1 RETURNING name", number)
                return try #require(row)["name"] as String
            }
            // What makes nothing may be done again: the audit's first seal, the folding of names.
            guard !name.hasSuffix("audit-begun.sql"), !name.hasSuffix("folded-letters.sql") else { return }
            #expect(throws: StorageFailure.migrationsDamaged(name: name)) { try SQLiteStore(.file(path), now: now) }
        }
    }

    @Test func aChangedMigrationIsRefused() throws {
        try withFolder { path in
            _ = try SQLiteStore(
                .file(path), assets: Assets(replaced: ["migrations/0001-a.sql": "CREATE TABLE a (x)"]), now: now)
            #expect(throws: StorageFailure.migrationChanged(name: "0001-a.sql")) {
                try SQLiteStore(
                    .file(path), assets: Assets(replaced: ["migrations/0001-a.sql": "CREATE TABLE a (y)"]), now: now)
            }
        }
    }

    @Test func aMigrationOfAnotherTypeIsRefused() throws {
        try withFolder { path in
            let assets = Assets(replaced: ["migrations/0001-a.sql": "CREATE TABLE a (x)"])
            _ = try SQLiteStore(.file(path), assets: assets, now: now).writeNow {
                try $0.run("UPDATE migrations SET number = 'x', digest = x'00'")
            }
            #expect(throws: StorageFailure.migrationChanged(name: "0001-a.sql")) {
                try SQLiteStore(.file(path), assets: assets, now: now)
            }
        }
    }

    @Test func aNewerDatabaseIsRefused() throws {
        try withFolder { path in
            let older = ["migrations/0001-a.sql": "CREATE TABLE a (x)"]
            let newer = older.merging(["migrations/0002-b.sql": "CREATE TABLE b (x)"]) { first, _ in first }
            _ = try SQLiteStore(.file(path), assets: Assets(replaced: older), now: now)
            _ = try SQLiteStore(.file(path), assets: Assets(replaced: newer), now: now)
            #expect(throws: StorageFailure.newer(name: "0002-b.sql")) {
                try SQLiteStore(.file(path), assets: Assets(replaced: older), now: now)
            }
        }
    }

    /// Refused, it is as it was, to the byte and to the mode, and SQLite leaves nothing beside it.
    @Test(arguments: [
        "INSERT INTO migrations VALUES (9999, '9999-later.sql', '', 1)",
        "UPDATE migrations SET digest = 'x' WHERE number = 1",
        "DROP TABLE device_codes; DROP TABLE migrations",
    ])
    func aRefusedDatabaseIsLeftAsItIs(sql: String) throws {
        for mode in ["WAL", "DELETE"] {
            try withFolder { path in
                _ = try SQLiteStore(.file(path), now: now)
                let queue = try DatabaseQueue(path: path)
                try queue.writeWithoutTransaction { try $0.execute(sql: "\(sql); PRAGMA journal_mode = \(mode)") }
                try queue.close()
                #expect(chmod(path, 0o644) == 0)
                let folder = URL(filePath: path).deletingLastPathComponent().path
                let before = try Data(contentsOf: URL(filePath: path))
                let target = folder + "/new.sqlite"
                #expect(throws: StorageFailure.self) { try SQLiteStore(.file(path), now: now) }
                #expect(throws: StorageFailure.self) { try AuditVerifier.verify(database: path) }
                #expect(throws: StorageFailure.self) { try Backup.restore(from: path, to: target) }
                #expect(try Data(contentsOf: URL(filePath: path)) == before && self.mode(path) == 0o644)
                let files = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
                #expect(files == ["server.sqlite", "server.sqlite.key"], "\(mode)")
            }
        }
    }

    /// Whoever writes leaves files beside the database, which hold a part of it.
    @Test func aDatabaseThatIsWrittenIsReadAsItIs() throws {
        try withFolder { path in
            let database = try SQLiteStore(.file(path), now: now)
            var rows: [Int] = []
            let counts = try DatabaseFile.reading(path) { queue in
                rows.append(try queue.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM audit") ?? -1 })
                return rows
            }
            #expect(counts == [0])
            try database.writeNow { try $0.audit.record(.loginOK, at: now) }
            #expect(
                try DatabaseFile.reading(path) { queue in
                    try queue.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM audit") }
                } == 1)
        }
        // At rest at first, it is read anew where that changed meanwhile.
        try withFolder { path in
            _ = try SQLiteStore(.file(path), now: now)
            var (servers, rows): ([SQLiteStore], [Int?]) = ([], [])
            let last = try DatabaseFile.reading(path) { queue in
                if servers.isEmpty {
                    servers.append(try SQLiteStore(.file(path), now: now))
                    try servers[0].writeNow { try $0.audit.record(.loginOK, at: now) }
                }
                rows.append(try queue.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM audit") })
                return rows.last
            }
            #expect(rows == [0, 1] && last == 1)
        }
    }

    /// What SQLite keeps beside a database is beside what the link leads to, a part of it after a kill too.
    @Test func aDatabaseIsReadWholeThroughALink() throws {
        try withFolder { path in
            let database = try SQLiteStore(.file(path), now: now)
            try database.writeNow { try $0.audit.record(.loginOK, at: now) }
            let folder = URL(filePath: path).deletingLastPathComponent().path
            let (link, copy) = (folder + "/link", folder + "/copy")
            try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "server.sqlite")
            try FileManager.default.copyItem(atPath: path + ".key", toPath: link + ".key")
            #expect(
                try !DatabaseFile.prepare(link, Migrations(assets: .embedded)), "its tables are elsewhere")
            #expect(try AuditVerifier.verify(database: link) == .intact(rows: 1))
            try Backup.make(of: link, to: copy)
            #expect(try AuditVerifier.verify(database: copy) == .intact(rows: 1))
            #expect(database.isReadyNow())
        }
    }

    @Test func aMigrationThatFailsLeavesNothing() throws {
        try withFolder { path in
            let broken = ["migrations/0001-a.sql": "CREATE TABLE a (x)", "migrations/0002-b.sql": "CREATE TABLE"]
            #expect(throws: StorageFailure.self) {
                try SQLiteStore(.file(path), assets: Assets(replaced: broken), now: now)
            }
            let queue = try DatabaseQueue(path: path)
            #expect(try queue.read { try $0.tableExists("a") } == false)
        }
    }

    /// Databases hold what was made with these words: another word, and codes and the audit's seal are void. Made by
    /// Python: `hmac.new(bytes(range(32)), b"PURPOSE\0text", "sha256").hexdigest()`.
    @Test(arguments: [
        (ServerKey.Purpose.userCode, "d407000a1b45572dc39b65c71a3e1667c68ec0a83b24af8a5651be9bbded02c5"),
        (.csrf, "9c415e3834848b0620061f70092b5aeddbab71618a89702b7ce267fc31a3b38f"),
        (.auditHead, "509d5a599b4519337436eab79b3080bddacd88f4ff03bce0f213e2ff3d2787a4"),
        (.fingerprint, "b2803fe05857c17ae1d692e1600b39124cedc1524a67a9c4ad461521907351d3"),
    ])
    func everyUseOfTheKeyHasOutputsOfItsOwn(purpose: ServerKey.Purpose, expected: String) {
        #expect(ServerKey(bytes: Array(0..<32)).hmac(purpose, "text") == expected)
    }

    @Test func theChainOfTheAuditHoldsTogether() throws {
        let database = try SQLiteStore(.memory, now: now)
        try database.writeNow { transaction in
            try transaction.audit.record(.loginOK, actor: "a", at: now)
            try transaction.audit.record(.meshCreated, actor: "a", subject: "m", at: now)
        }
        let rows = try database.readNow { try $0.all("SELECT * FROM audit ORDER BY number") }
        #expect(try rows.map { try $0["number"] as Int } == [1, 2])
        let (first, second): (String, String) = (try rows[0]["body"], try rows[1]["body"])
        let firstHash = SecretDigest.of(first)
        #expect(try rows[0]["hash"] == firstHash)
        #expect(try rows[1]["hash"] == SecretDigest.of(firstHash + second))
    }
}
