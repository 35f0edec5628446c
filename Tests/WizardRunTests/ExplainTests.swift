// What `launch --explain` reads: of a long list of meshes no more than it needs.

import ConsoleSupport
import Console
import Foundation
import LocalState
import MeshAPI
import TestSupport
import Testing
import Wizard

@testable import WizardRun

@Suite struct ExplainTests {
    private static let server = ServerAddress.standard
    private static let account = AccountKey(server: server, userID: "u1")
    private let folder: TemporaryDirectory

    init() throws { folder = try TemporaryDirectory() }

    /// Signed in, with 1,000 meshes, the last run in the one called `last`; what follows the newest is damaged.
    private func explained(last: Int, _ change: (inout LaunchOptions) -> Void = { _ in }) throws -> WizardState {
        let directory = ConfigDirectory(path: folder.file("config"))
        try directory.writeAuth(
            AuthFile(
                token: "cm_session_" + String(repeating: "a", count: 52), user: User(id: "u1", name: "Val"),
                createdAt: Date(), source: .deviceCode, server: Self.server))
        let meshes = (0..<1000).map { number in
            let joined = Date(timeIntervalSince1970: Double(1_700_000_000 - number))
            return SavedMesh(
                Mesh(
                    id: "m\(number)", slug: "mesh-\(number)", name: "Mesh \(number)", membership: .member,
                    memberCount: 2, createdAt: joined, joinedAt: joined))
        }
        try directory.updateMeshes { _ = $0.setMeshes(meshes, of: Self.account, at: Date()) }
        try directory.updateState { state in
            state.setAnswers(SavedAnswers(meshID: "m\(last)", meshName: "Mesh \(last)", name: "Val"), of: Self.account)
        }
        let file = try FileHandle(forUpdating: URL(filePath: folder.file("config/meshes.json")))
        try file.truncate(atOffset: try file.seekToEnd() - 10)
        try file.close()
        var launch = LaunchOptions()
        change(&launch)
        let environment = ["CLAUDEMESH_CONFIG_DIR": folder.file("config")]
        return try Explain(launch, context: .testing(environment, home: folder.path)).state
    }

    private func saysDamaged(_ state: WizardState) -> Bool {
        state.facts.notices.contains { if case .setAside = $0 { true } else { false } }
    }

    @Test func aMeshAmongTheNewestIsFoundWithoutTheRest() throws {
        let state = try explained(last: 3)
        #expect(state.answers.mesh == Answer(MeshName(id: "m3", slug: "mesh-3", name: "Mesh 3"), .lastTime))
        #expect(!saysDamaged(state))
    }

    /// Whether it is still there, and how many others fit a name, the rest alone can say.
    @Test func theRestIsReadWhereItMayChangeTheAnswer() throws {
        #expect(try saysDamaged(explained(last: 900)))
        #expect(try saysDamaged(explained(last: 3) { $0.mesh = "Mesh 3" }))
    }
}
