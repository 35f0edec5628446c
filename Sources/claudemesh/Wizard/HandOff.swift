import Wizard
@MainActor
struct HandOff {
    let session: WizardSession
    func run(_ answers: LaunchAnswers, isDry: Bool) async throws -> Ending {
        await session.finish()
        print("LAUNCH", answers.mesh.name, answers.displayName, answers.role ?? "-", answers.program)
        return .exit(.done)
    }
}
