// This machine only, from an empty home to the agent and back, as a person without account or network goes.

import Glibc
import TestSupport
import Testing

@Suite(.serialized) struct LocalJourneyTests {
    @Test func fromNothingToTheAgentAndBack() async throws {
        let journey = try Journey(agent: "wait")
        let terminal = try journey.start()
        try await terminal.wait(for: "▸ Sign in")
        try await terminal.choose("Use this machine only")
        try await terminal.wait(for: "what others in the mesh see")
        try await terminal.pressEnterUntilTaken()
        try await terminal.wait(for: "▸ No role")
        terminal.press(.enter)
        try await terminal.wait(for: "▸ Launch Claude Code")
        terminal.press(.enter)
        try await terminal.wait(for: "agent waits")

        let report = try await journey.report()
        let id = try expectAsSpecified(report, journey, terminal)
        #expect(journey.leftovers == ["claudemesh-\(id)"])
        #expect(journey.exists("sessions/\(id).json") && !journey.exists("auth.json"))
        #expect(try journey.read("config.json").contains(#/"server" ?: ?"local"/#))

        terminal.resize(columns: 100, rows: 30)
        try await terminal.wait(for: "agent has 100x30")
        terminal.press(.control("c"))
        #expect(try await terminal.waitForEnd() == .code(5))
        #expect(journey.leftovers.isEmpty && journey.processes().isEmpty && journey.torn.isEmpty)
        #expect(terminal.isUntouched && terminal.lineModes.isCooked)
        #expect(terminal.screen.lines[0].hasPrefix("Starting Claude Code in "))
        #expect(terminal.screen.text.contains(/Left [^ ]+ after \d+ s\. To come back: claudemesh launch --resume/))
        #expect(terminal.screen.text.replacing("\n", with: "").contains("launch --resume \(id.prefix(8))"))
    }

    @Test func theMouseAloneGetsThere() async throws {
        let journey = try Journey()
        let terminal = try journey.start()
        try await terminal.click(on: "Use this machine only")
        try await terminal.wait(for: "▸ Use this machine only")
        try await terminal.click(on: "Use this machine only")
        try await terminal.wait(for: "what others in the mesh see")
        try await terminal.click(on: "Enter")
        try await terminal.click(on: "reviewer")
        try await terminal.wait(for: "▸ reviewer")
        try await terminal.click(on: "? help")
        try await terminal.click(on: "Esc close")
        try await terminal.click(on: "▸ reviewer")
        try await terminal.click(on: "▸ Launch Claude Code")
        #expect(try await terminal.waitForEnd() == .code(0))
        #expect(try await journey.report().variable("CLAUDEMESH_ROLE") == "reviewer")
        #expect(terminal.isUntouched && terminal.lineModes.isCooked)
    }

    /// Everything that is promised of how an agent is started. Returns the session's id.
    private func expectAsSpecified(
        _ report: AgentReport, _ journey: Journey, _ terminal: TerminalSession
    ) throws -> String {
        #expect(report.parent == terminal.pid && report.group == terminal.pid && report.foreground == terminal.pid)
        #expect(report.isTerminal && report.isCooked && !report.nonBlocking)
        #expect(report.blocked.isEmpty && report.ignored.isEmpty && report.pendingInput == 0)
        #expect(report.descriptors == [0, 1, 2] && report.directory == journey.home)
        let id = try #require(report.variable("CLAUDEMESH_SESSION_ID"))
        #expect(report.arguments == ["--session-id", id])
        #expect(report.variable("CLAUDEMESH_DISPLAY_NAME") == "ana")
        #expect(report.variable("CLAUDEMESH_MESH")?.isEmpty == false)
        #expect(report.variable("CLAUDEMESH_MESH_ID")?.isEmpty == false)
        #expect(report.variable("CLAUDEMESH_ROLE") == nil && report.variable("CLAUDEMESH_TOKEN") == nil)
        #expect(report.variable("CLAUDEMESH_API_URL")?.hasPrefix("http://127.0.0.1:") == true)
        let directory = "home/../tmp/claudemesh-\(id)"
        #expect(journey.mode(directory) == 0o700)
        for name in ["session-token", "owner"] { #expect(journey.mode("\(directory)/\(name)") == 0o600) }
        let token = String(decoding: journey.bytes("\(directory)/session-token"), as: UTF8.self)
        #expect(token.wholeMatch(of: #/[0-9a-f]{64}\n?/#) != nil)
        return id
    }

    @Test func theSecondTimeOneEnterDoesAndThenNone() async throws {
        let journey = try Journey()
        _ = try await launched(journey, "--local", "-y")

        let second = try journey.start(["--local"])
        let confirm = try await second.wait(for: "▸ Launch Claude Code")
        #expect(confirm.text.contains("last time"))
        try await second.pressEnterUntilTaken(on: "▸ Launch Claude Code")
        #expect(try await second.waitForEnd() == .code(0))
        _ = try await journey.report()

        let third = try journey.start(["--local", "-y"])
        #expect(try await third.waitForEnd() == .code(0))
        #expect(!String(decoding: third.recorded, as: UTF8.self).contains("Change mesh"))
        _ = try await journey.report()
    }

    @Test(arguments: [0, 7, 130, 255] as [Int32]) func theAgentsCodeIsOurs(code: Int32) async throws {
        let terminal = try Journey(agent: "exit \(code)").start(["--local", "-y"])
        #expect(try await terminal.waitForEnd() == .code(code))
    }

    @Test func theAgentsSignalIsOurs() async throws {
        let terminal = try Journey(agent: "signal \(SIGTERM)").start(["--local", "-y"])
        #expect(try await terminal.waitForEnd() == .signal(SIGTERM))
    }

    /// Whoever starts us may ignore the end of children, and that outlives exec.
    @Test func theAgentsEndIsOursWhereTheParentIgnoresItsChildren() async throws {
        for (act, end) in [("exit 7", ProcessEnd.code(7)), ("signal \(SIGTERM)", .signal(SIGTERM))] {
            let journey = try Journey(agent: act)
            let terminal = try TerminalSession(
                "/usr/bin/env", ["--ignore-signal=CHLD", Journey.program, "--local", "-y"],
                environment: journey.environment(), directory: journey.home, owner: journey)
            #expect(try await terminal.waitForEnd() == end)
        }
    }

    @Test(arguments: [SIGTERM, SIGHUP]) func whatEndsUsEndsTheAgent(signal: Int32) async throws {
        let journey = try Journey(agent: "wait")
        let terminal = try journey.start(["--local", "-y"])
        try await terminal.wait(for: "agent waits")
        terminal.signal(signal)
        try await terminal.wait(for: "agent got \(signal < 10 ? "0" : "")\(signal)")
        #expect(try await terminal.waitForEnd() == .code(5))
        #expect(journey.leftovers.isEmpty && journey.processes().isEmpty)
    }

    @Test func killedWithTheAgentRunningTheNextLaunchSweeps() async throws {
        let journey = try Journey(agent: "wait")
        let terminal = try journey.start(["--local", "-y"])
        try await terminal.wait(for: "agent waits")
        terminal.signal(SIGKILL)
        #expect(try await terminal.waitForEnd() == .signal(SIGKILL))
        #expect(journey.leftovers.count == 1 && journey.torn.isEmpty)
        let other = try journey.start(["--local", "-y"], more: ["STANDIN_DO": "exit 3"])
        #expect(try await other.waitForEnd() == .code(3))
        #expect(journey.leftovers.isEmpty)
    }

    @Test func aSessionIsGoneBackTo() async throws {
        let journey = try Journey()
        let first = try await launched(journey, "--local", "-y", "--name", "Bianca", "--role", "reviewer")
        let id = try #require(first.variable("CLAUDEMESH_SESSION_ID"))
        // Another name in between: what is gone back to is what that session was.
        _ = try await launched(journey, "--local", "-y", "--name", "Otto", "--role", "tester")
        let again = try await launched(journey, "-y", "--resume", String(id.prefix(8)))
        #expect(again.arguments == ["--resume", id])
        #expect(again.variable("CLAUDEMESH_DISPLAY_NAME") == "Bianca")
        #expect(again.variable("CLAUDEMESH_ROLE") == "reviewer")
    }

    /// The picker ends, and the run it leads to takes the terminal again.
    @Test func aSessionIsPickedToGoBackTo() async throws {
        let journey = try Journey()
        let first = try await launched(journey, "--local", "-y", "--name", "Bianca")
        let id = try #require(first.variable("CLAUDEMESH_SESSION_ID"))
        let terminal = try journey.start(["launch", "--resume"])
        try await terminal.wait(for: "· Bianca")
        terminal.press(.enter)
        try await terminal.wait(for: "▸ Launch Claude Code")
        terminal.press(.enter)
        #expect(try await terminal.waitForEnd() == .code(0))
        #expect(try await journey.report().arguments == ["--resume", id])
        #expect(terminal.isUntouched && terminal.lineModes.isCooked)
    }

    @Test func withoutAnAgentTheAnswersAreKept() async throws {
        let journey = try Journey(agent: nil)
        let terminal = try journey.start(["--local", "--name", "Ana", "--role", "tester"])
        try await terminal.wait(for: "Claude Code isn't installed")
        try await terminal.wait(for: "▸ Look again")
        // It is installed in another terminal meanwhile.
        try journey.install("claude", "#!/bin/sh\necho installed as $CLAUDEMESH_ROLE\n")
        try await terminal.pressEnterUntilTaken()
        try await terminal.wait(for: "▸ Launch Claude Code")
        try await terminal.pressEnterUntilTaken(on: "▸ Launch Claude Code")
        #expect(try await terminal.waitForEnd() == .code(0))
        #expect(terminal.screen.text.contains("installed as tester"))
    }

    @Test func manyStartsAtOnceMakeOneServer() async throws {
        let journey = try Journey()
        let terminals = try (0..<4).map { _ in try journey.start(["--local", "-y"]) }
        for terminal in terminals { #expect(try await terminal.waitForEnd(seconds: 30) == .code(0)) }
        let pid = try #require(journey.localServer)
        let status = try await journey.run("local", "status", "--json")
        #expect(status.out.contains("\"pid\":\(pid)") && status.out.contains("\"running\":true"))
        #expect(journey.processes(withServer: true) == [pid])
        #expect(try await journey.run("local", "stop").status == 0)
        #expect(!TerminalSession.isRunning(pid))
        // It comes back where it was.
        let port = try #require(try journey.read("local/server.json").firstMatch(of: #/"port":(\d+)/#)?.1)
        _ = try await launched(journey, "--local", "-y")
        #expect(try journey.read("local/server.json").contains("\"port\":\(port)"))
    }

    @Test func aDatabaseThatIsNoneIsToldOnceAndLeadsBackToTheStart() async throws {
        let journey = try Journey()
        _ = try await launched(journey, "--local", "-y")
        #expect(try await journey.run("local", "stop").status == 0)
        for name in ["server.sqlite-wal", "server.sqlite-shm"] { try? journey.remove("local/\(name)") }
        try journey.write("local/server.sqlite", String(repeating: "garbage", count: 1000))

        for arguments in [["--local"], ["--local", "-y"]] {
            let terminal = try journey.start(arguments)
            let said = try await terminal.wait(for: "▸ Retry now").text
            #expect(said.contains("The server of this machine did not start:"))
            #expect(said.split(separator: "did not start").count == 2 && !said.contains("error:"))
            #expect(said.contains("~/.claudemesh/local/server.sqlite") && said.contains("Move that file away"))
            try await terminal.choose("Back to the start")
            try await terminal.wait(for: "▸ Sign in")
            terminal.press(.control("c"))
            #expect(try await terminal.waitForEnd() == .code(130))
        }

        // Where nobody is asked it is an error, and nothing is launched.
        let ran = try await journey.run("--local", "-y")
        #expect(ran.status == 4 && !journey.hasReport)
        #expect(
            ran.error == """
                error: The server of this machine did not start: ~/.claudemesh/local/server.sqlite isn't a claudemesh database
                  Move that file away to begin with a new one.

                """)
        let listed = try await journey.run("list", "--local")
        #expect(listed.status == 4 && listed.error == ran.error)
    }

    private func launched(_ journey: Journey, _ arguments: String...) async throws -> AgentReport {
        let terminal = try journey.start(arguments)
        #expect(try await terminal.waitForEnd(seconds: 30) == .code(0), "\(terminal.screen.text)")
        return try await journey.report()
    }
}
