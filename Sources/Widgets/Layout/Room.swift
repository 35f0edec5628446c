// The measures of a window, and the title that every screen of ours begins with.

public import Canvas

/// The measures of a window.
public struct Room {
    public let size: Size
    /// Blank columns left of everything.
    public let margin: Int
    /// Columns of the content.
    public let width: Int
    public let titleRow: Int

    /// Below it only a notice is shown.
    public static let smallest = Size(width: 40, height: 10)
    /// Columns of sentences and menus, however wide the window is.
    public static let widest = 72
    /// Windows lower than this have one line of status.
    static let low = 16

    /// - Parameter widest: columns the content takes where there are so many.
    public init(_ size: Size, widest: Int = Room.widest) {
        self.size = size
        margin = size.width < 4 ? 0 : min(4, max(1, (size.width - Self.widest) / 2))
        width = max(0, min(widest, size.width - 2 * margin))
        titleRow = Self.titleRow(height: size.height)
    }

    static func titleRow(height: Int) -> Int { height >= 20 ? 2 : height >= Self.low ? 1 : 0 }

    /// In these the last row is far from what one looks at: the bar stands under the content.
    public var isTall: Bool { size.height > 30 }
    public var isLow: Bool { size.height < Self.low }
    public var isNarrow: Bool { width < 60 }
    public var barRow: Int { size.height - 1 }
}

extension Frame {
    /// The title in its row: the program's name, and beside it where one is. Returns the columns used.
    @discardableResult
    public mutating func title(_ text: String, in room: Room) -> Int {
        var x = room.margin
        let parts: [(text: String, style: Style, gap: Int)] = [
            (signs.block + signs.block, .primary, 1), ("claudemesh", .bold, 2), (text, .muted, 0),
        ]
        for part in parts {
            let width = room.margin + room.width - x
            x += write(part.text, at: Point(x: x, y: room.titleRow), style: part.style, width: width) + part.gap
        }
        return x - room.margin
    }
}
