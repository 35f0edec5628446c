// A mesh that was made is known to the next run, and is never taken for the only one because no other was seen yet.

import Foundation
import MeshAPI
import ServerSupport
import TestSupport
import Testing

@testable import MeshServer
@testable import MeshServices

@Suite(.serialized) struct RememberedMeshTests {
    @Test func aMeshMadeInTheWizardIsTheNextRunsAnswer() async throws {
        let server = try await TestServer()
        let somebody = try await server.somebody("Ana Ferreiro")
        for name in ["alpha", "beta"] { _ = try await server.mesh(name, of: somebody) }
        let journey = try Journey(server: server.url)
        try journey.signIn(somebody)
        let first = try journey.start()
        try await first.wait(for: "pick a mesh · 2")
        first.press(.end, .up, .up)
        try await first.wait(for: "▸ Create a mesh")
        try await first.pressEnterUntilTaken()
        try await first.wait(for: "anas-mesh · available")
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
        try await wizard.wait(for: "pick a mesh · 2")
        #expect(try await journey.run("create", "gamma").status == 0)
        wizard.press(.end, .up, .up)
        try await wizard.wait(for: "▸ Create a mesh")
        try await wizard.pressEnterUntilTaken()
        try await wizard.wait(for: "anas-mesh · available")
        try await wizard.pressEnterUntilTaken()
        try await wizard.wait(for: "what others in the mesh see")
        wizard.press(.control("c"))
        #expect(try await wizard.waitForEnd() == .code(130))
        let meshes = try journey.read("meshes.json")
        for slug in ["alpha", "beta", "gamma", "anas-mesh"] { #expect(meshes.contains("\"\(slug)\""), "\(slug)") }
    }

    @Test func aLaunchMadeMeanwhileKeepsItsPlaceAndItsAnswers() async throws {
        let server = try await TestServer()
        let somebody = try await server.somebody("Ana Ferreiro")
        var ids: [String] = []
        for name in ["alpha", "beta"] { ids.append(try await server.mesh(name, of: somebody).id) }
        let journey = try Journey(server: server.url)
        try journey.signIn(somebody)
        #expect(try await journey.run("-y", "--mesh", "alpha", "--name", "Ana", "--role", "tester").status == 0)
        let wizard = try journey.start()
        try await wizard.wait(for: "▸ Launch Claude Code")
        #expect(try await journey.run("-y", "--mesh", "beta", "--name", "Bea").status == 0)
        var state = try Answers(journey)
        #expect(state.recent == [ids[1], ids[0]] && state.name == "Bea")

        // Role alone is changed here, and nothing is launched.
        wizard.press(.character("r"))
        try await wizard.wait(for: "▸ tester")
        wizard.press(.up)
        try await wizard.wait(for: "▸ reviewer")
        try await wizard.pressEnterUntilTaken()
        try await wizard.wait(for: "▸ Launch Claude Code")
        wizard.press(.control("c"))
        #expect(try await wizard.waitForEnd() == .code(130))
        state = try Answers(journey)
        #expect(state.recent == [ids[1], ids[0]] && state.meshID == ids[1] && state.name == "Bea")
        #expect(state.role == "reviewer")
    }

    @Test func aLaunchIntoTheSameMeshComesAfterOneMadeMeanwhile() async throws {
        let server = try await TestServer()
        let somebody = try await server.somebody("Ana Ferreiro")
        var ids: [String] = []
        for name in ["alpha", "beta", "gamma"] { ids.append(try await server.mesh(name, of: somebody).id) }
        let journey = try Journey(server: server.url)
        try journey.signIn(somebody)
        #expect(try await journey.run("-y", "--mesh", "gamma").status == 0)
        #expect(try await journey.run("-y", "--mesh", "alpha").status == 0)
        let wizard = try journey.start()
        try await wizard.wait(for: "▸ Launch Claude Code")
        #expect(try await journey.run("-y", "--mesh", "beta").status == 0)
        try await wizard.pressEnterUntilTaken(on: "▸ Launch Claude Code")
        #expect(try await wizard.waitForEnd() == .code(0))
        #expect(try Answers(journey).recent == [ids[0], ids[1], ids[2]])

        // Nothing is launched in a trial, and nothing used.
        #expect(try await journey.run("--dry-run", "--mesh", "gamma").status == 0)
        #expect(try Answers(journey).recent == [ids[0], ids[1], ids[2]])
    }

    @Test func aKeyThatChangesOneSettingLeavesTheOthers() async throws {
        let journey = try Journey()
        try journey.write("config.json", #"{"version":1,"plain":true}"#)
        let wizard = try journey.start(["--full-screen"])
        try await wizard.wait(for: "▸ Sign in")
        // Undone by the flag, and not to come back with another setting.
        wizard.press(.function(4))
        try await wizard.wait(for: "> Sign in")
        try await wizard.wait(until: "it is on disk") { (try? journey.read("config.json"))?.contains("ascii") == true }
        #expect(try !journey.read("config.json").contains("plain"))
        // Another run takes the signs back meanwhile.
        try journey.write("config.json", #"{"version":1}"#)
        wizard.press(.function(2))
        try await wizard.wait(until: "it is on disk") { (try? journey.read("config.json"))?.contains("plain") == true }
        #expect(try !journey.read("config.json").contains("ascii"))
    }

    /// What `state.json` keeps of the one account.
    private struct Answers: Decodable {
        let meshID: String?
        let name: String?
        let role: String?
        let recent: [String]

        private struct File: Decodable { let accounts: [Answers] }

        private enum CodingKeys: String, CodingKey {
            case meshID = "mesh_id"
            case name, role, recent
        }

        init(_ journey: Journey) throws {
            let file = try JSONDecoder().decode(File.self, from: Data(journey.read("state.json").utf8))
            self = try #require(file.accounts.first)
        }
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
