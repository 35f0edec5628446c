// A database that several servers share: who may open it, what they tell each other, and what happens when it goes away.
// With nothing beside it (`alone` in the README: a variable of the whole process is set).

import Foundation
import MeshAPI
import MeshStore
import Synchronization
import TestSupport
import Testing

@testable import MeshStorePostgres

@Suite(.serialized) struct ClusterTests {
    private let now = Engine.now

    @Test(.needsCluster) func ofSeveralThatStartAtOnceOneMakesTheTables() async throws {
        let cluster = try Cluster()
        // On threads of their own: each waits for the one before.
        let opened = await atOnce(4) { _ in
            try await withCheckedThrowingContinuation { continuation in
                Thread.detachNewThread { continuation.resume(with: Result { try cluster.open() }) }
            }
        }
        let stores = opened.compactMap(\.value)
        #expect(stores.count == 4)
        #expect(Set(stores.map(\.key.fingerprint)).count == 1)
        for store in stores {
            #expect(await store.isReady())
            try store.close()
        }
        let number = Migrations(assets: .embedded).all.count
        try await cluster.with { (store) async throws -> Void in
            #expect(try await store.read { try $0.count("SELECT count(*) FROM migrations") } == number)
        }
    }

    @Test(.needsCluster) func theKeyIsOneOnAllServers() async throws {
        let cluster = try Cluster()
        let missing = cluster.folder.file("none.key")
        let other = cluster.folder.file("other.key")
        try Data(repeating: 7, count: 32).write(to: URL(filePath: other))
        try cluster.open().close()
        let mode = try FileManager.default.attributesOfItem(atPath: cluster.keyFile)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        #expect(throws: StorageFailure.file(path: other, reason: .keyOfOthers)) { try cluster.open(keyFile: other) }
        #expect(throws: StorageFailure.file(path: missing, reason: .keyNotHere)) { try cluster.open(keyFile: missing) }
        #expect(!FileManager.default.fileExists(atPath: missing))
        try Data("short".utf8).write(to: URL(filePath: missing))
        #expect(throws: StorageFailure.file(path: missing, reason: .notKey)) { try cluster.open(keyFile: missing) }
    }

    @Test(.needsCluster) func theKeysFolderIsMadeWithIt() throws {
        let cluster = try Cluster()
        let deep = cluster.folder.file("one/two/server.key")
        try cluster.open(keyFile: deep).close()
        for (name, mode) in [("one", 0o700), ("one/two", 0o700), ("one/two/server.key", 0o600)] {
            let facts = try FileManager.default.attributesOfItem(atPath: cluster.folder.file(name))
            #expect(facts[.posixPermissions] as? Int == mode, "\(name)")
        }
        let other = try Cluster()
        let inFile = other.folder.file("file/server.key")
        try Data().write(to: URL(filePath: other.folder.file("file")))
        #expect(throws: StorageFailure.file(path: inFile, reason: .system(ENOTDIR))) { try other.open(keyFile: inFile) }
        // Nothing of it: the next attempt is the first.
        try other.open().close()
    }

    /// What libpq would take from the environment does not reach a connection.
    @Test(.needsCluster) func theEnvironmentDecidesNothing() async throws {
        setenv("PGOPTIONS", "-c search_path=elsewhere -c synchronous_commit=off", 1)
        defer { unsetenv("PGOPTIONS") }
        let cluster = try Cluster()
        try await cluster.with { (store) async throws -> Void in
            let (path, commit) = try await store.lookUp {
                (
                    try $0.first("SHOW search_path")?[0] as String?,
                    try $0.first("SHOW synchronous_commit")?[0] as String?
                )
            }
            #expect(path?.hasPrefix("t_") == true && commit == "on")
        }
    }

    @Test(.needsCluster) func aServerThatIsNotThereIsSaidToBe() throws {
        let folder = try TemporaryDirectory()
        let url = DatabaseURL("postgres://mesh@/postgres?host=\(folder.path)")
        do {
            _ = try PostgresStore(url, keyFile: folder.file("key"), environment: [:], now: now)
            Issue.record("opened")
        } catch let failure as StorageFailure {
            guard case .server("\(folder.path)/postgres", _) = failure else { throw failure }
        }
    }

    /// The version before goes on, and starts, while the schema is one marked step ahead.
    @Test(.needsCluster) func oneStepAheadIsReadable() async throws {
        let cluster = try Cluster()
        func assets(_ added: [String: String]) -> Assets {
            let names = Assets.embedded.names(under: "migrations/")
            var texts = Dictionary(uniqueKeysWithValues: names.map { ($0, Assets.embedded.text($0) ?? "") })
            for (name, sql) in added { texts["migrations/\(name)"] = sql }
            return Assets(replaced: texts)
        }
        let marked = "-- Readable by the version before.\nALTER TABLE accounts ADD COLUMN shoe BIGINT;"
        let running = try cluster.open()
        try await running.people("a")
        #expect(try await running.read { try $0.accounts.account(id: "a")?.name } == "Name of a")
        try cluster.open(assets: assets(["9001-shoe.sql": marked])).close()
        #expect(await running.isReady(), "one that runs goes on")
        #expect(try await running.read { try $0.accounts.account(id: "a")?.name } == "Name of a", "a plan of before")
        try cluster.open().close()
        try cluster.open(
            assets: assets(["9001-shoe.sql": marked, "9002-hat.sql": marked.replacing("shoe", with: "hat")])
        )
        .close()
        #expect(await !running.isReady(), "two steps are too many")
        #expect(throws: StorageFailure.newer(name: "9002-hat.sql")) { try cluster.open() }
        try running.close()
    }

    @Test(.needsCluster) func serversHearEachOther() async throws {
        let cluster = try Cluster()
        let (one, other) = (try cluster.open(), try cluster.open())
        let heard = Mutex<[StoreHint]>([])
        let isListening = Mutex(false)
        let own = Mutex(0)
        one.listen { if case .hint = $0 { own.withLock { $0 += 1 } } }
        other.listen { news in
            switch news {
            case .anything: isListening.withLock { $0 = true }
            case .hint(let hint):
                heard.withLock { $0.append(hint) }
            }
        }
        try await eventually { isListening.withLock { $0 } }
        for index in 0..<20 {
            one.tell(.mesh("m\(index)", parties: ["a"]))
            one.tell(.mesh("m\(index)", parties: ["a"]))
            try await eventually { heard.withLock { $0.count } == index + 1 }
        }
        one.tell(.code("d"))
        try await eventually { heard.withLock { $0.last } == .code("d") }
        #expect(own.withLock { $0 } == 0, "nobody hears what they said themselves")

        // The line is cut: it comes back by itself, and says that anything may have happened.
        isListening.withLock { $0 = false }
        _ = try await one.lookUp {
            try $0.count(
                """
                SELECT count(*) FROM (SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                    WHERE query = 'LISTEN claudemesh_' || current_schema()) AS cut
                """)
        }
        try await eventually { isListening.withLock { $0 } }
        one.tell(.code("e"))
        try await eventually { heard.withLock { $0.last } == .code("e") }
        try one.close()
        try other.close()
    }

    @Test(.needsCluster) func ratesAreCountedTogether() async throws {
        let cluster = try Cluster()
        let stores = [try cluster.open(), try cluster.open()]
        let limit = SharedLimit(rule: "r", count: 5, milliseconds: 60_000)
        let start = now.milliseconds
        let first = await atOnce(12) { try await stores[$0 % 2].take(limit, of: "x", at: start + Int64($0)) }
        #expect(first.count { $0.value == .some(nil) } == 5)
        #expect(first.compactMap { $0.value ?? nil }.allSatisfy { (59_900...60_000).contains($0) })
        #expect(try await stores[0].take(limit, of: "y", at: start) == nil, "another subject")
        #expect(try await stores[0].take(limit, of: "x", at: start + 60_020) == nil, "the window slides")
        for _ in 0..<4 { _ = try await stores[1].take(limit, of: "x", at: start + 60_020) }
        #expect(try await stores[1].take(limit, of: "x", at: start + 60_020) != nil)
        try await stores[0].giveBack(limit, of: "x")
        #expect(try await stores[1].take(limit, of: "x", at: start + 60_020) == nil)
        #expect(try await stores[1].take(limit, of: "x", at: start) != nil, "a clock behind counts the future as now")
        for store in stores { try store.close() }
    }

    @Test(.needsCluster) func serversAreListedWhileTheyLive() async throws {
        try await Cluster().with { (store) async throws -> Void in
            let one = ServerState(id: "1", name: "box:7420", version: "1.0", since: 5, streams: 3)
            try await store.beat(one)
            try await store.beat(ServerState(id: "2", name: "box:7421", version: "1.0", since: 9, streams: 0))
            var known = one
            known.schema = Migrations(assets: .embedded).all.last?.number ?? 0
            #expect(try await store.servers().first == known)
            try await store.leave("2")
            #expect(try await store.servers().map(\.id) == ["1"])
            _ = try await store.lookUp { try $0.run("UPDATE servers SET heard_at = heard_at - 20000") }
            #expect(try await store.servers().isEmpty)
            let clock = try await store.clock()
            #expect(abs(clock - Date().milliseconds) < 5000)
        }
    }

    /// Connections die under writers: what was acknowledged is there, once; what was not may be tried again.
    @Test(.needsCluster) func nothingAcknowledgedIsLostWhenConnectionsDie() async throws {
        let cluster = try Cluster()
        let (store, killer) = (try cluster.open(connections: 8), try cluster.open(connections: 1))
        try await store.write { _ = try $0.run("CREATE TABLE said (id TEXT PRIMARY KEY)") }
        let isOver = Mutex(false)
        async let kills: Int = {
            var count = 0
            while !isOver.withLock({ $0 }) {
                try await Task.sleep(for: .milliseconds(40))
                count += try await killer.lookUp {
                    try $0.count(
                        """
                        SELECT count(*) FROM (SELECT pg_terminate_backend(pid) FROM pg_locks
                            WHERE relation = CAST('said' AS REGCLASS) AND pid <> pg_backend_pid()) AS killed
                        """)
                }
            }
            return count
        }()
        let results = await atOnce(16) { writer -> [String] in
            var acknowledged: [String] = []
            for index in 0..<100 {
                let id = "\(writer)-\(index)"
                do {
                    try await store.write(.one("m\(writer)")) {
                        _ = try $0.run("INSERT INTO said (id) VALUES (?1)", id)
                    }
                    acknowledged.append(id)
                } catch StoreFailure.inDoubt {} catch StoreFailure.unreachable {}
            }
            return acknowledged
        }
        isOver.withLock { $0 = true }
        #expect(try await kills > 0)
        #expect(results.allSatisfy { $0.failure == nil }, "only these two kinds of failure")
        let there = try await said(store)
        #expect(results.compactMap(\.value).flatMap { $0 }.allSatisfy(there.contains))
        try store.close()
        try killer.close()
    }

    private func said(_ store: PostgresStore) async throws -> Set<String> {
        try await Set(store.read { try $0.all("SELECT id FROM said") { try $0[0] as String } })
    }

    /// A failure that is caught inside a transaction undoes it, whatever its body thinks.
    @Test(.needsCluster) func aFailureThatIsCaughtIsAFault() async throws {
        try await Cluster().with { (store) async throws -> Void in
            try await store.people("a")
            await #expect(throws: StoreFailure.self) {
                try await store.write { transaction in
                    try transaction.meshes.rename(id: "m", name: "Other")
                    _ = try? transaction.run("INSERT INTO accounts (id) VALUES ('a')")
                }
            }
            #expect(try await store.read { try $0.meshes.mesh(id: "m", accountID: "a")?.name } == "m")
        }
    }

    @Test(.needsCluster) func theAuditTellsWhatWasDoneToIt() async throws {
        let cluster = try Cluster()
        func report() throws -> AuditReport {
            try PostgresAudit.verify(DatabaseURL(cluster.url), keyFile: cluster.keyFile, environment: [:])
        }
        try await cluster.with { (store) async throws -> Void in
            #expect(try report() == .intact(rows: 0))
            try await store.write { [now] transaction in
                for index in 0..<2500 { try transaction.audit.record(.loginOK, actor: "a\(index)", at: now) }
            }
            #expect(try report() == .intact(rows: 2500))
            func after(_ sql: String, _ expected: AuditReport) async throws {
                try await store.write { _ = try $0.run("CREATE TABLE kept AS SELECT * FROM audit") }
                try await store.write { _ = try $0.run(sql) }
                #expect(try report() == expected, "\(sql)")
                try await store.write { transaction in
                    try transaction.run("DELETE FROM audit")
                    try transaction.run("INSERT INTO audit SELECT * FROM kept")
                    try transaction.run("DROP TABLE kept")
                }
            }
            try await after("UPDATE audit SET body = 'x' WHERE number = 7", .broken(row: 7, .changed))
            try await after("DELETE FROM audit WHERE number = 2000", .broken(row: 2000, .missing))
            try await after("DELETE FROM audit WHERE number > 2400", .broken(row: 2401, .cut))
            try await after("INSERT INTO audit VALUES (-3, 'x', 'y')", .broken(row: 1, .changed))
            #expect(try report() == .intact(rows: 2500))
        }
    }
}
