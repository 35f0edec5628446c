// SQLite's connection as the store's: GRDB's own class conforms, so that nothing is wrapped.
// What GRDB throws goes through: `SQLiteStore` turns it into `StoreFailure`.

internal import GRDB
internal import MeshStore

extension GRDB.Database: StatementRunner {
    func first<Value>(
        _ sql: String, _ arguments: [(any StoreBindable)?], as make: (MeshStore.Row) throws -> Value
    ) throws -> Value? {
        let rows = try StatementRows(sql, arguments, in: self)
        defer { rows.end() }
        return try rows.next() ? try make(MeshStore.Row(rows)) : nil
    }

    func all<Value>(
        _ sql: String, _ arguments: [(any StoreBindable)?], as make: (MeshStore.Row) throws -> Value
    ) throws -> [Value] {
        let rows = try StatementRows(sql, arguments, in: self)
        defer { rows.end() }
        var values: [Value] = []
        while try rows.next() { values.append(try make(MeshStore.Row(rows))) }
        return values
    }

    func rows(_ sql: String, _ arguments: [(any StoreBindable)?], limit: Int) throws -> [MeshStore.Row] {
        let rows = try StatementRows(sql, arguments, in: self)
        defer { rows.end() }
        var values: [MeshStore.Row] = []
        while values.count < limit, try rows.next() { values.append(MeshStore.Row(try rows.copy())) }
        return values
    }

    func run(_ sql: String, _ arguments: [(any StoreBindable)?]) throws -> Int {
        let rows = try StatementRows(sql, arguments, in: self)
        defer { rows.end() }
        while try rows.next() {}
        return changesCount
    }

    func execute(script: String) throws {
        ColumnNumbers.forget()
        try execute(sql: script)
    }

    func tables() throws -> Set<String> { try names(of: "table") }

    func indexes() throws -> Set<String> { try names(of: "index") }

    func columns(of table: String) throws -> [String] {
        try String.fetchAll(self, sql: "SELECT name FROM pragma_table_info(?1) ORDER BY cid", arguments: [table])
    }

    private func names(of type: String) throws -> Set<String> {
        try String.fetchSet(self, sql: "SELECT name FROM sqlite_master WHERE type = ?1", arguments: [type])
            .filter { !$0.hasPrefix("sqlite_") }
    }
}
