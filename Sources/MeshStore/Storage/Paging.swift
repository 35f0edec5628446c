// Lists by pages: `?cursor&limit`. A cursor is the position of the last row that was given, so that rows that come or go
// meanwhile shift nothing.

internal import FoundationEssentials
package import MeshAPI

/// A position in a list ordered by a time and an id.
package struct Cursor: Sendable, Hashable {
    /// What is listed: in another list a position means nothing. Part of every cursor that is out there.
    package enum List: String {
        case meshes, members, peers, invites, sessions, tokens, messages, topics, notifications, bans, keys, grants
    }

    package var time: Int64
    package var id: String

    /// Before everything.
    package static let start = Cursor(time: .min, id: "")
    /// After everything: where a list begins whose newest come first.
    package static let end = Cursor(time: .max, id: "")

    package func text(in list: List) -> String { TokenForm.base32(Array("\(list.rawValue)/\(time)/\(id)".utf8)) }

    package init(time: Int64, id: String) {
        self.time = time
        self.id = id
    }

    /// nil where it is none, or another list's.
    package init?(text: String, in list: List) {
        guard let bytes = Base32.decode(text) else { return nil }
        // A list that is ordered by a number has no id.
        let parts = String(decoding: bytes, as: UTF8.self)
            .split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == list.rawValue, let time = Int64(parts[1]) else { return nil }
        self.init(time: time, id: String(parts[2]))
    }
}

/// What part of a list is asked for.
package struct PageRequest: Sendable {
    package let list: Cursor.List
    package var after: Cursor
    /// 1 to 1000.
    package var limit: Int

    package init(of list: Cursor.List, after: Cursor = .start, limit: Int = 100) {
        self.list = list
        self.after = after
        self.limit = limit
    }

    /// The page from `rows`, of which one more than `limit` were read.
    package func page<Row, Item: Codable & Sendable>(
        _ rows: [Row], position: (Row) -> Cursor, item: (Row) throws -> Item
    ) rethrows -> Page<Item> {
        let given = rows.prefix(limit)
        let next = rows.count > limit ? given.last.map { position($0).text(in: list) } : nil
        return Page(items: try given.map(item), nextCursor: next)
    }
}

package enum Base32 {
    /// The bytes of lower-case base32 without padding, nil where a character is none of it.
    package static func decode(_ text: String) -> [UInt8]? {
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
