// Asking the agent which version it is: with nothing to read, and no longer than it may take.

import Foundation
import SessionLaunch
import Testing

@Suite struct AgentProbeTests {
    @Test func itsOwnWord() async throws {
        let answer = try await ask("echo '2.1.332 (Claude Code)'")
        #expect(answer.flatMap(AgentVersion.init(answer:)) == AgentVersion(2, 1, 332))
    }

    @Test func nothingIsThereToBeRead() async throws {
        #expect(try await ask("read line || echo none; tty") == "none\nnot a tty\n")
    }

    @Test func whoSaysNothingInTimeIsNotWaitedFor() async throws {
        #expect(try await ask("exec sleep 600") == nil)
    }

    @Test func whatIsNotThereSaysNothing() async {
        #expect(await AgentProbe.answer(of: "/nowhere/claude", environment: [:]) == nil)
    }

    private func ask(_ script: String) async throws -> String? {
        let path = NSTemporaryDirectory() + "agent-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let made = FileManager.default.createFile(
            atPath: path, contents: Data("#!/bin/sh\n\(script)\n".utf8), attributes: [.posixPermissions: 0o755])
        #expect(made)
        return await AgentProbe.answer(of: path, environment: ["PATH": "/usr/bin:/bin"])
    }
}
