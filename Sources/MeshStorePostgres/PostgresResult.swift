// The rows of one answer, in text as the server sent them. Freed with the last `Row` that shows one.

internal import CLibpq
internal import MeshStore

final class PostgresResult: RowSource {
    /// The types of columns that are whole numbers, and those that are texts: int8, int2, int4; text, name, bpchar, varchar,
    /// and what a literal is.
    private static let integers: Set<UInt32> = [20, 21, 23]
    private static let texts: Set<UInt32> = [25, 19, 1042, 1043, 705]

    private let api: pq_api
    private let result: OpaquePointer
    private let statement: PreparedStatement?

    init(_ result: OpaquePointer, api: pq_api, of statement: PreparedStatement? = nil) {
        self.result = result
        self.api = api
        self.statement = statement
    }

    deinit { api.PQclear(result) }

    var count: Int { withExtendedLifetime(self) { Int(api.PQntuples(result)) } }

    var status: ExecStatusType { withExtendedLifetime(self) { api.PQresultStatus(result) } }

    /// How many rows a statement changed.
    var changed: Int {
        withExtendedLifetime(self) { api.PQcmdTuples(result).flatMap { Int(String(cString: $0)) } ?? 0 }
    }

    /// A field of an error: `C` its SQLSTATE, `n` the constraint, `M` what it says.
    func errorField(_ name: Unicode.Scalar) -> String? {
        withExtendedLifetime(self) {
            api.PQresultErrorField(result, Int32(name.value)).map { String(cString: $0) }
        }
    }

    func integer(row: Int, column: Int) throws -> Int64? {
        guard let bytes = try bytes(row: row, column: column) else { return nil }
        guard Self.integers.contains(type(of: column)) else {
            throw StoreFailure.fault(code: "a column is no whole number")
        }
        return withExtendedLifetime(self) { Self.number(bytes) }
    }

    func integer(row: Int, column: String) throws -> Int64? { try integer(row: row, column: try index(of: column)) }

    func text(row: Int, column: Int) throws -> String? {
        guard let bytes = try bytes(row: row, column: column) else { return nil }
        guard Self.texts.contains(type(of: column)) else { throw StoreFailure.fault(code: "a column is no text") }
        return withExtendedLifetime(self) { String(decoding: bytes, as: UTF8.self) }
    }

    func text(row: Int, column: String) throws -> String? { try text(row: row, column: try index(of: column)) }

    func value(row: Int, column: String) throws -> StoreValue? {
        let column = try index(of: column)
        guard let bytes = try bytes(row: row, column: column) else { return .null }
        return withExtendedLifetime(self) {
            let type = type(of: column)
            if Self.integers.contains(type) { return .integer(Self.number(bytes)) }
            return Self.texts.contains(type) ? .text(String(decoding: bytes, as: UTF8.self)) : nil
        }
    }

    private func type(of column: Int) -> UInt32 { api.PQftype(result, Int32(column)) }

    /// Nil is null. They live as long as this does.
    private func bytes(row: Int, column: Int) throws -> UnsafeRawBufferPointer? {
        guard (0..<Int(api.PQnfields(result))).contains(column) else {
            throw StoreFailure.fault(code: "there is no column \(column)")
        }
        guard api.PQgetisnull(result, Int32(row), Int32(column)) == 0 else { return nil }
        return UnsafeRawBufferPointer(
            start: api.PQgetvalue(result, Int32(row), Int32(column)),
            count: Int(api.PQgetlength(result, Int32(row), Int32(column))))
    }

    private func index(of column: String) throws -> Int {
        guard let index = columns()[column] else { throw StoreFailure.fault(code: "there is no column \(column)") }
        return index
    }

    /// Where each column stands; found once a statement.
    private func columns() -> [String: Int] {
        if let known = statement?.columns { return known }
        var columns: [String: Int] = [:]
        // Of two of one name the first, as elsewhere.
        for index in (0..<api.PQnfields(result)).reversed() {
            if let name = api.PQfname(result, index) { columns[String(cString: name)] = Int(index) }
        }
        statement?.columns = columns
        return columns
    }

    /// Of decimal digits, with a sign or without.
    private static func number(_ bytes: UnsafeRawBufferPointer) -> Int64 {
        let isNegative = bytes.first == UInt8(ascii: "-")
        // Downwards: the smallest number has no positive.
        let value = bytes.dropFirst(isNegative ? 1 : 0).reduce(Int64(0)) { $0 &* 10 &- Int64($1 &- UInt8(ascii: "0")) }
        return isNegative ? value : -value
    }
}

/// A statement that one connection has prepared.
final class PreparedStatement {
    let name: String
    /// Known once it has answered.
    var columns: [String: Int]?

    init(name: String) { self.name = name }
}
