// Several statements in one round trip: those whose outcome nobody asks for wait for the next one, or for the commit. The first that
// fails ends all behind it.

internal import CLibpq
internal import MeshStore

extension PostgresConnection {
    /// So many wait at most: their answers, which nobody reads meanwhile, must find room on the way.
    static let mostWaiting = 64

    /// Does what waits. Throws `PostgresFailure`.
    func performWaiting() throws {
        guard let last = waiting.popLast() else { return }
        _ = try performWaiting(and: last)
    }

    /// Does what waits, and `last`, whose answer is given. Throws `PostgresFailure`.
    func performWaiting(and last: BoundStatement) throws -> PostgresResult {
        let all = waiting + [last]
        waiting = []
        guard api.PQenterPipelineMode(connection) == 1 else { throw PostgresFailure.lost }
        defer { _ = api.PQexitPipelineMode(connection) }
        for one in all {
            let isSent = one.with { api.PQsendQueryPrepared(connection, one.statement.name, $0, $1, nil, nil, 0) }
            guard isSent == 1 else { throw PostgresFailure.lost }
        }
        guard api.PQpipelineSync(connection) == 1 else { throw PostgresFailure.lost }
        var results: [Result<PostgresResult, any Error>] = []
        for one in all {
            let raw = api.PQgetResult(connection)
            results.append(Result { try checked(raw, of: one.statement) })
            // Each ends with none, and so does a connection that is lost.
            guard raw != nil else { break }
            while let rest = api.PQgetResult(connection) { api.PQclear(rest) }
        }
        // That of the end.
        if let end = api.PQgetResult(connection) { api.PQclear(end) }
        for result in results.dropLast() { _ = try result.get() }
        guard let answer = results.last, results.count == all.count else { throw PostgresFailure.lost }
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
    init(_ statement: PreparedStatement, _ arguments: [(any StoreBindable)?]) throws {
        var bytes: [UInt8] = []
        starts = try arguments.map { argument -> Int? in
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
