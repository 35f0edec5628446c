// Lists by pages: `?cursor&limit`. A cursor is the position of the last row that was given, so that rows that come or go
// meanwhile shift nothing.

internal import FoundationEssentials
internal import Hummingbird
internal import MeshAPI

/// A position in a list ordered by a time and an id.
struct Cursor: Sendable, Hashable {
    /// What is listed: in another list a position means nothing. Part of every cursor that is out there.
    enum List: String {
        case meshes, members, peers, invites, sessions, tokens
    }

    var time: Int64
    var id: String

    /// Before everything.
    static let start = Cursor(time: .min, id: "")

    func text(in list: List) -> String { TokenForm.base32(Array("\(list.rawValue)/\(time)/\(id)".utf8)) }

    init(time: Int64, id: String) {
        self.time = time
        self.id = id
    }

    /// nil where it is none, or another list's.
    init?(text: String, in list: List) {
        guard let bytes = Base32.decode(text) else { return nil }
        let parts = String(decoding: bytes, as: UTF8.self).split(separator: "/", maxSplits: 2)
        guard parts.count == 3, parts[0] == list.rawValue, let time = Int64(parts[1]) else { return nil }
        self.init(time: time, id: String(parts[2]))
    }
}

/// What part of a list is asked for.
struct PageRequest: Sendable {
    let list: Cursor.List
    var after: Cursor
    /// 1 to 1000.
    var limit: Int

    init(of list: Cursor.List, after: Cursor = .start, limit: Int = 100) {
        self.list = list
        self.after = after
        self.limit = limit
    }

    /// Reads `?cursor&limit`; throws `invalid` naming the one that is wrong.
    init(_ request: Request, of list: Cursor.List) throws {
        let query = request.uri.queryParameters
        self.init(of: list)
        if let text = query.get("limit") {
            guard let number = Int(text), (1...1000).contains(number) else {
                throw Refusal.invalid("limit", "limit is 1 to 1000.")
            }
            limit = number
        }
        if let text = query.get("cursor") {
            guard let cursor = Cursor(text: text, in: list) else {
                throw Refusal.invalid("cursor", "cursor is not one of this list's.")
            }
            after = cursor
        }
    }

    /// The page from `rows`, of which one more than `limit` were read.
    func page<Row, Item: Codable & Sendable>(
        _ rows: [Row], position: (Row) -> Cursor, item: (Row) throws -> Item
    ) rethrows -> Page<Item> {
        let given = rows.prefix(limit)
        let next = rows.count > limit ? given.last.map { position($0).text(in: list) } : nil
        return Page(items: try given.map(item), nextCursor: next)
    }
}

enum Base32 {
    /// The bytes of lower-case base32 without padding, nil where a character is none of it.
    static func decode(_ text: String) -> [UInt8]? {
        var out: [UInt8] = []
        var (buffer, bits) = (0, 0)
        for byte in text.utf8 {
            let value: Int
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"): value = Int(byte - UInt8(ascii: "a"))
            case UInt8(ascii: "2")...UInt8(ascii: "7"): value = Int(byte - UInt8(ascii: "2")) + 26
            default: return nil
            }
            (buffer, bits) = ((buffer << 5 | value) & 0xFFF, bits + 5)
            if bits >= 8 {
                bits -= 8
                out.append(UInt8(buffer >> bits & 0xFF))
            }
        }
        return out
    }
}
