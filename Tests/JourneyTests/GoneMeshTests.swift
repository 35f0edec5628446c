// A mesh that others archived: no launch into it that the server could have prevented, and a word where it could not.

import MeshAPI
import ServerSupport
import TestSupport
import Testing

@testable import MeshServer
@testable import MeshServices

@Suite(.serialized) struct GoneMeshTests {
    /// Somebody with three meshes who launched into Apollo last.
    private struct Stage {
        let server: TestServer
        let somebody: Somebody
        let apollo: Mesh
        let journey: Journey
        var gone: String { "Apollo is no longer yours" }

        init(agent: String? = "exit 0") async throws {
            server = try await TestServer()
            somebody = try await server.somebody()
            apollo = try await server.mesh("Apollo", of: somebody)
            for name in ["beta", "gamma"] { _ = try await server.mesh(name, of: somebody) }
            journey = try Journey(agent: agent, server: server.url)
            try journey.signIn(somebody)
        }

        func launchInto(_ mesh: String) async throws {
            let run = try await journey.run("-y", "--mesh", mesh)
            #expect(run.status == 0 && !run.error.contains("warning"), "\(run.error)")
            _ = try await journey.report()
        }

        func archive() async throws {
            try await server.services.meshes.archive(apollo.id, by: somebody.account)
        }
    }

    @Test func yesNeverLaunchesIntoItAndSaysSoEachTime() async throws {
        let stage = try await Stage()
        try await stage.launchInto("apollo")
        let file = try #require(stage.journey.files.first { $0.contains(#/sessions/.+\.json$/#) })
        let session = String(file.split(separator: "/").last?.dropLast(".json".count) ?? "")
        try await stage.archive()
        for arguments in [["-y"], ["-y"], ["launch", "--resume", session, "-y"]] {
            let run = try await stage.journey.run(arguments)
            #expect(run.status == 3 && run.error.hasPrefix("error: \(stage.gone)\n"), "\(arguments): \(run.error)")
            #expect(run.error.contains("Pick another with `--mesh`: beta, gamma"))
        }
        #expect(!stage.journey.hasReport)
    }

    @Test func namedByAFlagItIsUnknownAtOnce() async throws {
        let stage = try await Stage()
        try await stage.launchInto("beta")
        try await stage.archive()
        for _ in 1...2 {
            let run = try await stage.journey.run("-y", "--mesh", "apollo")
            #expect(run.status == 5 && run.error.hasPrefix("error: No mesh is called apollo\n"), "\(run.error)")
        }
        #expect(!stage.journey.hasReport)
    }

    @Test func enterOnConfirmFindsOut() async throws {
        let stage = try await Stage()
        try await stage.launchInto("apollo")
        let terminal = try stage.journey.start()
        try await terminal.wait(for: "▸ Launch Claude Code")
        try await terminal.wait(for: "ana-ferreiro@example.com")
        try await stage.archive()
        try await terminal.pressEnterUntilTaken(on: "▸ Launch Claude Code")
        try await terminal.wait(for: "\(stage.gone). Pick another.")
        #expect(!stage.journey.hasReport)
        terminal.press(.control("c"))
        _ = try await terminal.waitForEnd()
        // The next one says why it asks.
        let next = try stage.journey.start()
        try await next.wait(for: "\(stage.gone). Pick another.")
        next.press(.control("c"))
        _ = try await next.waitForEnd()
    }

    /// The list never comes, which `-y` says; the mesh's own no does, and is told at the end.
    @Test func whereOnlyThePresenceIsRefusedTheEndSaysSo() async throws {
        let stage = try await Stage()
        try await stage.launchInto("apollo")
        try await stage.archive()
        let relay = try Relay(to: stage.server.url, .swallows, at: "GET /api/my/meshes?")
        let far = try Journey(agent: nil, relay: relay)
        try far.signIn(stage.somebody)
        try far.install("claude", "#!/bin/sh\nexit 7\n")
        for name in ["meshes.json", "state.json"] {
            try far.write(name, stage.journey.read(name).replacing(stage.server.url, with: relay.url))
        }
        let run = try await far.run("-y")
        #expect(run.status == 7)
        #expect(!run.error.contains("can't reach"), "it answered who one is: \(run.error)")
        let end = "warning: \(stage.gone): nobody there saw this session.\nClaude Code ended after "
        #expect(run.error.contains(end) && !run.error.contains("Left"), "\(run.error)")
    }

    @Test func archivedWhileTheAgentRunsTheEndSaysSo() async throws {
        let stage = try await Stage(agent: "wait")
        let terminal = try stage.journey.start(["-y", "--mesh", "apollo"])
        try await terminal.wait(for: "agent waits")
        try await stage.journey.untilPeers(of: stage.apollo.id, at: stage.server, stage.somebody.token) {
            $0.contains("Ana Ferreiro")
        }
        try await stage.archive()
        terminal.press(.control("c"))
        #expect(try await terminal.waitForEnd() == .code(5))
        #expect(terminal.screen.text.contains("\(stage.gone): nobody there saw this session."))
    }

    @Test func aServerThatTakesNoPartIsNamedByYes() async throws {
        let stage = try await Stage()
        try await stage.launchInto("apollo")
        let far = try Journey(server: DeadEnd.mute.url)
        try far.signIn(stage.somebody)
        for name in ["meshes.json", "state.json"] {
            try far.write(name, stage.journey.read(name).replacing(stage.server.url, with: DeadEnd.mute.url))
        }
        let piped = try await far.run("-y")
        #expect(piped.status == 0 && piped.error.contains("\(DeadEnd.mute.host) is unreachable; starting anyway."))
        let terminal = try far.start(["-y"])
        #expect(try await terminal.waitForEnd() == .code(0))
        let said = terminal.screen.text
        #expect(said.contains("\(DeadEnd.mute.host) is unreachable; starting anyway.") && !said.contains("Left "))
    }
}
