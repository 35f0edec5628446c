// How many messages wait for the person in a mesh: said at a launch and at its end, where that has changed since it was said
// last, and kept for the next time.

import LocalState
import MeshAPI
import MeshClient
import Wizard

struct WaitingMessages {
    private let world: EffectWorld
    private let account: AccountKey?
    private let mesh: String

    init(_ answers: LaunchAnswers, world: EffectWorld) {
        self.world = world
        account = try? world.account(answers.access.server, answers.user.id)
        mesh = answers.mesh.id
    }

    /// What is to be said; nil where nothing is new.
    /// - Parameter count: nil where nobody knows it.
    func news(_ count: Int?) -> Int? {
        guard let count, let account else { return nil }
        let kept = (try? world.directory.readState())?.value.answers(of: account).waiting[mesh] ?? 0
        guard count != kept else { return nil }
        // What cannot be kept is said again.
        try? world.directory.updateState { state in
            var answers = state.answers(of: account)
            answers.waiting[mesh] = count == 0 ? nil : count
            state.setAnswers(answers, of: account)
        }
        return count == 0 ? nil : count
    }

    /// As the server has it now, where it says so in time.
    func ask(_ access: Access) async -> Int? {
        guard let client = try? world.client(access).within(.seconds(1)) else { return nil }
        return try? await client.mesh(mesh).unread
    }
}
