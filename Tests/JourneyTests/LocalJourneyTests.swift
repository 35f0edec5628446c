// This machine only, from an empty home to the agent and back, as a person without account or network goes.

import Glibc
import TestSupport
import Testing

@Suite(.serialized) struct LocalJourneyTests {
    @Test func fromNothingToTheAgent() async throws {
        let journey = try Journey(agent: "wait")
        let terminal = try journey.start()
        let found = terminal.lineModes
        try await terminal.wait(for: "Use this machine only")
        for _ in 0..<4 { terminal.press(.down) }
        try await terminal.wait(for: "▸ Use this machine only")
        terminal.press(.enter)
        try await terminal.wait(for: "what others in the mesh see")
        terminal.press(.enter)
        try await terminal.wait(for: "what this session does")
        terminal.press(.enter)
        try await terminal.wait(for: "▸ Launch Claude Code")
        terminal.press(.enter)
        try await terminal.wait(for: "agent waits")

        let report = try await journey.report()
        #expect(report.group == terminal.pid && report.foreground == terminal.pid && report.parent == terminal.pid)
        #expect(report.isTerminal && report.isCooked && !report.nonBlocking)
        #expect(report.blocked.isEmpty && report.ignored.isEmpty && report.pendingInput == 0)
        #expect(report.descriptors == [0, 1, 2])
        #expect(report.directory == journey.home)
        let id = try #require(report.variable("CLAUDEMESH_SESSION_ID"))
        #expect(report.arguments == ["--session-id", id])
        #expect(report.variable("CLAUDEMESH_DISPLAY_NAME") == "ana")
        #expect(report.variable("CLAUDEMESH_ROLE") == nil && report.variable("CLAUDEMESH_TOKEN") == nil)
        #expect(report.variable("CLAUDEMESH_API_URL")?.hasPrefix("http://127.0.0.1:") == true)
        #expect(journey.leftovers == ["claudemesh-\(id)"])
        #expect(journey.exists("sessions/\(id).json"))
        #expect(!journey.exists("auth.json"))

        // Ctrl-C is the agent's; its end is ours.
        terminal.press(.control("c"))
        #expect(try await terminal.waitForEnd() == .code(5))
        #expect(journey.leftovers.isEmpty)
        #expect(terminal.lineModes == found)
        #expect(terminal.setModes == ["7", "25"])
        let after = terminal.screen
        #expect(!after.isAlternate)
        #expect(after.lines[0].hasPrefix("You're in ") && after.lines[0].contains("launch --resume \(id.prefix(8))"))
    }

    @Test func theSecondTimeOneEnterDoesAndThenNone() async throws {
        let journey = try Journey()
        try await launchOnce(journey)

        let second = try journey.start("--local")
        let confirm = try await second.wait(for: "▸ Launch Claude Code")
        #expect(confirm.text.contains("last time"))
        second.press(.enter)
        #expect(try await second.waitForEnd() == .code(0))
        _ = try await journey.report()

        let third = try journey.start("--local", "-y")
        #expect(try await third.waitForEnd() == .code(0))
        #expect(!String(decoding: third.recorded, as: UTF8.self).contains("\u{1B}[?1049h"))
        _ = try await journey.report()
    }

    @Test(arguments: [0, 7, 130, 255] as [Int32])
    func theAgentsCodeIsOurs(code: Int32) async throws {
        let journey = try Journey(agent: "exit \(code)")
        let terminal = try journey.start("--local", "-y")
        #expect(try await terminal.waitForEnd() == .code(code))
    }

    @Test func theAgentsSignalIsOurs() async throws {
        let journey = try Journey(agent: "signal \(SIGTERM)")
        let terminal = try journey.start("--local", "-y")
        #expect(try await terminal.waitForEnd() == .signal(SIGTERM))
    }

    @Test func aSessionIsGoneBackTo() async throws {
        let journey = try Journey()
        try await launchOnce(journey)
        let first = try await run(journey, "--local", "-y", "--name", "Alexis", "--role", "reviewer")
        let id = try #require(first.variable("CLAUDEMESH_SESSION_ID"))
        // Another name in between: what is gone back to is what that session was.
        _ = try await run(journey, "--local", "-y", "--name", "Otto", "--role", "")
        let again = try await run(journey, "-y", "--resume", String(id.prefix(8)))
        #expect(again.arguments == ["--resume", id])
        #expect(again.variable("CLAUDEMESH_DISPLAY_NAME") == "Alexis")
        #expect(again.variable("CLAUDEMESH_ROLE") == "reviewer")
    }

    @Test func withoutAnAgentTheAnswersAreKept() async throws {
        let journey = try Journey(agent: nil)
        let terminal = try journey.start("--local", "--name", "Ana", "--role", "tester")
        try await terminal.wait(for: "claude is not installed here")
        try await terminal.wait(for: "▸ Look again")
        // It is installed in another terminal meanwhile.
        try journey.root.write("bin/claude", "#!/bin/sh\necho installed\n", mode: 0o700)
        terminal.press(.enter)
        try await terminal.wait(for: "▸ Launch Claude Code")
        terminal.press(.enter)
        #expect(try await terminal.waitForEnd() == .code(0))
        #expect(terminal.screen.text.contains("installed"))
    }

    @Test func twoStartsAtOnceMakeOneServer() async throws {
        let journey = try Journey()
        let terminals = try (0..<4).map { _ in try journey.start("--local", "-y") }
        for terminal in terminals { #expect(try await terminal.waitForEnd(seconds: 30) == .code(0)) }
        let status = try await journey.run("local", "status", "--json")
        let pid = try #require(journey.localServerPID)
        #expect(status.out.contains("\"pid\":\(pid)") && status.out.contains("\"running\":true"))
        let stopped = try await journey.run("local", "stop")
        #expect(stopped.status == 0 && !TerminalSession.isRunning(pid))
        // It comes back where it was.
        let port = try journey.read("local/server.json").firstMatch(of: #/"port":(\d+)/#)?.1
        _ = try await run(journey, "--local", "-y")
        #expect(try journey.read("local/server.json").contains("\"port\":\(port ?? "")"))
    }

    /// Answers everything once.
    private func launchOnce(_ journey: Journey) async throws {
        _ = try await run(journey, "--local", "-y")
    }

    private func run(_ journey: Journey, _ arguments: String...) async throws -> AgentReport {
        let terminal = try TerminalSession(
            Journey.program, arguments, environment: journey.environment(), directory: journey.home)
        #expect(try await terminal.waitForEnd(seconds: 30) == .code(0), "\(terminal.screen.text)")
        return try await journey.report()
    }
}
