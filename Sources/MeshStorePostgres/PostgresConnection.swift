// One connection of libpq's, and how statements go over it: each text is prepared once, its parameters' types left to the
// server, everything in text. It blocks whoever calls: threads of the pool, and the start of the program.

internal import CLibpq
internal import MeshStore

/// Used by one thread at a time: whoever took it from the pool.
final class PostgresConnection: @unchecked Sendable {
    /// So many statements are kept prepared; where texts are made for their parameters, they are begun anew.
    private static let mostStatements = 1000

    let api: pq_api
    let connection: OpaquePointer
    private var statements: [Text: PreparedStatement] = [:]
    /// What goes with the next statement.
    var waiting = Waiting()
    /// What was sent and not answered, in its order.
    var sent: [PreparedStatement] = []

    /// A statement, and for how many rows.
    private struct Text: Hashable {
        var sql: String
        var rows: Int
    }

    /// Connects. Throws `StorageFailure`.
    init(_ address: PostgresAddress) throws {
        let api = try PostgresLibrary.loaded()
        let keys = address.parameters.map(\.0) + [nil] as [String?]
        let values = address.parameters.map(\.1) + [nil] as [String?]
        let made = OptionalCStrings.with(keys) { keys in
            OptionalCStrings.with(values) { api.PQconnectdbParams(keys, $0, 0) }
        }
        guard let made else { throw StorageFailure.server(address.shown, reason: "out of memory") }
        self.api = api
        connection = made
        // From here on `deinit` closes it, also where this throws.
        guard api.PQstatus(made) == CONNECTION_OK else {
            throw StorageFailure.server(address.shown, reason: Self.firstLine(api.PQerrorMessage(made)))
        }
        if let functions = pq_load() { pq_silence(functions, made) }
    }

    deinit { api.PQfinish(connection) }

    /// Whether it is still one.
    var isGood: Bool { api.PQstatus(connection) == CONNECTION_OK }

    /// Whether a statement failed since BEGIN: COMMIT would undo all, and say that it went well.
    var isInError: Bool { api.PQtransactionStatus(connection) == PQTRANS_INERROR }

    var isIdle: Bool { api.PQtransactionStatus(connection) == PQTRANS_IDLE }

    /// Statements without parameters, one after the other. Throws `PostgresFailure`.
    @discardableResult
    func execute(_ sql: String) throws -> PostgresResult { try checked(api.PQexec(connection, sql)) }

    /// As above. Throws `StorageFailure`, with what the server says: for the program's start, where no value is in it.
    @discardableResult
    func opening(_ sql: String, _ address: PostgresAddress) throws -> PostgresResult {
        guard let raw = api.PQexec(connection, sql) else {
            throw StorageFailure.server(address.shown, reason: "out of memory")
        }
        let result = PostgresResult(raw, api: api)
        guard Self.isGood(result.status) else {
            throw StorageFailure.server(address.shown, reason: result.errorField("M") ?? "")
        }
        return result
    }

    /// One statement. Throws `PostgresFailure`, and `StoreFailure.unstorable`.
    func perform(_ sql: String, _ arguments: [(any StoreBindable)?]) throws -> PostgresResult {
        if hasWaiting { return try performWaiting(and: sql, arguments) }
        makeRoom()
        let bound = try bound(sql, [arguments])
        let raw = bound.with { api.PQexecPrepared(connection, bound.statement.name, $0, $1, nil, nil, 0) }
        return try checked(raw, of: bound.statement)
    }

    func bound(_ sql: String, _ rows: some Collection<[(any StoreBindable)?]>) throws -> BoundStatement {
        let text = Text(sql: sql, rows: rows.count)
        let statement = try statements[text] ?? prepare(text, parameters: rows.first?.count ?? 0)
        return try BoundStatement(statement, rows)
    }

    /// Forgets what was prepared: a table has changed its shape.
    func forgetStatements() {
        statements = [:]
        _ = try? execute("DEALLOCATE ALL")
    }

    /// Before anything is bound to a statement.
    func makeRoom() {
        if statements.count >= Self.mostStatements, sent.isEmpty, !isInError { forgetStatements() }
    }

    private func prepare(_ text: Text, parameters: Int) throws -> PreparedStatement {
        // Which is no statement that can be sent ahead.
        _ = try answer()
        let statement = PreparedStatement(name: "s\(statements.count)")
        let sql = NumberedParameters.postgres(text.sql, rows: text.rows, of: parameters)
        _ = try checked(api.PQprepare(connection, statement.name, sql, 0, nil))
        statements[text] = statement
        return statement
    }

    func checked(_ raw: OpaquePointer?, of statement: PreparedStatement? = nil) throws -> PostgresResult {
        guard let raw else { throw PostgresFailure.lost }
        let result = PostgresResult(raw, api: api, of: statement)
        if Self.isGood(result.status) { return result }
        guard isGood, let state = result.errorField("C") else { throw PostgresFailure.lost }
        throw PostgresFailure.refused(state: state, constraint: result.errorField("n") ?? "")
    }

    private static func isGood(_ status: ExecStatusType) -> Bool {
        [PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY].contains(status)
    }

    static func firstLine(_ message: UnsafeMutablePointer<CChar>?) -> String {
        message.flatMap { String(cString: $0).split(separator: "\n").first.map(String.init) } ?? ""
    }
}

extension PostgresConnection: StatementRunner {
    func first<Value>(
        _ sql: String, _ arguments: [(any StoreBindable)?], as make: (Row) throws -> Value
    ) throws -> Value? {
        let result = try perform(sql, arguments)
        return result.count > 0 ? try make(Row(result, row: 0)) : nil
    }

    func all<Value>(
        _ sql: String, _ arguments: [(any StoreBindable)?], as make: (Row) throws -> Value
    ) throws -> [Value] {
        let result = try perform(sql, arguments)
        return try (0..<result.count).map { try make(Row(result, row: $0)) }
    }

    func rows(_ sql: String, _ arguments: [(any StoreBindable)?], limit: Int) throws -> [Row] {
        let result = try perform(sql, arguments)
        return (0..<min(limit, result.count)).map { Row(result, row: $0) }
    }

    func run(_ sql: String, _ arguments: [(any StoreBindable)?]) throws -> Int { try perform(sql, arguments).changed }

    func runLater(_ sql: String, _ arguments: [(any StoreBindable)?]) throws { try wait(sql, arguments) }

    func execute(script: String) throws {
        try performWaiting()
        _ = try execute(script) as PostgresResult
    }

    func tables() throws -> Set<String> {
        try names("SELECT CAST(tablename AS TEXT) FROM pg_tables WHERE schemaname = current_schema()")
    }

    func indexes() throws -> Set<String> {
        try names("SELECT CAST(indexname AS TEXT) FROM pg_indexes WHERE schemaname = current_schema()")
    }

    private func names(_ sql: String) throws -> Set<String> { Set(try all(sql, []) { try $0[0] }) }

    func columns(of table: String) throws -> [String] {
        try all(
            """
            SELECT CAST(column_name AS TEXT) FROM information_schema.columns
            WHERE table_schema = current_schema() AND table_name = ?1 ORDER BY ordinal_position
            """, [table]
        ) { try $0[0] }
    }
}

/// Texts for C, a NULL where there is none.
enum OptionalCStrings {
    static func with<Value>(
        _ texts: [String?], _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> Value
    ) -> Value {
        let bytes = texts.map { text in text.map { Array($0.utf8CString) } }
        func next(_ index: Int, _ pointers: [UnsafePointer<CChar>?]) -> Value {
            guard index < bytes.count else {
                return (pointers + [nil]).withUnsafeBufferPointer { body($0.baseAddress.unsafelyUnwrapped) }
            }
            guard let text = bytes[index] else { return next(index + 1, pointers + [nil]) }
            return text.withUnsafeBufferPointer { next(index + 1, pointers + [$0.baseAddress]) }
        }
        return next(0, [])
    }
}

enum PostgresLibrary {
    private static let api = pq_load()?.pointee

    /// Throws `StorageFailure.noLibrary` where this machine has no libpq.
    static func loaded() throws -> pq_api {
        guard let api else { throw StorageFailure.noLibrary }
        return api
    }
}
