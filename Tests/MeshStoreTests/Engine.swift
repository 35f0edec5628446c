// The stores that every test of the seam runs over. Without a cluster PostgreSQL is left out, and a test says so.

import Foundation
import MeshStore
import MeshStorePostgres
import MeshStoreSQLite
import TestSupport
import Testing

enum Engine: String, CaseIterable, Sendable {
    case sqlite, postgres

    static let there = allCases.filter { $0 == .sqlite || TestDatabase.url != nil }

    static let now = Date(timeIntervalSince1970: 1_800_000_000)

    func open() throws -> any Store {
        switch self {
        case .sqlite: try SQLiteStore(.memory, now: Self.now)
        case .postgres: try Cluster().open()
        }
    }

    /// Runs `body` over a new store, and closes it.
    func with(_ body: (any Store) async throws -> Void) async throws {
        let store = try open()
        do {
            try await body(store)
        } catch {
            try? store.close()
            throw error
        }
        try store.close()
    }
}

/// A schema of its own, and the servers' key for it.
struct Cluster {
    let url: String
    let folder: TemporaryDirectory

    init() throws {
        url = try #require(TestDatabase.fresh())
        folder = try TemporaryDirectory()
    }

    var keyFile: String { folder.file("server.key") }

    func open(
        keyFile: String? = nil, environment: [String: String] = [:], assets: Assets = .embedded, connections: Int = 4
    ) throws -> PostgresStore {
        try PostgresStore(
            DatabaseURL(url), keyFile: keyFile ?? self.keyFile, environment: environment, assets: assets,
            connections: connections, now: Engine.now)
    }

    /// Runs `body` over a store of it, and closes it.
    func with(connections: Int = 16, _ body: (PostgresStore) async throws -> Void) async throws {
        let store = try open(connections: connections)
        do {
            try await body(store)
        } catch {
            try? store.close()
            throw error
        }
        try store.close()
    }
}

extension Trait where Self == ConditionTrait {
    /// Of PostgreSQL alone.
    static var needsCluster: Self { .enabled(if: TestDatabase.url != nil, Comment(rawValue: TestDatabase.missing)) }
}

extension Store {
    /// Accounts of these ids, and a mesh `m` of the first.
    func people(_ ids: String..., mesh: String = "m") async throws {
        try await write { transaction in
            for id in ids {
                try transaction.accounts.insert(
                    AccountRow(
                        id: id, kind: .person, name: "Name of \(id)", passwordChangedAt: Engine.now,
                        createdAt: Engine.now))
            }
            try transaction.meshes.insert(id: mesh, ownerID: ids[0], slug: mesh, name: mesh, at: Engine.now)
        }
    }
}

/// `count` tasks at once.
func atOnce<Value: Sendable>(
    _ count: Int, _ body: @escaping @Sendable (Int) async throws -> Value
) async -> [Result<Value, any Error>] {
    await withTaskGroup(of: Result<Value, any Error>.self) { group in
        for index in 0..<count {
            group.addTask {
                do { return .success(try await body(index)) } catch { return .failure(error) }
            }
        }
        return await group.reduce(into: []) { $0.append($1) }
    }
}

extension Result {
    var value: Success? { try? get() }
    var failure: Failure? { if case .failure(let failure) = self { failure } else { nil } }
}
