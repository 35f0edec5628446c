// JSON written by hand, for the few shapes that a busy server writes over and over: the same bytes as `WireJSON` makes of them,
// without its coder, which took longer than all the rest of a message. To add a shape: its `write` in
// `Mesh/WrittenShapes.swift`, with the keys in their order, and a line in `WrittenShapeTests`.

package import FoundationEssentials

/// One JSON text as it grows.
package struct WireText {
    package private(set) var bytes: [UInt8] = []
    /// Whether nothing stands before the next key of the object that is open.
    private var isFirst = true

    package init() { bytes.reserveCapacity(1024) }

    package var data: Data { Data(bytes) }

    mutating func object(_ fields: (inout WireText) -> Void) {
        bytes.append(UInt8(ascii: "{"))
        isFirst = true
        fields(&self)
        bytes.append(UInt8(ascii: "}"))
        isFirst = false
    }

    mutating func list<Item>(_ items: [Item], _ write: (inout WireText, Item) -> Void) {
        bytes.append(UInt8(ascii: "["))
        for (index, item) in items.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            write(&self, item)
        }
        bytes.append(UInt8(ascii: "]"))
    }

    /// The keys of an object come in the order of their bytes, as `WireJSON` sorts them.
    mutating func key(_ name: StaticString) {
        if !isFirst { bytes.append(UInt8(ascii: ",")) }
        isFirst = false
        bytes.append(UInt8(ascii: "\""))
        name.withUTF8Buffer { bytes.append(contentsOf: $0) }
        bytes.append(contentsOf: [UInt8(ascii: "\""), UInt8(ascii: ":")])
    }

    mutating func field(_ name: StaticString, _ text: String?) {
        guard let text else { return }
        key(name)
        value(text)
    }

    mutating func field(_ name: StaticString, _ number: Int?) {
        guard let number else { return }
        key(name)
        value(number)
    }

    mutating func field(_ name: StaticString, _ flag: Bool?) {
        guard let flag else { return }
        key(name)
        bytes.append(contentsOf: (flag ? "true" : "false").utf8)
    }

    mutating func field(_ name: StaticString, _ date: Date?) {
        guard let date else { return }
        key(name)
        value(date)
    }

    mutating func field(_ name: StaticString, _ texts: [String]?) {
        guard let texts else { return }
        key(name)
        list(texts) { $0.value($1) }
    }

    mutating func value(_ number: Int) { bytes.append(contentsOf: String(number).utf8) }

    mutating func value(_ text: String) {
        var text = text
        bytes.append(UInt8(ascii: "\""))
        text.withUTF8 { utf8 in
            var start = utf8.startIndex
            for index in utf8.indices where Self.isEscaped(utf8[index]) {
                bytes.append(contentsOf: utf8[start..<index])
                escape(utf8[index])
                start = index + 1
            }
            bytes.append(contentsOf: utf8[start...])
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private static func isEscaped(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    private mutating func escape(_ byte: UInt8) {
        let short: Character? =
            switch byte {
            case UInt8(ascii: "\""): "\""
            case UInt8(ascii: "\\"): "\\"
            case 0x08: "b"
            case 0x09: "t"
            case 0x0A: "n"
            case 0x0C: "f"
            case 0x0D: "r"
            default: nil
            }
        if let short {
            bytes.append(contentsOf: "\\\(short)".utf8)
        } else {
            bytes.append(contentsOf: "\\u00\(byte < 0x10 ? "0" : "")\(String(byte, radix: 16))".utf8)
        }
    }

    /// `2026-11-20T08:30:00Z`.
    mutating func value(_ date: Date) {
        let seconds = date.timeIntervalSince1970.rounded(.down)
        // Years of four digits; what a client wrote may be any other.
        guard (0..<253_402_300_800).contains(seconds) else { return value(WireJSON.timestamp(date)) }
        let (days, second) = Int(seconds).quotientAndRemainder(dividingBy: 86_400)
        let (year, month, day) = Self.civil(days)
        bytes.append(UInt8(ascii: "\""))
        digits(year / 100, "")
        digits(year % 100, "-")
        digits(month, "-")
        digits(day, "T")
        digits(second / 3600, ":")
        digits(second / 60 % 60, ":")
        digits(second % 60, "Z\"")
    }

    /// Two digits, and what stands behind them.
    private mutating func digits(_ number: Int, _ behind: StaticString) {
        bytes.append(UInt8(ascii: "0") + UInt8(number / 10))
        bytes.append(UInt8(ascii: "0") + UInt8(number % 10))
        behind.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    /// Year, month and day so many days after 1970 began. Counted in years that begin in March, whose leap day is the last.
    private static func civil(_ days: Int) -> (Int, Int, Int) {
        let shifted = days + 719_468
        let (era, dayOfEra) = shifted.quotientAndRemainder(dividingBy: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let fromMarch = (5 * dayOfYear + 2) / 153
        let month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * fromMarch + 2) / 5 + 1)
    }
}
