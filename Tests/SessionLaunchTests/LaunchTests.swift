// The agent run for real, in a pseudo-terminal, by a program that is as unclean as it can be: what it finds, what it is
// told, and how its end becomes ours.

import Glibc
import TestSupport
import Testing

@Suite(.serialized) struct LaunchTests {
    let root: TemporaryDirectory
    let probe = Products.path(of: "LaunchProbe")
    let agent = Products.path(of: "StandInAgent")

    init() throws { root = try TemporaryDirectory() }

    @Test func theAgentFindsACleanSlate() async throws {
        let session = try start("exit 0", arguments: ["--session-id", "1", "two words", "é\n"])
        #expect(try await session.waitForEnd() == .code(0))
        let report = try await AgentReport.read(root.file("report"))
        #expect(report.arguments == ["--session-id", "1", "two words", "é\n"])
        #expect(report.descriptors == [0, 1, 2])
        #expect(report.blocked == [])
        #expect(report.ignored == [])
        #expect(report.isTerminal && report.isCooked && !report.nonBlocking)
        #expect(report.parent == session.pid)
        #expect(report.group == session.pid)
        #expect(report.foreground == session.pid)
        #expect(report.directory == root.path)
        #expect(report.variable("CLAUDEMESH_MESH") == "dev")
        #expect(report.variable("CLAUDEMESH_TOKEN") == nil)
        #expect(report.variable("HOME") == "/nonexistent")
    }

    @Test func itReadsTheTerminal() async throws {
        let session = try start("echo")
        try await session.wait(for: "agent reads")
        session.send(Array("hello\r".utf8))
        try await session.wait(for: "agent read hello")
        #expect(try await session.waitForEnd() == .code(0))
    }

    @Test func whatWasTypedBeforeIsNotForTheAgent() async throws {
        let session = try TerminalSession(
            probe, [agent], environment: environment("exit 0").merging(["PROBE_WAITS": "1"]) { $1 })
        session.send(Array("typed ahead\r".utf8))
        #expect(try await session.waitForEnd() == .code(0))
        #expect(try await AgentReport.read(root.file("report")).pendingInput == 0)
    }

    @Test(arguments: [0, 1, 7, 130, 255] as [Int32])
    func itsExitCodeIsOurs(code: Int32) async throws {
        #expect(try await start("exit \(code)").waitForEnd() == .code(code))
    }

    @Test(arguments: [SIGKILL, SIGTERM, SIGSEGV, SIGINT, SIGABRT, SIGPIPE])
    func itsSignalIsOurs(signal: Int32) async throws {
        let session = try start("signal \(signal)")
        #expect(try await session.waitForEnd() == .signal(signal))
    }

    @Test(arguments: [SIGTERM, SIGHUP])
    func whatEndsUsIsPassedOn(signal: Int32) async throws {
        let session = try start("wait")
        try await session.wait(for: "agent waits")
        session.signal(signal)
        #expect(try await session.waitForEnd() == .code(5))
        #expect(session.screen.text.contains("agent got \(signal < 10 ? "0" : "")\(signal)"))
    }

    /// The kernel tells a job that its terminal is gone, and the shell tells it again.
    @Test(arguments: ["exit 7", "signal \(SIGHUP)"])
    func nothingKeepsUsFromClearingAway(todo: String) async throws {
        let session = try TerminalSession(
            probe, [agent], environment: environment(todo).merging(["PROBE_IS_HIT": "1"]) { $1 })
        #expect(try await session.waitForEnd() == (todo == "exit 7" ? .code(7) : .signal(SIGHUP)))
        #expect(session.screen.text.contains("cleared away"))
    }

    @Test func theAgentAloneGetsCtrlC() async throws {
        let session = try start("wait")
        try await session.wait(for: "agent waits")
        session.signal(SIGINT)
        session.signal(SIGQUIT)
        session.press(.control("c"))
        #expect(try await session.waitForEnd() == .code(5))
        #expect(session.screen.text.contains("agent got 02"))
    }

    @Test func aMissingAgentIsAFailure() async throws {
        let session = try start("exit 0", agent: "/no/such/agent")
        #expect(try await session.waitForEnd() == .code(9))
        #expect(session.screen.text.contains("launch failed: \(ENOENT)"))
    }

    /// Where the agent never left the main screen, what stands there stays, the cursor behind it.
    @Test func afterAKillOnTheMainScreenNothingMoves() async throws {
        let session = try start("signal \(SIGKILL)")
        #expect(try await session.waitForEnd() == .signal(SIGKILL))
        #expect(String(decoding: session.recorded, as: UTF8.self).contains("\u{1B}[?1047l"))
        let lines = session.screen.lines.filter { !$0.isEmpty }
        #expect(lines.last?.contains("launch over: signal(9)") == true && session.screen.cursor.y == lines.count)
    }

    @Test func afterAKillTheTerminalIsUsable() async throws {
        let found = try TerminalSession("/bin/true").lineModes
        let session = try start("crash")
        #expect(try await session.waitForEnd() == .signal(SIGKILL))
        #expect(session.lineModes == found)
        // 1047 is 1049 without the cursor.
        #expect(session.setModes == ["7", "25", "1049"] && !session.screen.isAlternate)
        #expect(session.screen.isCursorVisible)
        // The keys are as they were on both screens: each has what was asked for on it.
        let screens =
            String(decoding: session.recorded, as: UTF8.self).split(separator: "agent crashes").last?
            .split(separator: "\u{1B}[?1047l") ?? []
        #expect(
            screens.count == 2 && screens.allSatisfy { $0.contains("\u{1B}[<u") }
                && screens.last?.contains("\u{1B}[>4m") == true)
    }

    /// Ctrl-Z stops the whole job, `fg` wakes it.
    @Test func ctrlZAndFgWorkAsInAnyJob() async throws {
        let shell = try await shell(doing: "wait")
        try await shell.wait(for: "agent waits")
        for round in 1...3 {
            shell.press(.control("z"))
            try await shell.wait(until: "the shell has its terminal") { shell.foregroundGroup == shell.pid }
            shell.send(Array("fg\n".utf8))
            try await shell.wait(for: "agent continued \(round)")
        }
        #expect(shell.screen.text.contains("Stopped"))
        shell.press(.control("c"))
        try await shell.wait(for: "agent got 02")
        try await expectStatus(5, in: shell)
    }

    /// An agent that stops itself alone would leave the shell waiting: we stop with it.
    @Test(arguments: [SIGSTOP, SIGTSTP])
    func whenTheAgentStopsWeStop(signal: Int32) async throws {
        let shell = try await shell(doing: "stop \(signal)")
        try await shell.wait(for: "Stopped")
        try await shell.wait(until: "the shell has its terminal") { shell.foregroundGroup == shell.pid }
        shell.send(Array("fg\n".utf8))
        try await shell.wait(for: "agent went on\nagent waits")
        shell.press(.control("c"))
        try await shell.wait(for: "agent got 02")
        try await expectStatus(5, in: shell)
    }

    @Test func stoppedItCanBeKilled() async throws {
        let shell = try await shell(doing: "wait")
        try await shell.wait(for: "agent waits")
        let group = shell.foregroundGroup
        shell.press(.control("z"))
        try await shell.wait(for: "Stopped")
        shell.send(Array("kill %1\n".utf8))
        try await shell.wait(until: "all of it is gone") { !TerminalSession.isRunning(group) }
        let report = try await AgentReport.read(root.file("report"))
        try await shell.wait(until: "the agent is gone") { !TerminalSession.isRunning(report.pid) }
    }

    private func start(
        _ todo: String, agent: String? = nil, arguments: [String] = []
    ) throws(SessionFailure) -> TerminalSession {
        try TerminalSession(probe, [agent ?? self.agent] + arguments, environment: environment(todo))
    }

    private func shell(doing todo: String) async throws -> TerminalSession {
        let shell = try TerminalSession.shell(environment: environment(todo))
        try await shell.wait(for: "$")
        shell.send(Array("\(probe) \(agent)\n".utf8))
        return shell
    }

    private func environment(_ todo: String) -> [String: String] {
        TerminalSession.environment([
            "STANDIN_REPORT": root.file("report"), "STANDIN_DO": todo, "PROBE_DIRECTORY": root.path,
            "CLAUDEMESH_TOKEN": "not to be passed on",
        ])
    }

    private func expectStatus(_ status: Int, in shell: TerminalSession) async throws {
        try await shell.wait(until: "the shell has its terminal") { shell.foregroundGroup == shell.pid }
        shell.send(Array("echo status $?.\n".utf8))
        try await shell.wait(for: "status \(status).")
    }
}
