// A slow line: few bytes for what changes, and nothing cleared that is written again, which would flicker.

import TestSupport
import Testing

@Suite(.serialized) struct SlowLineTests {
    /// What a line of 9600 baud carries in a second.
    static let second = 960

    @Test(arguments: ["xterm-256color", "screen", "tmux", "linux", "vt100", "xterm-mono"])
    func whatChangesIsAllThatIsWritten(term: String) async throws {
        let terminal = try Journey().start(term: term)
        try await terminal.wait(for: "▸ Sign in")
        #expect(terminal.recorded.count < Self.second * 5 / 4, "the first frame")

        let drawn = terminal.recorded.count
        terminal.press(.down)
        try await terminal.wait(for: "▸ Paste an access token")
        #expect(terminal.recorded.count - drawn < Self.second / 6, "a row further")
        let moved = terminal.recorded.count
        // As many as wait when a line was held up: one frame shows where they lead.
        terminal.send(Array(repeating: Keystroke.down, count: 20).flatMap(\.bytes))
        try await terminal.wait(for: "▸ Exit")
        #expect(terminal.recorded.count - moved < Self.second / 6, "many rows at once")

        let last = terminal.recorded.count
        terminal.press(.character("?"))
        try await terminal.wait(for: "Esc close")
        terminal.press(.escape)
        try await terminal.wait(for: "▸ Exit")
        terminal.press(.home, .down, .enter)
        try await terminal.wait(for: "It stays hidden")
        let typed = terminal.recorded.count
        try await terminal.type("c")
        try await terminal.wait(for: "Token  c")
        #expect(terminal.recorded.count - typed < Self.second / 3, "a letter")
        let after = String(decoding: terminal.recorded[last...], as: UTF8.self)
        #expect(!after.contains(#/\x1B\[[0-3]?J/#), "nothing is cleared after the first frame")
    }
}
