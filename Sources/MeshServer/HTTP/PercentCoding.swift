// Percent-encoding as queries and forms have it.

internal import MeshAPI

extension PercentCoding {
    /// For a value in a query.
    static func encode(_ text: String) -> String { encode(text, plain: "-._~/") }

    /// The fields of a form, as they come.
    static func fields(_ body: String) -> [(name: String, value: String)] {
        body.split(separator: "&").map { pair in
            let parts = pair.replacing("+", with: " ").split(
                separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (decode(parts[0]), parts.count == 2 ? decode(parts[1]) : "")
        }
    }
}
