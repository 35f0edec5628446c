// An agent says its version once, and again when it is another file.

import Foundation
import LocalState
import SessionLaunch
import TestSupport
import Testing

@testable import WizardRun

@Suite struct AgentMemoryTests {
    private let folder: TemporaryDirectory
    private let memory: AgentMemory

    init() throws {
        folder = try TemporaryDirectory()
        let directory = ConfigDirectory(path: folder.file("config"))
        try directory.updateState { _ in }
        memory = AgentMemory(directory: directory)
    }

    /// A program that says it is `version` and leaves a line each time it is asked.
    private func agent(_ answer: String) throws -> String {
        try folder.write("agent", "#!/bin/sh\necho >>'\(folder.file("asked"))'\necho '\(answer)'\n", mode: 0o700)
    }

    private var timesAsked: Int {
        ((try? String(contentsOfFile: folder.file("asked"), encoding: .utf8)) ?? "").count
    }

    @Test func itIsAskedOnceAndAgainWhenItChanged() async throws {
        let program = try agent("2.1.248 (Claude Code)")
        #expect(memory.remembered(program) == nil)
        for _ in 0..<2 {
            #expect(await memory.version(of: program, environment: [:], mayKeep: true) == AgentVersion(2, 1, 248))
        }
        #expect(timesAsked == 1)
        _ = try agent("2.1.1000 (Claude Code)")
        #expect(memory.remembered(program) == nil)
        #expect(await memory.version(of: program, environment: [:], mayKeep: true) == AgentVersion(2, 1, 1000))
        #expect(timesAsked == 2)
    }

    @Test func whatIsNoClaudeCodeIsRememberedToo() async throws {
        let program = try agent("GNU bash, version 5.2")
        #expect(await memory.version(of: program, environment: [:], mayKeep: true) == nil)
        #expect(memory.remembered(program) == .some(nil))
    }

    /// A look at what would be run keeps nothing.
    @Test func nothingIsKeptWhereNothingMayBe() async throws {
        let program = try agent("2.1.248 (Claude Code)")
        #expect(await memory.version(of: program, environment: [:], mayKeep: false) == AgentVersion(2, 1, 248))
        #expect(memory.remembered(program) == nil)
    }
}
