// How the shapes of this module are written and read: snake_case keys, RFC 3339 dates in UTC, whole numbers.

public import FoundationEssentials

/// The one JSON coder of the wire.
public enum WireJSON {
    /// Encodes to one line with sorted keys, so that the same value is the same bytes.
    public static func encode(_ value: some Encodable) throws -> Data { try encode(value, items: nil) }

    static func encode(_ value: some Encodable, items: String?) throws -> Data {
        let encoder = JSONEncoder()
        encoder.userInfo = pageInfo(items)
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.dateEncodingStrategy = .iso8601
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(value)
    }

    /// Decodes; unknown keys are ignored. Throws `DecodingError`.
    public static func decode<Value: Decodable>(_ type: Value.Type, from data: Data) throws -> Value {
        try decode(type, items: nil, from: data)
    }

    static func decode<Value: Decodable>(_ type: Value.Type, items: String?, from data: Data) throws -> Value {
        let decoder = JSONDecoder()
        decoder.userInfo = pageInfo(items)
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        decoder.dateDecodingStrategy = .custom { decoder in
            let text = try decoder.singleValueContainer().decode(String.self)
            guard let date = parseTimestamp(text) else {
                throw DecodingError.dataCorrupted(
                    .init(codingPath: decoder.codingPath, debugDescription: "not an RFC 3339 time"))
            }
            return date
        }
        return try decoder.decode(type, from: data)
    }

    private static func pageInfo(_ items: String?) -> [CodingUserInfoKey: any Sendable] {
        guard let items, let key = PageKey.userInfo else { return [:] }
        return [key: items]
    }

    /// An RFC 3339 time, with or without fractions of a second.
    public static func parseTimestamp(_ text: String) -> Date? {
        if let date = asWritten(text) { return date }
        guard isTimeOfCalendar(text) else { return nil }
        if let date = try? Date(text, strategy: .iso8601) { return date }
        return try? Date(text, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    }

    /// The form that `timestamp` writes, from 1970 on: counted here, since a list has thousands and Foundation takes a
    /// thousand times as long. Nil where it is written otherwise, or is no time.
    private static func asWritten(_ text: String) -> Date? {
        var text = text
        return text.withUTF8 { bytes in
            func number(_ place: Range<Int>) -> Int? {
                place.reduce(0) { sum, index in
                    let digit = Int(bytes[index]) - 0x30
                    return (0...9).contains(digit) ? sum.map { $0 * 10 + digit } : nil
                }
            }
            guard bytes.count == 20, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
                bytes[10] == UInt8(ascii: "T"), bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":"),
                bytes[19] == UInt8(ascii: "Z"), let year = number(0..<4), year >= 1970, let month = number(5..<7),
                let day = number(8..<10), let hour = number(11..<13), let minute = number(14..<16),
                let second = number(17..<19), hour < 24, minute < 60, second < 60, isDay(day, month, year)
            else { return nil }
            // Years begin in March here, so that a leap day is the last of one.
            let (years, months) = month > 2 ? (year, month - 3) : (year - 1, month + 9)
            let days =
                years * 365 + years / 4 - years / 100 + years / 400 + (153 * months + 2) / 5 + day - 1 - 719_468
            return Date(timeIntervalSince1970: Double(((days * 24 + hour) * 60 + minute) * 60 + second))
        }
    }

    private static func isDay(_ day: Int, _ month: Int, _ year: Int) -> Bool {
        guard (1...12).contains(month) else { return false }
        let isLeap = year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400))
        return (1...[31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]).contains(day)
    }

    /// Whether month, day, hour, minute and second are such: Foundation counts on where they are too high.
    private static func isTimeOfCalendar(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        func number(_ place: Range<Int>) -> Int? { Int(String(decoding: bytes[place], as: UTF8.self)) }
        guard bytes.count >= 20, let year = number(0..<4), let month = number(5..<7), let day = number(8..<10),
            let hour = number(11..<13), let minute = number(14..<16), let second = number(17..<19)
        else { return false }
        return isDay(day, month, year) && (0...23).contains(hour) && (0...59).contains(minute)
            && (0...60).contains(second)
    }

    /// `2026-11-20T08:30:00Z`.
    public static func timestamp(_ date: Date) -> String {
        date.formatted(.iso8601)
    }
}

/// What the shapes of this module read their whole numbers with, instead of the standard library's: Foundation's word for
/// a number that does not fit (`1.5`, `1e30`) names no field.
extension KeyedDecodingContainer {
    func decode(_ type: Int.Type, forKey key: Key) throws -> Int { try decode(WholeNumber.self, forKey: key).value }

    func decodeIfPresent(_ type: Int.Type, forKey key: Key) throws -> Int? {
        try decodeIfPresent(WholeNumber.self, forKey: key)?.value
    }
}

private struct WholeNumber: Decodable {
    let value: Int

    init(from decoder: any Decoder) throws {
        guard let value = try? decoder.singleValueContainer().decode(Int.self) else {
            throw DecodingError.typeMismatch(
                Int.self, .init(codingPath: decoder.codingPath, debugDescription: "not a whole number that fits"))
        }
        self.value = value
    }
}
