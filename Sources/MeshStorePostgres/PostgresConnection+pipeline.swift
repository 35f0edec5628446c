// Several statements in one round trip: those whose outcome nobody asks for wait for the next one, or for the commit, and go
// ahead of it where they are many. Rows for one table go as one statement: what a statement costs by itself is more than what
// its row does. The first that fails ends all behind it.

internal import CLibpq
internal import MeshStore

/// What waits in a transaction.
struct Waiting {
    struct Rows {
        let sql: String
        var values: [[(any StoreBindable)?]]
    }

    /// By table, in the order in which these first came in the transaction: a row that refers to another's table is behind it.
    var rows: [Rows] = []
    /// What is done behind the rows.
    var others: [(sql: String, arguments: [(any StoreBindable)?])] = []
    var count = 0

    /// The statements in their order, each with its rows. Empties this, but for the order of the tables.
    mutating func take() -> [(sql: String, values: ArraySlice<[(any StoreBindable)?]>)] {
        var all: [(sql: String, values: ArraySlice<[(any StoreBindable)?]>)] = []
        for index in rows.indices {
            var rest = rows[index].values[...]
            rows[index].values = []
            while let size = Self.sizes.first(where: { $0 <= rest.count }) {
                all.append((rows[index].sql, rest.prefix(size)))
                rest = rest.dropFirst(size)
            }
        }
        all += others.map { ($0.sql, [$0.arguments]) }
        (others, count) = ([], 0)
        return all
    }

    /// So many rows go in one statement: few sizes, since each is prepared by itself.
    private static let sizes = [64, 32, 16, 8, 4, 2, 1]
}

extension PostgresConnection {
    /// With so many statements and rows the server begins: it works on them while more are made, and they lie in memory no
    /// longer.
    private static let mostUnsent = 64

    /// Has a statement wait.
    func wait(_ sql: String, _ arguments: [(any StoreBindable)?]) throws {
        let index = waiting.rows.firstIndex { $0.sql == sql }
        if index != nil || NumberedParameters.bringsRow(sql) {
            if !waiting.others.isEmpty { try performWaiting() }
            if let index {
                waiting.rows[index].values.append(arguments)
            } else {
                waiting.rows.append(Waiting.Rows(sql: sql, values: [arguments]))
            }
        } else {
            waiting.others.append((sql, arguments))
        }
        waiting.count += 1
        guard waiting.count >= Self.mostUnsent else { return }
        try sendWaiting()
        guard api.PQflush(connection) == 0 else { throw PostgresFailure.lost }
    }

    /// Whether something waits, or was sent and not answered.
    var hasWaiting: Bool { waiting.count > 0 || !sent.isEmpty }

    /// Does what waits. Throws `PostgresFailure`, and `StoreFailure.unstorable`.
    func performWaiting() throws {
        guard hasWaiting else { return }
        try sendWaiting()
        _ = try answer()
    }

    /// Does what waits, and then this, whose answer is given. Throws as above.
    func performWaiting(and sql: String, _ arguments: [(any StoreBindable)?]) throws -> PostgresResult {
        try sendWaiting()
        try send(try bound(sql, [arguments]))
        guard let answer = try answer() else { throw PostgresFailure.lost }
        return answer
    }

    /// Nothing waits any more, whatever becomes of what was sent.
    func dropWaiting() {
        waiting = Waiting()
        _ = try? answer()
    }

    private func sendWaiting() throws {
        makeRoom()
        for statement in waiting.take() { try send(try bound(statement.sql, statement.values)) }
    }

    private func send(_ one: BoundStatement) throws {
        if sent.isEmpty {
            guard api.PQenterPipelineMode(connection) == 1 else { throw PostgresFailure.lost }
        }
        sent.append(one.statement)
        let isSent = one.with { api.PQsendQueryPrepared(connection, one.statement.name, $0, $1, nil, nil, 0) }
        guard isSent == 1 else { throw PostgresFailure.lost }
    }

    /// Waits for the answers of all that was sent: the last one's, nil where nothing was. Throws the first failure.
    func answer() throws -> PostgresResult? {
        guard !sent.isEmpty else { return nil }
        defer {
            sent = []
            _ = api.PQexitPipelineMode(connection)
        }
        guard api.PQpipelineSync(connection) == 1 else { throw PostgresFailure.lost }
        var results: [Result<PostgresResult, any Error>] = []
        for statement in sent {
            let raw = api.PQgetResult(connection)
            results.append(Result { try checked(raw, of: statement) })
            // Each ends with none, and so does a connection that is lost.
            guard raw != nil else { break }
            while let rest = api.PQgetResult(connection) { api.PQclear(rest) }
        }
        // That of the end.
        if let end = api.PQgetResult(connection) { api.PQclear(end) }
        for result in results.dropLast() { _ = try result.get() }
        guard let answer = results.last, results.count == sent.count else { throw PostgresFailure.lost }
        return try answer.get()
    }
}

/// A statement with its values, as C strings one after the other.
struct BoundStatement {
    let statement: PreparedStatement
    private let bytes: [UInt8]
    /// Where each begins; nil is null.
    private let starts: [Int?]

    /// Throws `StoreFailure.unstorable`: a text with U+0000 in it would end there, unseen.
    init(_ statement: PreparedStatement, _ rows: some Sequence<[(any StoreBindable)?]>) throws {
        var bytes: [UInt8] = []
        starts = try rows.joined().map { argument -> Int? in
            let start = bytes.count
            switch argument?.storeValue {
            case nil, .null?: return nil
            case .integer(let number)?: bytes.append(contentsOf: String(number).utf8)
            case .text(let text)?:
                if text.utf8.contains(0) { throw StoreFailure.unstorable }
                bytes.append(contentsOf: text.utf8)
            }
            bytes.append(0)
            return start
        }
        self.statement = statement
        self.bytes = bytes
    }

    func with<Value>(_ body: (Int32, UnsafePointer<UnsafePointer<CChar>?>?) -> Value) -> Value {
        bytes.withUnsafeBytes { bytes in
            let base = bytes.baseAddress?.assumingMemoryBound(to: CChar.self)
            let values = starts.map { start in start.flatMap { base?.advanced(by: $0) } }
            return values.withUnsafeBufferPointer { body(Int32(values.count), $0.baseAddress) }
        }
    }
}
