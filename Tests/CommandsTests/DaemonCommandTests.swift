// `claudemesh daemon`: the real program, in a home of its own.

import FoundationEssentials
import MeshAPI
import Platform
import TestSupport
import Testing

@testable import LocalState

@Suite struct DaemonCommandTests {
    private struct Status: Decodable {
        var running: Bool
        var pid: Int32?
    }

    /// A home in which nothing of ours was ever made gets what a daemon needs; why one died is still there when the next runs.
    @Test func runsWhereNothingIsAndKeepsWhatItWroteDown() async throws {
        let home = try CommandHome()
        let name = ["CLAUDEMESH_CONFIG_DIR": "\(home.path)/deep/settings"]
        let first = try await started(home, name)
        #expect(home.mode("deep/settings") == 0o700 && home.mode("deep/settings/daemon") == 0o700)
        DetachedProcess.end(first, atOnce: true)
        let second = try await started(home, name)
        #expect(second != first)
        let log = try await home.shell("$CM daemon logs", name).out
        #expect(log.contains("pid=\(first)") && log.contains("pid=\(second)"), "\(log)")
        #expect(try await home.shell("$CM daemon stop", name).status == 0)
    }

    @Test func saysWhatIsInItsWay() async throws {
        let home = try CommandHome()
        try home.write("", to: "file")
        let ran = try await home.shell("$CM daemon run", ["CLAUDEMESH_CONFIG_DIR": "\(home.path)/file"])
        #expect(ran.status != 0 && ran.err.contains("~/file"), "\(ran.err)")
    }

    /// What a launch leaves for its tools and hooks is its user's alone, whatever the umask.
    @Test func whatALaunchLeavesIsPrivate() async throws {
        try await CommandServer.run { server in
            let person = try await server.person()
            _ = try await person.mesh("Dev")
            // A Claude Code that looks at what it was given.
            try person.home.write(
                #"""
                #!/bin/sh
                [ "$1" = --version ] && exec echo '2.1.332 (Claude Code)'
                while [ "$1" != --plugin-dir ]; do shift; done
                cd "$2/.." && stat -c '%a %n' $(find * -type f | sort)
                """#, to: "agent", mode: 0o700)
            let ran = try await person.home.shell(
                #"umask 0; $CM launch -y --mesh dev --agent "$HOME/agent" 2>&1; $CM daemon stop >&2"#)
            let files = [
                "owner", "plugin/.claude-plugin/plugin.json", "plugin/hooks/hooks.json", "session-token",
                "session.json",
            ]
            #expect(ran.out.contains(files.map { "600 \($0)\n" }.joined()), "\(ran)")
        }
    }

    private func started(_ home: CommandHome, _ name: [String: String]) async throws -> Int32 {
        let ran = try await home.shell("$CM daemon run --detach", name)
        #expect(ran.status == 0, "\(ran.err)")
        var found: Int32?
        try await eventually {
            let out = try await home.shell("$CM daemon status --json", name).out
            let status = try WireJSON.decode(Status.self, from: Data(out.utf8))
            found = status.pid
            return status.running
        }
        return try #require(found)
    }
}
