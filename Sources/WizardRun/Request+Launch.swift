// The answers that the command line and the environment give, judged before anything is drawn.

import Connect
import Console
import Localization
import MeshAPI
import Platform
import SessionLaunch
import Wizard

extension Request {
    /// Throws `Failure.invalid` and `Failure.badInvite`.
    init(_ launch: LaunchOptions, context: Context) throws {
        // Nothing is launched: nothing has to be confirmed.
        self.init(
            yes: launch.yes || launch.dryRun, agentArguments: launch.agentArguments.map(\.shown),
            choosesConversation: Conversation(of: launch.agentArguments) != .ours, attention: launch.attention)
        if let invite = launch.invited {
            guard let reference = InviteReference.parse(invite) else { throw Failure.badInvite(.notAnInvite) }
            join = reference
        } else if launch.resume == nil || launch.mesh != nil {
            // A session's own id decides over its slug.
            let variable = context["CLAUDEMESH_MESH_ID"] == nil ? "CLAUDEMESH_MESH" : "CLAUDEMESH_MESH_ID"
            mesh = Self.answer(launch.mesh, "--mesh", context, variable)
        }
        name = Self.answer(launch.name, "--name", context, "CLAUDEMESH_DISPLAY_NAME")
        if let name { try Self.check(name, .name, context) }
        guard let role = Self.answer(launch.role, "--role", context, "CLAUDEMESH_ROLE") else { return }
        if !role.value.isEmpty { try Self.check(role, .role, context) }
        self.role = Answer(role.value.isEmpty ? nil : role.value, role.source)
    }

    /// A flag's answer, else a variable's.
    private static func answer(
        _ flag: String?, _ name: String, _ context: Context, _ variable: String
    ) -> Answer<String>? {
        if let flag { return Answer(flag, .flag(name)) }
        return context[variable].map { Answer($0, .variable(variable)) }
    }

    private static func check(_ answer: Answer<String>, _ rule: FieldRule, _ context: Context) throws {
        guard let problem = rule.problem(of: answer.value) else { return }
        switch answer.source {
        case .flag(let field), .variable(let field):
            let reason = context.strings(problem, isName: rule == .name).lowercasedFirst
            throw Failure.invalid(field: field, reason: reason)
        default: return
        }
    }
}
