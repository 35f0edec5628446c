// A mesh that was made is known to the next run, and is never taken for the only one because no other was seen yet.

import TestSupport
import Testing

@testable import MeshServer

@Suite(.serialized) struct RememberedMeshTests {
    @Test func aMeshMadeInTheWizardIsTheNextRunsAnswer() async throws {
        let server = try await TestServer()
        let somebody = try await server.somebody("Ana Ferreiro")
        for name in ["alpha", "beta"] { _ = try await server.mesh(name, of: somebody) }
        let journey = try Journey(server: server.url)
        try journey.signIn(somebody)
        let first = try journey.start()
        try await first.wait(for: "pick one of 2")
        first.press(.end, .up)
        try await first.wait(for: "▸ Create a mesh")
        try await first.pressEnterUntilTaken()
        try await first.wait(for: "anas-mesh, free")
        for next in ["what others in the mesh see", "▸ No role", "▸ Launch Claude Code"] {
            try await first.pressEnterUntilTaken()
            try await first.wait(for: next)
        }
        try await first.pressEnterUntilTaken()
        #expect(try await first.waitForEnd() == .code(0))

        let second = try journey.start()
        let screen = try await second.wait(for: "▸ Launch Claude Code")
        #expect(screen.text.contains("Ana's mesh · last time"))
        second.press(.control("c"))
        #expect(try await second.waitForEnd() == .code(130))
    }

    @Test func aMeshMadeByCommandMeanwhileStaysBesideOneMadeInTheWizard() async throws {
        let server = try await TestServer()
        let somebody = try await server.somebody("Ana Ferreiro")
        for name in ["alpha", "beta"] { _ = try await server.mesh(name, of: somebody) }
        let journey = try Journey(server: server.url)
        try journey.signIn(somebody)
        let wizard = try journey.start()
        try await wizard.wait(for: "pick one of 2")
        #expect(try await journey.run("create", "gamma").status == 0)
        wizard.press(.end, .up)
        try await wizard.wait(for: "▸ Create a mesh")
        try await wizard.pressEnterUntilTaken()
        try await wizard.wait(for: "anas-mesh, free")
        try await wizard.pressEnterUntilTaken()
        try await wizard.wait(for: "what others in the mesh see")
        wizard.press(.control("c"))
        #expect(try await wizard.waitForEnd() == .code(130))
        let config = try journey.read("config.json")
        for slug in ["alpha", "beta", "gamma", "anas-mesh"] { #expect(config.contains("\"\(slug)\""), "\(slug)") }
    }

    @Test func aMeshMadeByCommandIsNotTakenForTheOnlyOne() async throws {
        let server = try await TestServer()
        let somebody = try await server.somebody()
        _ = try await server.mesh("alpha", of: somebody)
        let journey = try Journey(server: server.url)
        try journey.signIn(somebody)
        #expect(try await journey.run("create", "beta").status == 0)
        let run = try await journey.run("-y")
        #expect(run.status == 3 && run.error.contains("alpha") && run.error.contains("beta"), "\(run.error)")
        #expect(!journey.hasReport)
    }
}
