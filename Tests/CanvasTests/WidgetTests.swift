// The widgets, as text: how they look, what they do where there is no room.

import Testing
import TestSupport
import Text

@testable import Canvas

private func drawn(
    _ width: Int, _ height: Int, signs: Signs = .unicode, _ draw: (inout Frame) -> Void
) -> (lines: [String], styles: [String]) {
    var frame = Frame(Size(width: width, height: height), signs: signs)
    draw(&frame)
    return (frame.lines, frame.styleLines)
}

@Suite struct ParagraphTests {
    @Test func wrapsAndSaysWhatItUsed() {
        var rows = 0
        let picture = drawn(24, 4) {
            rows = $0.paragraph("It stays hidden as you type.\nSecond.", in: Rect(x: 2, y: 1, width: 20, height: 9))
        }
        #expect(picture.lines == ["", "  It stays hidden as", "  you type.", "  Second."])
        #expect(rows == 3)
    }

    @Test func endsInAnEllipsisWhereItIsCut() {
        #expect(
            drawn(12, 3) { $0.paragraph("one two three four", in: Rect(x: 0, y: 0, width: 9, height: 1)) }.lines[0]
                == "one two…")
        #expect(
            drawn(12, 3) { $0.paragraph("漢字漢字 漢字漢字", in: Rect(x: 0, y: 0, width: 8, height: 1)) }.lines[0] == "漢字漢…")
        let ascii = drawn(12, 1, signs: .ascii) {
            $0.paragraph("one two three", in: Rect(x: 0, y: 0, width: 9, height: 1))
        }
        #expect(ascii.lines == ["one tw..."])
    }

    @Test(arguments: [(Tone.error, "✘", "E"), (.success, "✔", "S"), (.warning, "⚠", "W")])
    func aNoticeHasItsSign(tone: Tone, sign: String, letter: String) {
        var rows = 0
        let picture = drawn(30, 3) {
            rows = $0.notice(tone, "A name has at most 64 characters.", in: Rect(x: 1, y: 0, width: 24, height: 3))
        }
        #expect(picture.lines == [" \(sign) A name has at most 64", "   characters.", ""])
        #expect(picture.styles == [".\(letter)", "", ""])
        #expect(rows == 2)
    }
}

@Suite struct StatusTests {
    private static let rows = [
        StatusRow("Account", .done, "Valentina Rodríguez"), StatusRow("Mesh", .current, "pick one of 5"),
        StatusRow("Name", .open), StatusRow("Server", .warning, "can't reach HOST"),
        StatusRow("Runs", .error, "not found"),
    ]

    @Test func rowsAlign() {
        let picture = drawn(40, 6) {
            $0.statusRows(Self.rows, in: Rect(x: 1, y: 0, width: 32, height: 6), labelWidth: 9)
        }
        #expect(
            picture.lines == [
                " Account  ✔  Valentina Rodríguez", " Mesh     ▸  pick one of 5", " Name     ·",
                " Server   ⚠  can't reach HOST", " Runs     ✘  not found", "",
            ])
        #expect(picture.styles[1] == ".BBBB.....P..mmmmmmmmmmmmm")
    }

    @Test func rowsGiveWay() {
        let picture = drawn(40, 2, signs: .ascii) {
            $0.statusRows(Self.rows, in: Rect(x: 0, y: 0, width: 20, height: 2), labelWidth: 6, gap: 1)
        }
        #expect(picture.lines == ["Ac... + Valentina...", "Mesh  > pick one ..."])
    }

    @Test func oneLineKeepsWhatIsAsked() {
        let rows = Array(Self.rows.prefix(3))
        #expect(
            drawn(60, 1) { $0.statusLine(rows, in: Rect(x: 0, y: 0, width: 60, height: 1)) }.lines
                == ["✔ Valentina Rodríguez › ▸ Mesh pick one of 5 › Name"])
        #expect(
            drawn(40, 1) { $0.statusLine(rows, in: Rect(x: 1, y: 0, width: 38, height: 1)) }.lines
                == [" … › ▸ Mesh pick one of 5 › Name"])
        #expect(
            drawn(40, 1) { $0.statusLine(rows, in: Rect(x: 0, y: 0, width: 12, height: 1)) }.lines
                == ["… › ▸ Mesh …"])
        let done = [StatusRow("A", .done, "first"), StatusRow("B", .done, "second")]
        #expect(drawn(40, 1) { $0.statusLine(done, in: Rect(x: 0, y: 0, width: 9, height: 1)) }.lines == ["… › ✔ se…"])
    }
}

@Suite struct ListTests {
    @Test(arguments: [
        // count, height, selected, former first, rows in view
        (5, 3, 0, 0, 0..<3), (5, 3, 2, 0, 0..<3), (5, 3, 3, 0, 1..<4), (5, 3, 4, 0, 2..<5), (5, 3, 3, 2, 2..<5),
        (5, 3, 1, 2, 1..<4), (5, 3, 2, 2, 2..<5), (5, 9, 4, 3, 0..<5), (0, 3, 0, 0, 0..<0), (5, 0, 2, 0, 0..<0),
        (5, 1, 4, 0, 4..<5), (5, 3, 9, 9, 2..<5), (5, -1, 2, -4, 0..<0), (-5, 3, 0, 1, 0..<0),
        (100_000, 10, 99_999, 0, 99_990..<100_000),
    ])
    func windowKeepsTheSelectionInView(count: Int, height: Int, selected: Int, first: Int, rows: Range<Int>) {
        #expect(ListWindow(count: count, height: height, selected: selected, first: first).rows == rows)
    }

    @Test func windowAnswersAClick() {
        let window = ListWindow(count: 9, height: 3, selected: 5)
        #expect(window.index(at: 0) == 3 && window.index(at: 2) == 5)
        #expect(window.index(at: 3) == nil && window.index(at: -1) == nil)
        #expect(ListWindow(count: 0, height: 3, selected: nil).index(at: 0) == nil)
    }

    @Test func drawsTheRowsInViewOnly() {
        let names = ["platform-team", "plan", "a-name-that-is-too-long-for-its-column", "漢字の名前"]
        var asked: [Int] = []
        var pointer: Point?
        let picture = drawn(44, 4) { frame in
            let window = ListWindow(count: 4, height: 3, selected: 3)
            pointer = frame.list(window, selected: 3, in: Rect(x: 2, y: 1, width: 40, height: 3), widths: [18, 10]) {
                asked.append($0)
                return ListRow(names[$0], "owner", "\($0) members")
            }
        }
        #expect(asked == [1, 2, 3])
        #expect(pointer == Point(x: 2, y: 3))
        #expect(
            picture.lines == [
                "", "    plan              owner     1 members", "    a-name-that-is-t… owner     2 members",
                "  ▸ 漢字の名前        owner     3 members",
            ])
        #expect(picture.styles[3].hasPrefix("..P.PPPPPPPPPP........mmmmm"))
    }
}

@Suite struct FieldTests {
    private static func field(_ input: TextInput, _ width: Int, masked: Bool = false) -> (String, Int?) {
        var frame = Frame(Size(width: width + 2, height: 1))
        frame.field(input, at: Point(x: 1, y: 0), width: width, isMasked: masked)
        return (frame.lines[0], frame.cursor.map { $0.x - 1 })
    }

    @Test func showsTextAndCursor() {
        #expect(Self.field(TextInput(""), 5) == ("", 0))
        #expect(Self.field(TextInput("abc"), 5) == (" abc", 3))
        #expect(Self.field(TextInput("abcd"), 5) == (" abcd", 4))
        #expect(Self.field(TextInput("漢字"), 5) == (" 漢字", 4))
    }

    @Test func masksAllButTheLastFour() {
        #expect(Self.field(TextInput("cm_pat_abcdk3qa"), 20, masked: true) == (" •••••••••••k3qa", 15))
        #expect(Self.field(TextInput("abc"), 20, masked: true) == (" abc", 3))
        #expect(Self.field(TextInput("👨‍👩‍👧漢bcde"), 20, masked: true) == (" ••bcde", 6))
    }

    @Test func scrollsInStepsAndMarksWhatIsCut() {
        var input = TextInput("abcdefghijklmnopqrstuvwxyz")
        #expect(Self.field(input, 10) == (" …stuvwxyz", 9))
        input.move(to: 0)
        #expect(Self.field(input, 10) == (" abcdefghi…", 0))
        input.move(to: 12)
        #expect(Self.field(input, 10) == (" …fghijklm…", 8))
        // From the end as much as there is room for, half a wide character less at the most.
        #expect(Self.field(TextInput(String(repeating: "漢", count: 9)), 10) == (" …漢漢漢漢", 9))
    }

    @Test func escapesCountTheirColumns() {
        #expect(Self.field(TextInput("a\u{202E}b"), 20) == (" a\\u{202E}b", 10))
    }

    /// Wherever the cursor is in whatever text, it is inside the field, and what is drawn before it is before it.
    @Test func theCursorIsAlwaysInView() {
        for name in HostileNames.fixed + HostileNames.random(100, seed: 3) {
            var input = TextInput(name)
            for width in [1, 2, 3, 7, 24] {
                for offset in stride(from: 0, through: min(60, input.text.count), by: 1) {
                    input.move(to: offset)
                    for masked in [false, true] {
                        let view = FieldView(input, width: width, isMasked: masked)
                        #expect((0..<width).contains(view.cursorColumn), "\(UnicodeData.hex(name)) \(width) \(offset)")
                        #expect(
                            view.glyphs.allSatisfy { $0.column >= 0 && $0.column + $0.glyph.width <= width },
                            "\(UnicodeData.hex(name)) \(width) \(offset)")
                    }
                }
            }
        }
    }

    @Test func aClickFindsItsCluster() {
        var input = TextInput("a漢b")
        var view = FieldView(input, width: 10)
        #expect((-1...6).map(view.offset(at:)) == [0, 0, 1, 1, 2, 3, 3, 3])
        input = TextInput("abcdefghijklmnopqrstuvwxyz")
        view = FieldView(input, width: 10)
        #expect(view.offset(at: 1) == 18 && view.offset(at: 9) == 26)
    }
}

@Suite struct KeyBarTests {
    private static let entries = [
        KeyBarEntry("↑↓", "move", dropOrder: 1), KeyBarEntry("", "type to filter", dropOrder: 4),
        KeyBarEntry("Enter", "choose"), KeyBarEntry("Esc", "back"), KeyBarEntry("?", "help", dropOrder: 7),
    ]

    private static func bar(_ width: Int) -> String {
        drawn(width, 1) { $0.keyBar(entries, at: Point(x: 0, y: 0), width: width) }.lines[0]
    }

    @Test func dropsInTheOrderGiven() {
        #expect(Self.bar(60) == "↑↓ move   type to filter   Enter choose   Esc back   ? help")
        #expect(Self.bar(55) == "↑↓ move  type to filter  Enter choose  Esc back  ? help")
        #expect(Self.bar(50) == "type to filter  Enter choose  Esc back  ? help")
        #expect(Self.bar(40) == "Enter choose  Esc back  ? help")
        #expect(Self.bar(25) == "Enter choose  Esc back")
        #expect(Self.bar(18) == "Enter choose  Esc")
        #expect(Self.bar(4) == "Ent…")
    }
}

@Suite struct AnySizeTests {
    /// Nothing traps, and every row keeps its width, from 0×0 to 400×120.
    @Test func everyWidgetAtEverySize() {
        let sizes = [(0, 0), (1, 1), (2, 1), (1, 9), (3, 3), (10, 2), (40, 10), (80, 24), (400, 120)]
        for (width, height) in sizes {
            for signs in [Signs.unicode, .ascii] {
                for offset in width == 40 ? [-3, 0, 2, 500] : [1] {
                    var frame = Frame(Size(width: width, height: height), signs: signs)
                    let rect = Rect(x: offset, y: offset, width: width - offset, height: height)
                    for name in HostileNames.fixed {
                        frame.paragraph(name, in: rect, style: .muted)
                        frame.notice(.error, name, in: rect)
                        let rows = StatusRow.Mark.allCases.map { StatusRow(name, $0, name) }
                        frame.statusRows(rows, in: rect, labelWidth: 11)
                        frame.statusLine(rows, in: rect)
                        let window = ListWindow(count: 30, height: rect.size.height, selected: 9)
                        frame.list(window, selected: 9, in: rect, widths: [12, 3]) { _ in ListRow(name, name, name) }
                        frame.field(TextInput(name), at: rect.origin, width: rect.size.width)
                        frame.field(TextInput(name), at: rect.origin, width: rect.size.width, isMasked: true)
                        frame.keyBar(
                            [KeyBarEntry(name, name), KeyBarEntry("q", name, dropOrder: 1)], at: rect.origin,
                            width: rect.size.width)
                    }
                    #expect(frame.lines.count == height)
                    #expect(frame.lines.allSatisfy { TextWidth.of($0) <= width })
                }
            }
        }
    }
}
