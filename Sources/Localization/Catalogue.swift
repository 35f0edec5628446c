// One language's texts, read from its JSON, each section when it is first asked for: the first frame needs one of them.
// A scanner of our own: the JSON decoder took six times as long (0.8 ms for 18 KB, release). It reads what the catalogues
// hold, strings and objects of them, and no more.

import CAssets
import Synchronization

/// A text, or the two forms that a count chooses between.
struct CatalogueText {
    var one: String
    var other: String
}

final class Catalogue: Sendable {
    private typealias Section = [String: CatalogueText]

    private nonisolated(unsafe) let json: UnsafeBufferPointer<UInt8>
    /// Where each section's object begins.
    private let starts: [String: Int]
    private let sections = Mutex<[String: Section]>([:])

    /// The catalogue that is compiled in.
    static func load(_ language: Language) -> Catalogue {
        var length = 0
        let bytes = assets_find("l10n/\(language.rawValue).json", &length)
        return Catalogue(json: UnsafeBufferPointer(start: bytes, count: bytes == nil ? 0 : length))
    }

    /// Reads `{"section": {"key": "text" | {"one": "text", "other": "text"}}}`, as far as it is of that form.
    /// The bytes must live as long as the catalogue.
    init(json: UnsafeBufferPointer<UInt8>) {
        self.json = json
        var starts: [String: Int] = [:]
        var scanner = Scanner(bytes: json)
        scanner.object { scanner, section in
            starts[section] = scanner.position
            scanner.skipObject()
        }
        self.starts = starts
    }

    func text(section: String, key: String) -> CatalogueText? {
        sections.withLock { sections in
            if let known = sections[section] { return known[key] }
            let read = read(section)
            sections[section] = read
            return read[key]
        }
    }

    private func read(_ name: String) -> Section {
        guard let start = starts[name] else { return [:] }
        var section = Section(minimumCapacity: 512)
        var scanner = Scanner(bytes: json, position: start)
        scanner.object { scanner, key in
            if let text = scanner.string() {
                section[key] = CatalogueText(one: text, other: text)
            } else {
                var forms: [String: String] = [:]
                scanner.object { scanner, form in forms[form] = scanner.string() }
                guard let one = forms["one"], let other = forms["other"] else { return }
                section[key] = CatalogueText(one: one, other: other)
            }
        }
        return section
    }
}

/// A cursor over JSON bytes.
private struct Scanner {
    let bytes: UnsafeBufferPointer<UInt8>
    var position = 0

    /// Walks the members of the object that stands here, if one does; `member` must consume the value.
    mutating func object(_ member: (inout Scanner, String) -> Void) {
        guard take("{") else { return }
        while let key = string(), take(":") {
            let before = position
            member(&self, key)
            guard position > before, take(",") else { break }
        }
        _ = take("}")
    }

    /// Goes behind the object that stands here. By the C library's search for quotes: one byte after the other, the whole of
    /// a catalogue took a twentieth of a first frame.
    mutating func skipObject() {
        guard take("{"), let start = bytes.baseAddress else { return }
        position = assets_object_end(start, position - 1, bytes.count)
    }

    /// The string that stands here, nil where there is none.
    mutating func string() -> String? {
        guard let (raw, isEscaped) = stringBytes() else { return nil }
        return isEscaped ? Self.unescaped(raw) : String(decoding: raw, as: UTF8.self)
    }

    /// The bytes between the quotes, and whether there is a backslash among them.
    private mutating func stringBytes() -> (UnsafeBufferPointer<UInt8>, Bool)? {
        guard take("\"") else { return nil }
        let start = position
        var isEscaped = false
        while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
            if bytes[position] == UInt8(ascii: "\\") {
                isEscaped = true
                position += 1
            }
            position += 1
        }
        guard position < bytes.count else { return nil }
        position += 1
        return (UnsafeBufferPointer(rebasing: bytes[start..<position - 1]), isEscaped)
    }

    private mutating func take(_ byte: Unicode.Scalar) -> Bool {
        while position < bytes.count, bytes[position] <= 0x20 { position += 1 }
        guard position < bytes.count, bytes[position] == UInt8(ascii: byte) else { return false }
        position += 1
        return true
    }

    /// `\n`, `\"`, `\\`, `\/`; the catalogues hold every other character as itself.
    private static func unescaped(_ raw: UnsafeBufferPointer<UInt8>) -> String {
        var out: [UInt8] = []
        var escaped = false
        for byte in raw {
            if escaped {
                out.append(byte == UInt8(ascii: "n") ? 0x0A : byte)
                escaped = false
            } else if byte == UInt8(ascii: "\\") {
                escaped = true
            } else {
                out.append(byte)
            }
        }
        return String(decoding: out, as: UTF8.self)
    }
}
