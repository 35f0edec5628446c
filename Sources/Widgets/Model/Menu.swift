// Rows to choose from: a list that may be very long, and a few rows that always stand under it.

/// A row.
public struct MenuItem<V: Vocabulary>: Sendable, Hashable {
    public var id: RowID
    public var label: String
    /// Beside the label, in a column of notes.
    public var note: String
    /// Further columns of a list.
    public var columns: [String]
    /// Characters of the label that a filter found, by their offset.
    public var marks: Set<Int>
    /// What choosing it does.
    public var action: V.Action

    public init(
        _ id: RowID, _ label: String, note: String = "", columns: [String] = [], marks: Set<Int> = [],
        _ action: V.Action
    ) {
        self.id = id
        self.label = label
        self.note = note
        self.columns = columns
        self.marks = marks
        self.action = action
    }
}

/// Rows that are made when they are asked for, so that 100,000 cost what ten do.
public struct MenuList<V: Vocabulary>: Sendable {
    public var count: Int
    /// Columns that the label and those after it take in the widest row, so that nothing moves while rows come and go.
    public var widths: [Int]
    /// The row at a place below `count`.
    public var row: @Sendable (Int) -> MenuItem<V>?
    /// The place of a row.
    public var place: @Sendable (RowID) -> Int?

    public init(
        count: Int, widths: [Int], row: @escaping @Sendable (Int) -> MenuItem<V>?,
        place: @escaping @Sendable (RowID) -> Int?
    ) {
        self.count = count
        self.widths = widths
        self.row = row
        self.place = place
    }
}

/// A list, rows under it, and which of them is selected. Indices run through both.
public struct Menu<V: Vocabulary>: Sendable {
    public var list: MenuList<V>?
    public var items: [MenuItem<V>]
    /// nil: nothing can be chosen now.
    public var selectedIndex: Int?

    /// `selected` where it is there, else the first row.
    public init(list: MenuList<V>? = nil, _ items: [MenuItem<V>], selected: RowID?) {
        self.list = list
        self.items = items
        selectedIndex = selected.flatMap(index) ?? (count > 0 ? 0 : nil)
    }

    public var listCount: Int { list?.count ?? 0 }
    public var count: Int { listCount + items.count }

    public subscript(index: Int) -> MenuItem<V>? {
        if index < 0 { return nil }
        if index < listCount { return list?.row(index) }
        return index < count ? items[index - listCount] : nil
    }

    public var selected: MenuItem<V>? { selectedIndex.flatMap { self[$0] } }

    public func index(of id: RowID) -> Int? {
        list?.place(id) ?? items.firstIndex { $0.id == id }.map { $0 + listCount }
    }
}
