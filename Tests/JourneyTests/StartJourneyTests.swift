// What a run finds where it starts: a locale that is not installed, damaged answers. Each is put up with, and
// said.

import Foundation
import Glibc
import ServerSupport
import TestSupport
import Testing

@testable import MeshServer
@testable import MeshServices

@Suite(.serialized) struct StartJourneyTests {
    /// A name that came over SSH, or a container with few locales: the terminal reads UTF-8 all the same.
    @Test func aLocaleThatIsNotInstalledStillSaysHowTheTerminalReads() async throws {
        let terminal = try Journey().start(more: ["LANG": "qq_QQ.UTF-8", "LC_ALL": "", "LC_CTYPE": ""])
        let screen = try await terminal.wait(for: "Sign in")
        #expect(screen.text.contains("▸ Sign in") && screen.text.contains("↑↓ move"))
        terminal.press(.character("q"))
        #expect(try await terminal.waitForEnd() == .code(0))
    }

    /// Where claude can be had is no help to who named another program.
    @Test(arguments: ["/nonexistent/claude", "nosuch"]) func anAgentThatIsNotThereNamesItsFlag(agent: String)
        async throws
    {
        let stage = try await Stage.shared()
        let journey = try Journey(server: stage.server.url)
        try journey.signIn(stage.ana)
        let says = agent.contains("/") ? "o program can be run at \(agent)" : "\(agent) is not installed here"
        let run = try await journey.run("-y", "--mesh", "dev", "--agent", agent)
        #expect(run.status == 9 && run.error.contains(says), "\(run.error)")
        #expect(run.error.contains("Check --agent or CLAUDEMESH_AGENT") && !run.error.contains("https"))
        let terminal = try journey.start(["--mesh", "dev", "--name", "A", "--role", "tester", "--agent", agent])
        let screen = try await terminal.wait(for: "▸ Look again")
        #expect(screen.text.contains(says) && screen.text.contains("Check --agent") && !screen.text.contains("https"))
    }

    /// A command line where a program belongs, a script whose interpreter is gone, a file that is no program.
    @Test func whatDidNotStartSaysWhy() async throws {
        let stage = try await Stage.shared()
        let journey = try Journey(server: stage.server.url)
        try journey.signIn(stage.ana)
        let line = try await journey.run("-y", "--mesh", "dev", "--agent", "claude --foo bar")
        #expect(line.status == 9 && line.error.contains("--agent claude -- --foo bar"), "\(line.error)")
        for (content, says) in [
            ("#!/nowhere/sh\n", "its interpreter"), ("\u{1}\u{2}\u{3}", "this machine can't run it"),
        ] {
            let path = journey.home + "/agent"
            try Data(content.utf8).write(to: URL(filePath: path))
            chmod(path, 0o755)
            let run = try await journey.run("-y", "--mesh", "dev", "--agent", path)
            #expect(
                run.status == 9 && run.error.contains("did not start: ") && run.error.contains(says), "\(run.error)")
        }
    }

    @Test func damagedAnswersAreSetAsideAndSaidOnce() async throws {
        let stage = try await Stage.shared()
        let journey = try Journey(server: stage.server.url)
        try journey.signIn(stage.ana)
        try journey.write("state.json", "{oops")
        let terminal = try journey.start(["--mesh", "dev"])
        let screen = try await terminal.wait(for: "what others in the mesh see")
        #expect(screen.text.contains("~/.claudemesh/state.json"))
        #expect(try journey.read("state.json.damaged") == "{oops")
        terminal.press(.control("c"))
        #expect(try await terminal.waitForEnd() == .code(130))

        try journey.write("state.json", "{again")
        let run = try await journey.run("-y", "--mesh", "dev")
        #expect(run.status == 0 && run.error.contains("~/.claudemesh/state.json"), "\(run.error)")
        try journey.write("state.json", "{oh")
        let list = try await journey.run("list")
        #expect(list.status == 0 && list.error.contains("~/.claudemesh/state.json"), "\(list.error)")
        #expect(try await !journey.run("list").error.contains("state.json"))
    }
}
