// The real program and three servers over one database: nobody has to come back to the one they had.

import Glibc
import MeshStore
import ServerSupport
import TestSupport
import Testing

@testable import MeshServer
@testable import MeshServices

@Suite(.serialized, .enabled(if: TestDatabase.url != nil, Comment(rawValue: TestDatabase.missing)))
struct SeveralServersTests {
    /// The wizard asks for a code and waits at one server, its page is opened and approved at another; the first stops
    /// meanwhile, so that the token is claimed at a third, which it has from then on.
    @Test func theCodeIsAskedForHereApprovedThereAndClaimedAtAThird() async throws {
        let folder = try TemporaryDirectory()
        let relay = try Relay()
        let storage = try TestServer.shared(folder)
        let one = try await TestServer(sharing: storage, publicURL: relay.url)
        let two = try await TestServer(sharing: storage, publicURL: relay.url)
        let three = try await TestServer(sharing: storage, publicURL: relay.url)
        try relay.lead(to: one.url)
        let journey = try Journey(agent: "wait", relay: relay)
        let terminal = try journey.start()
        let code = try await terminal.code()
        #expect(terminal.screen.text.contains("127.0.0.1:\(relay.port)/c"), "the address people use")
        let visitor = try await Visitor(two.url)
        #expect(try await visitor.look(at: code).contains(code))
        try await terminal.wait(for: "Page open. Waiting for you to approve")
        try await eventually { try one.services.hub.count == 1 }

        try relay.lead(to: three.url)
        await one.stop()
        try await eventually { try three.services.hub.count == 1 }
        try await visitor.answer(code)
        try await terminal.wait(for: "You have no mesh yet")
        let claimed = try await two.services.database.lookUp {
            try $0.count("SELECT count(*) FROM device_codes WHERE state = 'claimed'")
        }
        #expect(claimed == 1)

        // On it goes, with each of those that are left.
        try relay.lead(to: two.url)
        try await terminal.pressEnterUntilTaken()
        try await terminal.wait(for: "veras-mesh · available")
        try relay.lead(to: three.url)
        try await terminal.pressEnterUntilTaken()
        try await terminal.wait(for: "what others in the mesh see")
        try await terminal.pressEnterUntilTaken()
        try await terminal.wait(for: "▸ No role")
        try await terminal.pressEnterUntilTaken()
        try await terminal.wait(for: "▸ Launch Claude Code")
        try await terminal.pressEnterUntilTaken(on: "▸ Launch Claude Code")
        try await terminal.wait(for: "agent waits")
        let report = try await journey.report()
        let mesh = try #require(report.variable("CLAUDEMESH_MESH_ID"))
        let id = try #require(report.variable("CLAUDEMESH_SESSION_ID"))
        let token = try #require(try journey.read("auth.json").firstMatch(of: #/cm_session_[a-z2-7]{52}/#)?.0)
        for server in [two, three] {
            try await journey.untilPeers(of: mesh, at: server, String(token)) { $0.contains(id) }
        }
        terminal.press(.control("c"))
        #expect(try await terminal.waitForEnd() == .code(5))
        try await journey.untilPeers(of: mesh, at: two, String(token)) { !$0.contains(id) }
        #expect(terminal.isUntouched && journey.leftovers.isEmpty)
    }
}
