// The catalogues and the enums of keys hold the same texts: nothing missing, nothing left over, in both languages.

import FoundationEssentials
import Testing

@testable import Localization

/// A catalogue as the JSON decoder of the library reads it: the check on our own scanner, too.
private struct Plain: Decodable {
    enum Value: Decodable, Equatable {
        case text(String)
        case plural([String: String])

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let text = try? container.decode(String.self) {
                self = .text(text)
            } else {
                self = .plural(try container.decode([String: String].self))
            }
        }

        var texts: [String] {
            switch self {
            case .text(let text): [text]
            case .plural(let forms): forms.sorted { $0.key < $1.key }.map(\.value)
            }
        }

        var placeholders: Set<String> {
            Set(texts.flatMap { $0.matches(of: /\{(\w+)\}/).map { String($0.1) } })
        }
    }

    var sections: [String: [String: Value]]

    init(from decoder: any Decoder) throws {
        sections = try decoder.singleValueContainer().decode([String: [String: Value]].self)
    }

    static func read(_ language: Language) throws -> [String: [String: Value]] {
        let folder = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let url = URL(filePath: "/\(folder)/assets/l10n/\(language.rawValue).json")
        return try JSONDecoder().decode(Plain.self, from: Data(contentsOf: url)).sections
    }
}

private let areas: [(section: String, keys: Set<String>)] = [
    keys(WizardText.self), keys(CommandText.self), keys(ErrorText.self), keys(LineText.self),
    keys(ValueText.self),
    keys(PageText.self), keys(PersonText.self),
    keys(MailText.self),
    keys(MessageText.self),
    keys(ModerationText.self),
    keys(WatchText.self),
]

private func keys<Key: TextKey>(_ type: Key.Type) -> (String, Set<String>) {
    (Key.section, Set(Key.allCases.map(\.rawValue)))
}

@Suite struct CatalogueTests {
    @Test(arguments: Language.allCases) func everyKeyHasATextAndEveryTextAKey(_ language: Language) throws {
        let catalogue = try Plain.read(language)
        #expect(Set(catalogue.keys) == Set(areas.map(\.section)))
        for (section, keys) in areas {
            let present = Set(catalogue[section, default: [:]].keys)
            #expect(keys.subtracting(present) == [], "\(section): keys without a text")
            #expect(present.subtracting(keys) == [], "\(section): texts without a key")
        }
    }

    /// Every text is spoken somewhere: its key stands in a source or in a page's template.
    @Test func noTextIsLeftOver() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        var spoken: Set<Substring> = []
        for folder in ["Sources", "assets/web"] {
            let base = root.appending(path: folder).resolvingSymlinksInPath()
            for path in try FileManager.default.subpathsOfDirectory(atPath: base.path) {
                let isRead = path.hasSuffix(".mustache") || (path.hasSuffix(".swift") && !path.hasSuffix("Text.swift"))
                guard isRead else { continue }
                let text = try String(contentsOf: base.appending(path: path), encoding: .utf8)
                spoken.formUnion(text.utf8.split { !Self.isOfName($0) }.map { Substring($0) })
            }
        }
        for (section, keys) in areas {
            #expect(keys.filter { !spoken.contains(Substring($0)) }.sorted() == [], "\(section)")
        }
    }

    private static func isOfName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }

    @Test func placeholdersAndPluralsAreTheSameInBothLanguages() throws {
        let (english, spanish) = (try Plain.read(.en), try Plain.read(.es))
        for (section, texts) in english {
            for (key, value) in texts {
                let other = try #require(spanish[section]?[key], "\(section).\(key)")
                #expect(value.placeholders == other.placeholders, "\(section).\(key)")
                if case .plural(let forms) = value {
                    #expect(Set(forms.keys) == ["one", "other"], "\(section).\(key)")
                }
            }
        }
    }

    /// One word for a membership, on the pages and in the terminal.
    @Test(arguments: Language.allCases) func pagesAndTerminalNameMembershipsAlike(_ language: Language) throws {
        let catalogue = try Plain.read(language)
        let page = try ["Owner", "Admin", "Member"].map { try #require(catalogue["page"]?["membership\($0)"]) }
        #expect(page == (try ["owner", "admin", "member"].map { try #require(catalogue["wizard"]?[$0]) }))
    }

    @Test(arguments: Language.allCases) func nothingIsPadded(_ language: Language) throws {
        for (section, texts) in try Plain.read(language) {
            for (key, value) in texts {
                for text in value.texts {
                    let words = Set(text.lowercased().split { !$0.isLetter }.map(String.init))
                    let padding = ["successfully", "oops", "please", "éxito", "ups", "favor"]
                    #expect(words.isDisjoint(with: padding), "\(section).\(key)")
                    #expect(!text.isEmpty && text.first != " " && text.last != " ", "\(section).\(key)")
                }
            }
        }
    }

    @Test(arguments: Language.allCases) func theScannerReadsWhatTheDecoderReads(_ language: Language) throws {
        let strings = Catalogue.load(language)
        for (section, texts) in try Plain.read(language) {
            for (key, value) in texts {
                switch value {
                case .text(let text): #expect(strings.text(section: section, key: key)?.other == text)
                case .plural(let forms):
                    #expect(strings.text(section: section, key: key)?.one == forms["one"])
                    #expect(strings.text(section: section, key: key)?.other == forms["other"])
                }
            }
        }
    }

    @Test func aBrokenCatalogueIsReadAsFarAsItGoes() {
        let whole = Array(#"{"a": {"x": "1 \"{q\"", "y": {"one": "o", "other": "p"}}, "b": {"z": "ñ"}}"#.utf8)
        for length in 0...whole.count {
            Array(whole.prefix(length)).withUnsafeBufferPointer { bytes in
                let text = Catalogue(json: bytes).text(section: "a", key: "x")
                #expect(text?.one == (length >= 22 ? "1 \"{q\"" : nil), "\(length)")
            }
        }
        whole.withUnsafeBufferPointer { bytes in
            let catalogue = Catalogue(json: bytes)
            #expect(catalogue.text(section: "b", key: "z")?.other == "ñ")
            #expect(catalogue.text(section: "b", key: "x") == nil && catalogue.text(section: "c", key: "x") == nil)
        }
    }
}
