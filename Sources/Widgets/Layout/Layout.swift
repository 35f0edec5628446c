// From a screen's description to cells: the title, the status, the content, the key bar, for any window.
// The title's row depends on the window's height alone; the content is at most 72 columns wide; the bar is the last row, in
// a tall window two rows under the content.
// Pure and cheap: a list costs its window, not its length.

public import Canvas

/// A place that a click can meet, and what is there.
public struct HitTarget {
    public enum Spot {
        /// A row of the menu, by its index there.
        case row(Int)
        /// The field that takes what is typed; its text begins at column `x`.
        case field(FieldView, x: Int)
        /// An entry of the key bar.
        case bar(KeyBarEntry)
    }

    public var rect: Rect
    public var spot: Spot
}

/// A screen laid out for a window: the picture, and what a click meets.
public struct Layout<V: Vocabulary> {
    public let frame: Frame
    public let targets: [HitTarget]
    /// Rows that PgUp and PgDn move by.
    public let pageRows: Int
    /// The rows of a passage that are in sight; nil where there is none.
    public let passage: PassageWindow?
    /// None of the fine print had to give way.
    public let hasFinePrint: Bool

    public init(_ model: ScreenModel<V>, size: Size) {
        let room = Room(size)
        var drawing = Drawing(frame: Frame(size, signs: model.signs))
        if model.isNotice {
            Self.drawNotice(model, room, &drawing)
            (pageRows, hasFinePrint) = (1, false)
        } else {
            (pageRows, hasFinePrint) = Self.drawScreen(model, room, &drawing)
        }
        frame = drawing.frame
        targets = drawing.targets
        passage = drawing.passage
    }

    /// Whether the sign-in's QR code is wanted and fits.
    public static func showsQR(_ model: ScreenModel<V>, size: Size) -> Bool {
        if case .qr = Blocks(model: model, room: Room(size)).cardForm { true } else { false }
    }

    /// Returns the rows of a page, and whether the fine print is there to its last line.
    private static func drawScreen(_ model: ScreenModel<V>, _ room: Room, _ drawing: inout Drawing) -> (Int, Bool) {
        let blocks = Blocks(model: model, room: room)
        var top = room.titleRow + 1
        var pile = Pile(blocks.bands())
        let finePrint = pile.count(.finePrint)
        if model.keepsStatusRows {
            pile.fit(room.barRow - top, keepsOptional: true)
            if pile.height > room.barRow - top { top = 0 }
        }
        pile.fit(room.barRow - top)
        var y = top - pile.scroll(in: room.barRow - top)
        for band in pile.bands {
            y += band.gap
            band.draw(&drawing, Rect(x: room.margin, y: y, width: room.width, height: band.height))
            y += band.height
        }
        // What a pile that is too high left on the rows of others goes.
        drawing.targets.removeAll { !(top..<room.barRow).contains($0.rect.origin.y) }
        drawing.frame.fill(Rect(x: 0, y: 0, width: room.size.width, height: top))
        let barRow = room.isTall ? min(room.barRow, max(y, top) + 2) : room.barRow
        drawing.frame.fill(Rect(x: 0, y: room.barRow, width: room.size.width, height: 1))
        if top > 0 { drawing.frame.title(model.title, in: room) }
        drawBar(blocks.barEntries, room, at: barRow, &drawing)
        if drawing.frame.cursor == nil {
            drawing.frame.cursor = Point(x: room.margin, y: min(top + 1, max(0, room.barRow - 1)))
        }
        let page = max(1, pile.bands.first { $0.isList || $0.minimum < $0.natural }?.height ?? room.size.height)
        return (page, pile.count(.finePrint) == finePrint)
    }

    private static func drawBar(_ entries: [KeyBarEntry], _ room: Room, at row: Int, _ drawing: inout Drawing) {
        guard room.barRow >= 0 else { return }
        let places = drawing.frame.keyBar(entries, at: Point(x: room.margin, y: row), width: room.width)
        drawing.targets += places.map { HitTarget(rect: $0.rect, spot: .bar($0.entry)) }
    }

    /// The whole of a window that is too small: the notice from the top, the bar where there is a row for it.
    private static func drawNotice(_ model: ScreenModel<V>, _ room: Room, _ drawing: inout Drawing) {
        let hasBar = room.size.height > 2
        let rows = room.size.height - (hasBar ? 1 : 0)
        for case .text(let text) in model.blocks {
            drawing.frame.paragraph(text, in: Rect(x: room.margin, y: 0, width: max(1, room.width), height: rows))
        }
        if hasBar { drawBar(model.keys.compactMap(\.bar), room, at: room.barRow, &drawing) }
        drawing.frame.cursor = Point(x: room.margin, y: 0)
    }
}
