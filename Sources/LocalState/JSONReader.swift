// Reads JSON (RFC 8259), strictly: one value, no trailing text, valid UTF-8, at most 64 levels.

internal import FoundationEssentials
internal import MeshAPI
internal import Text

/// The text is no JSON.
struct JSONSyntaxError: Error {}

struct JSONReader {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var at = 0

    static func read(_ bytes: some Sequence<UInt8>) throws(JSONSyntaxError) -> JSONValue {
        // A mark before the text is an editor's, and no part of it.
        let bytes = ContiguousArray(GivenText.withoutMark(Array(bytes)))
        let result = bytes.withUnsafeBufferPointer { buffer -> Result<JSONValue, JSONSyntaxError> in
            // Once for all, since no string begins or ends within a character.
            guard String(validating: buffer, as: UTF8.self) != nil else { return .failure(JSONSyntaxError()) }
            var reader = JSONReader(bytes: buffer)
            do throws(JSONSyntaxError) {
                let value = try reader.value(depth: 0)
                reader.skipSpace()
                return reader.at == buffer.count ? .success(value) : .failure(JSONSyntaxError())
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    /// The objects at the beginning of the array `key` of a text that may end anywhere.
    static func firstObjects(of key: String, in bytes: some ContiguousBytes) -> [JSONObject] {
        bytes.withUnsafeBytes { buffer in
            var reader = JSONReader(bytes: buffer.bindMemory(to: UInt8.self))
            var found: [JSONObject] = []
            // Where the text ends there is no more to be found.
            try? reader.objects(of: key) { found.append($0) }
            return found
        }
    }

    private mutating func objects(of wanted: String, _ each: (JSONObject) -> Void) throws(JSONSyntaxError) {
        skipSpace()
        guard take(UInt8(ascii: "{")) else { throw JSONSyntaxError() }
        repeat {
            skipSpace()
            let key = try string()
            skipSpace()
            guard take(UInt8(ascii: ":")) else { throw JSONSyntaxError() }
            skipSpace()
            guard key == wanted, take(UInt8(ascii: "[")) else {
                _ = try value(depth: 1)
                skipSpace()
                continue
            }
            repeat {
                if let object = try value(depth: 2).object { each(object) }
                skipSpace()
            } while take(UInt8(ascii: ","))
            return
        } while take(UInt8(ascii: ","))
    }

    private init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    private mutating func value(depth: Int) throws(JSONSyntaxError) -> JSONValue {
        guard depth < 64 else { throw JSONSyntaxError() }
        skipSpace()
        switch peek {
        case UInt8(ascii: "{"): return .object(try object(depth))
        case UInt8(ascii: "["): return .array(try array(depth))
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return .number(try number())
        }
    }

    private mutating func object(_ depth: Int) throws(JSONSyntaxError) -> JSONObject {
        var object = JSONObject()
        at += 1
        skipSpace()
        if take(UInt8(ascii: "}")) { return object }
        object.members.reserveCapacity(10)
        repeat {
            skipSpace()
            let key = try string()
            skipSpace()
            guard take(UInt8(ascii: ":")) else { throw JSONSyntaxError() }
            object.members.append(.init(key: key, value: try value(depth: depth + 1)))
            skipSpace()
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "}")) else { throw JSONSyntaxError() }
        return object
    }

    private mutating func array(_ depth: Int) throws(JSONSyntaxError) -> [JSONValue] {
        var items: [JSONValue] = []
        at += 1
        skipSpace()
        if take(UInt8(ascii: "]")) { return items }
        repeat {
            items.append(try value(depth: depth + 1))
            skipSpace()
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "]")) else { throw JSONSyntaxError() }
        return items
    }

    private mutating func string() throws(JSONSyntaxError) -> String {
        guard take(UInt8(ascii: "\"")) else { throw JSONSyntaxError() }
        let start = at
        while let byte = peek, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 { at += 1 }
        if peek == UInt8(ascii: "\"") {
            defer { at += 1 }
            return String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<at]), as: UTF8.self)
        }
        return try escapedString(from: start)
    }

    private mutating func escapedString(from start: Int) throws(JSONSyntaxError) -> String {
        var out = ContiguousArray(bytes[start..<at])
        while let byte = peek, byte >= 0x20 {
            at += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: out, as: UTF8.self)
            case UInt8(ascii: "\\"): out.append(contentsOf: try escape())
            default: out.append(byte)
            }
        }
        throw JSONSyntaxError()
    }

    private mutating func escape() throws(JSONSyntaxError) -> [UInt8] {
        guard let byte = peek else { throw JSONSyntaxError() }
        at += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
        case UInt8(ascii: "b"): return [8]
        case UInt8(ascii: "f"): return [12]
        case UInt8(ascii: "n"): return [10]
        case UInt8(ascii: "r"): return [13]
        case UInt8(ascii: "t"): return [9]
        case UInt8(ascii: "u"): break
        default: throw JSONSyntaxError()
        }
        var code = UInt32(try unit())
        if (0xD800..<0xDC00).contains(code) {
            guard take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else { throw JSONSyntaxError() }
            let low = UInt32(try unit())
            guard (0xDC00..<0xE000).contains(low) else { throw JSONSyntaxError() }
            code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(code) else { throw JSONSyntaxError() }
        return Array(String(scalar).utf8)
    }

    private mutating func unit() throws(JSONSyntaxError) -> UInt16 {
        guard at + 4 <= bytes.count else { throw JSONSyntaxError() }
        let digits = bytes[at..<at + 4]
        guard digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
            let unit = UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
        else { throw JSONSyntaxError() }
        at += 4
        return unit
    }

    private mutating func number() throws(JSONSyntaxError) -> String {
        let start = at
        _ = take(UInt8(ascii: "-"))
        if !take(UInt8(ascii: "0")) { try digits() }
        if take(UInt8(ascii: ".")) { try digits() }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            try digits()
        }
        return String(decoding: bytes[start..<at], as: UTF8.self)
    }

    private mutating func digits() throws(JSONSyntaxError) {
        let start = at
        while let byte = peek, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { at += 1 }
        guard at > start else { throw JSONSyntaxError() }
    }

    private mutating func word(_ word: StaticString, _ value: JSONValue) throws(JSONSyntaxError) -> JSONValue {
        let end = at + word.utf8CodeUnitCount
        let expected = UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
        guard end <= bytes.count, bytes[at..<end].elementsEqual(expected) else { throw JSONSyntaxError() }
        at = end
        return value
    }

    private var peek: UInt8? { at < bytes.count ? bytes[at] : nil }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard at < bytes.count, bytes[at] == byte else { return false }
        at += 1
        return true
    }

    private mutating func skipSpace() {
        while at < bytes.count, bytes[at] == 0x20 || bytes[at] == 0x0A || bytes[at] == 0x0D || bytes[at] == 0x09 {
            at += 1
        }
    }
}
