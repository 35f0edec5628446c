// The answer of a statement, read where SQLite has it: of every row GRDB would make a copy of its columns' names, which took
// more than the look-up itself. The statements are GRDB's, cached by their text.

internal import GRDB
internal import GRDBSQLite
internal import MeshStore
internal import Synchronization

/// A statement under way, and the row it stands on. Begun by `init`, over with `end`.
final class StatementRows: RowSource {
    private let connection: SQLiteConnection?
    private let statement: SQLiteStatement
    private let sql: String
    /// Found where a column is asked for by its name: what is written has none, and what every request reads goes by number.
    private var named: ColumnNumbers?

    init(_ sql: String, _ arguments: [(any StoreBindable)?], in database: GRDB.Database) throws {
        let cached = try database.cachedStatement(sql: sql)
        (connection, statement, self.sql) = (database.sqliteConnection, cached.sqliteStatement, sql)
        // One that was left in the middle, by an error, begins anew.
        sqlite3_reset(statement)
        try bind(arguments)
    }

    /// Whether there is one more row.
    func next() throws -> Bool {
        switch sqlite3_step(statement) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        default: throw failure()
        }
    }

    func end() {
        sqlite3_reset(statement)
        sqlite3_clear_bindings(statement)
    }

    /// The row as it stands, for who keeps it.
    func copy() throws -> CopiedRow {
        CopiedRow(columns: columns, values: (0..<sqlite3_column_count(statement)).map(stored))
    }

    private var columns: ColumnNumbers {
        if let named { return named }
        let columns = ColumnNumbers.of(sql, statement)
        named = columns
        return columns
    }

    private func bind(_ arguments: [(any StoreBindable)?]) throws {
        guard arguments.count == sqlite3_bind_parameter_count(statement) else {
            throw StoreFailure.fault(code: "\(arguments.count) arguments")
        }
        for (argument, index) in zip(arguments, Int32(1)...) {
            let code =
                switch argument?.storeValue {
                case nil, .null?: sqlite3_bind_null(statement, index)
                case .integer(let number)?: sqlite3_bind_int64(statement, index, number)
                case .text(let text)?: try bind(text, at: index)
                }
            guard code == SQLITE_OK else { throw failure() }
        }
    }

    /// SQLite takes a text with U+0000 in it and reads it to there: one would be found that is another.
    private func bind(_ text: String, at index: Int32) throws -> Int32 {
        var text = text
        return try text.withUTF8 { bytes in
            guard !bytes.contains(0) else { throw StoreFailure.unstorable }
            return bytes.withMemoryRebound(to: CChar.self) { characters in
                // SQLite copies it: it outlives neither this call nor our stack. An empty one has an address all the same.
                let copies = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
                guard let start = characters.baseAddress else {
                    return sqlite3_bind_text(statement, index, "", 0, copies)
                }
                return sqlite3_bind_text(statement, index, start, Int32(characters.count), copies)
            }
        }
    }

    private func failure() -> DatabaseError {
        DatabaseError(
            resultCode: ResultCode(rawValue: sqlite3_extended_errcode(connection)),
            message: sqlite3_errmsg(connection).map { String(cString: $0) })
    }

    // MARK: The row

    func integer(row: Int, column: Int) throws -> Int64? { try integer(try checked(column)) }

    func integer(row: Int, column: String) throws -> Int64? { try integer(try columns.number(of: column)) }

    func text(row: Int, column: Int) throws -> String? { try text(try checked(column)) }

    func text(row: Int, column: String) throws -> String? { try text(try columns.number(of: column)) }

    func value(row: Int, column: String) throws -> StoreValue? { stored(try columns.number(of: column)) }

    private func checked(_ column: Int) throws -> Int32 {
        guard column < sqlite3_column_count(statement) else { throw StoreFailure.noColumn("\(column)") }
        return Int32(column)
    }

    private func integer(_ column: Int32) throws -> Int64? {
        switch sqlite3_column_type(statement, column) {
        case SQLITE_INTEGER: sqlite3_column_int64(statement, column)
        case SQLITE_NULL: nil
        default: throw StoreFailure.fault(code: "a column is no whole number")
        }
    }

    private func text(_ column: Int32) throws -> String? {
        switch sqlite3_column_type(statement, column) {
        case SQLITE_TEXT: string(column)
        case SQLITE_NULL: nil
        default: throw StoreFailure.fault(code: "a column is no text")
        }
    }

    private func stored(_ column: Int32) -> StoreValue? {
        switch sqlite3_column_type(statement, column) {
        case SQLITE_INTEGER: .integer(sqlite3_column_int64(statement, column))
        case SQLITE_TEXT: .text(string(column))
        case SQLITE_NULL: .null
        default: nil
        }
    }

    /// What is no UTF-8 is repaired, as GRDB does.
    private func string(_ column: Int32) -> String {
        guard let bytes = sqlite3_column_text(statement, column) else { return "" }
        let count = Int(sqlite3_column_bytes(statement, column))
        return String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
    }
}

/// A row that outlives its statement.
final class CopiedRow: RowSource {
    private let columns: ColumnNumbers
    private let values: [StoreValue?]

    init(columns: ColumnNumbers, values: [StoreValue?]) {
        self.columns = columns
        self.values = values
    }

    func integer(row: Int, column: Int) throws -> Int64? { try Self.integer(try value(at: column)) }

    func integer(row: Int, column: String) throws -> Int64? {
        try Self.integer(try value(at: Int(columns.number(of: column))))
    }

    func text(row: Int, column: Int) throws -> String? { try Self.text(try value(at: column)) }

    func text(row: Int, column: String) throws -> String? {
        try Self.text(try value(at: Int(columns.number(of: column))))
    }

    func value(row: Int, column: String) throws -> StoreValue? { try value(at: Int(columns.number(of: column))) }

    private func value(at column: Int) throws -> StoreValue? {
        guard values.indices.contains(column) else { throw StoreFailure.noColumn("\(column)") }
        return values[column]
    }

    private static func integer(_ value: StoreValue?) throws -> Int64? {
        switch value {
        case .integer(let number): number
        case .null: nil
        default: throw StoreFailure.fault(code: "a column is no whole number")
        }
    }

    private static func text(_ value: StoreValue?) throws -> String? {
        switch value {
        case .text(let text): text
        case .null: nil
        default: throw StoreFailure.fault(code: "a column is no text")
        }
    }
}

/// The numbers of an answer's columns by their names: made once for each text of a statement.
final class ColumnNumbers: Sendable {
    private static let known = Mutex<[String: ColumnNumbers]>([:])

    private let numbers: [String: Int32]
    let count: Int

    private init(_ statement: SQLiteStatement) {
        let names = (0..<sqlite3_column_count(statement)).map { number in
            (sqlite3_column_name(statement, number).map { String(cString: $0) } ?? "", number)
        }
        // Of two of a name the first, as SQLite has it.
        numbers = Dictionary(names) { first, _ in first }
        count = names.count
    }

    /// A migration may have changed what `*` stands for.
    static func of(_ sql: String, _ statement: SQLiteStatement) -> ColumnNumbers {
        let count = Int(sqlite3_column_count(statement))
        return known.withLock { known in
            if let found = known[sql], found.count == count { return found }
            let made = ColumnNumbers(statement)
            known[sql] = made
            return made
        }
    }

    static func forget() { known.withLock { $0 = [:] } }

    func number(of column: String) throws -> Int32 {
        guard let number = numbers[column] else { throw StoreFailure.noColumn(column) }
        return number
    }
}

extension StoreFailure {
    fileprivate static func noColumn(_ name: String) -> StoreFailure { .fault(code: "there is no column \(name)") }
}
