// Other terminals, by what their terminfo entries say: usable in each, or refused in words.

import TestSupport
import Testing

@Suite(.serialized) struct TermTests {
    @Test(arguments: [
        "xterm", "xterm-256color", "screen", "screen-256color", "tmux-256color", "linux", "vt100", "ansi", "xterm-mono",
        "xterm-direct", "rxvt-unicode-256color", "alacritty",
    ])
    func itIsUsable(term: String) async throws {
        let session = try await probe(term: term)
        let screen = session.screen
        #expect(screen.lines[0] == "probe 80x24 event 0")
        #expect(screen.lines[13].hasPrefix("  primary"))
        #expect(screen.cursor == (2, 12))
        session.press(.down)
        try await session.wait(for: "key down")
        session.send(Array("\u{1B}OB".utf8))
        try await session.wait(for: "the second move") { $0.cursor == (2, 14) }
        #expect(session.screen.cells.joined().allSatisfy { $0.background == -1 })
        try await leave(session)
        #expect(session.setModes.isDisjoint(with: ["1000", "1006", "2004", "1049", "1"]))
        #expect(session.screen.isCursorVisible)
        #expect(!String(decoding: session.recorded, as: UTF8.self).contains("\u{1B}[3J"))
        #expect(session.lineModes.isCooked)
    }

    @Test(
        arguments: [
            ("xterm-256color", [:], 28), ("xterm", [:], 2), ("linux", [:], 2), ("xterm-mono", [:], -1),
            ("xterm-256color", ["NO_COLOR": "1"], -1),
        ] as [(String, [String: String], Int)])
    func colorsAreThoseTheTerminalHas(term: String, environment: [String: String], success: Int) async throws {
        let session = try await probe(term: term, environment)
        #expect(session.screen.cells[14][2].foreground == success)
        try await leave(session)
    }

    @Test func directColorsAreWrittenAsRGB() async throws {
        let session = try await probe(term: "xterm-direct")
        // 0x0087AF; libvterm reads no colons with the empty colour space, so the bytes are looked at.
        #expect(String(decoding: session.recorded, as: UTF8.self).contains("\u{1B}[38:2::0:135:175m"))
        try await leave(session)
    }

    @Test(arguments: ["dumb", "no-such-terminal", "unknown", ""])
    func whatCannotShowAScreenIsRefused(term: String) async throws {
        let session = try TerminalSession(
            Products.path(of: "TerminalProbe"), environment: TerminalSession.environment(term: term))
        let found = session.lineModes
        try await session.wait(
            for: term == "dumb" ? "unavailable: dumb(\"dumb\")" : "unavailable: unknown(\"\(term)\")")
        #expect(try await session.waitForEnd() == .code(0))
        #expect(session.lineModes == found)
        #expect(!session.recorded.contains(0x1B))
    }

    @Test func withoutATerminalItIsRefused() async throws {
        let session = try TerminalSession(
            "/bin/sh", ["-c", "\(Products.path(of: "TerminalProbe")) </dev/null"])
        try await session.wait(for: "unavailable: notATerminal")
    }

    /// As ssh brings it from a machine that has it.
    @Test(arguments: ["xx_XX.UTF-8", "xx_XX.utf8"]) func aLocaleThatIsNotHereStillEncodes(name: String) async throws {
        let session = try await probe(["LC_ALL": name])
        #expect(session.screen.lines[12] == "  plain e\u{301} 世界 ✔")
        try await leave(session)
    }

    @Test func anotherEncodingGetsQuestionMarks() async throws {
        let session = try await probe(["LANG": "C"])
        #expect(session.screen.lines[12] == "  plain e ? ?  ?" || session.screen.lines[12] == "  plain e ? ? ?")
        try await leave(session)
    }
}
