// Unicode's own test files, from Debian's package unicode-data (the README's test command installs it).

import Foundation

package enum UnicodeData {
    package static let folder = "/usr/share/unicode/"

    /// The lines of a file with what stands before the comment, blank ones left out. Fails where the file is not there.
    package static func lines(_ name: String) throws -> [String] {
        let text = try String(contentsOf: URL(filePath: folder + name), encoding: .utf8)
        let lines = text.split(separator: "\n")
            .map { $0.prefix { $0 != "#" }.trimmingCharacters(in: .whitespaces) }
            .filter { !$0.isEmpty }
        guard lines.count > 100 else { throw CutOff(file: name) }
        return lines
    }

    private struct CutOff: Error {
        let file: String
    }

    /// `0061 0308` as text; nil for what a Swift string cannot hold (half a surrogate pair).
    package static func text(_ hex: some StringProtocol) -> String? {
        var view = String.UnicodeScalarView()
        for number in hex.split(separator: " ") {
            guard let value = UInt32(number, radix: 16), let scalar = Unicode.Scalar(value) else { return nil }
            view.append(scalar)
        }
        return String(view)
    }

    /// The scalars of a text as numbers, for a message that shows what cannot be seen.
    package static func hex(_ text: String) -> String {
        text.unicodeScalars.map { String($0.value, radix: 16, uppercase: true) }.joined(separator: " ")
    }
}

/// Names as an enemy, or the world, makes them.
package enum HostileNames {
    package static let fixed = [
        "evil\u{1b}]0;x\u{7}\u{202e}name", String(repeating: "漢", count: 300), "👨‍👩‍👧‍👦 family",
        "e\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}",
        "a" + String(repeating: "\u{301}", count: 5000), "🇨🇱🇪🇸", "\u{301}first", "\u{200D}\u{200D}", "\u{E0041}\u{E0042}",
        "क्षत्रिय", "न\u{94D}\u{200D}त", "한국어", "\u{1112}\u{1161}\u{11AB}", "ก็ำ", "مرحبا", "\u{FEFF}bom",
        "tab\tnew\nline\r\n",
        "🏴󠁧󠁢󠁷󠁬󠁳󠁿", "🏴\u{E0067}", "👍🏽", "❤️", "1️⃣", "\u{FFFF}\u{10FFFF}", "ＡＢＣ", "soft\u{AD}hyphen", "",
        String(repeating: "\u{1F468}\u{200D}", count: 400) + "\u{1F468}", String(repeating: "\u{1100}", count: 90),
    ]

    private static let alphabet: [Unicode.Scalar] =
        "aZ é漢\u{301}\u{200D}\u{200C}\u{FE0F}\u{1F468}\u{1F3FD}\u{1F1E6}\u{202E}\u{7}\u{9B}\u{1100}\u{1161}\u{11A8}\u{915}\u{94D}\u{93F}\u{E33}\u{600}\u{E0061}\u{E007F}\u{1F3F4}\u{3000}\u{2028}\u{AD}\u{FFFD}\u{20E3}"
        .unicodeScalars.map { $0 }

    /// `count` names of up to 40 scalars, the same in every run.
    package static func random(_ count: Int, seed: UInt64 = 1) -> [String] {
        var generator = Random(seed: seed)
        return (0..<count).map { _ in
            var view = String.UnicodeScalarView()
            for _ in 0..<Int.random(in: 0...40, using: &generator) {
                let odd = Unicode.Scalar(UInt32.random(in: 0...0x10FFFF, using: &generator))
                let known = alphabet[Int.random(in: 0..<alphabet.count, using: &generator)]
                view.append(Bool.random(using: &generator) ? known : odd ?? known)
            }
            return String(view)
        }
    }
}
