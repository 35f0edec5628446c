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
