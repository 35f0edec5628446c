// A slow line: few bytes for what changes, and nothing cleared that is written again, which would flicker.

import ServerSupport
import TestSupport
import Testing

@Suite(.serialized) struct SlowLineTests {
    /// What a line of 9600 baud carries in a second.
    static let second = 960

    @Test(arguments: ["xterm-256color", "screen", "tmux", "linux", "vt100", "xterm-mono"])
    func whatChangesIsAllThatIsWritten(term: String) async throws {
        let terminal = try Journey().start(term: term)
        try await terminal.wait(for: "▸ Sign in")
        #expect(terminal.recorded.count < Self.second * 4 / 3, "the first frame")

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

    @Test func aWholeRunIsTypedAheadOfTheLine() async throws {
        let stage = try await Stage.shared()
        let journey = try Journey(agent: "exit 4", server: stage.server.url)
        let terminal = try journey.start(pace: Self.second)
        // There and back again before any of it is drawn; the code is the first that has to be seen.
        terminal.press(.down, .down, .up, .up, .enter)
        try await stage.server.decide(try await terminal.shownCode(), as: stage.ana, approve: true)
        try await terminal.wait(for: "type to filter")
        try await terminal.wait(until: "it rests") { terminal.isAtRest }

        let before = terminal.recorded.count
        // A terminal that marks a paste is believed: what follows is typed, however fast it comes.
        terminal.paste("plan")
        terminal.press(.enter, .control("u"), .character("Z"), .character("o"), .character("e"), .enter)
        terminal.press(.down, .down, .enter, .enter)
        #expect(terminal.recorded.count - before < Self.second, "typed ahead of what is drawn")
        #expect(try await terminal.waitForEnd() == .code(4))
        let report = try await journey.report()
        #expect(report.variable("CLAUDEMESH_MESH") == "planning")
        #expect(report.variable("CLAUDEMESH_DISPLAY_NAME") == "Zoe")
        #expect(report.variable("CLAUDEMESH_ROLE") == "reviewer")
        #expect(report.pendingInput == 0 && terminal.isUntouched)
        #expect(terminal.recorded.count < 8 * Self.second, "\(terminal.recorded.count) bytes")
        let text = String(decoding: terminal.recorded, as: UTF8.self)
        #expect(text.matches(of: #/\x1B\[[0-3]?J/#).count <= 1, "cleared for the first frame alone")
    }
}
