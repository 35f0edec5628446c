// A row read by its key through the store's seam, and by GRDB itself from the same file: what the seam costs.
// usage: PointRead PATH PAIRS. Prints a line a pair, each figure the nanoseconds of a read: lookUp, GRDB, read, GRDB.

import Foundation
import GRDB
import MeshStore
import MeshStoreSQLite

let arguments = CommandLine.arguments
guard arguments.count == 3, let pairs = Int(arguments[2]) else { fatalError("usage: PointRead PATH PAIRS") }

let (rows, reads) = (10_000, 100_000)
let sql = "SELECT value FROM points WHERE key = ?1"
let keys = (0..<rows).map { "key-\($0)" }

let store = try SQLiteStore(.file(arguments[1]), now: Date())
try await store.write { transaction in
    try transaction.run("CREATE TABLE points (key TEXT PRIMARY KEY, value TEXT NOT NULL)")
    for key in keys { try transaction.run("INSERT INTO points VALUES (?1, ?2)", key, "value of \(key)") }
}
var readonly = Configuration()
readonly.readonly = true
let queue = try DatabaseQueue(path: arguments[1], configuration: readonly)
let pool = try DatabasePool(path: arguments[1])

/// What one of many takes, in nanoseconds.
func time(_ read: (String) async throws -> String?) async throws -> Double {
    let begin = ContinuousClock.now
    for number in 0..<reads where try await read(keys[number % rows]) == nil { fatalError("no row") }
    return (ContinuousClock.now - begin) / .nanoseconds(reads)
}

func direct(_ key: String, _ database: GRDB.Database) throws -> String? {
    try String.fetchOne(try database.cachedStatement(sql: sql), arguments: [key])
}

// Not `async`, as the store has it: that would take another thread for each read.
func fromQueue(_ key: String) throws -> String? { try queue.unsafeRead { try direct(key, $0) } }

func fromPool(_ key: String) throws -> String? { try pool.read { try direct(key, $0) } }

for _ in 0..<pairs {
    let figures = [
        try await time { key in try await store.lookUp { try $0.first(sql, key) { try $0["value"] } } },
        try await time { try fromQueue($0) },
        try await time { key in try await store.read { try $0.first(sql, key) { try $0["value"] } } },
        try await time { try fromPool($0) },
    ]
    print(figures.map { "\(Int($0))" }.joined(separator: " "))
}
