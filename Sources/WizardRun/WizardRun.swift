// `launch`, from the command line to the end: which front end shows the flow, and what its outcome becomes.

import Connect
import Console
import FlowEngine
import LocalState
import Localization
import MeshClient
import Platform
import Terminal
import WatchRun
import Wizard

/// One run of the wizard.
@MainActor
struct WizardRun {
    let session: WizardSession
    let isDry: Bool
    private let launch: LaunchOptions
    /// For runs that show no screen to say them on.
    private let notices: [FileNotice]

    private var context: Context { session.world.context }

    init(_ launch: LaunchOptions, context: Context) throws {
        let startup = try Startup(launch, context: context, mayWrite: !launch.dryRun)
        session = WizardSession(startup)
        notices = startup.notices
        isDry = launch.dryRun
        self.launch = launch
    }

    func run() async throws -> Ending {
        if !isDry { Task { await beginUsage() } }
        if context.options.fullScreen && session.state.settings.plain && !isDry { forgetLines() }
        let end = try await frontEnd()
        if !isDry { rememberNotice() }
        if case .over(.launch(let answers)) = end {
            return try await HandOff(session: session).run(answers, isDry: isDry)
        }
        await session.finish()
        if case .over(.exit(.takeUp(let id))) = end { return try await takeUp(id) }
        switch end {
        case .signal(let number): return .signal(number)
        case .over(let outcome): return try ending(outcome)
        }
    }

    /// As `--resume ID`: the launch may belong to another server and account than this run began with.
    private func takeUp(_ id: String) async throws -> Ending {
        var picked = launch
        (picked.resume, picked.picksLaunch) = (id, false)
        return try await WizardRun(picked, context: context).run()
    }

    private func ending(_ outcome: WizardOutcome) throws -> Ending {
        switch outcome {
        case .exit(.quit(let status)): return .code(Int32(status))
        case .exit(.interrupted): return .code(128 + SignalNumber.interrupt)
        case .failed(.agentMissing(let name, let places)):
            throw Failure.agentMissing(name: name, looked: AgentLookup.missing(name: name, places: places).looked)
        case .failed(.nested(let mesh)): throw Failure.nested(mesh: mesh)
        case .failed(.directoryGone(let path)): throw Failure.directoryGone(path: path)
        case .exit(.lineMode), .exit(.takeUp), .launch: throw Failure.fault("no outcome")
        }
    }

    /// Full screen where a terminal can do it, lines where it cannot or where they are wanted, else nobody is asked.
    private func frontEnd() async throws -> FrontEndEnd {
        guard context.interactivity == .interactive else {
            try sayNotices()
            return .over(try await NoFrontEnd(session: session).run())
        }
        let unseen = Duration.milliseconds(WizardState.unseen)
        if session.state.request.yes, let outcome = await NoFrontEnd(session: session).outcome(within: unseen) {
            try sayNotices()
            return .over(outcome)
        }
        TerminalModes.awaitForeground()
        guard !wantsLines else { return try await LineMode(session).run(isMidway: false) }
        let terminal: Terminal
        do throws(TerminalUnavailable) {
            terminal = try Terminal(TerminalOptions(environment: context.environment))
        } catch {
            return try await LineMode(session).run(isMidway: false, because: reason(error))
        }
        let screen = FullScreen(session, terminal)
        let end = await screen.run()
        terminal.release()
        guard case .over(.exit(.lineMode)) = end else { return end }
        session.send(.frontEndChanged)
        // F2 in the midst of a look at the mesh: that goes on first.
        if let visit = screen.visit {
            let end = try await visit.runInLines()
            if case .signal(let number) = end { return .signal(number) }
        }
        return try await LineMode(session).run(isMidway: true)
    }

    /// nil where a person has chosen it, or can see it.
    private func reason(_ unavailable: TerminalUnavailable) -> String? {
        guard case .unknown(let term) = unavailable else { return nil }
        return context.strings(LineText.unknownTerminal, ["term": term])
    }

    private func sayNotices() throws {
        for notice in notices { Output(context).warning(Words(context: context).notice(notice)) }
    }

    /// `--full-screen` undoes what F2 left behind.
    private func forgetLines() {
        // What cannot be kept is asked for again.
        _ = try? session.world.directory.updateConfig { $0.plain = nil }
    }

    private var wantsLines: Bool {
        if context.options.fullScreen { return false }
        return context.options.plain || context["ACCESSIBLE"] == "1" || session.state.settings.plain
    }
}
