// However the program ends or stops, the terminal is as it was found and the parent sees the true reason.
// With nothing beside it (`alone` in the README: a paste without marks is known by its pace).

import Glibc
import TestSupport
import Testing

@Suite(.serialized) struct EndingTests {
    @Test(arguments: [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTRAP, SIGILL, SIGABRT, SIGSEGV, SIGBUS, SIGFPE])
    func aSignalEndsItAndNothingIsLeft(signal: Int32) async throws {
        let shell = try await atPrompt()
        let found = shell.lineModes
        try await startProbe(in: shell)
        #expect(shell.lineModes != found)
        shell.send(Array("\u{1B}OP\u{1B}[19~".utf8))
        try await shell.wait(until: "mouse on, cursor hidden") {
            shell.setModes.contains("1000") && !shell.screen.isCursorVisible
        }
        kill(shell.foregroundGroup, signal)
        #expect(try await end(in: shell) == 128 + signal)
        expectFound(shell, found)
    }

    @Test(arguments: [(3, [SIGTRAP, SIGILL]), (4, [SIGABRT])])
    func aCrashGivesTheTerminalBack(key: Int, signals: [Int32]) async throws {
        let shell = try await atPrompt()
        let found = shell.lineModes
        try await startProbe(in: shell)
        shell.press(.function(key))
        let end = try await end(in: shell)
        #expect(signals.contains { end == 128 + $0 })
        expectFound(shell, found)
    }

    /// A shell puts its terminal right after a job died; without one nobody but the dying program does.
    @Test(arguments: [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTRAP, SIGILL, SIGABRT, SIGSEGV, SIGBUS, SIGFPE])
    func withoutAShellTheLineIsAsFoundToo(signal: Int32) async throws {
        let found = try TerminalSession("/bin/true").lineModes
        let session = try await probe()
        #expect(session.lineModes != found)
        session.signal(signal)
        #expect(try await session.waitForEnd() == .signal(signal))
        expectFound(session, found)
    }

    @Test(arguments: [3, 4]) func crashedWithoutAShellTheLineIsAsFoundToo(key: Int) async throws {
        let found = try TerminalSession("/bin/true").lineModes
        let session = try await probe()
        session.press(.function(key))
        guard case .signal(let signal) = try await session.waitForEnd() else {
            Issue.record("it did not crash")
            return
        }
        #expect([SIGTRAP, SIGILL, SIGABRT].contains(signal))
        expectFound(session, found)
    }

    /// The shell behind us gets nothing of what is pasted, whatever stands in it.
    @Test(arguments: [0x03, 0x1A, 0x1C] as [UInt8]) func aPasteReachesNoShell(control: UInt8) async throws {
        let shell = try await atPrompt()
        try await startProbe(in: shell)
        let lines = String(repeating: "echo PWNED\r", count: 1000)
        shell.send(Array("\u{1B}[200~x".utf8) + [control] + Array("\(lines)\u{1B}[201~".utf8))
        try await shell.wait(for: "paste of \(lines.utf8.count + 2)")
        // Unmarked, as of a terminal that knows no other way.
        shell.send(Array("word".utf8) + [control] + Array(lines.utf8))
        try await shell.wait(for: "paste of \(lines.utf8.count + 4)")
        shell.press(.control("\\"))
        try await shell.wait(for: "key control(\"\\\\\")")
        shell.press(.control("c"))
        #expect(try await end(in: shell) == 0)
        #expect(!shell.screen.text.contains("PWNED"))
    }

    @Test func aClosedTerminalEndsIt() async throws {
        let session = try await probe()
        session.hangUp()
        #expect(try await session.waitForEnd() == .signal(SIGHUP))
    }

    @Test func suspendedItLeavesACleanShellAndComesBack() async throws {
        let shell = try await atPrompt()
        let found = shell.lineModes
        try await startProbe(in: shell)
        let entered = shell.lineModes
        shell.press(.function(1))
        try await shell.wait(until: "mouse on") { shell.setModes.contains("1000") }
        for _ in 0..<3 {
            shell.press(.control("z"))
            try await shell.wait(for: "Stopped")
            expectFound(shell, found)
            shell.send(Array("clear; fg\n".utf8))
            try await shell.wait(for: "the probe again") { $0.isAlternate && $0.text.contains("resumed") }
            #expect(shell.lineModes == entered)
            #expect(shell.setModes.isSuperset(of: ["1000", "1006", "2004", "1049"]))
        }
        shell.press(.control("c"))
        #expect(try await end(in: shell) == 0)
        expectFound(shell, found)
    }

    @Test func resizedWhileSuspendedItFits() async throws {
        let shell = try await atPrompt()
        try await startProbe(in: shell)
        shell.press(.control("z"))
        try await shell.wait(for: "Stopped")
        shell.resize(columns: 60, rows: 22)
        shell.send(Array("fg\n".utf8))
        try await shell.wait(for: "the new size") {
            $0.lines[0].hasPrefix("probe 60x22") && $0.lines[21].hasSuffix("corner")
        }
    }

    @Test func stoppedWithoutWarningItTakesTheTerminalAgain() async throws {
        let shell = try await atPrompt()
        try await startProbe(in: shell)
        let entered = shell.lineModes
        kill(shell.foregroundGroup, SIGSTOP)
        try await shell.wait(for: "Stopped")
        shell.send(Array("echo between; fg\n".utf8))
        try await shell.wait(for: "the probe again") { $0.text.contains("resumed") && !$0.text.contains("between") }
        #expect(shell.lineModes == entered)
    }

    @Test func suspendedItCanBeKilled() async throws {
        let shell = try await atPrompt()
        let found = shell.lineModes
        try await startProbe(in: shell)
        let pid = shell.foregroundGroup
        shell.press(.control("z"))
        try await shell.wait(for: "Stopped")
        shell.send(Array("kill %1\n".utf8))
        try await shell.wait(until: "it is gone") { !TerminalSession.isRunning(pid) }
        expectFound(shell, found)
    }

    @Test func continuedInTheBackgroundItTouchesNothing() async throws {
        let shell = try await atPrompt()
        let found = shell.lineModes
        try await startProbe(in: shell)
        kill(shell.foregroundGroup, SIGSTOP)
        try await shell.wait(for: "Stopped")
        shell.send(Array("bg\n".utf8))
        try await shell.wait(until: "the modes are put right") { shell.setModes.isDisjoint(with: ["2004", "1049"]) }
        shell.send(Array("echo the shell goes on\n".utf8))
        try await shell.wait(for: "\nthe shell goes on")
        #expect(shell.lineModes == found)
        shell.send(Array("fg\n".utf8))
        try await shell.wait(for: "the probe again") { $0.isAlternate && $0.text.contains("resumed") }
        shell.press(.control("c"))
        #expect(try await end(in: shell) == 0)
        expectFound(shell, found)
    }

    private func atPrompt() async throws -> TerminalSession {
        let shell = try TerminalSession.shell()
        try await shell.wait(for: "$")
        return shell
    }

    private func startProbe(in shell: TerminalSession) async throws {
        shell.send(Array("\(Products.path(of: "TerminalProbe"))\n".utf8))
        try await shell.wait(for: "the probe") { $0.isAlternate && $0.text.contains("corner") }
    }

    /// Waits until the shell has the terminal again; the status it has of the probe.
    private func end(in shell: TerminalSession) async throws -> Int32? {
        try await shell.wait(until: "the shell has its terminal") { shell.foregroundGroup == shell.pid }
        shell.send(Array("echo ended $?.\n".utf8))
        let screen = try await shell.wait(for: "the status") { $0.text.contains(/ended \d+\./) }
        return screen.text.firstMatch(of: /ended (\d+)\./).flatMap { Int32($0.1) }
    }

    private func expectFound(
        _ shell: TerminalSession, _ found: LineModes, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(shell.lineModes == found, sourceLocation: sourceLocation)
        #expect(shell.setModes.isDisjoint(with: ["1000", "1006", "2004", "1049"]), sourceLocation: sourceLocation)
        #expect(shell.screen.isCursorVisible, sourceLocation: sourceLocation)
        #expect(!shell.screen.isAlternate, sourceLocation: sourceLocation)
    }
}
