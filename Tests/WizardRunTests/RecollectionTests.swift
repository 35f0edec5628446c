// What a wizard begins with of what the disk kept.

import LocalState
import MeshAPI
import Testing
import Wizard

@testable import WizardRun

@Suite struct RecollectionTests {
    private static let account = AccountKey(server: .standard, userID: "u1")

    private func recalled(_ answers: SavedAnswers) -> RememberedAnswers {
        var state = StateFile()
        state.setAnswers(answers, of: Self.account)
        return Recollection(of: Self.account, meshes: nil, state: state).memory
    }

    @Test func aMeshThatIsGoneIsRememberedByItsName() {
        let memory = recalled(SavedAnswers(meshID: "m1", meshName: "Planning", name: "Val"))
        #expect(memory.mesh == nil && memory.name == "Val")
        #expect(memory.formerMesh?.id == "m1" && memory.formerMesh?.name == "Planning")
    }

    /// "No role" was an answer; never to have been asked is none.
    @Test func noRoleIsAnAnswer() {
        #expect(recalled(SavedAnswers(role: "")).role == .some(nil))
        #expect(recalled(SavedAnswers(role: "lead")).role == .some("lead"))
        #expect(recalled(SavedAnswers()).role == nil)
    }

    @Test func anotherAccountRemembersNothing() {
        var state = StateFile()
        state.setAnswers(SavedAnswers(name: "Val"), of: Self.account)
        let other = AccountKey(server: .standard, userID: "u2")
        #expect(Recollection(of: other, meshes: nil, state: state).memory.name == nil)
    }
}
