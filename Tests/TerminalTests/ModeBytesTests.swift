// The modes of a whole visit, byte for byte, on each kind of terminal: what is entered, used, and left. Text, colours and
// the moving of the cursor are left out. To add a terminal: its line in the table; a failure shows what was written.

import TestSupport
import Testing

@Suite(.serialized) struct ModeBytesTests {
    /// `^` is Escape; entered | mouse on, cursor hidden | left.
    static let visits = [
        "xterm-256color":
            "^[?2004h ^[?1004h ^[?1049h ^[22;0;0t ^[1;24r ^[4l ^[?7h ^[?7l ^[?7h | ^[?1000h ^[?1006h ^[?25l | "
            + "^[?1006l ^[?1000l ^[?1004l ^[?2004l ^[?25h ^[?1049l ^[23;0;0t ^[?1l ^>",
        "xterm-direct":
            "^[?2004h ^[?1004h ^[?1049h ^[22;0;0t ^[1;24r ^[4l ^[?7h ^[?7l ^[?7h | ^[?1000h ^[?1006h ^[?25l | "
            + "^[?1006l ^[?1000l ^[?1004l ^[?2004l ^[?25h ^[?1049l ^[23;0;0t ^[?1l ^>",
        "xterm-mono":
            "^[?2004h ^[?1004h ^)0 ^7 ^[?47h ^[1;24r ^[4l ^[4h ^[4l | ^[?1000h ^[?1006h | "
            + "^[?1006l ^[?1000l ^[?1004l ^[?2004l ^[?47l ^8 ^[?1l ^>",
        "screen":
            "^[?2004h ^[?1004h ^)0 ^[?1049h ^[1;24r ^[4l | ^[?1000h ^[?1006h ^[?25l | "
            + "^[?1006l ^[?1000l ^[?1004l ^[?2004l ^[?25h ^[?1049l ^[?1l ^>",
        "tmux":
            "^[?2004h ^[?1004h ^)0 ^[?1049h ^[1;24r ^[4l | ^[?1000h ^[?1006h ^[?25l | "
            + "^[?1006l ^[?1000l ^[?1004l ^[?2004l ^[?25h ^[?1049l ^[?1l ^>",
        "linux":
            "^[?2004h ^[?1004h ^)0 ^[1;24r ^[4l ^[?7h ^[?7l ^[?7h | ^[?1000h ^[?1006h ^[?25l ^[?1c | "
            + "^[?1006l ^[?1000l ^[?1004l ^[?2004l ^[?25h ^[?0c",
        "vt100":
            "^[?2004h ^[?1004h ^)0 ^[1;24r ^[?7h ^[?7l ^[?7h | ^[?1000h ^[?1006h | ^[?1006l ^[?1000l ^[?1004l ^[?2004l ^[?1l ^>",
        "ansi": "^[?2004h ^[?1004h | ^[?1000h ^[?1006h | ^[?1006l ^[?1000l ^[?1004l ^[?2004l",
    ]

    @Test(arguments: visits.keys.sorted()) func aVisitSetsAndUnsetsThese(term: String) async throws {
        let session = try await probe(term: term)
        let entered = Self.modes(in: session.recorded[...])
        let first = session.recorded.count
        session.press(.function(1), .function(8))
        try await session.wait(for: "key function(8)")
        let used = session.recorded.count
        try await leave(session)
        let visit = [
            entered, Self.modes(in: session.recorded[first..<used]), Self.modes(in: session.recorded[used...]),
        ]
        #expect(visit.joined(separator: " | ") == Self.visits[term])
    }

    /// Stopped and woken, the same is left and entered again; the user's colours are their own throughout.
    @Test(arguments: ["xterm-256color", "linux", "vt100"]) func stoppedAndWokenItEntersAnew(term: String) async throws {
        let shell = try TerminalSession.shell(environment: TerminalSession.environment(term: term))
        try await shell.wait(for: "$")
        shell.send(Array("\(Products.path(of: "TerminalProbe"))\n".utf8))
        try await shell.wait(for: "corner")
        for _ in 0..<2 {
            let before = shell.recorded.count
            shell.press(.control("z"))
            try await shell.wait(for: "Stopped")
            shell.send(Array("printf '\\033[H\\033[2J'; fg\n".utf8))
            try await shell.wait(for: "resumed") { $0.text.contains("resumed") && $0.text.contains("corner") }
            let modes = Self.modes(in: shell.recorded[before...])
            #expect(modes.contains("^[?1004l ^[?2004l") && modes.contains("^[?2004h ^[?1004h"))
            #expect(modes.ranges(of: "^[?1049l").count == modes.ranges(of: "^[?1049h").count)
        }
        shell.press(.control("c"))
        try await shell.wait(for: "left")
        let text = String(decoding: shell.recorded, as: UTF8.self)
        #expect(!text.contains("\u{1B}[3J"))
        // Neither OSC 104 nor the Linux console's own: a palette that the user redefined stays.
        #expect(!text.contains(#/\x1B\](104|R|P)/#))
    }

    /// Sequences that set or unset something that lasts, runs of the same one once. Character sets and attributes, which
    /// go with every word, are not among them.
    private static func modes(in bytes: ArraySlice<UInt8>) -> String {
        let text = String(decoding: bytes, as: UTF8.self)
        let pattern = #/\x1B(\[[?>]?[0-9;]*[hlrtpqc]|[=>78c]|\)0|\](?!8;)[^\x07\x1B]*)/#
        return text.matches(of: pattern).map { "^\($0.1)" }
            .reduce(into: []) { if $0.last != $1 { $0.append($1) } }.joined(separator: " ")
    }
}
