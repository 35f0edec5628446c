// What a launch does so that messages reach its agent: whether they can, what is added for it, and who carries them.

import Console
import FoundationEssentials
import MeshAPI
import LocalState
import Localization
import Platform
import SessionLaunch
import Wizard

/// Messages for one launch.
struct LaunchMessages {
    let ability: AgentAbility
    private let carrier: MessageCarrier?
    /// The tools that Claude uses without asking; nil for all of them.
    private let tools: [String]?

    /// Without asking the agent; nil where it has to be asked.
    static func remembered(program: String, world: EffectWorld) -> AgentAbility? {
        if world.messages == nil || world.leavesMessagesOut {
            return AgentAbility(version: nil, extra: world.agentArguments, isLeftOut: true)
        }
        return AgentMemory(directory: world.directory).remembered(program).map {
            AgentAbility(version: $0, extra: world.agentArguments, isLeftOut: false)
        }
    }

    /// As it is known without asking the agent. A program called `claude` that was never asked counts as Claude Code.
    init(unasked program: String, world: EffectWorld) {
        carrier = world.messages
        tools = world.can.map(Self.tools)
        let isClaude = program.split(separator: "/").last == "claude"
        ability =
            Self.remembered(program: program, world: world)
            ?? AgentAbility(version: isClaude ? .inbox : nil, extra: world.agentArguments, isLeftOut: false)
    }

    /// Asks the agent which it is, where that is not remembered.
    init(program: String, world: EffectWorld) async {
        carrier = world.messages
        tools = world.can.map(Self.tools)
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
        let setup = MessagesSetup(
            program: carrier.program, plugin: "\(folder)/\(SessionPlugin.folder)", name: name, tools: tools)
        return plan.with(setup, beside: extra)
    }

    /// What a session that may do no more than `can` is of use with. Its own mailbox is always its own.
    static func tools(_ can: [Ability]) -> [String] {
        let rest: [(String, [Ability])] = [
            ("peers", [.read]), ("read", [.read]), ("send", [.send]), ("topics", [.read, .topics]),
        ]
        return ["inbox", "status"] + rest.filter { $0.1.contains(where: can.contains) }.map(\.0)
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
                try WholeFile.create(file.path, bytes: Array(text.utf8), isSynced: false)
            }
        } catch {
            return false
        }
        return await carrier.carry(session)
    }

    func end(_ session: LaunchedSession) async { await carrier?.end(session) }
}

extension MessagesOutlook {
    init(_ ability: AgentAbility) {
        switch (ability.reach, ability.limit) {
        case (.wake, _): self = .wake
        case (.turn, .version(_, let needs)): self = .turn(needs: needs.description)
        case (.turn, _), (.look, _): self = .look
        case (.nothing, .leftOut): self = .off
        case (.nothing, .flag(let flag)): self = .keptOut(flag: flag)
        case (.nothing, _): self = .notHere
        }
    }
}

extension LaunchedSession {
    init(
        _ answers: LaunchAnswers, receives: MeshAPI.Receives, attention: Attention?, tokenFile: String,
        world: EffectWorld
    ) {
        let words = world.agentArguments.map(\.repaired)
        let mode = words.firstIndex(of: "--permission-mode").map { words[($0 + 1)...].first } ?? nil
        self.init(
            id: answers.sessionID, server: answers.access.server, meshID: answers.mesh.id, meshSlug: answers.mesh.slug,
            meshName: answers.mesh.name,
            accountID: answers.user.id, memberName: answers.user.name, displayName: answers.displayName,
            role: answers.role, directory: answers.directory ?? world.context.workingDirectory, receives: receives,
            attention: attention, can: world.can, language: world.context.strings.language.rawValue,
            bypasses: words.contains("--dangerously-skip-permissions") || mode == "bypassPermissions"
                || words.contains("--permission-mode=bypassPermissions"),
            tokenFile: tokenFile)
    }
}
