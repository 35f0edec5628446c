// JSON as it stands in our files. Keys that this version does not know, their order, and numbers as they were written all
// survive a rewrite, which Codable's coders cannot do, and a list of 100,000 meshes is read in a third of the time.

/// Any JSON value.
package enum JSONValue: Sendable, Hashable {
    case null
    case bool(Bool)
    /// As written.
    case number(String)
    case string(String)
    case array([JSONValue])
    case object(JSONObject)

    package static func number(_ value: Int) -> JSONValue { .number(String(value)) }

    package var string: String? { if case .string(let value) = self { value } else { nil } }
    package var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
    package var int: Int? { if case .number(let text) = self { Int(text) } else { nil } }
    package var array: [JSONValue]? { if case .array(let value) = self { value } else { nil } }
    package var object: JSONObject? { if case .object(let value) = self { value } else { nil } }
}

/// A JSON object that keeps the order of its keys. Of a key that stands twice the last one counts.
package struct JSONObject: Sendable, Hashable {
    struct Member: Sendable, Hashable {
        var key: String
        var value: JSONValue
    }

    var members: [Member] = []

    package init() {}

    /// The value of `key`; setting nil removes it.
    package subscript(key: String) -> JSONValue? {
        get { members.last { $0.key == key }?.value }
        set {
            let place = members.firstIndex { $0.key == key }
            guard let newValue else { return members.removeAll { $0.key == key } }
            guard let place else { return members.append(Member(key: key, value: newValue)) }
            members[place].value = newValue
            members[(place + 1)...].removeAll { $0.key == key }
        }
    }

    subscript(string key: String) -> String? {
        get { self[key]?.string }
        set { self[key] = newValue.map(JSONValue.string) }
    }

    subscript(bool key: String) -> Bool? {
        get { self[key]?.bool }
        set { self[key] = newValue.map(JSONValue.bool) }
    }

    subscript(int key: String) -> Int? {
        get { self[key]?.int }
        set { self[key] = newValue.map(JSONValue.number) }
    }
}
