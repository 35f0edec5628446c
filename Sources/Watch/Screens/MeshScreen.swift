// The mesh on one screen: who is here, what is said, what is for the person, and the line. Laid out for any window; what
// is drawn is in `MeshScreen+….swift`.

public import Canvas
import FlowEngine
import Localization
import MeshAPI
import Text
import Widgets

/// What a frame shows, and what a click on it means.
public struct Picture {
    public let frame: Frame
    /// Messages that stand in it whole.
    public let whole: [String]
    /// Rows of the log.
    public let rows: Int
    let spots: [(rect: Rect, action: Action)]
    let lineView: (rect: Rect, view: FieldView)?
    let bar: [(entry: KeyBarEntry, rect: Rect)]
}

/// Where things are in a window.
struct MeshRoom {
    let room: Room
    /// Whether the lists stand beside the log.
    let isWide: Bool
    /// Columns of what a peer does.
    let wordWidth: Int
    let lists: Rect
    /// The row above the log that says what of it is shown; nil where it has none.
    let header: Int?
    let log: Rect
    let forYou: Rect
    let remark: Rect
    let lineRow: Int
    /// Under the line, where there is a row to spare.
    let underRow: Int?

    private static let widestLists = 44
    private static let gap = 2
    /// A text is read in lines that are no longer.
    private static let widestLog = 120
    /// Columns of the whole, so that all that stands on the right stands under each other.
    static let widest = widestLists + gap + widestLog

    init(_ size: Size, wordWidth: Int, forYou count: Int, remark: Int, hasHeader: Bool) {
        room = Room(size, widest: Self.widest)
        isWide = room.width >= 60
        self.wordWidth = wordWidth
        let isRoomy = size.height >= 16
        let barRow = room.barRow
        underRow = isRoomy ? barRow - 1 : nil
        lineRow = barRow - (isRoomy ? 2 : 1)
        let remarkRows = min(remark, size.height >= 12 ? 3 : 1)
        // What is for the person and what is said to them share their rows, so that nothing else moves.
        let most = size.height >= 12 ? 3 : 2
        let forYouRows = min(count, max(1, most - remarkRows))
        self.remark = Rect(x: room.margin, y: lineRow - remarkRows, width: room.width, height: remarkRows)
        forYou = Rect(
            x: room.margin, y: lineRow - remarkRows - forYouRows, width: room.width, height: forYouRows)
        let top = room.titleRow + (isRoomy ? 2 : 1)
        let bottom = forYou.origin.y - (size.height >= 12 ? 1 : 0)
        header = isWide && isRoomy || hasHeader ? top : nil
        let left = isWide ? min(Self.widestLists, max(20 + wordWidth, room.width * 3 / 10)) : 0
        let logTop = header == nil ? top : top + 1
        let logX = isWide ? room.margin + left + Self.gap : room.margin
        let logWidth = min(Self.widestLog, room.margin + room.width - logX)
        log = Rect(x: logX, y: logTop, width: logWidth, height: max(0, bottom - logTop))
        lists = Rect(
            x: room.margin, y: top, width: isWide ? left : room.width, height: max(0, bottom - top))
    }
}

struct MeshScreen {
    let pen: Pen
    let at: MeshRoom

    var state: WatchState { pen.state }

    init(_ state: WatchState, _ strings: Strings) {
        pen = Pen(state, strings)
        let hasHeader = state.filter.isActive || state.filter.isTyping
        let room = Room(state.size, widest: MeshRoom.widest)
        let remarks = Self.remarks(pen, width: room.width)
        at = MeshRoom(
            state.size, wordWidth: pen.wordWidth, forYou: state.forYouCount, remark: remarks.lines.count,
            hasHeader: hasHeader)
    }

    /// The rows of what was said: laid out anew at each call, which is most of what a frame costs.
    var window: LogWindow { LogWindow(state, width: at.log.size.width, rows: at.log.size.height) }

    /// What was just done, or why nothing comes, as it stands above the line.
    static func remarks(_ pen: Pen, width: Int) -> (tone: Tone?, lines: [String]) {
        let state = pen.state
        let indent = width >= 60 ? labelWidth : 0
        func wrapped(_ text: String) -> [String] {
            TextWidth.wrap(InertText.visible(text), width: max(8, min(72, width - indent - 2)))
        }
        if let remark = state.remark { return (remark.tone, wrapped(pen(remark.text))) }
        guard let offline = state.link.offline else { return (nil, []) }
        let left = max(0, offline.retryAt - state.now.boot + 999) / 1000
        let again = pen(.tryingAgain, ["n": "\(left)"])
        let text = [pen.why(offline.failure), again].joined(separator: " ")
        return (.warning, wrapped(text))
    }

    static let labelWidth = 11

    var picture: Picture {
        var drawing = MeshDrawing(frame: Frame(state.size, signs: pen.signs))
        drawTitle(&drawing)
        if at.isWide || state.place == .lists { drawLists(&drawing) }
        let window = at.isWide || state.place != .lists ? window : nil
        if let window { drawLog(window, &drawing) }
        drawForYou(&drawing)
        drawRemark(&drawing)
        drawLine(&drawing)
        drawBar(&drawing)
        return Picture(
            frame: drawing.frame, whole: window?.whole ?? [], rows: at.log.size.height, spots: drawing.spots,
            lineView: drawing.lineView, bar: drawing.bar)
    }
}

/// What is drawn on.
struct MeshDrawing {
    var frame: Frame
    var spots: [(rect: Rect, action: Action)] = []
    var lineView: (rect: Rect, view: FieldView)?
    var bar: [(entry: KeyBarEntry, rect: Rect)] = []

    /// Writes at the right end of a row; returns the columns taken, a blank before them.
    @discardableResult
    mutating func right(_ text: String, of rect: Rect, y: Int, style: Style) -> Int {
        let width = min(TextWidth.of(text), rect.size.width)
        frame.write(
            text, at: Point(x: rect.origin.x + rect.size.width - width, y: y), style: style, width: width)
        return width + 1
    }
}
