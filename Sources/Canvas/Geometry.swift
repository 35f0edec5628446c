// Where things are on a screen: columns and rows from the top left, counted in cells.

/// A width and a height in cells, never negative.
public struct Size: Sendable, Hashable {
    public let width: Int
    public let height: Int

    /// Negative measures count as 0.
    public init(width: Int, height: Int) {
        self.width = max(0, width)
        self.height = max(0, height)
    }
}

/// A cell's place; may lie outside of a frame, where drawing does nothing.
public struct Point: Sendable, Hashable {
    public var x: Int
    public var y: Int

    public init(x: Int, y: Int) {
        self.x = x
        self.y = y
    }
}

/// A rectangle of cells; may reach outside of a frame.
public struct Rect: Sendable, Hashable {
    public var origin: Point
    public var size: Size

    public init(x: Int, y: Int, width: Int, height: Int) {
        origin = Point(x: x, y: y)
        size = Size(width: width, height: height)
    }

    /// The columns, left to right.
    public var columns: Range<Int> { span(origin.x, size.width) }
    /// The rows, top to bottom.
    public var rows: Range<Int> { span(origin.y, size.height) }

    public func contains(_ point: Point) -> Bool { columns.contains(point.x) && rows.contains(point.y) }
}

/// `length` numbers from `start` on; none where they would not fit an `Int`, so that no drawing can trap.
func span(_ start: Int, _ length: Int) -> Range<Int> { start..<max(start, start &+ max(0, length)) }
