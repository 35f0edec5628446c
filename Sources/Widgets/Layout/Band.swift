// A screen is a pile of bands: each some rows high, some with a blank row before them. Where the window is too low they
// give way in a fixed order, so that what matters most is what stays.

import Canvas

/// Some rows that belong together.
struct Band {
    /// What gives way, and when. The order is that of giving way.
    enum Weight: Int {
        /// Left out first.
        case hint
        /// Left out once there is no blank row left.
        case finePrint, optional
        case content
    }

    var height: Int
    /// Rows it takes where there is room.
    let natural: Int
    /// Blank rows before it.
    var gap: Int
    var weight = Weight.content
    /// Rows it can be scrolled down to; its height where it cannot.
    var minimum: Int
    /// It is as high as there is room, and may be very high: it is shortened before anything is left out.
    var isList = false
    /// The row in it that must be seen, if one must.
    var focus: Int?
    /// Draws it into a rectangle of at least its height.
    let draw: (inout Drawing, Rect) -> Void

    init(
        height: Int, gap: Int = 0, weight: Weight = .content, minimum: Int? = nil, isList: Bool = false,
        focus: Int? = nil, draw: @escaping (inout Drawing, Rect) -> Void
    ) {
        self.height = height
        natural = height
        self.gap = gap
        self.weight = weight
        self.minimum = min(height, minimum ?? height)
        self.isList = isList
        self.focus = focus
        self.draw = draw
    }
}

/// What bands draw on.
struct Drawing {
    var frame: Frame
    var targets: [HitTarget] = []
    var passage: PassageWindow?
}

/// Bands piled up in a number of rows.
struct Pile {
    private(set) var bands: [Band]
    /// The blank row above the key bar.
    private var footGap = 1

    /// Rows of a list that are kept before hints and blank rows go.
    static let comfort = 4
    /// Rows of a menu that are kept before what stands above it is scrolled away: enough to see that there are more.
    static let leastMenu = 2

    var height: Int { bands.reduce(footGap) { $0 + $1.gap + $1.height } }

    init(_ bands: [Band]) { self.bands = bands }

    func count(_ weight: Band.Weight) -> Int { bands.count { $0.weight == weight } }

    /// Makes the pile `rows` high, or as near to it as it gets: first long lists are shortened, then hints, blank rows
    /// and what is optional go, then what can be scrolled is.
    mutating func fit(_ rows: Int, keepsOptional: Bool = false) {
        shorten(to: rows) { $0.isList ? min($0.height, Self.comfort) : $0.height }
        leaveOut(.hint, to: rows)
        if height > rows { footGap = 0 }
        leaveOut(.finePrint, to: rows)
        for index in bands.indices.reversed() where height > rows { bands[index].gap = 0 }
        if keepsOptional { return }
        leaveOut(.optional, to: rows)
        shorten(to: rows) { $0.minimum }
        grow(to: rows)
    }

    private mutating func shorten(to rows: Int, least: (Band) -> Int) {
        for index in bands.indices where height > rows {
            bands[index].height -= min(height - rows, max(0, bands[index].height - least(bands[index])))
        }
    }

    private mutating func leaveOut(_ weight: Band.Weight, to rows: Int) {
        for index in bands.indices.reversed() where height > rows && bands[index].weight == weight {
            bands.remove(at: index)
        }
    }

    /// Gives back to a list what the others left.
    private mutating func grow(to rows: Int) {
        guard let index = bands.firstIndex(where: \.isList) else { return }
        bands[index].height = min(bands[index].natural, bands[index].height + max(0, rows - height))
    }

    /// The rows above the window's top, where the pile is still too high: as few as show the rows with a focus, and the
    /// whole of the last of their bands; the first focus before all, for the cursor is there.
    func scroll(in rows: Int) -> Int {
        var (top, end) = (0, 0)
        var first: Int?
        for band in bands {
            top += band.gap
            if let focus = band.focus {
                first = first ?? top + min(focus, band.height - 1)
                end = top + band.height
            }
            top += band.height
        }
        return first.map { min($0, max(0, end - rows)) } ?? 0
    }
}
