// What SQLite's one writer hides, over PostgreSQL: each race holds with the lock its transaction takes, and is lost without it.

import Foundation
import MeshAPI
import MeshStore
import MeshStorePostgres
import Synchronization
import TestSupport
import Testing

@testable import MeshStorePostgres

@Suite(.serialized) struct RaceTests {
    private let now = Engine.now

    /// How many of `count` meshes of two owners have none after both left at once, each having counted first.
    private func ownerless(_ store: PostgresStore, _ scope: @escaping @Sendable (String) -> WriteScope, count: Int)
        async throws
        -> Int
    {
        let prefix = Identifier.make()
        try await store.write { [now] transaction in
            for person in ["a", "b"] {
                try transaction.accounts.insert(
                    AccountRow(id: prefix + person, kind: .person, name: person, passwordChangedAt: now, createdAt: now)
                )
            }
            for index in 0..<count {
                let mesh = "\(prefix)\(index)"
                try transaction.meshes.insert(id: mesh, ownerID: prefix + "a", slug: mesh, name: mesh, at: now)
                try transaction.memberships.insert(
                    meshID: mesh, accountID: prefix + "b", membership: .owner, by: .isVouched, at: now)
            }
        }
        _ = await atOnce(2 * count) { index in
            let mesh = "\(prefix)\(index / 2)"
            try await store.write(scope(mesh)) { transaction in
                guard try transaction.memberships.ownerCount(meshID: mesh) > 1 else { return }
                // As long as a round trip between two machines.
                _ = try transaction.all("SELECT CAST(pg_sleep(0.01) AS TEXT)")
                try transaction.memberships.delete(meshID: mesh, accountID: prefix + (index % 2 == 0 ? "a" : "b"))
            }
        }
        return try await store.read { transaction in
            try (0..<count).count { try transaction.memberships.ownerCount(meshID: "\(prefix)\($0)") == 0 }
        }
    }

    @Test(.needsCluster) func theLastOwnerStays() async throws {
        try await Cluster().with { (store) async throws -> Void in
            #expect(try await ownerless(store, { _ in .everything }, count: 20) == 0)
            #expect(try await ownerless(store, { .one($0) }, count: 20) == 0)
            #expect(try await ownerless(store, { _ in .nothing }, count: 20) > 0, "without the lock the race is lost")
        }
    }

    /// How many of those who looked whether a name is free failed at its index.
    private func collisions(
        _ store: PostgresStore, _ scope: WriteScope, _ take: @escaping @Sendable (Transaction, Int) throws -> Void
    ) async -> Int {
        let results = await atOnce(16) { index in
            try await store.write(scope) { transaction in try take(transaction, index) }
        }
        return results.count { if case .taken = $0.failure as? StoreFailure { true } else { false } }
    }

    @Test(.needsCluster) func aSlugAnAnswerAndASessionAreTakenOnce() async throws {
        try await Cluster().with { (store) async throws -> Void in
            try await store.people("a")
            try await store.write { [now] in
                try $0.credentials.insert(
                    CredentialRow(id: "k", accountID: "a", kind: .pat, name: "CI", createdAt: now), digest: "x")
            }
            for (number, scope) in [WriteScope.everything, .nothing].enumerated() {
                let slugs = await collisions(store, scope) { [now] transaction, index in
                    guard try !transaction.meshes.hasSlug("s\(number)", ownerID: "a") else { return }
                    _ = try transaction.all("SELECT CAST(pg_sleep(0.02) AS TEXT)")
                    let id = "\(number)-\(index)"
                    try transaction.meshes.insert(id: id, ownerID: "a", slug: "s\(number)", name: "x", at: now)
                }
                #expect(scope == .everything ? slugs == 0 : slugs > 0, "slug")
                let made = try await store.read {
                    try $0.count("SELECT count(*) FROM meshes WHERE slug = ?1", "s\(number)")
                }
                #expect(made == 1)
            }
            // Two meshes, one session: neither mesh's lock keeps the other out, and the key does.
            let sessions = await collisions(store, .one("m")) { transaction, index in
                guard try transaction.presences.kept(sessionID: "s") == nil else { return }
                _ = try transaction.all("SELECT CAST(pg_sleep(0.02) AS TEXT)")
                try Self.register(transaction, "s", token: "t\(index)")
            }
            #expect(sessions == 0)
            let unlocked = await collisions(store, .nothing) { transaction, index in
                guard try transaction.presences.kept(sessionID: "s2") == nil else { return }
                _ = try transaction.all("SELECT CAST(pg_sleep(0.02) AS TEXT)")
                try Self.register(transaction, "s2", token: "u\(index)")
            }
            #expect(unlocked > 0, "without the lock the race is lost")
        }
    }

    private static func register(_ transaction: Transaction, _ id: String, token: String) throws {
        try transaction.run(
            """
            INSERT INTO presences (session_id, mesh_id, account_id, credential_id, display_name, pid, host, token_digest,
                since, heard_at) VALUES (?1, 'm', 'a', 'k', 'x', 1, 'box', ?2, 1, 1)
            """, id, token)
    }

    /// What is asked for twice at once under one key is done once.
    @Test(.needsCluster) func aKeyIsUsedOnce() async throws {
        try await Cluster().with { (store) async throws -> Void in
            func done(_ scope: WriteScope, _ name: String) async -> Int {
                let results = await atOnce(16) { [now] index -> Bool in
                    try await store.write(scope) { transaction in
                        let key = IdempotencyKey(scope: "a", digest: name, isGuessable: false)
                        guard try transaction.idempotency.kept(key, at: now) == nil else { return false }
                        _ = try transaction.all("SELECT CAST(pg_sleep(0.02) AS TEXT)")
                        try transaction.idempotency.keep("\(index)", of: "r", under: key, at: now)
                        return true
                    }
                }
                return results.count { $0.value == true }
            }
            #expect(await done(.everything, "locked") == 1)
            #expect(await done(.nothing, "unlocked") > 1, "without the lock the race is lost")
        }
    }

    /// A guarded UPDATE needs no lock.
    @Test(.needsCluster) func ofTwoClaimantsOneGetsTheCode() async throws {
        try await Cluster().with { (store) async throws -> Void in
            try await store.people("a")
            try await store.write { [now] transaction in
                for index in 0..<1000 {
                    try transaction.deviceCodes.insert(
                        DeviceCodeRow(
                            id: "c\(index)", deviceDigest: "d\(index)", deviceName: "x", deviceOs: "x", deviceArch: "x",
                            state: .pending, createdAt: now, expiresAt: now.addingTimeInterval(600)),
                        userCodeHMAC: "h\(index)")
                }
                try transaction.run(
                    "UPDATE device_codes SET state = 'approved', claim_until = expires_at, owner_id = 'a'")
            }
            let results = await atOnce(2000) { [now] index in
                try await store.write(.nothing) { try $0.deviceCodes.claim(id: "c\(index / 2)", at: now) }
            }
            #expect(results.count { $0.value == true } == 1000)
            #expect(results.count { $0.value == false } == 1000)

            // Looked at first and written then, as the guard makes needless.
            try await store.write { _ = try $0.run("UPDATE device_codes SET state = 'approved'") }
            let unguarded = await atOnce(64) { index in
                try await store.write(.nothing) { transaction -> Bool in
                    let code = try transaction.deviceCodes.code(deviceDigest: "d\(index / 2)")
                    guard code?.state == .approved else { return false }
                    _ = try transaction.all("SELECT CAST(pg_sleep(0.01) AS TEXT)")
                    return try transaction.run("UPDATE device_codes SET state = 'claimed' WHERE id = ?1", code?.id) == 1
                }
            }
            #expect(unguarded.count { $0.value == true } > 32, "without the guard two get one code")
        }
    }

    @Test(.needsCluster) func theAuditStaysOneChain() async throws {
        let cluster = try Cluster()
        try await cluster.with(connections: 32) { (store) async throws -> Void in
            let rows = await atOnce(320) { [now] index in
                try await store.write { try $0.audit.record(.loginOK, actor: "a\(index)", at: now) }
            }
            #expect(rows.allSatisfy { $0.failure == nil })
            let report = try PostgresAudit.verify(DatabaseURL(cluster.url), keyFile: cluster.keyFile, environment: [:])
            #expect(report == .intact(rows: 320))
            let unlocked = await atOnce(64) { [now] index in
                try await store.write(.nothing) { try $0.audit.record(.loginOK, actor: "a\(index)", at: now) }
            }
            #expect(unlocked.contains { $0.failure != nil }, "without the lock the race is lost")
        }
    }

    /// Numbers come in the order of the commits: who follows them by a cursor misses none.
    @Test(.needsCluster) func aFollowerMissesNoNumber() async throws {
        try await Cluster().with { (store) async throws -> Void in
            try await store.people("a")
            try await store.write { _ = try $0.run("CREATE TABLE said (seq BIGINT PRIMARY KEY)") }
            let isOver = Mutex(false)
            async let followed: [Int] = {
                var seen: [Int] = []
                while true {
                    let wasOver = isOver.withLock { $0 }
                    let last = seen.last ?? 0
                    let next = try await store.lookUp {
                        try $0.all("SELECT seq FROM said WHERE seq > ?1 ORDER BY seq", last) { try $0[0] as Int }
                    }
                    seen += next
                    if wasOver && next.isEmpty { return seen }
                }
            }()
            let results = await atOnce(1000) { index in
                try await store.write(index % 2 == 0 ? .one("m") : .nothing) { transaction in
                    let head = try #require(try transaction.heads.take(meshID: "m", messages: 1, changes: 1))
                    try transaction.run("INSERT INTO said (seq) VALUES (?1)", head.seq)
                }
            }
            isOver.withLock { $0 = true }
            #expect(results.allSatisfy { $0.failure == nil })
            #expect(try await followed == Array(1...1000))
        }
    }

    /// What the lock of a mesh's row is for: numbers that are taken without it come in another order than the commits, and
    /// whoever follows them goes past one that is not there yet.
    @Test(.needsCluster) func aFollowerOfUnlockedNumbersMissesSome() async throws {
        try await Cluster().with { (store) async throws -> Void in
            try await store.write { _ = try $0.run("CREATE TABLE said (seq BIGSERIAL PRIMARY KEY, name TEXT)") }
            let isTaken = Mutex(false)
            async let slow: Void = store.write(.nothing) { transaction in
                try transaction.run("INSERT INTO said (name) VALUES ('slow')")
                isTaken.withLock { $0 = true }
                _ = try transaction.all("SELECT CAST(pg_sleep(0.3) AS TEXT)")
            }
            try await eventually { isTaken.withLock { $0 } }
            try await store.write(.nothing) { _ = try $0.run("INSERT INTO said (name) VALUES ('quick')") }
            func after(_ cursor: Int) async throws -> [Int] {
                try await store.lookUp {
                    try $0.all("SELECT seq FROM said WHERE seq > ?1 ORDER BY seq", cursor) { try $0[0] as Int }
                }
            }
            let first = try await after(0)
            try await slow
            let then = try await after(first.last ?? 0)
            #expect(first == [2] && then.isEmpty, "1 is never seen")
        }
    }
}
