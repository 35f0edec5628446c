// What a run tells about its use, where that is not turned off: collected while a command works, written when it ends,
// sent with a later command. Nothing here delays or fails what a person asked for.

import Canvas
package import FoundationEssentials
package import LocalState
import Localization
package import MeshAPI
import Synchronization

/// The events of one run. Until `begin` is called, and where telling is off, nothing is collected.
package final class Usage: Sendable {
    private struct Run {
        var directory: ConfigDirectory
        var isSignedIn: Bool
        var events: [TelemetryEvent] = []
        var sending: Task<Void, Never>
    }

    private let run = Mutex<Run?>(nil)

    /// Sends what waits, beside the command's own work. Where the person was never told, tells them and collects nothing.
    /// - Parameter settle: gives events to the server; whether they need not wait any longer.
    package func begin(
        _ context: Context, directory: ConfigDirectory, config: ConfigFile, isLocal: Bool, isSignedIn: Bool,
        settle: @escaping @Sendable ([TelemetryEvent]) async -> Bool
    ) throws {
        let kept = directory.rememberedState()
        for notice in kept.notices { Output(context).warning(Words(context: context).notice(notice)) }
        let state = kept.value
        let choice = TelemetryChoice(
            environment: context.environment, config: config, state: state, isLocal: isLocal)
        switch choice {
        case .off, .doNotTrack, .ci, .local: break
        case .notTold:
            // A notice that cannot be remembered would come every time: then nothing is told, and nothing collected.
            guard (try? directory.updateState { $0.markShown(TelemetryChoice.notice) }) != nil else { return }
            try? Output(context).note(context.strings(CommandText.telemetryNotice), .muted)
        case .on:
            let sending = Task { await directory.sendTelemetry(settle) }
            run.withLock { $0 = Run(directory: directory, isSignedIn: isSignedIn, sending: sending) }
        }
    }

    package func add(_ event: TelemetryEvent) { run.withLock { $0?.events.append(event) } }

    /// A request failed. A sign-in's own refusals and cancelled calls are no news.
    package func failed(_ route: Route, _ failure: APIFailure, at now: Date) {
        guard failure != .cancelled, failure.code != "slow_down" else { return }
        add(.apiError(route, status: failure.status, errorCode: failure.code, at: now))
    }

    /// The command ended: its events wait for a later one.
    package func end(command: String, exitCode: Int32, duration: Duration, at now: Date) {
        let ended = run.withLock { run in
            defer { run = nil }
            return run
        }
        guard let ended else { return }
        ended.sending.cancel()
        let milliseconds = Int(duration / .milliseconds(1))
        let last = TelemetryEvent.commandExecuted(
            command, exitCode: Int(exitCode), durationMs: milliseconds, authenticated: ended.isSignedIn, at: now)
        for event in ended.events + [last] { ended.directory.record(event) }
    }
}
