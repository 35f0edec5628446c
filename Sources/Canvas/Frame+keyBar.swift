// The last row of a screen: which keys do what here.

import Text

/// One entry of the key bar: `Enter choose`; without a key it is a hint.
public struct KeyBarEntry: Sendable, Hashable {
    public var key: String
    public var label: String
    /// Where the bar is too narrow the entry with the lowest number goes first; one without a number never goes.
    public var dropOrder: Int?

    public init(_ key: String, _ label: String, dropOrder: Int? = nil) {
        self.key = key
        self.label = label
        self.dropOrder = dropOrder
    }

    /// Blanks between key and label: none where one of them is empty.
    var gap: Int { key.isEmpty || label.isEmpty ? 0 : 1 }
    var width: Int { TextWidth.of(key) + gap + TextWidth.of(label) }
}

extension Frame {
    /// Draws the entries in their order, `gap` blanks between them; too narrow, the gap becomes 2, then entries go.
    /// Returns where each of those that stayed stands.
    @discardableResult public mutating func keyBar(
        _ entries: [KeyBarEntry], at point: Point, width: Int, gap: Int = 3
    ) -> [(entry: KeyBarEntry, rect: Rect)] {
        let (shown, gap) = Self.fitting(entries, width: width, gap: gap)
        var x = point.x
        let end = point.x + width
        var places: [(entry: KeyBarEntry, rect: Rect)] = []
        for entry in shown where x < end {
            places.append((entry, Rect(x: x, y: point.y, width: min(entry.width, end - x), height: 1)))
            x += write(entry.key, at: Point(x: x, y: point.y), style: .bold, width: end - x) + entry.gap
            if x >= end { break }
            x += write(entry.label, at: Point(x: x, y: point.y), style: .muted, width: end - x) + gap
        }
        return places
    }

    static func fitting(_ entries: [KeyBarEntry], width: Int, gap: Int) -> (entries: [KeyBarEntry], gap: Int) {
        func total(_ entries: [KeyBarEntry], _ gap: Int) -> Int {
            entries.reduce(0) { $0 + $1.width } + gap * max(0, entries.count - 1)
        }
        if total(entries, gap) <= width { return (entries, gap) }
        let narrow = min(gap, 2)
        var shown = entries
        while total(shown, narrow) > width {
            let next = shown.indices.filter { shown[$0].dropOrder != nil }
                .min { (shown[$0].dropOrder ?? 0) < (shown[$1].dropOrder ?? 0) }
            guard let next else { break }
            shown.remove(at: next)
        }
        return (shown, narrow)
    }
}
