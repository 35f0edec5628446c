// What one program's screens speak of, and the rows they have. A program that draws with this room makes a `Vocabulary`
// of its own; everything here is the same for all of them.

/// The names of a program's screens and fields, and what its keys and rows do.
public protocol Vocabulary {
    associatedtype Screen: Sendable, Hashable
    associatedtype Field: Sendable, Hashable
    associatedtype Action: Sendable, Hashable
}

/// A row of a menu or list. Selections are held by it, never by an index.
public struct RowID: RawRepresentable, ExpressibleByStringLiteral, Sendable, Hashable {
    public let rawValue: String

    public init(rawValue: String) { self.rawValue = rawValue }
    public init(stringLiteral value: String) { rawValue = value }
}
