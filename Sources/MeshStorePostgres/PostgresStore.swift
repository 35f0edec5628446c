// A PostgreSQL database that several servers share. READ COMMITTED and locks that are taken with BEGIN: what a transaction
// looked at holds until its commit, as with SQLite's one writer. A stricter isolation would not do: its snapshot is older than
// the lock it waits for, and where a race is over a key it answers as to an honest conflict.

package import MeshStore

package struct PostgresStore: SharedStore {
    package let key: ServerKey
    let pool: PostgresPool
    let migrations: Migrations
    let locks: AdvisoryLocks
    let notices: PostgresNotices

    package func lookUp<Value: Sendable>(
        _ body: @escaping @Sendable (Transaction) throws -> Value
    ) async throws -> Value {
        try await pool.run { try self.perform(nil, body) }
    }

    package func read<Value: Sendable>(
        _ body: @escaping @Sendable (Transaction) throws -> Value
    ) async throws -> Value {
        try await pool.run { try self.readNow(body) }
    }

    @discardableResult
    package func commit<Value: Sendable>(
        _ scope: WriteScope, _ body: @escaping @Sendable (Transaction) throws -> Value,
        then: @escaping @Sendable (Value) -> Void
    ) async throws -> Value {
        try await pool.run {
            let value = try self.writeNow(scope, body)
            then(value)
            return value
        }
    }

    /// A commit of PostgreSQL's returns when its disk has it.
    package func flush() async throws {}

    /// As `commit`, on the caller's thread, which it blocks.
    @discardableResult
    package func writeNow<Value>(_ scope: WriteScope, _ body: (Transaction) throws -> Value) throws -> Value {
        try perform(.writing(locks.begin(scope)), body)
    }

    /// As `read`, on the caller's thread, which it blocks.
    package func readNow<Value>(_ body: (Transaction) throws -> Value) throws -> Value {
        try perform(.reading, body)
    }

    private enum Begin {
        case reading
        /// With the locks that are waited for.
        case writing(String)
    }

    /// Runs `body`, once more where that is safe: where nothing of it can have happened. Each statement by itself without
    /// `begin`.
    private func perform<Value>(_ begin: Begin?, _ body: (Transaction) throws -> Value) throws -> Value {
        var attempt = 1
        while true {
            let connection = try pool.take()
            var isCommitting = false
            connection.dropWaiting()
            do {
                switch begin {
                // In one round trip with the first statement.
                case .reading: try connection.wait("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", [])
                case .writing(let sql): try connection.execute(sql)
                case nil: break
                }
                let value = try body(Transaction(runner: connection, key: key))
                try connection.performWaiting()
                if begin != nil {
                    guard !connection.isInError else {
                        throw StoreFailure.fault(code: "a failure was caught in a transaction")
                    }
                    isCommitting = true
                    try connection.execute("COMMIT")
                }
                pool.give(connection)
                return value
            } catch {
                let failure = error as? PostgresFailure
                let isLost = !connection.isGood || failure?.endsConnection == true
                if isLost { pool.dropIdle() } else { giveBack(connection, after: failure) }
                guard let failure else { throw error }
                if isCommitting && isLost { throw StoreFailure.inDoubt(code: "postgres lost") }
                let mayRepeat = isLost || failure.isStale ? attempt == 1 : failure.isConflict && attempt <= 3
                guard mayRepeat else { throw failure.storeFailure }
                attempt += 1
            }
        }
    }

    /// After a failure that the connection outlived.
    private func giveBack(_ connection: PostgresConnection, after failure: PostgresFailure?) {
        connection.dropWaiting()
        if !connection.isIdle { _ = try? connection.execute("ROLLBACK") }
        if failure?.isStale == true { connection.forgetStatements() }
        if connection.isGood && connection.isIdle { pool.give(connection) }
    }

    package func isReady() async -> Bool {
        do {
            return try await read { [migrations] transaction in
                let readable = try SharedFacts(transaction: transaction).readable()
                return try migrations.pending(in: transaction, readable: readable).isEmpty
            }
        } catch {
            return false
        }
    }

    package func close() throws {
        notices.stop()
        do { try pool.close() } catch { throw StoreFailure.fault(code: "the pool was not closed") }
    }
}

/// The locks by which transactions keep out of each other's way, by two numbers each; all of them are here. The second tells
/// the schemas and the meshes apart: two that fall together wait for each other, no more.
struct AdvisoryLocks: Sendable {
    private enum Kind: Int {
        case migrations = 6
        case everything = 7
        case mesh = 8
    }

    let schema: String

    /// BEGIN with the scope's locks, in one round trip. Whoever has one mesh shares the lock of everything: whoever wants all
    /// waits for them, and they for whoever has it.
    func begin(_ scope: WriteScope) -> String {
        let begin = "BEGIN ISOLATION LEVEL READ COMMITTED"
        return switch scope {
        case .everything: "\(begin); SELECT pg_advisory_xact_lock(\(pair(.everything, "")))"
        case .one(let mesh):
            """
            \(begin); SELECT pg_advisory_xact_lock_shared(\(pair(.everything, ""))); \
            SELECT pg_advisory_xact_lock(\(pair(.mesh, mesh)))
            """
        case .nothing: begin
        }
    }

    var beginMigrations: String {
        "BEGIN ISOLATION LEVEL READ COMMITTED; SELECT pg_advisory_xact_lock(\(pair(.migrations, "")))"
    }

    private func pair(_ kind: Kind, _ name: String) -> String {
        // FNV-1a: the same in every process, which Swift's own hash is not.
        let hash = "\(schema)/\(name)".utf8.reduce(UInt32(2_166_136_261)) { ($0 ^ UInt32($1)) &* 16_777_619 }
        return "\(kind.rawValue), \(Int32(bitPattern: hash))"
    }
}
