// Fitting text: measuring, clipping, padding, wrapping.

import TestSupport
import Testing

@testable import Text

@Suite struct TextWidthTests {
    @Test(arguments: [
        ("platform-team", 13, "platform-team"), ("platform-team", 12, "platform-te…"), ("platform-team", 1, "…"),
        ("platform-team", 0, ""), ("platform-team", -5, ""), ("漢字漢字", 8, "漢字漢字"), ("漢字漢字", 7, "漢字漢…"),
        ("漢字漢字", 6, "漢字…"), ("漢字漢字", 2, "…"), ("añb", 2, "a…"), ("🇨🇱🇪🇸", 3, "CL…"), ("", 3, ""),
        ("a\u{7}b", 5, "a…"),
    ])
    func clipsBetweenClusters(text: String, width: Int, expected: String) {
        #expect(TextWidth.clip(text, to: width) == expected)
    }

    @Test func clipsWithTheAsciiEllipsis() {
        #expect(TextWidth.clip("platform-team", to: 8, ellipsis: "...") == "platf...")
        #expect(TextWidth.clip("platform-team", to: 2, ellipsis: "...") == "..")
        #expect(TextWidth.clip("platform", to: 8, ellipsis: "...") == "platform")
    }

    @Test(arguments: [
        ("It stays hidden as you type.", 10, ["It stays", "hidden as", "you type."]),
        ("abcdefghij", 4, ["abcd", "efgh", "ij"]), ("a abcdefghij b", 4, ["a", "abcd", "efgh", "ij b"]),
        ("漢字漢字漢", 5, ["漢字", "漢字", "漢"]), ("漢字", 1, ["漢", "字"]), ("", 5, [""]), ("a\n\nb", 5, ["a", "", "b"]),
        ("one  two ", 20, ["one two"]), ("ab", 0, ["a", "b"]), ("a\u{A0}b c", 3, ["a\u{A0}b", "c"]),
        ("see ab/c/defgh", 6, ["see", "ab/c/", "defgh"]), ("ab/cdefghij", 6, ["ab/", "cdefgh", "ij"]),
    ])
    func wrapsAtSpaces(text: String, width: Int, expected: [String]) {
        #expect(TextWidth.wrap(text, width: width) == expected)
    }

    /// Plain texts are wrapped by their bytes, all others by their clusters: alike.
    @Test func wrapsPlainTextAsAnyOther() {
        var random = Random(seed: 13)
        for _ in 0..<500 {
            let length = Int.random(in: 0...60, using: &random)
            let text = String((0..<length).compactMap { _ in "aaaabcd  /".randomElement(using: &random) })
            let marked = text.replacing("a", with: "á")
            for width in [0, 1, 2, 3, 7, 20, 61] {
                let lines = TextWidth.wrap(text, width: width)
                #expect(
                    TextWidth.wrap(marked, width: width) == lines.map { $0.replacing("a", with: "á") },
                    "\(text) at \(width)")
            }
        }
    }

    /// For any name and width: what is clipped fits, what fits is untouched, and wrapping
    /// keeps every visible character and the width.
    @Test func holdsForHostileNames() {
        for name in HostileNames.fixed + HostileNames.random(400) {
            let whole = TextWidth.of(name)
            let drawn = TextWidth.clip(name, to: Int.max)
            #expect(TextWidth.of(drawn) == whole, "\(UnicodeData.hex(name))")
            #expect(TextWidth.clip(drawn, to: Int.max) == drawn, "\(UnicodeData.hex(name))")
            for width in [0, 1, 2, 3, 5, 8, 13, 40, 72] {
                let clipped = TextWidth.clip(name, to: width)
                #expect(TextWidth.of(clipped) <= width, "\(UnicodeData.hex(name)) at \(width)")
                #expect((clipped == drawn) == (whole <= width) || drawn == "…", "\(UnicodeData.hex(name)) at \(width)")
            }
            for width in [10, 40] {
                let lines = TextWidth.wrap(name, width: width)
                #expect(lines.allSatisfy { TextWidth.of($0) <= width || $0.count == 1 }, "\(UnicodeData.hex(name))")
                let rejoined = lines.joined().filter { $0 != " " && $0 != "\n" }
                #expect(rejoined == name.filter { $0 != " " && $0 != "\n" }, "\(UnicodeData.hex(name)) at \(width)")
            }
        }
    }
}
