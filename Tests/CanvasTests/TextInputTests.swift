// The input line: what each key does, and what a paste becomes.

import TestSupport
import Testing

@testable import Canvas

/// `ab|c` as an input with the cursor at the bar.
private func input(_ picture: String) -> TextInput {
    let parts = picture.split(separator: "|", omittingEmptySubsequences: false)
    var input = TextInput(parts.joined())
    input.move(to: parts[0].count)
    return input
}

private func picture(_ input: TextInput) -> String {
    String(input.text.prefix(input.cursor)) + "|" + String(input.text.dropFirst(input.cursor))
}

@Suite struct TextInputTests {
    @Test(arguments: [
        ("ab|c", [Key.character("x")], "abx|c"), ("|", [.character("ñ"), .character(" ")], "ñ |"),
        ("ab|c", [.left], "a|bc"), ("|abc", [.left], "|abc"), ("abc|", [.right], "abc|"), ("a|bc", [.right], "ab|c"),
        ("a👨‍👩‍👧|b", [.left], "a|👨‍👩‍👧b"), ("a👨‍👩‍👧|b", [.backspace], "a|b"), ("a|e\u{301}b", [.delete], "a|b"),
        ("|abc", [.backspace], "|abc"), ("abc|", [.delete], "abc|"), ("a|bc", [.control("d")], "a|c"),
        ("ab|c", [.home], "|abc"), ("ab|c", [.control("a")], "|abc"), ("a|bc", [.end], "abc|"),
        ("a|bc", [.control("e")], "abc|"),
        ("ab|cd", [.control("k")], "ab|"), ("ab|cd", [.control("u")], "|"), ("|", [.control("u")], "|"),
        ("one two|", [.control("w")], "one |"), ("one two  |x", [.control("w")], "one |x"),
        ("one|", [.control("w")], "|"),
        ("  |", [.control("w")], "|"), ("|x", [.control("w")], "|x"),
        ("one two-three|", [.alt("b")], "one two-|three"),
        ("one two-three|", [.alt("b"), .alt("b"), .alt("b"), .alt("b")], "|one two-three"),
        ("|one, two", [.alt("f")], "one|, two"), ("one|, two", [.alt("f")], "one, two|"),
        ("one|!", [.alt("f")], "one!|"),
        ("--|", [.alt("b")], "|--"),
        ("ab|cd", [.control("u"), .control("y")], "abcd|"),
        ("ab|cd", [.control("k"), .control("a"), .control("y")], "cd|ab"),
        ("|", [.control("y")], "|"), ("ab|", [.control("u"), .control("u"), .control("y")], "ab|"),
    ])
    func keys(before: String, keys: [Key], after: String) {
        var line = input(before)
        for key in keys { #expect(line.handle(key) != .ignored) }
        #expect(picture(line) == after)
    }

    @Test(arguments: [
        Key.enter, .escape, .tab, .up, .down, .function(1), .control("c"), .control("r"), .alt("x"), .pageUp,
    ])
    func leavesOtherKeysAlone(key: Key) {
        var line = input("a|b")
        let before = line
        #expect(line.handle(key) == .ignored)
        #expect(line == before)
    }

    @Test func saysWhatHappened() {
        var line = input("ab|")
        #expect(line.handle(.character("c")) == .changed)
        #expect(line.handle(.left) == .unchanged)
        #expect(line.handle(.control("y")) == .unchanged)
        #expect(line.handle(.backspace) == .changed)
        #expect(picture(line) == "a|c")
    }

    @Test func refusesAsItIsTyped() {
        let short: (String) -> Bool = { $0.count <= 3 }
        var line = input("a|bc")
        #expect(line.handle(.character("x"), accepts: short) == .refused)
        #expect(line.paste("x", accepts: short) == .refused)
        #expect(picture(line) == "a|bc")
        #expect(line.handle(.backspace, accepts: { _ in false }) == .changed)
        #expect(line.handle(.character("x"), accepts: short) == .changed)
        #expect(picture(line) == "x|bc")
    }

    @Test func neverBringsASecretBack() {
        var line = TextInput("secret", bringsBack: false)
        #expect(line.handle(.control("u")) == .changed)
        #expect(line.handle(.control("y")) == .unchanged)
        #expect(line.isEmpty)
        #expect(!"\(line)".contains("secret"))
    }

    @Test func typedMarksJoinTheClusterBefore() {
        var line = input("e|x")
        #expect(line.handle(.character("\u{301}")) == .changed)
        #expect(picture(line) == "e\u{301}|x")
        line = TextInput("\u{301}x")
        line.move(to: 0)
        _ = line.handle(.character("e"))
        #expect(picture(line) == "e\u{301}|x")
    }

    @Test(arguments: [
        ("one\ntwo", "one two"), ("one\r\n\r\ntwo\n", "one two"), ("\n\tone\n", " one"), ("a\tb", "a b"),
        ("\u{1b}[31mred\u{7}", "[31mred"),
        ("\u{85}a\u{2028}b\u{9b}c", "a bc"), ("plain", "plain"), ("\u{0}\u{7f}", ""), ("q", "q"),
    ])
    func pastesOneLine(pasted: String, text: String) {
        var line = TextInput()
        #expect(line.paste(pasted) == (text.isEmpty ? .unchanged : .changed))
        #expect(line.text == text)
        #expect(line.cursor == text.count)
    }

    @Test(arguments: ["x", "\n", "\u{301}", "👨\u{200D}", "\u{1b}", "漢"])
    func aMegabyteIsCut(unit: String) {
        let pasted = String(repeating: unit, count: (1 << 20) / unit.utf8.count)
        var line = input("a|b")
        let outcome = line.paste(pasted)
        #expect(line.text.unicodeScalars.count <= TextInput.maxScalars)
        #expect(outcome == .changed || outcome == .unchanged)
        var whole = TextInput(pasted)
        _ = whole.handle(.left)
        _ = whole.handle(.control("w"))
        #expect(whole.text.unicodeScalars.count <= TextInput.maxScalars)
    }

    /// Random keys never trap, and the cursor stays in the text.
    @Test func survivesAnything() {
        let keys: [Key] = [
            .character("a"), .character(" "), .character("\u{301}"), .character("漢"), .character("\u{200D}"),
            .character("👨"),
            .character("\u{1F1E6}"), .left, .right, .home, .end, .backspace, .delete, .control("k"), .control("u"),
            .control("w"),
            .control("y"), .alt("b"), .alt("f"),
        ]
        var generator = Random(seed: 11)
        var line = TextInput()
        for _ in 0..<20_000 {
            _ = line.handle(keys[Int.random(in: 0..<keys.count, using: &generator)])
            #expect((0...line.text.count).contains(line.cursor))
        }
    }
}
