// What is said before and after the agent is so, and the way back leads back: with the user's own conversation, from another
// directory, after `--local`, and where the server of this machine died meanwhile.

import Foundation
import Glibc
import ServerSupport
import TestSupport
import Testing

@Suite(.serialized) struct HandOffJourneyTests {
    private static let id = "0198c9f0-0000-7000-8000-0000000000ab"

    @Test(arguments: [["--session-id", id], ["--resume", id], ["--continue"], ["-r"]])
    func theUsersOwnConversationIsWhatRunsAndIsSaid(arguments: [String]) async throws {
        let journey = try Journey(agent: "wait")
        _ = try await journey.start(["--local", "-y"], more: ["STANDIN_DO": "exit 0"]).waitForEnd()
        _ = try await journey.report()
        let terminal = try journey.start(["--local", "--"] + arguments)
        let confirm = try await terminal.wait(for: "▸ Launch Claude Code")
        #expect(confirm.text.contains("Runs       ✔  claude \(arguments.joined(separator: " "))"), "\(confirm.text)")
        try await terminal.pressEnterUntilTaken(on: "▸ Launch Claude Code")
        try await terminal.wait(for: "agent waits")
        let report = try await journey.report()
        #expect(report.arguments == arguments)
        let isNamed = arguments.last == Self.id
        #expect((report.variable("CLAUDEMESH_SESSION_ID") == Self.id) == isNamed)
        terminal.press(.control("c"))
        #expect(try await terminal.waitForEnd() == .code(5))
        let back = isNamed ? "claudemesh launch --resume \(Self.id.prefix(8))" : "claudemesh -- --continue"
        #expect(
            terminal.screen.text.replacing("\n", with: "").contains("To come back: \(back)"), "\(terminal.screen.text)")
    }

    /// Claude Code keeps no conversation of a session in which nothing was said: what would lead back would fail.
    @Test func noWayBackIsNamedToWhereNothingWasSaid() async throws {
        let journey = try Journey()
        let folder = "\(journey.home)/.claude/projects/-src"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let first = try journey.start(["--local", "-y"])
        #expect(try await first.waitForEnd() == .code(0))
        let end = first.screen.text
        #expect(end.contains(" after ") && !end.contains("To come back"), "\(end)")
        let id = try #require(try await journey.report().variable("CLAUDEMESH_SESSION_ID"))
        #expect(FileManager.default.createFile(atPath: "\(folder)/\(id).jsonl", contents: Data("{}\n".utf8)))
        let second = try journey.start(["launch", "--local", "-y", "--resume", id])
        #expect(try await second.waitForEnd() == .code(0))
        #expect(second.screen.text.contains("To come back: claudemesh launch --resume"), "\(second.screen.text)")
    }

    @Test func aSessionBelongsToItsDirectory() async throws {
        let journey = try Journey()
        let place = "\(journey.home)/src/api"
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        func start(_ arguments: [String], in directory: String) throws -> TerminalSession {
            try TerminalSession(
                Journey.program, ["--local"] + arguments, environment: journey.environment(), directory: directory,
                owner: journey)
        }
        #expect(try await start(["-y"], in: place).waitForEnd() == .code(0))
        let id = try #require(try await journey.report().variable("CLAUDEMESH_SESSION_ID"))
        let resume = ["launch", "--resume", String(id.prefix(8))]

        for (row, directory) in [("Go there", place), ("Start here", journey.home)] {
            let terminal = try start(resume, in: journey.home)
            try await terminal.wait(for: "This session was in ~/src/api.")
            try await terminal.choose(row)
            let shown = directory == place ? "~/src/api" : "~"
            try await terminal.wait(for: "▸ Launch Claude Code")
            #expect(terminal.screen.lines.contains { $0.contains("Directory") && $0.hasSuffix("✔  \(shown)") })
            try await terminal.pressEnterUntilTaken(on: "▸ Launch Claude Code")
            #expect(try await terminal.waitForEnd() == .code(0))
            let report = try await journey.report()
            #expect(report.directory == directory && report.arguments == ["--resume", id])
            #expect(try journey.read("sessions/\(id).json").contains("src/api"), "the way back stays")
        }
        let cancelled = try start(resume, in: journey.home)
        try await cancelled.wait(for: "This session was in ~/src/api.")
        try await cancelled.choose("Cancel")
        #expect(try await cancelled.waitForEnd() == .code(1) && !journey.hasReport)

        #expect(try await start(resume + ["-y"], in: journey.home).waitForEnd() == .code(0))
        #expect(try await journey.report().directory == place)
        let atHome = try start(resume, in: place)
        try await atHome.wait(for: "▸ Launch Claude Code")

        try FileManager.default.removeItem(atPath: place)
        let gone = try start(resume + ["-y"], in: journey.home)
        #expect(try await gone.waitForEnd() == .code(10))
        #expect(gone.screen.text.contains("~/src/api") && !journey.hasReport, "\(gone.screen.text)")
        let asked = try start(resume, in: journey.home)
        let screen = try await asked.wait(for: "which is gone")
        #expect(!screen.text.contains("Go there"))
    }

    /// "Next time this takes one Enter, or none with: claudemesh -y", said after `--local`.
    @Test func whatIsSaidOfTheNextTimeIsSo() async throws {
        let journey = try Journey(["CLAUDEMESH_API_URL": ""])
        let first = try journey.start(["--local"])
        try await first.wait(for: "what others in the mesh see")
        try await first.pressEnterUntilTaken()
        try await first.wait(for: "▸ No role")
        first.press(.enter)
        let confirm = try await first.wait(for: "▸ Launch Claude Code")
        #expect(confirm.text.contains("Next time this takes one Enter, or none with: claudemesh -y"), "\(confirm.text)")
        first.press(.enter)
        #expect(try await first.waitForEnd() == .code(0))
        _ = try await journey.report()
        let second = try journey.start()
        try await second.wait(for: "▸ Launch Claude Code")
        try await second.pressEnterUntilTaken(on: "▸ Launch Claude Code")
        #expect(try await second.waitForEnd() == .code(0))
        _ = try await journey.report()
        #expect(try await journey.start(["-y"]).waitForEnd() == .code(0))
        _ = try await journey.report()
    }

    /// Who is signed in somewhere keeps that as the default, and is told the flag.
    @Test func signedInElsewhereLocalIsForThisRunAlone() async throws {
        let stage = try await Stage.shared()
        let journey = try Journey(server: stage.server.url)
        try journey.signIn(stage.ana)
        let first = try journey.start(["--local", "--role", "", "--name", "Ana"])
        let confirm = try await first.wait(for: "▸ Launch Claude Code")
        #expect(confirm.text.contains("or none with: claudemesh --local -y"), "\(confirm.text)")
        try await first.pressEnterUntilTaken(on: "▸ Launch Claude Code")
        #expect(try await first.waitForEnd() == .code(0))
        #expect((try? journey.read("config.json").contains(#/"server" ?: ?"local"/#)) != true)
    }

    @Test func theServerOfThisMachineIsStartedAgainWhereItIsNeeded() async throws {
        let journey = try Journey(agent: "wait")
        let terminal = try journey.start(["--local", "--role", ""])
        try await terminal.wait(for: "what others in the mesh see")
        func end() async throws -> Int32 {
            let server = try #require(journey.localServer)
            kill(server, SIGKILL)
            try await terminal.wait(until: "it is gone") { !TerminalSession.isRunning(server) }
            return server
        }
        func isBack(from former: Int32) -> Bool {
            journey.localServer.map { $0 != former && TerminalSession.isRunning($0) } ?? false
        }
        var former = try await end()
        try await terminal.pressEnterUntilTaken()
        try await terminal.wait(for: "▸ Launch Claude Code")
        terminal.press(.character("m"))
        try await terminal.choose("Create a mesh…")
        try await terminal.wait(for: "create a mesh")
        terminal.press(.enter)
        try await terminal.wait(for: "▸ Launch Claude Code")
        #expect(isBack(from: former))
        try await terminal.pressEnterUntilTaken(on: "▸ Launch Claude Code")
        try await terminal.wait(for: "agent waits")
        #expect(!terminal.screen.text.contains("unreachable"), "\(terminal.screen.text)")

        // A running session needs it too: at its next sign of life, within half a minute.
        former = try await end()
        try await terminal.wait(until: "it is back", seconds: 60) { isBack(from: former) }
        terminal.press(.control("c"))
        #expect(try await terminal.waitForEnd() == .code(5))
        #expect(terminal.screen.text.contains("Left "), "\(terminal.screen.text)")
    }
}
