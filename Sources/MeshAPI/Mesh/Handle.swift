// What everybody is addressed by in a mesh, made of a name as slugs are.

import Text

public enum Handle {
    /// A session's, before others of its account are looked at: `api`.
    public static func ofPeer(named name: String) -> String { slug(name, else: "session") }

    /// A member's, from the one that is tried first to those with numbers: `bo`, `bo-chen`, `bo-chen-2` …
    public static func ofMember(named name: String, isFree: (String) throws -> Bool) rethrows -> String {
        let first = slug(String(name.split(whereSeparator: \.isWhitespace).first ?? ""), else: "")
        let whole = slug(name, else: "member")
        for handle in [first, whole] where try !handle.isEmpty && isFree(handle) { return handle }
        return try numbered(whole, isFree: isFree)
    }

    /// `handle`, else `handle-2`, `handle-3` …: the first that is free.
    public static func free(_ handle: String, isFree: (String) throws -> Bool) rethrows -> String {
        try isFree(handle) ? handle : try numbered(handle, isFree: isFree)
    }

    private static func numbered(_ handle: String, isFree: (String) throws -> Bool) rethrows -> String {
        var number = 2
        while true {
            let ending = "-\(number)"
            var stem = String(handle.prefix(Slug.maxLength - ending.count))
            while stem.last == "-" { stem.removeLast() }
            if try isFree(stem + ending) { return stem + ending }
            number += 1
        }
    }

    /// A slug, or `instead` where nothing of the name is left in one.
    private static func slug(_ name: String, else instead: String) -> String {
        let hasAny = name.folded().unicodeScalars.contains { ("a"..."z").contains($0) || ("0"..."9").contains($0) }
        return hasAny ? Slug.from(name) : instead
    }
}
