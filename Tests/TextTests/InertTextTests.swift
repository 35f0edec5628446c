// The sink for foreign text: exactly what it names, and that nothing gets past it.

import Foundation
import Testing
import Text

@Suite struct InertTextTests {
    @Test(arguments: [
        ("plain", "plain"), ("", ""), ("añ漢👍🏽🇨🇱", "añ漢👍🏽🇨🇱"),
        ("evil\u{1b}]0;x\u{7}\u{202e}name", #"evil\u{1B}]0;x\u{7}\u{202E}name"#),
        ("a\tb\r\nc\0", #"a\u{9}b\u{D}\u{A}c\u{0}"#), ("\u{9b}31m\u{7f}", #"\u{9B}31m\u{7F}"#),
        // Joiners: inside a cluster they stay, at its beginning they show.
        ("👨‍👩‍👧", "👨‍👩‍👧"), ("نمی\u{200C}خواهم", "نمی\u{200C}خواهم"), ("\u{200D}a", #"\u{200D}a"#),
        ("\u{1b}\u{200C}", #"\u{1B}\u{200C}"#),
        // Tags: behind their flag they stay, astray they show.
        ("🏴󠁧󠁢󠁷󠁬󠁳󠁿", "🏴󠁧󠁢󠁷󠁬󠁳󠁿"), ("a\u{E0041}", #"a\u{E0041}"#), ("🏴\u{E0067}\u{E0062}", #"🏴\u{E0067}\u{E0062}"#),
        (
            "🏴\u{E0068}\u{E0065}\u{E006C}\u{E006C}\u{E006F}\u{E0077}\u{E006F}\u{E007F}",
            #"🏴\u{E0068}\u{E0065}\u{E006C}\u{E006C}\u{E006F}\u{E0077}\u{E006F}\u{E007F}"#
        ),
        ("e\u{301}\u{FE0F}", "e\u{301}\u{FE0F}"),
    ])
    func escapes(text: String, expected: String) {
        #expect(InertText.visible(text).unicodeScalars.elementsEqual(expected.unicodeScalars))
        #expect(InertText.visible(InertText.visible(text)) == InertText.visible(text))
    }

    /// As long as a message may be, and four times that: where each escape costs what stands before it, this takes minutes.
    @Test func aLongTextTakesNoLongerPerLetter() {
        let long = String(repeating: "\n", count: 1 << 18)
        #expect(InertText.visible(long) == String(repeating: #"\u{A}"#, count: 1 << 18))
        #expect(String(repeating: "É漢ᾳ", count: 1 << 16).folded().unicodeScalars.count == 3 << 16)
    }

    /// Scalar by scalar, over all of Unicode.
    @Test func namesExactlyTheList() {
        let listed: [ClosedRange<UInt32>] = [
            0...0x1F, 0x7F...0x7F, 0x80...0x9F, 0x61C...0x61C, 0x200E...0x200F, 0x202A...0x202E, 0x2066...0x2069,
            0x200B...0x200B,
            0x2028...0x2029, 0x2060...0x2065, 0xFEFF...0xFEFF, 0xFFF9...0xFFFB, 0xE0000...0xE007F,
            0x200C...0x200D,  // alone they are at the beginning of a cluster
        ]
        for value in UInt32(0)...0x10FFFF {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let isEscaped = InertText.visible(String(scalar)) != String(scalar)
            #expect(isEscaped == listed.contains { $0.contains(value) }, "\(String(value, radix: 16))")
        }
    }

    /// Around any text, nothing harmful is left, whatever stands beside it.
    @Test func leavesNothingHarmful() {
        let parts = [
            "a", "é", "\u{301}", "\u{200D}", "\u{200C}", "\u{1b}", "\r", "\n", "\u{202E}", "👨", "🏴", "\u{E0067}",
            "\u{E007F}", "\u{FE0F}",
        ]
        for one in parts {
            for two in parts {
                for three in parts {
                    let inert = InertText.visible(one + two + three)
                    for character in inert {
                        let scalars = Array(character.unicodeScalars)
                        #expect(!InertText.isSuspect(scalars[0]))
                        #expect(!scalars.contains { InertText.isHarmful($0) })
                    }
                }
            }
        }
    }

    @Test func inJSONItIsTheSameValue() throws {
        let text = "a\u{1B}[2J\u{7F}\u{9B}\u{202E}b\u{E0041}\u{FEFF}é漢👩\u{200D}🚀\n\"\\"
        let json = InertText.json(String(decoding: try JSONEncoder().encode([text]), as: UTF8.self))
        #expect(!json.unicodeScalars.contains(where: InertText.isSuspect) && json.contains("é漢"))
        #expect(try JSONDecoder().decode([String].self, from: Data(json.utf8)) == [text])
    }
}
