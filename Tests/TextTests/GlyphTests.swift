// What is drawn of a cluster: the rules one by one, then Unicode's own files, then the C library's widths.

import Foundation
import Glibc
import TestSupport
import Testing

@testable import Text

@Suite struct GlyphTests {
    @Test(arguments: [
        // What comes in, what is drawn, in how many columns.
        ("a", "a", 1), ("é", "é", 1), ("e\u{301}", "e\u{301}", 1), ("漢", "漢", 2), ("Ａ", "Ａ", 2),
        ("\u{3000}", "\u{3000}", 2),
        ("a\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}", "a\u{301}\u{302}\u{303}\u{304}", 1),
        ("👨‍👩‍👧‍👦", "👨", 2), ("👩‍⚕️", "👩", 2), ("👩‍🅰️", "👩", 2), ("❤️", "\u{2764}", 1), ("❤️‍🔥", "\u{2764}", 1),
        ("👍🏽", "👍", 2), ("🏽", "\u{FFFD}", 1), ("🇨🇱", "CL", 2), ("🇨", "C", 1), ("🏴󠁧󠁢󠁷󠁬󠁳󠁿", "🏴", 2), ("1️⃣", "1\u{20E3}", 1),
        ("\u{301}", " \u{301}", 1), ("\u{1112}\u{1161}\u{11AB}", "한", 2), ("\u{1100}\u{1161}", "가", 2),
        ("각", "각", 2), ("가\u{11A8}", "각", 2), ("\u{1161}", "\u{FFFD}", 1), ("\u{1161}\u{11A8}", "\u{FFFD}", 1),
        ("\u{113F}\u{1161}", "\u{113F}\u{1161}", 2), ("\u{A960}", "\u{A960}", 2),
        ("क्ष", "क\u{94D}ष", 2), ("न\u{94D}\u{200D}त", "न\u{94D}त", 2), ("कि", "कि", 2), ("กำ", "กำ", 2),
        ("a\u{200C}", "a", 1), ("\u{AD}", "-", 1), ("\u{600}1", "1", 1), ("✔", "✔", 1), ("…", "…", 1), ("±", "±", 1),
        ("\u{E000}", "\u{E000}", 1), ("\u{FFFF}", "\u{FFFD}", 1), ("\u{1FAE9}", "\u{FFFD}", 1),
        ("\u{1b}", "\\u{1B}", 6), ("\u{202E}", "\\u{202E}", 8), ("\r\n", "\\u{D}\\u{A}", 10), ("", "", 0),
    ])
    func reducesToWhatEveryTerminalShows(text: String, drawn: String, width: Int) {
        let clipped = TextWidth.clip(text, to: 80)
        // Scalar by scalar: Swift's `==` takes e + acute and é for the same, a terminal does not.
        #expect(UnicodeData.hex(clipped) == UnicodeData.hex(drawn))
        #expect(TextWidth.of(text) == width)
    }

    @Test func isBoundedForEndlessClusters() {
        let spacing = "क" + String(repeating: "\u{93F}", count: 10_000)
        #expect(spacing.count == 1)
        #expect(TextWidth.of(spacing) == Glyph.maxPieces)
        #expect(TextWidth.clip("a" + String(repeating: "\u{301}", count: 10_000), to: 9).unicodeScalars.count == 5)
    }

    /// Every cell of a hostile name holds at most a base and four marks, and none of what must not get there.
    @Test func holdsItsPromiseForHostileNames() {
        for name in HostileNames.fixed + HostileNames.random(3000) {
            var glyphs: [Glyph] = []
            for character in name { Glyph.append(character, to: &glyphs) }
            for glyph in glyphs {
                let scalars = glyph.text.unicodeScalars
                #expect((1...2).contains(glyph.width) && (1...5).contains(scalars.count), "\(UnicodeData.hex(name))")
                #expect(
                    !scalars.contains {
                        InertText.isHarmful($0) || (0x200C...0x200D).contains($0.value)
                            || (0xFE00...0xFE0F).contains($0.value)
                    }, "\(UnicodeData.hex(name))")
            }
        }
    }
}

@Suite struct UnicodeFilesTests {
    @Test func wideRangesAreThoseOfTheFile() throws {
        let text = try String(contentsOf: URL(filePath: UnicodeData.folder + "EastAsianWidth.txt"), encoding: .utf8)
        try #require(text.hasPrefix("# EastAsianWidth-15.0.0.txt"), "another version: renew WideCharacters.swift")
        var wide = Set<UInt32>()
        for line in try UnicodeData.lines("EastAsianWidth.txt") {
            let parts = line.split(separator: ";")
            guard parts[1] == "W" || parts[1] == "F" else { continue }
            let ends = parts[0].replacing("..", with: " ").split(separator: " ").compactMap { UInt32($0, radix: 16) }
            for value in ends[0]...ends[ends.count - 1] { wide.insert(value) }
        }
        for value in UInt32(0)...0x10FFFF {
            guard let scalar = Unicode.Scalar(value) else { continue }
            #expect(WideCharacters.contains(scalar) == wide.contains(value), "\(String(value, radix: 16))")
        }
    }

    /// Clusters begin and end where Unicode says, and nothing is ever cut inside one.
    @Test func cutsOnlyBetweenClusters() throws {
        // The one line where Swift's tables, newer than this file, differ: U+2701 is no pictograph any more.
        let outdated = "÷ 2701 × 200D × 2701 ÷"
        for line in try UnicodeData.lines("auxiliary/GraphemeBreakTest.txt") where line != outdated {
            let clusters = try line.split(separator: "÷").map { $0.replacing("×", with: " ") }
                .filter { $0.contains { $0 != " " } }
                .map { try #require(UnicodeData.text($0)) }
            let text = clusters.joined()
            #expect(text.map { UnicodeData.hex(String($0)) } == clusters.map(UnicodeData.hex), "\(line)")
            let drawn = clusters.map { TextWidth.clip($0, to: 100) }
            let prefixes = Set((0...drawn.count).map { UnicodeData.hex(drawn.prefix($0).joined()) })
            for width in 0...(TextWidth.of(text) + 1) {
                let clipped = TextWidth.clip(text, to: width, ellipsis: "")
                #expect(prefixes.contains(UnicodeData.hex(clipped)), "\(line) at \(width)")
            }
        }
    }

    /// Every emoji is one picture of one or two columns, or the two letters of a flag, without joiner or selector.
    @Test func drawsEveryEmojiAsOnePicture() throws {
        var count = 0
        for line in try UnicodeData.lines("emoji/emoji-test.txt") {
            let parts = line.split(separator: ";")
            let emoji = try #require(UnicodeData.text(parts[0]))
            var glyphs: [Glyph] = []
            for character in emoji { Glyph.append(character, to: &glyphs) }
            let isFlag = emoji.unicodeScalars.allSatisfy { (0x1F1E6...0x1F1FF).contains($0.value) }
            #expect(glyphs.count == (isFlag ? 2 : 1), "\(line)")
            #expect(glyphs.allSatisfy { $0.text.unicodeScalars.count <= 2 }, "\(line)")
            count += 1
        }
        #expect(count > 4000)
    }

    /// ncurses asks the C library how wide a cell is, so both must agree about all that can be drawn.
    @Test func agreesWithTheCLibrary() throws {
        let utf8 = try #require(newlocale(Int32(LC_CTYPE_MASK), "C.UTF-8", nil))
        let before = uselocale(utf8)
        defer {
            uselocale(before)
            freelocale(utf8)
        }
        // Glibc's module does not import this function: its header wants a macro.
        let symbol = try #require(dlsym(nil, "wcwidth"))
        let wcwidth = unsafeBitCast(symbol, to: (@convention(c) (wchar_t) -> CInt).self)
        var wrong: [String] = []
        for value in UInt32(0x20)...0x10FFFF {
            guard let scalar = Unicode.Scalar(value), !InertText.isHarmful(scalar) else { continue }
            var glyphs: [Glyph] = []
            Glyph.append(Character(scalar), to: &glyphs)
            for glyph in glyphs {
                let widths = glyph.text.unicodeScalars.map { Int(wcwidth(wchar_t($0.value))) }
                if widths.contains(-1) || widths.reduce(0, +) != glyph.width {
                    wrong.append("\(String(value, radix: 16)) drawn \(glyph.width) measured \(widths)")
                }
            }
        }
        #expect(wrong.isEmpty, "\(wrong.count): \(wrong.prefix(400))")
    }
}
