// One row of an answer. Values are whole numbers and texts, read by their column's name or, where every poll reads one, by
// its number. What is of another type than asked for is a fault, not a crash: whoever has the database can put any type
// anywhere.

package import FoundationEssentials

/// Where an engine keeps an answer's rows. A class, so that a `Row` holds it without a box.
package protocol RowSource: AnyObject {
    /// nil is null. Throws `StoreFailure` where it is no whole number, or there is no such column.
    func integer(row: Int, column: Int) throws -> Int64?
    func integer(row: Int, column: String) throws -> Int64?
    /// nil is null. Throws `StoreFailure` where it is no text, or there is no such column.
    func text(row: Int, column: Int) throws -> String?
    func text(row: Int, column: String) throws -> String?
    /// As it stands, of whatever type; nil where that is none of ours. Throws where there is no such column.
    func value(row: Int, column: String) throws -> StoreValue?
}

package struct Row {
    private let source: any RowSource
    private let row: Int

    package init(_ source: any RowSource, row: Int = 0) {
        self.source = source
        self.row = row
    }

    package subscript(_ column: Int) -> Int64? { get throws { try source.integer(row: row, column: column) } }
    package subscript(_ column: Int) -> Int64 { get throws { try present(self[column] as Int64?, "\(column)") } }
    package subscript(_ column: Int) -> Int? { get throws { try (self[column] as Int64?).map(Int.init) } }
    package subscript(_ column: Int) -> Int { get throws { Int(try self[column] as Int64) } }
    package subscript(_ column: Int) -> String? { get throws { try source.text(row: row, column: column) } }
    package subscript(_ column: Int) -> String { get throws { try present(self[column] as String?, "\(column)") } }

    package subscript(_ column: String) -> Int64? { get throws { try source.integer(row: row, column: column) } }
    package subscript(_ column: String) -> Int64 { get throws { try present(self[column] as Int64?, column) } }
    package subscript(_ column: String) -> Int? { get throws { try (self[column] as Int64?).map(Int.init) } }
    package subscript(_ column: String) -> Int { get throws { Int(try self[column] as Int64) } }
    package subscript(_ column: String) -> String? { get throws { try source.text(row: row, column: column) } }
    package subscript(_ column: String) -> String { get throws { try present(self[column] as String?, column) } }

    /// As it stands, for those who take nothing for granted; nil where its type is none of ours.
    package func value(_ column: String) throws -> StoreValue? { try source.value(row: row, column: column) }

    package func date(_ column: Int) throws -> Date { Date(milliseconds: try self[column]) }

    package func dateIfAny(_ column: Int) throws -> Date? {
        try (self[column] as Int64?).map(Date.init(milliseconds:))
    }

    package func date(_ column: String) throws -> Date { Date(milliseconds: try self[column]) }

    package func dateIfAny(_ column: String) throws -> Date? {
        try (self[column] as Int64?).map(Date.init(milliseconds:))
    }

    private func present<Value>(_ value: Value?, _ column: @autoclosure () -> String) throws -> Value {
        guard let value else { throw StoreFailure.fault(code: "column \(column()) is null") }
        return value
    }
}

/// A value as engines keep it.
package enum StoreValue: Sendable, Hashable {
    case null
    case integer(Int64)
    case text(String)
}

/// What a statement takes.
package protocol StoreBindable {
    var storeValue: StoreValue { get }
}

extension StoreValue: StoreBindable {
    package var storeValue: StoreValue { self }
}

extension Int: StoreBindable {
    package var storeValue: StoreValue { .integer(Int64(self)) }
}

extension Int64: StoreBindable {
    package var storeValue: StoreValue { .integer(self) }
}

extension String: StoreBindable {
    package var storeValue: StoreValue { .text(self) }
}

extension Date {
    /// Milliseconds since 1970: how times are stored.
    package var milliseconds: Int64 { Int64((timeIntervalSince1970 * 1000).rounded()) }

    package init(milliseconds: Int64) { self.init(timeIntervalSince1970: Double(milliseconds) / 1000) }
}
