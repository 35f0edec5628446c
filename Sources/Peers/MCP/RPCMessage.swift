// JSON-RPC 2.0 as the Model Context Protocol speaks it on standard streams: one message a line.

internal import FoundationEssentials

/// What a request is answered by: a number or a text, given back as it came.
package enum RequestID: Sendable, Hashable, Codable {
    case number(Int)
    case text(String)

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let number = try? container.decode(Int.self) {
            self = .number(number)
        } else {
            self = .text(try container.decode(String.self))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .number(let number): try container.encode(number)
        case .text(let text): try container.encode(text)
        }
    }
}

/// The codes of JSON-RPC.
enum RPCCode: Int {
    case parse = -32700
    case invalidRequest = -32600
    case noMethod = -32601
    case invalidParams = -32602
}

/// What every message has; the parameters are read by whoever knows the method.
struct RPCHead: Decodable {
    var id: RequestID?
    var method: String?

    enum CodingKeys: String, CodingKey {
        case id, method
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        // `"id": null` is an id that nobody can be answered by.
        id = try container.decodeIfPresent(RequestID.self, forKey: .id)
        method = try container.decodeIfPresent(String.self, forKey: .method)
    }
}

struct RPCParams<Params: Decodable>: Decodable {
    var params: Params?
}

/// An answer.
struct RPCResult<Result: Encodable>: Encodable {
    var jsonrpc = "2.0"
    var id: RequestID
    var result: Result
}

/// A refusal. Without an id it is `null`: nobody knows what was meant.
struct RPCError: Encodable {
    struct Body: Encodable {
        var code: Int
        var message: String
    }

    var id: RequestID?
    var error: Body

    enum CodingKeys: String, CodingKey {
        case jsonrpc, id, error
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode("2.0", forKey: .jsonrpc)
        try container.encode(id, forKey: .id)
        try container.encode(error, forKey: .error)
    }
}

enum RPCLine {
    /// One line, without its end: JSON has no raw line break.
    static func of(_ message: some Encodable) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(message) else { return "" }
        return String(decoding: data, as: UTF8.self)
    }

    static func read<Message: Decodable>(_ type: Message.Type, _ line: some Sequence<UInt8>) -> Message? {
        try? JSONDecoder().decode(type, from: Data(line))
    }
}
