// The strings that set and unset modes, and what a person can set about their terminal.

import Testing

@testable import Terminal

@Suite struct TerminalCodesTests {
    @Test func pausesOfOldHardwareAreLeftOut() {
        #expect(
            TerminalCodes.withoutPadding(Array("\u{1B}[H$<50>\u{1B}[J$<5*/>x$".utf8))
                == Array("\u{1B}[H\u{1B}[Jx$".utf8))
        #expect(TerminalCodes.withoutPadding(Array("a$<5".utf8)) == Array("a$<5".utf8))
    }

    @Test func showingTheCursorLeavesItsBlinkingAlone() {
        let xterm = ["civis": "\u{1B}[?25l", "cnorm": "\u{1B}[?12l\u{1B}[?25h"]
        #expect(Self.codes(xterm).showCursor == Array("\u{1B}[?25h".utf8))
        let console = ["civis": "\u{1B}[?25l\u{1B}[?1c", "cnorm": "\u{1B}[?25h\u{1B}[?0c"]
        #expect(Self.codes(console).showCursor == Array("\u{1B}[?25h\u{1B}[?0c".utf8))
    }

    @Test func theResetUndoesEveryMode() {
        let codes = Self.codes(["rmcup": "<rmcup>", "sgr0": "<sgr0>", "op": "<op>", "cnorm": "<cnorm>", "el": "<el>"])
        let text = String(decoding: codes.reset(lastLine: Array("<cup>".utf8)), as: UTF8.self)
        #expect(text == "\u{1B}[?1006l\u{1B}[?1000l\u{1B}[?1004l\u{1B}[?2004l<sgr0><op><cnorm><cup><el><rmcup>")
        let plain = String(decoding: Self.codes(["el": "<el>"]).reset(lastLine: []), as: UTF8.self)
        #expect(plain == "\u{1B}[?1006l\u{1B}[?1000l\u{1B}[?1004l\u{1B}[?2004l<el>")
    }

    @Test func optionsComeFromTheEnvironment() {
        #expect(TerminalOptions(environment: [:]) == TerminalOptions(escapeDelay: .milliseconds(25), noColor: false))
        #expect(TerminalOptions(environment: ["ESCDELAY": "300"]).escapeDelay == .milliseconds(300))
        #expect(TerminalOptions(environment: ["ESCDELAY": "-1"]).escapeDelay == .milliseconds(25))
        #expect(TerminalOptions(environment: ["ESCDELAY": "soon"]).escapeDelay == .milliseconds(25))
        #expect(TerminalOptions(environment: ["NO_COLOR": "1"]).noColor)
        #expect(!TerminalOptions(environment: ["NO_COLOR": ""]).noColor)
        for (value, isLight) in [
            ("0;15", true), ("0;default;7", true), ("15;0", false), ("15;default", false), ("", false),
        ] {
            #expect(TerminalOptions(environment: ["COLORFGBG": value]).isLight == isLight, "\(value)")
        }
    }

    private static func codes(_ entry: [String: String]) -> TerminalCodes {
        TerminalCodes { name in entry[name].map { Array($0.utf8) } }
    }
}
