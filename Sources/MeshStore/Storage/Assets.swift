// The files this module carries, or, in tests, other ones in their place.

internal import CAssets
package import FoundationEssentials

package struct Assets: Sendable {
    /// Files in place of the embedded ones, by path under assets/; nil for the embedded ones.
    private let replaced: [String: String]?

    /// What was compiled in (`CLAUDEMESH_ASSETS` in debug builds).
    package static let embedded = Assets(replaced: nil)

    package init(replaced: [String: String]?) { self.replaced = replaced }

    /// The names below `prefix`, sorted.
    package func names(under prefix: String) -> [String] {
        if let replaced { return replaced.keys.filter { $0.hasPrefix(prefix) }.sorted() }
        return (0..<assets_count()).map { String(cString: assets_name($0)) }.filter { $0.hasPrefix(prefix) }
    }

    package func text(_ name: String) -> String? { bytes(name).map { String(decoding: $0, as: UTF8.self) } }

    package func bytes(_ name: String) -> Data? {
        if let replaced { return replaced[name].map { Data($0.utf8) } }
        var length = 0
        guard let start = assets_find(name, &length) else { return nil }
        return Data(bytes: start, count: length)
    }
}
