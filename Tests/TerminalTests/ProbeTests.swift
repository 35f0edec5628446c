// Terminal from outside: a real program in a real pseudo-terminal, what it writes, what it shows, and what is left of it.

import Foundation
import TestSupport
import Testing

/// The probe at its first frame.
func probe(
    term: String = "xterm-256color", columns: Int = 80, rows: Int = 24, _ environment: [String: String] = [:]
) async throws -> TerminalSession {
    let session = try TerminalSession(
        Products.path(of: "TerminalProbe"), environment: TerminalSession.environment(term: term, environment),
        columns: columns, rows: rows)
    try await session.wait(for: "corner")
    return session
}

func leave(_ session: TerminalSession) async throws {
    session.press(.control("c"))
    #expect(try await session.waitForEnd() == .code(0))
}

@Suite(.serialized) struct ProbeTests {
    @Test func aFrameIsShownCellForCell() async throws {
        let session = try await probe()
        let screen = session.screen
        #expect(screen.isAlternate)
        #expect(screen.lines[0] == "probe 80x24 event 0")
        #expect(screen.lines[12] == "  plain e\u{301} 世界 ✔")
        #expect(screen.lines[23] == String(repeating: " ", count: 74) + "corner")
        #expect(screen.cursor == (2, 12))
        #expect(screen.isCursorVisible)
        #expect(screen.cells[0][0].bold)
        #expect(screen.cells[13][2].foreground == 31)
        #expect(screen.cells[15][2].foreground == 161)
        #expect(screen.cells.joined().allSatisfy { $0.background == -1 })
        #expect(screen.cells[12][10].text == "世" && screen.cells[12][11].text.isEmpty)
        try await leave(session)
    }

    @Test func everyModeThatIsSetIsUnset() async throws {
        let session = try await probe()
        session.press(.function(1), .function(8))
        try await session.wait(until: "the mouse and the cursor's hiding are on") {
            session.setModes.isSuperset(of: ["1000", "1006", "2004", "1049"]) && !session.screen.isCursorVisible
        }
        try await leave(session)
        #expect(session.setModes == ["7", "25"])
        let text = String(decoding: session.recorded, as: UTF8.self)
        #expect(text.hasPrefix("\u{1B}[?2004h\u{1B}[?1004h\u{1B}[?1049h"))
        #expect(!text.contains("\u{1B}[3J"))
        #expect(!text.contains("?12"))
        // The main screen is as it was, and what is printed after stands where the prompt would.
        #expect(!session.screen.isAlternate)
        #expect(session.screen.text.split(separator: "\n") == ["left"])
    }

    /// The bytes of a whole visit, so that no terminal's change of heart goes unseen.
    @Test func enteringAndLeavingWriteTheseBytes() async throws {
        let session = try await probe()
        try await leave(session)
        let text = String(decoding: session.recorded, as: UTF8.self)
        let entered =
            "\u{1B}[?2004h\u{1B}[?1004h\u{1B}[?1049h\u{1B}[22;0;0t\u{1B}[1;24r\u{1B}(B\u{1B}[m\u{1B}[4l\u{1B}[?7h"
            + "\u{1B}[39;49m\u{1B}[39;49m\u{1B}(B\u{1B}[m\u{1B}[H\u{1B}[2J"
        #expect(text.prefix(entered.count).debugDescription == entered.debugDescription)
        let left =
            "\u{1B}[?1004l\u{1B}[?2004l\u{1B}[24;1H\u{1B}[K\u{1B}[24;1H\u{1B}[?1049l\u{1B}[23;0;0t\r\u{1B}[?1l\u{1B}>left\r\n"
        #expect(text.suffix(left.count).debugDescription == left.debugDescription)
    }

    @Test func movingASelectionCostsFewBytes() async throws {
        let session = try await probe()
        session.press(.down)
        try await session.wait(for: "key down")
        let before = session.recorded.count
        session.press(.down)
        try await session.wait(for: "the selection") { $0.cursor == (2, 14) }
        #expect(session.recorded.count - before < 400)
        #expect(session.screen.cells[14][2].reverse && !session.screen.cells[13][2].reverse)
        try await leave(session)
    }

    @Test func keysArriveAsTyped() async throws {
        let session = try await probe()
        session.press(.up, .function(12), .escape)
        try await session.wait(for: "key escape")
        try await session.type("é世")
        try await session.wait(for: #"key character("世")"#)
        session.send([0xFF])
        try await session.wait(for: "key character(\"\u{FFFD}\")")
        #expect(session.screen.text.contains(#"key character("é")"#))
        session.press(.control("s"), .alt("b"))
        try await session.wait(for: #"key alt("b")"#)
        #expect(session.screen.text.contains(#"key control("s")"#))
        try await leave(session)
    }

    @Test func aMebibytePastedIsOneEventAtOnce() async throws {
        let session = try await probe()
        session.paste(String(repeating: "0123456789abcde\r", count: 1 << 16))
        try await session.wait(for: "paste of 1048576: \"0123456789abcde")
        try await leave(session)
    }

    @Test func theMouseSpeaksOnlyWhenAsked() async throws {
        let session = try await probe()
        session.press(.function(1))
        session.click(x: 7, y: 3)
        session.wheel(up: true, x: 79, y: 23)
        try await session.wait(for: "mouse wheelUp 79,23")
        #expect(session.screen.text.contains("mouse click 7,3"))
        session.press(.function(2))
        try await session.wait(until: "the mouse is off") { session.setModes.isDisjoint(with: ["1000", "1006"]) }
        try await leave(session)
    }

    @Test func resizingIsSeenAtOnce() async throws {
        let session = try await probe()
        session.resize(columns: 100, rows: 30)
        try await session.wait(for: "the new size") {
            $0.lines[0].hasPrefix("probe 100x30") && $0.lines[29].hasSuffix("corner")
        }
        session.resize(columns: 40, rows: 21)
        try await session.wait(for: "the small size") {
            $0.lines[0].hasPrefix("probe 40x21") && $0.lines[20].hasSuffix("corner")
        }
        #expect(session.screen.lines[12] == "  plain e\u{301} 世界 ✔")
        session.resize(columns: 0, rows: 0)
        try await session.wait(for: "80x24")
        try await leave(session)
    }

    @Test func resizedToAndFroTheSameFrameIsShownAgain() async throws {
        let session = try await probe()
        session.press(.function(9))
        try await session.wait(for: "key function(9)")
        let before = session.screen.lines
        session.resize(columns: 40, rows: 10)
        session.resize(columns: 80, rows: 24)
        try await session.wait(for: "the same frame") { $0.lines == before }
        try await leave(session)
    }

    @Test func everySizeIsSurvived() async throws {
        let session = try await probe()
        for (columns, rows) in [(1, 1), (2, 1), (1, 50), (400, 120), (3, 3), (400, 1), (80, 24)] {
            session.resize(columns: columns, rows: rows)
            session.press(.down)
        }
        try await session.wait(for: "the last size") {
            $0.lines[0].hasPrefix("probe 80x24") && $0.lines[23].hasSuffix("corner")
        }
        try await leave(session)
    }

    @Test func whatWasTypedBeforeTheDrainDoesNotCome() async throws {
        let session = try await probe()
        session.press(.function(5))
        try await session.wait(for: "key function(5)")
        session.press(.enter, .enter, .tab, .down)
        try await session.wait(for: "drained")
        session.press(.home)
        try await session.wait(for: "key home")
        #expect(!session.screen.text.contains("key enter"))
        #expect(session.screen.cursor == (2, 12))
        try await leave(session)
    }

    @Test func aLinkIsWrittenOnceAndTakenBack() async throws {
        let session = try await probe()
        let open = "\u{1B}]8;;https://example.test/c\u{1B}\\"
        session.press(.down)
        try await session.wait(for: "key down")
        let text = String(decoding: session.recorded, as: UTF8.self)
        #expect(text.components(separatedBy: open).count == 2)
        let look = "\u{1B}(B\u{1B}[m\u{1B}[39;49m\u{1B}[38;5;31m\u{1B}[4m"
        #expect(text.contains("\u{1B}[21;3H\(open)\(look)example.test/c\u{1B}]8;;\u{1B}\\"))
        #expect(session.screen.lines[20] == "  example.test/c")
        #expect(session.screen.cursor == (2, 13))
        let before = session.recorded.count
        session.press(.function(10))
        let written = { String(decoding: session.recorded[before...], as: UTF8.self) }
        try await session.wait(until: "the same text is written again") { written().contains("example.test/c") }
        #expect(!written().contains("]8;;"))
        try await leave(session)
    }

    @Test(arguments: ["linux", "screen-256color", "vt100"])
    func otherTerminalsGetNoLinks(term: String) async throws {
        let session = try await probe(term: term)
        #expect(session.screen.lines[20] == "  example.test/c")
        #expect(!String(decoding: session.recorded, as: UTF8.self).contains("]8;"))
        try await leave(session)
    }

    /// On a terminal without a screen to go back to, the prompt gets a clean row under what stays.
    @Test func withoutAnAlternateScreenTheLastRowIsCleared() async throws {
        let session = try await probe(term: "vt100")
        try await leave(session)
        #expect(session.screen.lines[20] == "" && session.screen.lines[22] == "left")
    }

    @Test func repaintingWritesEverything() async throws {
        let session = try await probe()
        let before = session.recorded.count
        session.press(.function(7))
        try await session.wait(until: "the screen was cleared and written") {
            let text = String(decoding: session.recorded[before...], as: UTF8.self)
            return text.contains("\u{1B}[H\u{1B}[2J") && text.contains("corne")
        }
        try await leave(session)
    }
}
