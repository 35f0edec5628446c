// From the wizard's outcome to the agent's end: the session is written down and announced, the agent takes the terminal,
// and this process ends as the agent did.

import Canvas
import Connect
import Console
import FlowEngine
import FoundationEssentials
import Glibc
import LocalState
import Localization
import MeshAPI
import MeshClient
import Platform
import SessionLaunch
import Wizard

/// Launches what was answered.
@MainActor
struct HandOff {
    let session: WizardSession

    private var world: EffectWorld { session.world }
    private var context: Context { session.world.context }

    /// The terminal must have been given back. Returns how the agent ended.
    func run(_ answers: LaunchAnswers, isDry: Bool) async throws -> Ending {
        let temporary = SessionDirectory.temporaryDirectory(environment: context.environment)
        let messages = await LaunchMessages(program: answers.program, world: world)
        if isDry {
            await session.finish()
            let folder = "\(temporary)/claudemesh-\(answers.sessionID)"
            let bare = plan(answers, tokenFile: "\(folder)/session-token")
            return try say(
                messages.added(to: bare, name: answers.displayName, folder: folder, beside: world.agentArguments))
        }
        await session.finishWrites()
        Sweeper(in: temporary).sweep()
        let directory = try make(answers.sessionID, in: temporary)
        defer { directory.remove() }
        let isKept = try keep(answers)
        var plan = plan(answers, tokenFile: directory.tokenFile)
        var receives = MeshAPI.Receives(rawValue: messages.ability.reach.rawValue) ?? .nothing
        let carried = LaunchedSession(answers, receives: receives, tokenFile: directory.tokenFile, world: world)
        let isCarried = await messages.begin(carried, folder: directory.path)
        if isCarried {
            plan = messages.added(
                to: plan, name: answers.displayName, folder: directory.path, beside: world.agentArguments)
        } else if receives != .nothing {
            receives = .nothing
            Output(context).warning(context.strings(CommandText.messagesCannotRun))
        }
        let presence = try Presence(
            answers, tokenHash: directory.tokenHash, receives: receives, isCarried: isCarried, world: world)
        let announcing = Task { await presence.announce() }
        let words = LaunchWords(answers, agent: session.state.agent.name, context: context)
        try words.sayStart(isOffline: isOffline)
        let began = world.moment().boot
        let status: ExitStatus
        do throws(LaunchFailure) {
            status = try await SessionLaunch.run(
                plan, environment: context.environment, foreign: context.foreignVariables)
        } catch {
            announcing.cancel()
            if isCarried { await messages.end(carried) }
            throw Failure.agentFailed(program: error.program, reason: Words(context: context).reason(error.errno))
        }
        let milliseconds = world.moment().boot - began
        announcing.cancel()
        let standing = await announcing.value
        if isCarried { await messages.end(carried) }
        let refusal = await presence.end(standing)
        words.sayEnd(after: milliseconds / 1000, standing, refusal, back: isKept ? wayBack(answers) : nil)
        await session.finish()
        return Ending(status)
    }

    private var isOffline: Bool {
        if case .offline = session.state.identity?.check { true } else { false }
    }

    /// The command that takes the conversation up again.
    private func wayBack(_ answers: LaunchAnswers) -> String {
        switch Conversation(of: world.agentArguments) {
        case .ours, .named: "claudemesh launch --resume \(answers.sessionID.prefix(8))"
        // Which one it was the agent alone knows: the latest of its directory.
        case .unknown: "claudemesh -- --continue"
        }
    }

    private func plan(_ answers: LaunchAnswers, tokenFile: String) -> LaunchPlan {
        var plan = LaunchPlan(
            program: answers.program,
            session: LaunchSession(
                id: answers.sessionID, isResumed: answers.isResumed, meshID: answers.mesh.id,
                meshSlug: answers.mesh.slug, displayName: answers.displayName, role: answers.role,
                apiURL: answers.access.server, tokenFile: tokenFile),
            extra: world.agentArguments, directory: answers.directory ?? context.workingDirectory)
        if let directory = answers.directory { plan.set["PWD"] = directory }
        return plan
    }

    private func make(_ id: String, in temporary: String) throws -> SessionDirectory {
        do throws(SessionDirectoryFailure) {
            return try SessionDirectory(session: id, in: temporary)
        } catch {
            if error.isInUse { throw Failure.sessionRuns(id: id) }
            throw Failure.system(path: error.path, code: error.errno)
        }
    }

    /// Whether there is a way back to this session. Its directory is that of its first launch: the conversation is there.
    private func keep(_ answers: LaunchAnswers) throws -> Bool {
        let former = try? world.directory.session(matching: answers.sessionID)
        let place: String? = if case .one(let record) = former { record.directory } else { nil }
        let record = SessionRecord(
            id: answers.sessionID, account: try world.account(answers.access.server, answers.user.id),
            meshID: answers.mesh.id, meshSlug: answers.mesh.slug, meshName: answers.mesh.name,
            name: answers.displayName, role: answers.role, directory: place ?? context.workingDirectory,
            createdAt: context.now())
        do throws(FileFailure) {
            try world.directory.writeSession(record)
            return true
        } catch {
            // It can be gone without: what is lost is the way back.
            Output(context).warning(Words(context: context).file(error).message)
            return false
        }
    }

    private func say(_ plan: LaunchPlan) throws -> Ending {
        let output = Output(context)
        if context.options.json {
            try output.json(plan)
            return .exit(.done)
        }
        try output.line(([plan.program] + plan.arguments.map(\.shown)).joined(separator: " "))
        for (name, value) in plan.set.sorted(by: { $0.key < $1.key }) { try output.line("\(name)=\(value)", .muted) }
        for name in plan.unset { try output.line("unset \(name)", .muted) }
        try output.line("cd \(plan.directory)", .muted)
        return .exit(.done)
    }
}

extension Ending {
    init(_ status: ExitStatus) {
        switch status {
        case .code(let code): self = .code(code)
        case .signal(let number): self = .signal(number)
        }
    }
}
