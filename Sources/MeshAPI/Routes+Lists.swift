// Lists on the wire: `{NAME:[…], next_cursor?}`, where NAME is the route's `items`.

public import FoundationEssentials

/// A key of a page that is known only at run time.
struct PageKey: CodingKey {
    /// Where the coder's `userInfo` names the key of the items.
    static let userInfo = CodingUserInfoKey(rawValue: "claudemesh.items")
    static let nextCursor = PageKey(stringValue: "nextCursor")

    var stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }

    /// The key of the items: what `userInfo` names, else `items`.
    static func items(_ userInfo: [CodingUserInfoKey: Any]) -> PageKey {
        PageKey(stringValue: Self.userInfo.flatMap { userInfo[$0] as? String } ?? "items")
    }
}

extension Page: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: PageKey.self)
        self.init(
            items: try container.decode([Item].self, forKey: .items(decoder.userInfo)),
            nextCursor: try container.decodeIfPresent(String.self, forKey: .nextCursor))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: PageKey.self)
        try container.encode(items, forKey: .items(encoder.userInfo))
        try container.encodeIfPresent(nextCursor, forKey: .nextCursor)
    }
}

extension WireJSON {
    /// A page as the list of `route` is written.
    public static func encode<Item>(_ page: Page<Item>, of route: Route) throws -> Data {
        try encode(page, items: route.items)
    }

    /// Reads the list that `route` answers. Throws `DecodingError`.
    public static func decode<Item>(_ type: Page<Item>.Type, of route: Route, from data: Data) throws -> Page<Item> {
        try decode(type, items: route.items, from: data)
    }
}
