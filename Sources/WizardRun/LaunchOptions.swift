// What `launch` was asked for, and where its run begins. To add an option: a property here, its flag in the command.

package import Platform
import Connect
package import Console
import LocalState
package import MeshAPI
import MeshClient
import SessionLaunch

/// What was asked of `launch`; as it is made, what `claudemesh` alone asks. Apart from `Launch`, so that the first frame of the
/// most frequent run does not wait for the parser.
package struct LaunchOptions: Sendable {
    package var mesh: String?
    package var name: String?
    package var role: String?
    package var invited: String?
    package var resume: String?
    /// `--resume` without an id.
    package var picksLaunch = false
    package var yes = false
    package var explain = false
    package var dryRun = false
    package var reducedMotion = false
    package var agent: String?
    package var agentArguments: [SystemText] = []
    package var noMessages = false
    /// What the session may do in its mesh; nil for all that its person may.
    package var can: [Ability]?
    /// What may wake it; nil for what was chosen in that mesh last.
    package var attention: Attention?
    /// Who carries the session's messages.
    package var messages: MessageCarrier?

    package init(messages: MessageCarrier? = nil) { self.messages = messages }

    @MainActor package func run(in context: Context) async throws -> Ending {
        // Not so `--role ""`, which is "No role".
        let answers = [
            ("--mesh", mesh), ("--name", name), ("--join", invited), ("--resume", resume), ("--agent", agent),
            ("--server", context.options.server),
        ]
        for (flag, text) in answers { try context.given(text, as: flag) }
        if explain {
            try Explain(self, context: context).say()
            return .exit(.done)
        }
        guard let directory = context.lostDirectory else { return try await WizardRun(self, context: context).run() }
        throw Failure.directoryGone(path: directory)
    }
}
