// What a repository has in hand: statements with numbered parameters (?1, ?2 …), prepared once per connection.
// To add a repository: a struct `NounRows` over a `Transaction` in its noun's folder, and an extension that gives it out,
// `extension Transaction { var nouns: NounRows { NounRows(transaction: self) } }`.

internal import FoundationEssentials
internal import GRDB
internal import MeshAPI

/// One open transaction. Lives no longer than the closure it was given to.
struct Transaction {
    let database: GRDB.Database
    let key: ServerKey

    /// The first row of a query.
    func first(_ sql: String, _ arguments: (any DatabaseValueConvertible)?...) throws -> Row? {
        try Row.fetchOne(database.cachedStatement(sql: sql), arguments: StatementArguments(arguments))
    }

    /// The first row of a query, made into something without a copy of it.
    func first<Value>(
        _ sql: String, _ arguments: (any DatabaseValueConvertible)?..., as make: (Row) -> Value
    ) throws -> Value? {
        let rows = try Row.fetchCursor(database.cachedStatement(sql: sql), arguments: StatementArguments(arguments))
        return try rows.next().map(make)
    }

    /// All rows of a query.
    func all(_ sql: String, _ arguments: (any DatabaseValueConvertible)?...) throws -> [Row] {
        try Row.fetchAll(database.cachedStatement(sql: sql), arguments: StatementArguments(arguments))
    }

    /// A count.
    func count(_ sql: String, _ arguments: (any DatabaseValueConvertible)?...) throws -> Int {
        try Int.fetchOne(database.cachedStatement(sql: sql), arguments: StatementArguments(arguments)) ?? 0
    }

    /// Changes rows; returns how many.
    @discardableResult
    func run(_ sql: String, _ arguments: (any DatabaseValueConvertible)?...) throws -> Int {
        try database.cachedStatement(sql: sql).execute(arguments: StatementArguments(arguments))
        return database.changesCount
    }
}

extension Date {
    /// Milliseconds since 1970: how times are stored.
    var milliseconds: Int64 { Int64((timeIntervalSince1970 * 1000).rounded()) }

    init(milliseconds: Int64) { self.init(timeIntervalSince1970: Double(milliseconds) / 1000) }
}

extension Row {
    func date(_ column: String) -> Date { Date(milliseconds: self[column]) }

    func dateIfAny(_ column: String) -> Date? {
        let value: Int64? = self[column]
        return value.map(Date.init(milliseconds:))
    }
}

/// Ids: 100 random bits in base32, opaque to everybody.
enum Identifier {
    static func make() -> String { String(TokenForm.base32(Secret.randomBytes(13)).prefix(20)) }
}
