// Bodies in and out: JSON in snake_case through `WireJSON`, forms as browsers send them. What is wrong with a body is
// said by field.

internal import FoundationEssentials
internal import HTTPTypes
internal import Hummingbird
internal import MeshAPI
internal import MeshServices
internal import MeshStore
internal import NIOCore
internal import Text

struct WireDecoder: RequestDecoder {
    func decode<Value: Decodable>(_ type: Value.Type, from request: Request, context: some RequestContext) async throws
        -> Value
    {
        try await decode(type, from: request, upTo: context.maxUploadSize)
    }

    func decode<Value: Decodable>(_ type: Value.Type, from request: Request, upTo limit: Int) async throws -> Value {
        guard MediaType.of(request) == "application/json" else { throw Refusal.unsupportedMediaType }
        let body = try await request.body.collect(upTo: limit)
        guard StrictJSON.allows(body.readableBytesView) else { throw Refusal.malformed }
        do {
            return try WireJSON.decode(type, from: Data(body.readableBytesView))
        } catch let error as DecodingError {
            throw Self.refusal(for: error)
        }
    }

    static func refusal(for error: DecodingError) -> Refusal {
        switch error {
        case .keyNotFound(let key, let context):
            .invalid(wireName(context.codingPath + [key]), "\(wireName(context.codingPath + [key])) is missing.")
        case .typeMismatch(_, let context) where !context.codingPath.isEmpty,
            .valueNotFound(_, let context) where !context.codingPath.isEmpty,
            .dataCorrupted(let context) where !context.codingPath.isEmpty:
            .invalid(wireName(context.codingPath), "\(wireName(context.codingPath)) has the wrong type.")
        default: .malformed
        }
    }

    /// `deviceName` to `device_name`, in a list `events[0].device_name`.
    private static func wireName(_ path: [any CodingKey]) -> String {
        path.reduce(into: "") { name, key in
            if let index = key.intValue {
                name += "[\(index)]"
                return
            }
            let word = key.stringValue.map { $0.isUppercase ? "_\($0.lowercased())" : String($0) }.joined()
            name += name.isEmpty ? word : ".\(word)"
        }
    }
}

/// What Foundation's decoder lets pass and is no JSON. It looks at a number when it is asked for, and then can't tell one
/// that is none (`01`, `1.`) from one that does not fit; it takes a comma behind the last value, and other texts than UTF-8.
enum StrictJSON {
    /// Whether nothing of that is in a text that may be JSON.
    static func allows(_ text: some Collection<UInt8>) -> Bool {
        var (number, isInString, isEscaped, isInWord) = ([UInt8](), false, false, false)
        // The last byte that is no white space.
        var last: UInt8 = 0
        for byte in text {
            // Half of what UTF-16 makes of a bracket or a quote.
            guard byte != 0 else { return false }
            if isInString {
                if !isEscaped && byte == UInt8(ascii: "\"") { isInString = false }
                isEscaped = !isEscaped && byte == UInt8(ascii: "\\")
            } else if !isInWord && isNumeric(byte) {
                number.append(byte)
            } else {
                guard isWellFormed(number) else { return false }
                number = []
                isInString = byte == UInt8(ascii: "\"")
                isInWord = (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                let isEnd = byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]")
                guard !isEnd || last != UInt8(ascii: ",") else { return false }
            }
            if byte > UInt8(ascii: " ") { last = isInString ? 0 : byte }
        }
        return isWellFormed(number)
    }

    private static func isNumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "e"), UInt8(ascii: "E"):
            true
        default: false
        }
    }

    /// By hand: an expression is made anew for every request, which took fifty times as long as all the rest of it.
    private static func isWellFormed(_ number: [UInt8]) -> Bool {
        var rest = number[...]
        func take(_ bytes: String) -> Bool {
            guard let first = rest.first, bytes.utf8.contains(first) else { return false }
            rest.removeFirst()
            return true
        }
        func digits() -> Int {
            let count = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }.count
            rest.removeFirst(count)
            return count
        }
        guard !number.isEmpty else { return true }
        _ = take("-")
        let isZero = rest.first == UInt8(ascii: "0")
        let whole = digits()
        guard whole == 1 || (whole > 1 && !isZero) else { return false }
        if take("."), digits() == 0 { return false }
        if take("eE") {
            _ = take("+-")
            guard digits() > 0 else { return false }
        }
        return rest.isEmpty
    }
}

struct WireEncoder: ResponseEncoder {
    func encode(_ value: some Encodable, from request: Request, context: some RequestContext) throws -> Response {
        try WireAnswer.json(value)
    }
}

/// Answers.
enum WireAnswer {
    static func json(_ value: some Encodable, status: HTTPResponse.Status = .ok) throws -> Response {
        json(data: try WireJSON.encode(value), status: status)
    }

    static func json(data: Data, status: HTTPResponse.Status = .ok) -> Response {
        json(ByteBuffer(bytes: data), status: status)
    }

    static func json(_ written: ByteBuffer, status: HTTPResponse.Status = .ok) -> Response {
        Response(
            status: status, headers: [.contentType: "application/json; charset=utf-8"], body: .init(byteBuffer: written)
        )
    }

    /// A page of the list that `route` answers: `{NAME: […], next_cursor?}`.
    static func list<Item>(_ route: Route, _ page: Page<Item>) throws -> Response {
        json(data: try WireJSON.encode(page, of: route))
    }

    static let noContent = Response(status: .noContent)

    static func redirect(to path: String) -> Response { Response(status: .seeOther, headers: [.location: path]) }
}

enum MediaType {
    /// The content type without its parameters, lower case.
    static func of(_ request: Request) -> String? {
        request.headers[.contentType]?.prefix { $0 != ";" }.lowercased().trimmingWhitespace()
    }
}

extension Request {
    /// A field of the query as a form that asks sends it: a space there is `+`.
    func queryField(_ name: String) -> String? {
        PercentCoding.fields(uri.query ?? "").first { $0.name == name }?.value
    }
}

/// The fields of a form, the first of two with the same name; what is missing is empty.
struct Form: Sendable {
    private let fields: [String: String]
    /// Whether a field came twice: a page takes the first, OAuth refuses it.
    let isDoubled: Bool

    /// Reads a `application/x-www-form-urlencoded` body.
    init(_ request: Request, limit: Int = BodyLimit.bytes) async throws {
        guard MediaType.of(request) == "application/x-www-form-urlencoded" else { throw Refusal.formExpected }
        let body = try await request.body.collect(upTo: limit)
        let pairs = PercentCoding.fields(String(buffer: body))
        fields = Dictionary(pairs.map { ($0.name, $0.value) }) { first, _ in first }
        isDoubled = fields.count < pairs.count
    }

    subscript(_ name: String) -> String { fields[name] ?? "" }

    /// A field as the page shows it again: a control would reach the terminal of a text browser.
    func shown(_ name: String) -> String { UnseenCharacters.removed(from: self[name]) }
}
