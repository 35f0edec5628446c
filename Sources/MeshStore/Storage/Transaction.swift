// What a repository has in hand: statements with numbered parameters (?1, ?2 …), prepared once per connection.
// To add a repository: a struct `NounRows` over a `Transaction` in its noun's folder, and an extension that gives it out,
// `extension Transaction { package var nouns: NounRows { NounRows(transaction: self) } }`. Its SQL is what all engines
// take: a parameter that may be null says its type, `CAST(?2 AS TEXT) IS NULL`; EXISTS is no number; a sum is cast.

/// A connection that a transaction is open on. What the engine throws where it refuses ends the transaction, and comes out
/// of the store as `StoreFailure`.
package protocol StatementRunner: AnyObject {
    /// The first row, made into something without a copy of it.
    func first<Value>(
        _ sql: String, _ arguments: [(any StoreBindable)?], as make: (Row) throws -> Value
    ) throws -> Value?

    /// Each row made into something as it comes.
    func all<Value>(_ sql: String, _ arguments: [(any StoreBindable)?], as make: (Row) throws -> Value) throws
        -> [Value]

    /// Rows to be kept, `limit` at most.
    func rows(_ sql: String, _ arguments: [(any StoreBindable)?], limit: Int) throws -> [Row]

    /// Changes rows; returns how many.
    func run(_ sql: String, _ arguments: [(any StoreBindable)?]) throws -> Int

    /// Changes rows, of which nobody asks how many: an engine may do it with the next statement, at the latest with the
    /// commit, and fail there. Rows of one INSERT may be brought together, behind those of a table that came first in the
    /// transaction: what refers to a row comes after it from the first on.
    func runLater(_ sql: String, _ arguments: [(any StoreBindable)?]) throws

    /// Statements without parameters, one after the other: a migration.
    func execute(script: String) throws

    /// The tables there are, without the engine's own.
    func tables() throws -> Set<String>

    /// The indexes there are, without the engine's own.
    func indexes() throws -> Set<String>

    /// The names of a table's columns, in their order; none where there is no such table.
    func columns(of table: String) throws -> [String]
}

extension StatementRunner {
    package func runLater(_ sql: String, _ arguments: [(any StoreBindable)?]) throws { _ = try run(sql, arguments) }
}

/// One open transaction. Lives no longer than the closure it was given to.
package struct Transaction {
    package let runner: any StatementRunner
    package let key: ServerKey

    package init(runner: any StatementRunner, key: ServerKey) {
        self.runner = runner
        self.key = key
    }

    /// The first row of a query.
    package func first(_ sql: String, _ arguments: (any StoreBindable)?...) throws -> Row? {
        try runner.rows(sql, arguments, limit: 1).first
    }

    /// The first row of a query, made into something without a copy of it.
    package func first<Value>(
        _ sql: String, _ arguments: (any StoreBindable)?..., as make: (Row) throws -> Value
    ) throws -> Value? {
        try runner.first(sql, arguments, as: make)
    }

    /// All rows of a query.
    package func all(_ sql: String, _ arguments: (any StoreBindable)?...) throws -> [Row] {
        try runner.rows(sql, arguments, limit: .max)
    }

    /// All rows of a query, each made into something without a copy of it.
    package func all<Value>(
        _ sql: String, _ arguments: (any StoreBindable)?..., as make: (Row) throws -> Value
    ) throws -> [Value] {
        try runner.all(sql, arguments, as: make)
    }

    /// A count.
    package func count(_ sql: String, _ arguments: (any StoreBindable)?...) throws -> Int {
        try runner.first(sql, arguments) { try $0[0] as Int } ?? 0
    }

    /// Changes rows; returns how many.
    @discardableResult
    package func run(_ sql: String, _ arguments: (any StoreBindable)?...) throws -> Int {
        try runner.run(sql, arguments)
    }

    /// Changes rows, of which nobody asks how many: many of these cost an engine far away no more than one.
    package func runLater(_ sql: String, _ arguments: (any StoreBindable)?...) throws {
        try runner.runLater(sql, arguments)
    }
}

extension Array {
    /// Keys that one statement looks up, so many that there are few texts of it and each is prepared once: the last stands
    /// for those that are missing.
    var paddedKeys: [Element] {
        guard let last else { return [] }
        let size = [1, 4, 16, 64, 128, 256].first { $0 >= count } ?? count
        return self + Array(repeating: last, count: size - count)
    }
}
