// SQLite's connection and rows as the store's. GRDB's own classes conform, so that nothing is wrapped or allocated a row.
// What GRDB throws goes through: `SQLiteStore` turns it into `StoreFailure`.

internal import GRDB
internal import MeshStore

extension GRDB.Database: StatementRunner {
    func first<Value>(
        _ sql: String, _ arguments: [(any StoreBindable)?], as make: (MeshStore.Row) throws -> Value
    ) throws -> Value? {
        let rows = try GRDB.Row.fetchCursor(cachedStatement(sql: sql), arguments: Self.bound(arguments))
        return try rows.next().map { try make(MeshStore.Row($0)) }
    }

    func all<Value>(
        _ sql: String, _ arguments: [(any StoreBindable)?], as make: (MeshStore.Row) throws -> Value
    ) throws -> [Value] {
        let rows = try GRDB.Row.fetchCursor(cachedStatement(sql: sql), arguments: Self.bound(arguments))
        var values: [Value] = []
        while let row = try rows.next() { values.append(try make(MeshStore.Row(row))) }
        return values
    }

    func rows(_ sql: String, _ arguments: [(any StoreBindable)?], limit: Int) throws -> [MeshStore.Row] {
        let rows = try GRDB.Row.fetchCursor(cachedStatement(sql: sql), arguments: Self.bound(arguments))
        var values: [MeshStore.Row] = []
        while values.count < limit, let row = try rows.next() { values.append(MeshStore.Row(row.copy())) }
        return values
    }

    func run(_ sql: String, _ arguments: [(any StoreBindable)?]) throws -> Int {
        try cachedStatement(sql: sql).execute(arguments: Self.bound(arguments))
        return changesCount
    }

    func execute(script: String) throws { try execute(sql: script) }

    func tables() throws -> Set<String> { try names(of: "table") }

    func indexes() throws -> Set<String> { try names(of: "index") }

    private func names(of type: String) throws -> Set<String> {
        try String.fetchSet(self, sql: "SELECT name FROM sqlite_master WHERE type = ?1", arguments: [type])
            .filter { !$0.hasPrefix("sqlite_") }
    }

    /// SQLite takes a text with U+0000 in it and reads it to there: one would be found that is another.
    private static func bound(_ arguments: [(any StoreBindable)?]) throws -> StatementArguments {
        StatementArguments(
            try arguments.map { argument -> DatabaseValue in
                switch argument?.storeValue {
                case nil, .null?: .null
                case .integer(let number)?: number.databaseValue
                case .text(let text)?:
                    if text.utf8.contains(0) { throw StoreFailure.unstorable } else { text.databaseValue }
                }
            })
    }
}

extension GRDB.Row: RowSource {
    func integer(row: Int, column: Int) throws -> Int64? { try Self.integer(value(at: column)) }

    func integer(row: Int, column: String) throws -> Int64? { try Self.integer(value(named: column)) }

    func text(row: Int, column: Int) throws -> String? { try Self.text(value(at: column)) }

    func text(row: Int, column: String) throws -> String? { try Self.text(value(named: column)) }

    func value(row: Int, column: String) throws -> StoreValue? {
        switch try value(named: column).storage {
        case .null: .null
        case .int64(let number): .integer(number)
        case .string(let text): .text(text)
        case .double, .blob: nil
        }
    }

    private func value(at column: Int) throws -> DatabaseValue {
        guard column < count else { throw StoreFailure.fault(code: "there is no column \(column)") }
        return self[column]
    }

    private func value(named column: String) throws -> DatabaseValue {
        guard let value = self[column] as DatabaseValue? else {
            guard hasColumn(column) else { throw StoreFailure.fault(code: "there is no column \(column)") }
            return .null
        }
        return value
    }

    private static func integer(_ value: DatabaseValue) throws -> Int64? {
        switch value.storage {
        case .int64(let number): number
        case .null: nil
        default: throw StoreFailure.fault(code: "a column is no whole number")
        }
    }

    private static func text(_ value: DatabaseValue) throws -> String? {
        switch value.storage {
        case .string(let text): text
        case .null: nil
        default: throw StoreFailure.fault(code: "a column is no text")
        }
    }
}
