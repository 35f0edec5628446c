// What a launch does so that messages reach its agent: whether they can, what is added for it, and who carries them.

import Console
import FoundationEssentials
import MeshAPI
import LocalState
import Platform
import SessionLaunch
import Wizard

/// Messages for one launch.
struct LaunchMessages {
    let ability: AgentAbility
    private let carrier: MessageCarrier?

    /// Asks the agent which it is, where that is not remembered.
    init(program: String, world: EffectWorld) async {
        carrier = world.messages
        let isLeftOut = carrier == nil || world.leavesMessagesOut
        let memory = AgentMemory(directory: world.directory)
        var version: AgentVersion?
        if !isLeftOut {
            version = await memory.version(of: program, environment: world.context.environment, mayKeep: !world.isDry)
        }
        ability = AgentAbility(version: version, extra: world.agentArguments, isLeftOut: isLeftOut)
    }

    /// The launch with what messages need; as it is where they can't reach it.
    func added(to plan: LaunchPlan, name: String, folder: String, beside extra: [SystemText]) -> LaunchPlan {
        guard let carrier, ability.reach != .nothing else { return plan }
        let setup = MessagesSetup(program: carrier.program, plugin: "\(folder)/\(SessionPlugin.folder)", name: name)
        return plan.with(setup, beside: extra)
    }

    /// Leaves the plugin in the session's folder and hands the session over. False where nobody carries it.
    func begin(_ session: LaunchedSession, folder: String) async -> Bool {
        guard let carrier, ability.reach != .nothing else { return false }
        do {
            for (name, text) in SessionPlugin.files(version: carrier.version) {
                let file = URL(filePath: "\(folder)/\(SessionPlugin.folder)/\(name)")
                try FileManager.default.createDirectory(
                    atPath: file.deletingLastPathComponent().path, withIntermediateDirectories: true,
                    attributes: [.posixPermissions: 0o700])
                try Data(text.utf8).write(to: file)
            }
        } catch {
            return false
        }
        return await carrier.carry(session)
    }

    func end(_ session: LaunchedSession) async { await carrier?.end(session) }
}

extension LaunchedSession {
    init(_ answers: LaunchAnswers, receives: MeshAPI.Receives, tokenFile: String, world: EffectWorld) {
        let words = world.agentArguments.map(\.repaired)
        let mode = words.firstIndex(of: "--permission-mode").map { words[($0 + 1)...].first } ?? nil
        self.init(
            id: answers.sessionID, server: answers.access.server, meshID: answers.mesh.id, meshSlug: answers.mesh.slug,
            accountID: answers.user.id, memberName: answers.user.name, displayName: answers.displayName,
            role: answers.role, directory: answers.directory ?? world.context.workingDirectory, receives: receives,
            bypasses: words.contains("--dangerously-skip-permissions") || mode == "bypassPermissions"
                || words.contains("--permission-mode=bypassPermissions"),
            tokenFile: tokenFile)
    }
}
