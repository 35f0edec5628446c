// The grid: what lands in which cell, and that nothing outside is ever touched.

import Testing
import TestSupport
import Text

@testable import Canvas

@Suite struct FrameTests {
    @Test func writesTextAndReportsItsColumns() {
        var frame = Frame(Size(width: 10, height: 2))
        let used = frame.write("añ漢", at: Point(x: 1, y: 0), style: .bold)
        #expect(used == 4)
        #expect(frame.lines == [" añ漢", ""])
        #expect(frame.styleLines == [".BBBB", ""])
        #expect(frame[3, 0] == Cell("漢", .bold) && frame[4, 0] == Cell("", .bold))
        #expect(frame[99, 0] == .blank && frame[-1, 0] == .blank)
    }

    @Test func clipsAtTheRightEdgeAndAtTheWidthGiven() {
        var frame = Frame(Size(width: 6, height: 2))
        #expect(frame.write("platform", at: Point(x: 0, y: 0)) == 6)
        #expect(frame.write("platform", at: Point(x: 1, y: 1), width: 3) == 3)
        #expect(frame.lines == ["platf…", " pl…"])
        var ascii = Frame(Size(width: 6, height: 1), signs: .ascii)
        ascii.write("platform", at: Point(x: 0, y: 0))
        #expect(ascii.lines == ["pla..."])
    }

    @Test func dropsWhatIsLeftOfTheFrame() {
        var frame = Frame(Size(width: 4, height: 1))
        #expect(frame.write("漢字ab", at: Point(x: -1, y: 0)) == 5)
        #expect(frame.lines == [" 字…"])
    }

    @Test func writingOverHalfOfAWideCharacterBlanksTheOther() {
        var frame = Frame(Size(width: 4, height: 1))
        frame.write("漢字", at: Point(x: 0, y: 0))
        frame.write("a", at: Point(x: 1, y: 0))
        #expect(frame.lines == [" a字"])
        frame.write("b", at: Point(x: 2, y: 0))
        #expect(frame.lines == [" ab"])
        frame.write("漢字", at: Point(x: 0, y: 0))
        frame.write("語", at: Point(x: 1, y: 0))
        #expect(frame.lines == [" 語"])
        #expect((0..<4).map { frame[$0, 0].text } == [" ", "語", "", " "])
    }

    @Test func aWideCharacterNeverSticksOut() {
        var frame = Frame(Size(width: 3, height: 1))
        frame.write("a漢字", at: Point(x: 0, y: 0))
        #expect(frame.lines == ["a…"])
        frame.write("漢", at: Point(x: 2, y: 0))
        #expect(frame[2, 0].text == "…")
    }

    @Test func fillsWhatIsInside() {
        var frame = Frame(Size(width: 4, height: 3))
        frame.fill(Rect(x: 1, y: 1, width: 99, height: 99), with: "█", style: .primary)
        #expect(frame.lines == ["", " ███", " ███"])
        #expect(frame.styleLines == ["", ".ppp", ".ppp"])
    }

    @Test func cursorStaysInside() {
        var frame = Frame(Size(width: 4, height: 3))
        #expect(frame.cursor == nil)
        frame.cursor = Point(x: 9, y: -2)
        #expect(frame.cursor == Point(x: 3, y: 0))
        frame.cursor = nil
        #expect(frame.cursor == nil)
        var empty = Frame(Size(width: 0, height: 3))
        empty.cursor = Point(x: 0, y: 0)
        #expect(empty.cursor == nil)
    }

    @Test func linksOnlyWhatIsAnAddressInView() {
        var frame = Frame(Size(width: 10, height: 2))
        frame.link("https://claudemesh.com/c", at: Point(x: 6, y: 1), width: 20)
        frame.link("https://evil\u{1b}]0;x\u{7}", at: Point(x: 0, y: 0), width: 5)
        frame.link("https://a b", at: Point(x: 0, y: 0), width: 5)
        frame.link("https://outside", at: Point(x: 0, y: 2), width: 5)
        frame.link("https://outside", at: Point(x: 10, y: 0), width: 5)
        #expect(frame.hyperlinks == [Hyperlink(row: 1, columns: 6..<10, url: "https://claudemesh.com/c")])
    }

    @Test func everyStyleHasALetterOfItsOwn() {
        var letters = Set<Character>()
        for role in ColorRole.allCases {
            for bits in 0..<8 {
                let style = Style(role, bold: bits & 1 != 0, underline: bits & 2 != 0, reverse: bits & 4 != 0)
                #expect(letters.insert(style.letter).inserted && style.letter.isASCII)
            }
        }
        #expect(Style.plain.letter == "." && Style.error.letter == "e" && Style(.error, bold: true).letter == "E")
    }

    @Test func nothingTrapsAtTheEndsOfTheWorld() {
        for size in [Size(width: 0, height: 0), Size(width: 1, height: 1), Size(width: -3, height: 5)] {
            var frame = Frame(size)
            for x in [Int.min, -1, 0, 1, Int.max] {
                for y in [Int.min, -1, 0, 1, Int.max] {
                    frame.write("漢a\u{7}", at: Point(x: x, y: y))
                    frame.fill(Rect(x: x, y: y, width: Int.max, height: Int.max))
                    frame.link("https://x", at: Point(x: x, y: y), width: Int.max)
                    frame.cursor = Point(x: x, y: y)
                }
            }
            #expect(frame.lines.count == size.height)
        }
    }

    /// Every row stays exactly as wide as the frame, whatever is written over whatever.
    @Test func rowsKeepTheirWidth() {
        var generator = Random(seed: 7)
        var frame = Frame(Size(width: 17, height: 3))
        for name in HostileNames.fixed + HostileNames.random(500) {
            frame.write(
                name,
                at: Point(x: Int.random(in: -20...20, using: &generator), y: Int.random(in: -1...3, using: &generator)),
                width: Bool.random(using: &generator) ? nil : Int.random(in: -1...20, using: &generator))
            for y in 0..<3 {
                var x = 0
                while x < 17 {
                    let isWide = x + 1 < 17 && frame[x + 1, y].text.isEmpty
                    #expect(TextWidth.of(frame[x, y].text) == (isWide ? 2 : 1), "\(UnicodeData.hex(name))")
                    x += isWide ? 2 : 1
                }
            }
        }
    }
}
