// Writes JSON for people to read: a key or an item a line on the two outer levels, the rest of it on one line.

struct JSONWriter {
    private var out: [UInt8] = []

    static func write(_ object: JSONObject) -> [UInt8] {
        var writer = JSONWriter()
        writer.write(.object(object), depth: 0)
        writer.out.append(UInt8(ascii: "\n"))
        return writer.out
    }

    private mutating func write(_ value: JSONValue, depth: Int) {
        switch value {
        case .null: put("null")
        case .bool(let value): put(value ? "true" : "false")
        case .number(let text): put(text)
        case .string(let text): string(text)
        case .array(let items):
            list("[", "]", items, depth) { writer, item in writer.write(item, depth: depth + 1) }
        case .object(let object):
            list("{", "}", object.members, depth) { writer, member in
                writer.string(member.key)
                writer.put(": ")
                writer.write(member.value, depth: depth + 1)
            }
        }
    }

    private mutating func list<Item>(
        _ open: String, _ close: String, _ items: [Item], _ depth: Int, _ item: (inout JSONWriter, Item) -> Void
    ) {
        put(open)
        for (index, element) in items.enumerated() {
            if index > 0 { put(depth < 2 ? "," : ", ") }
            if depth < 2 { newLine(depth + 1) }
            item(&self, element)
        }
        if depth < 2, !items.isEmpty { newLine(depth) }
        put(close)
    }

    private mutating func string(_ text: String) {
        out.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): out += [UInt8(ascii: "\\"), byte]
            case 0x0A: put("\\n")
            case 0..<0x20, 0x7F:
                let hex = String(byte, radix: 16)
                put("\\u00" + (hex.count == 1 ? "0" : "") + hex)
            default: out.append(byte)
            }
        }
        out.append(UInt8(ascii: "\""))
    }

    private mutating func newLine(_ depth: Int) {
        out.append(UInt8(ascii: "\n"))
        for _ in 0..<depth { put("  ") }
    }

    private mutating func put(_ text: String) { out.append(contentsOf: text.utf8) }
}
