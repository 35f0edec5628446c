// Where the agent is looked for, in which order, and what is said where it is not.

import TestSupport
import Testing

@testable import SessionLaunch

@Suite struct AgentSearchTests {
    let root: TemporaryDirectory
    let home: String
    let bin: String

    init() throws {
        root = try TemporaryDirectory()
        home = root.file("home")
        bin = root.file("bin")
    }

    @Test func pathComesBeforeTheInstallersPlaces() throws {
        try root.write("home/.claude/bin/claude", "#!/bin/sh\n", mode: 0o755)
        #expect(try search().find() == "\(home)/.claude/bin/claude")
        try root.write("home/.local/bin/claude", "#!/bin/sh\n", mode: 0o755)
        #expect(try search().find() == "\(home)/.local/bin/claude")
        try root.write("bin/claude", "#!/bin/sh\n", mode: 0o755)
        #expect(try search().find() == "\(bin)/claude")
    }

    @Test func whatCannotBeRunIsPassedOver() throws {
        try root.write("bin/claude", "text", mode: 0o644)
        try root.write("home/.local/bin/claude/inside", "a directory", mode: 0o755)
        try root.write("home/.claude/bin/claude", "#!/bin/sh\n", mode: 0o755)
        #expect(try search().find() == "\(home)/.claude/bin/claude")
    }

    @Test func theFlagWinsOverTheVariableAndBothOverPath() throws {
        try root.write("bin/claude", "", mode: 0o755)
        let flagged = try root.write("other/agent", "", mode: 0o755)
        try root.write("bin/named", "", mode: 0o755)
        #expect(try search(flag: flagged, ["CLAUDEMESH_AGENT": "named"]).find() == flagged)
        #expect(try search(["CLAUDEMESH_AGENT": "named"]).find() == "\(bin)/named")
        #expect(try search(["CLAUDEMESH_AGENT": ""]).find() == "\(bin)/claude")
        #expect(try search(flag: "./other/agent").find() == "\(root.path)/./other/agent")
    }

    @Test func whatWasAskedForIsNotReplaced() throws {
        try root.write("bin/claude", "", mode: 0o755)
        #expect(throws: AgentNotFound(named: "/no/such", places: [])) { try search(flag: "/no/such").find() }
        #expect(throws: AgentNotFound(named: "nosuch", places: [])) {
            try search(["CLAUDEMESH_AGENT": "nosuch"]).find()
        }
    }

    @Test func whereWasLookedIsSaid() {
        // Only where no real one is installed for the whole machine.
        let places = ["~/.local/bin", "/usr/local/bin", "~/.claude/bin"]
        do {
            #expect(try search().find() == "/usr/local/bin/claude")
        } catch {
            #expect(error == AgentNotFound(named: nil, places: places))
        }
    }

    @Test func theCurrentDirectoryIsNotSearchedByAnEmptyEntry() throws {
        try root.write("claude", "", mode: 0o755)
        try root.write("home/.claude/bin/claude", "", mode: 0o755)
        let search = AgentSearch(
            flag: nil, environment: ["PATH": ":\(bin)::", "HOME": home], directory: root.path)
        #expect(try search.find() == "\(home)/.claude/bin/claude")
    }

    private func search(flag: String? = nil, _ more: [String: String] = [:]) -> AgentSearch {
        AgentSearch(flag: flag, environment: ["PATH": bin, "HOME": home].merging(more) { $1 }, directory: root.path)
    }
}
