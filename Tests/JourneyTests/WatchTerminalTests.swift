// The mesh on any terminal, by any hand: over a slow line, typed ahead of what is drawn, by mouse alone, on to lines in the
// middle of it, in one's own colour, and whatever stands in what others say.

import Foundation
import MeshAPI
import MeshClient
import ServerSupport
import TestSupport
import Testing

@Suite(.serialized) struct WatchTerminalTests {
    /// What a line of 9600 baud carries in a second.
    private static let second = 960

    @Test(arguments: ["xterm-256color", "screen", "linux", "vt100", "xterm-mono"])
    func overASlowLineWhatChangesIsAllThatIsWritten(term: String) async throws {
        let watched = try await Watched.make()
        let journey = try Journey(server: watched.server.url)
        try journey.signIn(watched.ana)
        let terminal = try journey.start(["watch", "planning"], term: term, pace: Self.second)
        try await terminal.wait(for: "bo/docs")
        try await terminal.wait(for: "#general")
        try await terminal.wait(until: "it rests") { terminal.isAtRest }
        #expect(terminal.recorded.count < 2 * Self.second, "the frames until all is there")
        let drawn = terminal.recorded.count
        try await watched.say("the first", to: "#general")
        try await terminal.wait(for: "the first")
        #expect(terminal.recorded.count - drawn < Self.second / 3, "a message")
        let said = terminal.recorded.count
        terminal.press(.character("c"))
        try await terminal.wait(for: "›  c")
        #expect(terminal.recorded.count - said < Self.second / 3, "a letter")
        let later = terminal.recorded.count
        // Many in one moment are a frame or two, not one each.
        for number in 1...20 { try await watched.say("burst \(number)", to: "#general") }
        try await terminal.wait(for: "burst 20")
        #expect(terminal.recorded.count - later < 12 * Self.second, "twenty messages")
        let after = String(decoding: terminal.recorded[drawn...], as: UTF8.self)
        #expect(!after.contains(#/\x1B\[[0-3]?J/#), "nothing is cleared after the first frame")
    }

    @Test func whatIsTypedAheadIsSentOnce() async throws {
        let watched = try await Watched.make()
        let journey = try Journey(server: watched.server.url)
        try journey.signIn(watched.ana)
        // Before a frame of it is on this line, and before the mesh is opened.
        let terminal = try journey.start(["watch", "planning"], pace: Self.second)
        try await terminal.wait(until: "it reads keys") { terminal.setModes.contains("2004") }
        terminal.paste("@bo/docs typed ahead")
        terminal.press(.enter)
        terminal.paste("@bo/docs and this")
        terminal.press(.enter)
        try await watched.until {
            try await watched.docs.messages(in: watched.mesh.id, unread: true).items.map(\.body) == [
                "and this", "typed ahead",
            ]
        }
        try await terminal.wait(for: "and this")
        terminal.press(.control("c"))
        #expect(try await terminal.waitForEnd() == .code(130))
    }

    /// Each ends with a word by which it is found.
    private static let hostile = [
        "\u{1B}]0;pwned\u{7}\u{1B}[2J\u{1B}[31m title", "\u{202E}\u{2066}desrever\u{200B}\u{FEFF} bidi",
        "\u{9B}31m\u{90}q\u{9C} eight-bit", "flag \u{1F3F4}\u{E0067}\u{E0062}\u{E007F} tags",
        "new\rline\u{8}\u{8}\u{7F} carriage", String(repeating: "漢字", count: 400) + " wide",
        String(repeating: "\n", count: 60_000) + "deep",
        String(repeating: "e\u{301}\u{301}\u{301}", count: 300) + " marks",
    ]

    @Test(arguments: [[], ["--plain"]]) func whatOthersSayCanDoNothingToTheTerminal(arguments: [String]) async throws {
        let watched = try await Watched.make()
        let terminal = try watched.start(arguments)
        try await terminal.wait(for: arguments.isEmpty ? "bo/docs" : "Type help for words.")
        for text in Self.hostile {
            try await watched.say(text, to: "ana")
            try await watched.say(text, to: "#general")
        }
        try await watched.say("the last word", to: "#general")
        if arguments.isEmpty {
            try await terminal.wait(for: "the last word")
            // Read from the first to the last, whole ones too.
            for _ in 0..<30 { terminal.press(.pageUp) }
            terminal.press(.control("o"))
            try await terminal.wait(until: "it rests") { terminal.isAtRest }
            terminal.press(.escape, .escape, .up)
            try await terminal.wait(for: "▸ bo/docs")
        } else {
            try await watched.until {
                terminal.send([0x0A])
                try await Task.sleep(for: .milliseconds(200))
                return terminal.screen.text.contains("the last word")
            }
        }
        let written = String(decoding: terminal.recorded, as: UTF8.self)
        let signs = ["\u{1B}]0;", "\u{7}", "\u{202E}", "\u{2066}", "\u{9B}", "\u{90}", "\u{E0067}", "\u{8}\u{8}\u{7F}"]
        for sign in signs {
            #expect(!written.contains(sign), "\(sign.unicodeScalars.map { String($0.value, radix: 16) })")
        }
        terminal.signal(15)
        _ = try await terminal.waitForEnd()
        #expect(terminal.isUntouched)
    }

    @Test func theMouseAloneReachesEverything() async throws {
        let watched = try await Watched.make()
        let terminal = try watched.start()
        try await terminal.wait(for: "bo/docs")
        for number in 1...30 { try await watched.say("line \(number)", to: "#general") }
        try await watched.say("May I?", to: "ana")
        try await terminal.wait(for: "bo/docs asks you: May I?")
        // A peer's card, and the line for it.
        try await terminal.click(on: "idle")
        try await terminal.wait(for: "▸ idle")
        try await terminal.click(on: "▸ idle")
        try await terminal.wait(for: "▸ Write to it")
        try await terminal.click(on: "▸ Write to it")
        try await terminal.wait(for: "To bo/docs ›")
        // Help by the bar, and back.
        try await terminal.click(on: "? help")
        try await terminal.wait(for: "Esc close")
        try await terminal.click(on: "Esc close")
        try await terminal.wait(for: "To bo/docs ›")
        // Up in what was said, and to the newest by its header.
        for _ in 0..<5 { terminal.wheel(up: true, x: 50, y: 8) }
        try await terminal.wait(for: "newer")
        try await terminal.click(on: "newer")
        try await terminal.wait(for: "the newest") { !$0.text.contains("newer") && $0.text.contains("line 30") }
        // What is for one: chosen, and answered.
        try await terminal.click(on: "bo/docs asks you")
        try await terminal.wait(for: "▸ bo/docs asks you")
        try await terminal.click(on: "▸ bo/docs asks you")
        try await terminal.wait(for: "Answer bo/docs ›")
        // The filter by the bar, its end too; then out.
        try await terminal.click(on: "/ filter")
        try await terminal.wait(for: "Filter:")
        try await terminal.click(on: "Esc back")
        try await terminal.wait(for: "Esc new message")
        // The answer is given up, which makes room in the bar for the way out.
        try await terminal.click(on: "Esc new message")
        try await terminal.wait(for: "Ctrl-C quit")
        try await terminal.click(on: "Ctrl-C quit")
        #expect(try await terminal.waitForEnd() == .code(130))
    }

    @Test func linesGoOnWhereTheScreenWas() async throws {
        let watched = try await Watched.make()
        let journey = try Journey(server: watched.server.url)
        try journey.signIn(watched.ana)
        let terminal = try journey.start(["watch", "planning"])
        try await terminal.wait(for: "bo/docs")
        try await terminal.type("@bo/docs ")
        terminal.press(.enter)
        try await terminal.wait(for: "To bo/docs ›")
        terminal.press(.function(2))
        try await terminal.wait(for: "Watching planning.")
        terminal.send(Array("to whom the line was\n".utf8))
        try await terminal.wait(for: "To bo/docs: sent.")
        try await watched.until {
            let got = try await watched.docs.messages(in: watched.mesh.id, unread: true).items
            return got.map(\.body) == ["to whom the line was"]
        }
        terminal.send(Array("quit\n".utf8))
        #expect(try await terminal.waitForEnd() == .code(0))
        #expect(try journey.read("config.json").contains(#""plain""#), "it stays so")
    }

    @Test func theColourIsTheOneThatThePersonChose() async throws {
        let watched = try await Watched.make()
        for (accent, colour) in [(#"{"accent":"rose"}"#, "162"), ("{}", "31")] {
            let journey = try Journey(server: watched.server.url)
            try journey.signIn(watched.ana)
            try journey.write("config.json", accent)
            let terminal = try journey.start(["watch", "planning"])
            try await terminal.wait(for: "bo/docs")
            #expect(String(decoding: terminal.recorded, as: UTF8.self).contains("38;5;\(colour)m"), "\(accent)")
        }
    }
}
