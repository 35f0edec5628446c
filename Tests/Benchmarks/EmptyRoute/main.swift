// The references of the server's benchmarks: the same framework with next to nothing behind it. `/empty` answers four
// bytes; `/read` reads them from a row of SQLite by its key first.
// usage: EmptyRoute PORT DATABASE

import GRDB
import Hummingbird

let arguments = CommandLine.arguments
guard arguments.count == 3, let port = Int(arguments[1]) else { fatalError("usage: EmptyRoute PORT DATABASE") }

let database = try DatabasePool(path: arguments[2])
try database.write { database in
    try database.execute(sql: "CREATE TABLE one (key TEXT PRIMARY KEY, value TEXT NOT NULL)")
    try database.execute(sql: "INSERT INTO one VALUES ('key', 'pong')")
}

/// Not `async`: that would take another thread for each read.
@Sendable func read() throws -> String {
    try database.read { database in
        let statement = try database.cachedStatement(sql: "SELECT value FROM one WHERE key = ?")
        return try String.fetchOne(statement, arguments: ["key"]) ?? ""
    }
}

let router = Router()
router.get("empty") { _, _ in "pong" }
router.get("read") { _, _ in try read() }
let application = Application(router: router, configuration: .init(address: .hostname("127.0.0.1", port: port)))
try await application.runService()
