// What a name, a role and a slug may be: the same rules for the wizard, the commands and the server.

import Text

/// Why a text is refused as a name or a role.
public enum FieldProblem: Error, Sendable, Hashable {
    case tooLong(max: Int)
    case nothingVisible
    /// A control, or a character that is not seen.
    case control
    /// It holds an access token, or the beginning of one: a secret, and nothing to be shown to others.
    case token
}

/// The bounds of a field, counted in characters (grapheme clusters) and, against abuse, in UTF-8 bytes.
/// The longest emoji that people do use, a couple with two skin tones, has 35 of them.
public struct FieldRule: Sendable, Hashable {
    public var maxCharacters: Int

    public init(maxCharacters: Int) { self.maxCharacters = maxCharacters }

    public var maxBytes: Int { maxCharacters * 40 }

    /// A person's, a session's or a mesh's name: 1 to 64 characters.
    public static let name = FieldRule(maxCharacters: 64)
    /// A role in own words: 1 to 32 characters.
    public static let role = FieldRule(maxCharacters: 32)
    /// A token's name or a device's.
    public static let label = FieldRule(maxCharacters: 64)

    /// The first problem of `text`, nil where it is good. Surrounding white space does not count as visible. Of what is
    /// being typed, `isWhole` false, the end may still become a part of a character.
    public func problem(of text: String, isWhole: Bool = true) -> FieldProblem? {
        if !text.unicodeScalars.contains(where: Self.isVisible) { return .nothingVisible }
        if TokenForm.isIn(text) { return .token }
        if isWhole ? UnseenCharacters.areIn(text) : UnseenCharacters.areIn(typed: text) { return .control }
        if text.count > maxCharacters || text.utf8.count > maxBytes { return .tooLong(max: maxCharacters) }
        return nil
    }

    static func isVisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .spaceSeparator, .unassigned, .surrogate,
            .nonspacingMark, .enclosingMark:
            false
        default: !scalar.properties.isDefaultIgnorableCodePoint && scalar != "\u{2800}"  // a Braille cell of no dots
        }
    }
}

/// Slugs: what a mesh is called in addresses and on the command line.
public enum Slug {
    public static let maxLength = 40

    /// From a name: folded (NFKD, `ł` as `l` and its like), apostrophes dropped, other runs to one `-`, none at the ends, at
    /// most 40; empty is `mesh`.
    public static func from(_ name: String) -> String {
        var slug = String.UnicodeScalarView()
        for scalar in name.folded().unicodeScalars where !apostrophes.contains(scalar) {
            switch scalar {
            case "a"..."z", "0"..."9": slug.append(scalar)
            default: if let last = slug.last, last != "-" { slug.append("-") }
            }
        }
        slug = String.UnicodeScalarView(slug.prefix(maxLength))
        if slug.last == "-" { slug.removeLast() }
        return slug.isEmpty ? "mesh" : String(slug)
    }

    private static let apostrophes: Set<Unicode.Scalar> = ["'", "’", "‘", "ʼ", "`", "´", "′", "＇"]

    /// Whether `text` is a slug as `from` makes them.
    public static func isValid(_ text: String) -> Bool { !text.isEmpty && from(text) == text }
}
