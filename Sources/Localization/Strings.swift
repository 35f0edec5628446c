// Typed texts: `strings[.signIn]`, `strings(.memberCount, count: 9)`, `strings(ErrorText.tokenLost, ["code": code])`.
// The texts are assets/l10n/{en,es}.json: a section for each enum of keys, a value a string with `{name}` placeholders,
// or `{"one": …, "other": …}` chosen by a count.

/// A key of the catalogue. Each area has an enum of them; raw values are the keys inside `section`.
public protocol TextKey: RawRepresentable, CaseIterable, Sendable where RawValue == String {
    static var section: String { get }
}

/// The texts of one language.
public struct Strings: Sendable {
    public let language: Language
    private let catalogue: Catalogue
    private var hasASCIISigns = false

    /// Opens the catalogue of `language`; its sections are read when they are first asked for.
    public init(_ language: Language) {
        self.language = language
        catalogue = Catalogue.load(language)
    }

    /// The text of `key` as it stands. A key without a text shows as itself; a test keeps that from happening.
    public subscript<Key: TextKey>(key: Key) -> String { self(key) }

    /// The text of `key` with its placeholders filled in.
    /// - Parameters:
    ///   - values: what stands for `{name}`. Not made inert here: that is the one sink's work.
    ///   - count: chooses between singular and plural, and fills `{n}` unless `values` does.
    public func callAsFunction<Key: TextKey>(_ key: Key, _ values: [String: String] = [:], count: Int? = nil) -> String
    {
        guard let found = catalogue.text(section: Key.section, key: key.rawValue) else { return key.rawValue }
        let text = count == 1 ? found.one : found.other
        let signed = hasASCIISigns ? Self.withASCIISigns(text) : text
        guard signed.utf8.contains(UInt8(ascii: "{")) else { return signed }
        return filled(signed, values, count: count)
    }

    /// The same texts with the signs in them in ASCII; letters stay as they are, and so does what is filled in.
    public var withASCIISigns: Strings {
        var strings = self
        strings.hasASCIISigns = true
        return strings
    }

    private static func withASCIISigns(_ text: String) -> String {
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return text }
        return text.reduce(into: "") { $0 += signs[$1] ?? String($1) }
    }

    private static let signs: [Character: String] = [
        "…": "...", "→": "->", "·": ".", "×": "x", "«": "\"", "»": "\"", "–": "-", "✓": "+",
    ]

    /// `strings[.signIn]`: the wizard's texts are the ones most asked for.
    public subscript(key: WizardText) -> String { self(key) }

    /// As the generic one, for the wizard's texts.
    public func callAsFunction(_ key: WizardText, _ values: [String: String] = [:], count: Int? = nil) -> String {
        func generic<Key: TextKey>(_ key: Key) -> String { self(key, values, count: count) }
        return generic(key)
    }

    private func filled(_ text: String, _ values: [String: String], count: Int?) -> String {
        var out = ""
        var rest = text[...]
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            // Not `+=`, which takes any sequence: what this one is would be looked for at the start, through all there is.
            out.append(contentsOf: rest[..<open])
            let name = String(rest[rest.index(after: open)..<close])
            out += values[name] ?? (name == "n" ? count.map(number) : nil) ?? "{\(name)}"
            rest = rest[rest.index(after: close)...]
        }
        out.append(contentsOf: rest)
        return out
    }
}
