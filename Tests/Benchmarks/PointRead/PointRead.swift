// A row read by its key through the store's seam, and by GRDB itself from the same file: what the seam costs.
// usage: PointRead PATH PAIRS. Prints a line a pair, each figure the nanoseconds of a read: lookUp, GRDB, read, GRDB.

import Foundation
import GRDB
import MeshStore
import MeshStoreSQLite

/// No top-level code: that is the main actor's, and each read would begin and end with a change of threads.
@main struct PointRead {
    private static let (rows, reads) = (10_000, 100_000)
    private static let sql = "SELECT value FROM points WHERE key = ?1"
    private static let keys = (0..<rows).map { "key-\($0)" }

    let store: SQLiteStore
    let queue: DatabaseQueue
    let pool: DatabasePool

    init(_ path: String) async throws {
        store = try SQLiteStore(.file(path), now: Date())
        try await store.write { transaction in
            try transaction.run("CREATE TABLE points (key TEXT PRIMARY KEY, value TEXT NOT NULL)")
            for key in Self.keys { try transaction.run("INSERT INTO points VALUES (?1, ?2)", key, "value of \(key)") }
        }
        var readonly = Configuration()
        readonly.readonly = true
        queue = try DatabaseQueue(path: path, configuration: readonly)
        pool = try DatabasePool(path: path)
    }

    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 3, let pairs = Int(arguments[2]) else { fatalError("usage: PointRead PATH PAIRS") }
        let reading = try await PointRead(arguments[1])
        for _ in 0..<pairs { print(try await reading.pair().map { "\(Int($0))" }.joined(separator: " ")) }
    }

    private func pair() async throws -> [Double] {
        [
            try await time { key in try await store.lookUp { try $0.first(Self.sql, key) { try $0["value"] } } },
            try await time { try fromQueue($0) },
            try await time { key in try await store.read { try $0.first(Self.sql, key) { try $0["value"] } } },
            try await time { try fromPool($0) },
        ]
    }

    /// What one of many takes, in nanoseconds.
    private func time(_ read: (String) async throws -> String?) async throws -> Double {
        let begin = ContinuousClock.now
        for number in 0..<Self.reads where try await read(Self.keys[number % Self.rows]) == nil { fatalError("no row") }
        return (ContinuousClock.now - begin) / .nanoseconds(Self.reads)
    }

    // Not `async`, as the store has it: that would take another thread for each read.
    private func fromQueue(_ key: String) throws -> String? { try queue.unsafeRead { try direct(key, $0) } }

    private func fromPool(_ key: String) throws -> String? { try pool.read { try direct(key, $0) } }

    private func direct(_ key: String, _ database: GRDB.Database) throws -> String? {
        try String.fetchOne(try database.cachedStatement(sql: Self.sql), arguments: [key])
    }
}
