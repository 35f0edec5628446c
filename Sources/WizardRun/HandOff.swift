// From the wizard's outcome to the agent's end: the session is written down and announced, the agent takes the terminal,
// and this process ends as the agent did.

import Canvas
import Connect
import Console
import FlowEngine
import FoundationEssentials
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
            try Self.plan(answers, messages, world: world).say(Output(context))
            return .exit(.done)
        }
        await session.finishWrites()
        Sweeper(in: temporary).sweep()
        let directory = try make(answers.sessionID, in: temporary)
        defer { directory.remove() }
        let isKept = try keep(answers)
        var plan = Self.plan(answers, tokenFile: directory.tokenFile, world: world)
        var receives = MeshAPI.Receives(rawValue: messages.ability.reach.rawValue) ?? .nothing
        let attention = attention(answers)
        let carried = LaunchedSession(
            answers, receives: receives, attention: attention, tokenFile: directory.tokenFile, world: world)
        let isCarried = await messages.begin(carried, folder: directory.path)
        if isCarried {
            plan = messages.added(
                to: plan, name: answers.displayName, folder: directory.path, beside: world.agentArguments)
        } else if receives != .nothing {
            receives = .nothing
            Output(context).warning(context.strings(CommandText.messagesCannotRun))
        }
        let presence = try Presence(
            answers, tokenHash: directory.tokenHash, receives: receives, attention: attention, isCarried: isCarried,
            world: world)
        let announcing = Task { await presence.announce() }
        let words = LaunchWords(answers, agent: session.state.agent.name, context: context)
        let waiting = WaitingMessages(answers, world: world)
        let meshes = session.state.meshes
        let known = meshes.savedAt == nil ? meshes.rows.mesh(answers.mesh.id)?.unread : nil
        try words.sayStart(
            isOffline: isOffline, isNew: isCarried && receives == .wake && isFirst(), waiting: waiting.news(known))
        let began = world.moment().boot
        let status: ExitStatus
        do throws(LaunchFailure) {
            status = try await SessionLaunch.run(
                plan, environment: context.environment, foreign: context.foreignVariables)
        } catch {
            announcing.cancel()
            if isCarried { await messages.end(carried) }
            throw Failure.agentFailed(program: error.program, reason: Words(context: context).startReason(error.errno))
        }
        let milliseconds = world.moment().boot - began
        announcing.cancel()
        let standing = await announcing.value
        if isCarried { await messages.end(carried) }
        let refusal = await presence.end(standing)
        let left = refusal == nil && !isOffline ? await waiting.ask(answers.access) : nil
        words.sayEnd(
            after: milliseconds / 1000, standing, refusal, waiting: waiting.news(left),
            back: isKept ? wayBack(answers) : nil)
        await session.finish()
        return Ending(status)
    }

    /// What may wake it: as asked for now, which is kept for the mesh, else as it was last.
    private func attention(_ answers: LaunchAnswers) -> Attention? {
        guard let account = try? world.account(answers.access.server, answers.user.id) else { return world.attention }
        guard let asked = world.attention else {
            return (try? world.directory.readState())?.value.answers(of: account).attention[answers.mesh.id]
        }
        // What cannot be kept holds for this session.
        try? world.directory.updateState { state in
            var kept = state.answers(of: account)
            kept.attention[answers.mesh.id] = asked
            state.setAnswers(kept, of: account)
        }
        return asked
    }

    /// Whether the person was never told that sessions can be written to; from now on they were.
    private func isFirst() -> Bool {
        guard let state = try? world.directory.readState().value, !state.wasShown(Self.notice) else { return false }
        // What cannot be kept is said again.
        try? world.directory.updateState { $0.markShown(Self.notice) }
        return true
    }

    private static let notice = "messages"

    private var isOffline: Bool {
        if case .offline = session.state.identity?.check { true } else { false }
    }

    /// The command that takes the conversation up again; nil where there is none.
    private func wayBack(_ answers: LaunchAnswers) -> String? {
        switch Conversation(of: world.agentArguments) {
        case .ours where world.messages?.keptConversation(answers.sessionID) == false: nil
        case .ours, .named: "claudemesh launch --resume \(answers.sessionID.prefix(8))"
        // Which one it was the agent alone knows: the latest of its directory.
        case .unknown: "claudemesh -- --continue"
        }
    }

    /// The whole plan, without a session's folder being there.
    nonisolated static func plan(_ answers: LaunchAnswers, _ messages: LaunchMessages, world: EffectWorld) -> LaunchPlan
    {
        let temporary = SessionDirectory.temporaryDirectory(environment: world.context.environment)
        let folder = "\(temporary)/claudemesh-\(answers.sessionID)"
        return messages.added(
            to: plan(answers, tokenFile: "\(folder)/session-token", world: world), name: answers.displayName,
            folder: folder, beside: world.agentArguments)
    }

    private nonisolated static func plan(_ answers: LaunchAnswers, tokenFile: String, world: EffectWorld) -> LaunchPlan
    {
        var plan = LaunchPlan(
            program: answers.program,
            session: LaunchSession(
                id: answers.sessionID, isResumed: answers.isResumed, meshID: answers.mesh.id,
                meshSlug: answers.mesh.slug, displayName: answers.displayName, role: answers.role,
                apiURL: answers.access.server, tokenFile: tokenFile),
            extra: world.agentArguments, directory: answers.directory ?? world.context.workingDirectory)
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
            name: answers.displayName, role: answers.role,
            directory: place ?? answers.directory ?? context.workingDirectory,
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
}

extension LaunchPlan {
    /// As a person reads it; with `--json` as it is.
    func say(_ output: Output) throws {
        if output.context.options.json { return try output.json(self) }
        try output.line(([program] + arguments.map(\.shown)).joined(separator: " "))
        for (name, value) in set.sorted(by: { $0.key < $1.key }) { try output.line("\(name)=\(value)", .muted) }
        for name in unset { try output.line("unset \(name)", .muted) }
        try output.line("cd \(directory)", .muted)
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
