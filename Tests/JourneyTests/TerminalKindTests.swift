// Every kind of terminal and every setting of one: the same program, usable, and gone without a trace.

import ServerSupport
import TestSupport
import Testing

@Suite(.serialized) struct TerminalKindTests {
    @Test(arguments: [
        "xterm-256color", "xterm", "screen", "tmux", "linux", "vt100", "ansi", "xterm-mono", "xterm-ghostty",
    ])
    func aScreenIsDrawnAndUndone(term: String) async throws {
        let terminal = try Journey().start(term: term)
        try await terminal.wait(for: "Exit")
        terminal.press(.end)
        try await terminal.wait(for: "the last row") { $0.selected?.hasPrefix("Exit") == true }
        terminal.press(.enter)
        #expect(try await terminal.waitForEnd() == .code(0))
        #expect(terminal.lineModes.isCooked && terminal.isUntouched, "\(terminal.setModes)")
    }

    @Test(arguments: ["dumb", "no-such-terminal", ""]) func withoutAScreenThereAreLines(term: String) async throws {
        let terminal = try Journey().start(term: term)
        try await terminal.wait(for: "Type a number, or Enter for 1:")
        let recorded = terminal.recorded
        #expect(!recorded.contains(0x1B))
        let says = String(decoding: recorded, as: UTF8.self).contains("does not know your terminal (TERM=\(term))")
        #expect(says == (term != "dumb"))
        terminal.send(Array("7\n".utf8))
        #expect(try await terminal.waitForEnd() == .code(0))
        #expect(terminal.lineModes.isCooked)
    }

    /// As a program leaves the terminal that died in raw mode.
    @Test func enterEndsALineWhateverItSends() async throws {
        let journey = try Journey()
        let shell = try TerminalSession.shell(
            environment: journey.environment(), directory: journey.home, owner: journey)
        try await shell.wait(for: "$")
        shell.send(Array("stty -icrnl -echo; \(Journey.program) --plain; stty -a | grep -o '.icrnl'\n".utf8))
        try await shell.wait(for: "Type a number, or Enter for 1:")
        shell.send(Array("7\r".utf8))
        try await shell.wait(for: "Enter for 1: 7")
        try await shell.wait(for: "-icrnl")
    }

    /// Nothing is drawn over the shell; `fg` takes it up.
    @Test func inTheBackgroundItStops() async throws {
        let journey = try Journey()
        let shell = try TerminalSession.shell(
            environment: journey.environment(), directory: journey.home, owner: journey)
        try await shell.wait(for: "$")
        shell.send(Array("\(Journey.program) & sleep 1; jobs\n".utf8))
        try await shell.wait(for: "Stopped")
        #expect(!shell.screen.text.contains("Exit"))
        shell.send(Array("fg\n".utf8))
        try await shell.wait(for: "▸ Sign in")
        shell.press(.character("q"))
        try await shell.wait(for: "the shell's screen") { !$0.text.contains("▸") }
    }

    @Test func withoutColourNothingIsLost() async throws {
        let terminal = try Journey(["NO_COLOR": "1"]).start()
        let screen = try await terminal.wait(for: "▸ Sign in")
        #expect(screen.cells.joined().allSatisfy { $0.foreground == -1 && $0.background == -1 })
    }

    /// Without colours light and dark are the terminal's: the QR code is not there unasked, and turned round where the
    /// terminal says that it is a light one.
    @Test(arguments: [("15;0", false), ("0;15", true)])
    func withoutColourTheCodeStandsAlone(colors: String, isReversed: Bool) async throws {
        let stage = try await Stage.shared()
        let variables = ["NO_COLOR": "1", "COLORFGBG": colors, "SSH_CONNECTION": "10.0.0.1 1 10.0.0.2 22"]
        let terminal = try Journey(server: stage.server.url, variables).start()
        _ = try await terminal.code()
        #expect(!terminal.screen.text.contains("▄"))
        terminal.press(.character("s"))
        let screen = try await terminal.wait(for: "▄▄▄▄▄▄▄")
        let picture = screen.cells.joined().filter { ["█", "▀", "▄"].contains($0.text) }
        // The title's sign is one of them, and no picture.
        #expect(picture.count > 300 && picture.filter { $0.reverse != isReversed }.count <= 2)
        #expect(screen.cells.joined().allSatisfy { $0.foreground == -1 && $0.background == -1 })
    }

    @Test(arguments: [["LANG": "C"], ["CLAUDEMESH_ASCII": "1"], ["LC_ALL": "POSIX"]])
    func withoutUnicodeThereIsASCII(variables: [String: String]) async throws {
        let terminal = try Journey(variables).start()
        try await terminal.wait(for: "> Sign in")
        #expect(terminal.recorded.allSatisfy { $0 < 0x80 })
    }

    @Test func theLanguageIsTheUsers() async throws {
        for (arguments, variables) in [(["--lang", "es"], [:]), ([], ["LANG": "es_ES.UTF-8"])] {
            let terminal = try Journey(variables).start(arguments)
            try await terminal.wait(for: "Salir")
        }
    }

    @Test func aSmallWindowShowsTheCodeAlone() async throws {
        let stage = try await Stage.shared()
        let terminal = try Journey(server: stage.server.url).start(columns: 40, rows: 10)
        let code = try await terminal.code()
        #expect(terminal.screen.lines.contains { $0.hasSuffix("  \(code)") })
        #expect(terminal.screen.text.contains("\(stage.server.host)/c"))
    }

    @Test func linesTakeOverWithTheAnswersKept() async throws {
        let stage = try await Stage.shared()
        let journey = try Journey(server: stage.server.url)
        try journey.signIn(stage.ana)
        let terminal = try journey.start()
        try await terminal.wait(for: "pick a mesh · 3")
        try await terminal.choose("planning")
        try await terminal.wait(for: "what others in the mesh see")
        terminal.press(.function(2))
        try await terminal.wait(for: "Your name in the mesh?")
        #expect(terminal.lineModes.isCooked && terminal.isUntouched)
        terminal.send(Array("\n".utf8))
        try await terminal.wait(for: "Your role")
        terminal.send(Array("3\n".utf8))
        try await terminal.wait(for: "Mesh planning")
        terminal.send(Array("\n".utf8))
        #expect(try await terminal.waitForEnd() == .code(0))
        let report = try await journey.report()
        #expect(report.variable("CLAUDEMESH_MESH") == "planning")
        #expect(report.variable("CLAUDEMESH_ROLE") == "reviewer")
        // Remembered, until the screen is asked for again.
        let second = try journey.start()
        try await second.wait(for: "1. Launch Claude Code")
        let third = try journey.start(["--full-screen"])
        try await third.wait(for: "▸ Launch Claude Code")
    }
}
