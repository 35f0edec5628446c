// What every store promises, over each.

import Foundation
import MeshAPI
import MeshStore
import Testing
import TestSupport
import Text

@Suite struct SeamTests {
    @Test(.needsCluster) func postgresIsThere() { #expect(Engine.there.contains(.postgres)) }

    @Test func idsOfOneMomentBeginAlike() {
        let moment = Date(timeIntervalSince1970: 1_800_000_000)
        let ids = (0..<100).map { Identifier.make(at: moment + Double($0 % 10) / 1000) }
        #expect(Set(ids).count == 100 && Set(ids.map { $0.prefix(3) }).count == 1)
        #expect(Set((0..<64).map { Identifier.make(at: moment + Double($0)).prefix(3) }).count > 32, "of others not")
    }

    @Test(arguments: Engine.there) func valuesComeBackAsTheyWere(_ engine: Engine) async throws {
        try await engine.with { (store) async throws -> Void in
            let texts = ["", "it's", "a \"b\" ? \\ ?1 $1", "日本 é 🎉", "x\u{202E}y", "line\nline"]
            let insert = "INSERT INTO things (id, text, number) VALUES (?1, ?2, ?3)"
            try await store.write { transaction in
                try transaction.run("CREATE TABLE things (id BIGINT PRIMARY KEY, text TEXT, number BIGINT)")
                for (index, text) in texts.enumerated() {
                    try transaction.run(insert, index, text, nil as Int?)
                }
                for (index, number) in [Int64.min, -1, 0, .max].enumerated() {
                    try transaction.run(insert, 100 + index, nil as String?, number)
                }
            }
            try await store.read { transaction in
                let rows = try transaction.all("SELECT * FROM things WHERE id < 100 ORDER BY id")
                #expect(try rows.map { try $0["text"] as String } == texts)
                #expect(try rows.allSatisfy { try $0["number"] as Int64? == nil })
                let numbers = try transaction.all("SELECT number FROM things WHERE id >= 100 ORDER BY id") {
                    try $0[0] as Int64
                }
                #expect(numbers == [.min, -1, 0, .max])
                #expect(try transaction.first("SELECT '?1' AS text, id FROM things WHERE id = ?1", 3)?["text"] == "?1")
                #expect(try transaction.runner.columns(of: "things") == ["id", "text", "number"])
                #expect(try transaction.runner.columns(of: "nothing").isEmpty)
                #expect(try transaction.runner.tables().isSuperset(of: ["things", "audit", "meshes"]))
                #expect(try transaction.runner.indexes().contains("meshes_slug"))
                let row = try #require(try transaction.first("SELECT id, text FROM things WHERE id = 3"))
                #expect(throws: StoreFailure.self) { try row["text"] as Int }
                #expect(throws: StoreFailure.self) { try row["id"] as String }
                #expect(throws: StoreFailure.self) { try row["none"] as String? }
                #expect(throws: StoreFailure.self) { try row[7] as Int? }
                #expect(try row.value("id") == .integer(3))
            }
        }
    }

    @Test(arguments: Engine.there) func whatCannotBeKeptIsSaidInTheStoresWords(_ engine: Engine) async throws {
        try await engine.with { (store) async throws -> Void in
            try await store.people("a")
            func failure(_ sql: String, _ argument: String) async -> StoreFailure? {
                do {
                    _ = try await store.write { try $0.run(sql, argument) }
                    return nil
                } catch { return error as? StoreFailure }
            }
            let account = """
                INSERT INTO accounts (id, kind, name, password_changed_at, created_at) VALUES (?1, 'person', 'x', 1, 1)
                """
            let taken = await failure(account, "a")
            #expect(taken.map { if case .taken = $0 { true } else { false } } == true)
            let session = """
                INSERT INTO web_sessions (digest, account_id, created_at, last_seen_at) VALUES ('x', ?1, 1, 1)
                """
            #expect(await failure(session, "nobody") == .missingReference)
            #expect(await failure(account, "b\0c") == .unstorable)
            #expect(await failure("UPDATE accounts SET name = 'y' WHERE id = ?1", "a\0") == .unstorable)
            let fault = try #require(await failure("SELECT * FROM secret_table WHERE x = ?1", "hunter2"))
            #expect(fault == .fault(code: fault.code))
            #expect(!fault.code.contains("secret_table") && !fault.code.contains("hunter2"))
            let names = try await store.read { try $0.all("SELECT name FROM accounts") { try $0[0] as String } }
            #expect(names == ["Name of a"])
        }
    }

    @Test(arguments: Engine.there) func aTransactionIsAllOrNothing(_ engine: Engine) async throws {
        struct Undone: Error {}
        try await engine.with { (store) async throws -> Void in
            try await store.people("a")
            for scope in [WriteScope.everything, .one("m"), .nothing] {
                await #expect(throws: Undone.self) {
                    try await store.write(scope) { transaction in
                        _ = try transaction.heads.take(meshID: "m", messages: 1, changes: 1)
                        throw Undone()
                    }
                }
                let head = try await store.write(scope) { try $0.heads.take(meshID: "m", messages: 1, changes: 2) }
                #expect(head != nil)
            }
            let head = try await store.lookUp { try $0.heads.head(meshID: "m") }
            #expect(head?.seq == 3 && head?.change == 6)
            #expect(await store.isReady())
        }
    }

    /// Of what is to be done later all is there for whoever looks, and by the commit; a part that fails undoes the whole.
    @Test(arguments: Engine.there) func whatIsDoneLaterIsDoneInItsOrder(_ engine: Engine) async throws {
        try await engine.with { (store) async throws -> Void in
            try await store.write {
                _ = try $0.run("CREATE TABLE said (id BIGINT PRIMARY KEY, text TEXT NOT NULL)")
                _ = try $0.run("CREATE TABLE heard (said_id BIGINT NOT NULL REFERENCES said (id))")
            }
            let insert = "INSERT INTO said (id, text) VALUES (?1, ?2)"
            func count() async throws -> Int { try await store.read { try $0.count("SELECT count(*) FROM said") } }
            let seen = try await store.write(.nothing) { transaction in
                var seen: [Int] = []
                // More than wait at once, and texts larger than a connection takes without a reader.
                for index in 0..<1200 {
                    let text = String(repeating: "\(index) é", count: index % 50 == 7 ? 20_000 : 1)
                    try transaction.runLater(insert, index, text)
                    try transaction.runLater("INSERT INTO heard (said_id) VALUES (?1)", index)
                    if index % 300 == 0 { seen.append(try transaction.count("SELECT count(*) FROM said")) }
                    if index == 999 { try transaction.runLater("UPDATE said SET text = ?2 WHERE id = ?1", 999, "x") }
                }
                try transaction.runLater("UPDATE said SET text = ?2 WHERE id = ?1", 1199, "last")
                return seen
            }
            #expect(seen == [1, 301, 601, 901])
            #expect(try await count() == 1200)
            for (id, text) in [(999, "x"), (1000, "1000 é"), (1199, "last")] {
                #expect(try await store.read { try $0.first("SELECT text FROM said WHERE id = ?1", id)?[0] } == text)
            }
            #expect(try await store.read { try $0.count("SELECT count(*) FROM heard") } == 1200)
            for (index, text, isLookedAt) in [(5, "x", false), (5, "x", true), (9000, nil, false)]
                as [(Int, String?, Bool)]
            {
                do {
                    try await store.write(.nothing) { transaction in
                        try transaction.runLater(insert, 8000, "before")
                        try transaction.runLater(insert, index, text)
                        try transaction.runLater(insert, 8001, "behind")
                        if isLookedAt { _ = try transaction.count("SELECT count(*) FROM said") }
                    }
                    Issue.record("it was taken")
                } catch let failure as StoreFailure {
                    if case .taken = failure { #expect(text != nil) } else { #expect(text == nil, "\(failure)") }
                }
                #expect(try await count() == 1200, "nothing of it is there")
            }
            struct Undone: Error {}
            await #expect(throws: Undone.self) {
                try await store.write(.nothing) { transaction in
                    try transaction.runLater(insert, 8000, "never")
                    throw Undone()
                }
            }
            await #expect(throws: StoreFailure.unstorable) {
                try await store.write(.nothing) { try $0.runLater(insert, 8000, "a\0b") }
            }
            #expect(try await count() == 1200)
        }
    }

    /// Ids and cursors are ordered by their bytes, whatever language the database speaks.
    @Test(arguments: Engine.there) func textsAreOrderedByTheirBytes(_ engine: Engine) async throws {
        let ids = ["a", "B", "_", "é", "z", "Z", "-", "10", "9", "~", "ä"]
        try await engine.with { (store) async throws -> Void in
            for (index, id) in ids.enumerated() { try await store.people(id, mesh: "m\(index)") }
            let found = try await store.read {
                try $0.all("SELECT id FROM accounts ORDER BY id") { try $0[0] as String }
            }
            #expect(found == ids.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) })
            let after = try await store.read {
                try $0.all("SELECT id FROM accounts WHERE id > ?1 ORDER BY id LIMIT 1", "Z") { try $0[0] as String }
            }
            #expect(after == ["_"])
        }
    }

    @Test(arguments: Engine.there) func meshesAreFoundByAnyOfTheirNames(_ engine: Engine) async throws {
        try await engine.with { (store) async throws -> Void in
            try await store.people("a", mesh: "m")
            try await store.write {
                try $0.meshes.insert(
                    id: "n", ownerID: "a", slug: "planificacion", name: "Planificación 100%_", at: Engine.now)
            }
            func found(_ query: String?) async throws -> [String] {
                try await store.read {
                    try $0.meshes.list(accountID: "a", query: query?.folded(), page: PageRequest(of: .meshes)).map(\.id)
                }
            }
            #expect(try await found(nil) == ["m", "n"])
            #expect(try await found("PLANIFICACIÓN") == ["n"])
            #expect(try await found("100%_") == ["n"])
            #expect(try await found("%").count == 1)
        }
    }

    @Test(arguments: Engine.there) func anAnswerIsKeptUnderItsKeyForADay(_ engine: Engine) async throws {
        try await engine.with { (store) async throws -> Void in
            let key = IdempotencyKey(scope: "s", digest: "d", isGuessable: false)
            try await store.write { try $0.idempotency.keep("one", of: "r", under: key, at: Engine.now) }
            let later = Engine.now.addingTimeInterval(86_401)
            let (now, then) = try await store.read {
                (try $0.idempotency.kept(key, at: Engine.now)?.answer, try $0.idempotency.kept(key, at: later)?.answer)
            }
            #expect(now == "one" && then == nil)
            try await store.write { try $0.idempotency.keep("two", of: "r", under: key, at: later) }
            #expect(try await store.read { try $0.idempotency.kept(key, at: later)?.answer } == "two")
        }
    }
}
