// Where a session of one's own runs, found among processes by what their environment says.

import ConsoleSupport
import Console
import Foundation
import MeshAPI
import TestSupport
import Testing
import Watch

@testable import WatchRun

@Suite struct SessionTerminalTests {
    private let processes: TemporaryDirectory

    init() throws { processes = try TemporaryDirectory() }

    private func process(_ pid: Int, _ variables: [String], terminal: String? = nil) throws {
        try processes.write("\(pid)/environ", variables.map { $0 + "\0" }.joined())
        guard let terminal else { return }
        let descriptors = processes.file("\(pid)/fd")
        try FileManager.default.createDirectory(atPath: descriptors, withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(atPath: "\(descriptors)/0", withDestinationPath: "/dev/null")
        try FileManager.default.createSymbolicLink(atPath: "\(descriptors)/1", withDestinationPath: terminal)
    }

    private func go(to session: String, on host: String = "vm", from environment: [String: String] = [:]) async
        -> RunsIn
    {
        let peer = Peer(
            sessionID: session, handle: "api", displayName: "api", role: nil, host: host, since: .distantPast,
            isSelf: true)
        return await SessionTerminal(.testing(environment), processes: processes.path).go(to: peer)
    }

    /// The first process that has it is the agent; what it started has it as well.
    @Test func itsTerminalIsThatOfItsFirstProcess() async throws {
        try process(900, ["CLAUDEMESH_SESSION_ID=s1"], terminal: "/dev/pts/9")
        try process(41, ["PATH=/bin", "CLAUDEMESH_SESSION_ID=s1"], terminal: "/dev/pts/4")
        try process(7, ["CLAUDEMESH_SESSION_ID=s2"], terminal: "/dev/pts/7")
        #expect(await go(to: "s1") == .terminal("api", "pts/4"))
    }

    @Test func anIDThatOnlyBeginsAlikeIsAnother() async throws {
        try process(41, ["CLAUDEMESH_SESSION_ID=s11"], terminal: "/dev/pts/4")
        #expect(await go(to: "s1") == .elsewhere("api", host: "vm"))
    }

    @Test func nobodyKnowsWhereOneWithoutATerminalOrOfAnotherMachineIs() async throws {
        try process(41, ["CLAUDEMESH_SESSION_ID=s1"], terminal: "pipe:[1234]")
        #expect(await go(to: "s1") == .elsewhere("api", host: "vm"))
        try process(40, ["CLAUDEMESH_SESSION_ID=s1"], terminal: "/dev/pts/4")
        #expect(await go(to: "s1", on: "other") == .elsewhere("api", host: "other"))
    }

    /// Another tmux's window is not before the person: its pane is not brought to the front, its terminal is named.
    @Test func aPaneOfAnotherTmuxIsNamedOnly() async throws {
        try process(
            41, ["TMUX=/tmp/tmux-0/other,1,0", "TMUX_PANE=%3", "CLAUDEMESH_SESSION_ID=s1"], terminal: "/dev/pts/4")
        let ours = ["TMUX": "/tmp/tmux-0/default,1,0"]
        #expect(await go(to: "s1", from: ours) == .terminal("api", "pts/4"))
    }
}
