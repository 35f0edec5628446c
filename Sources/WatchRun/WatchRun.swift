// `watch`, from the command line to the end: which front end shows the mesh.

package import Console
import FlowEngine
import LocalState
import MeshAPI
import MeshClient
import Platform
import Terminal
import Watch

/// One run of watching.
@MainActor
package struct WatchRun {
    private let session: WatchSession
    private let world: WatchWorld

    package init(_ request: WatchRequest, context: Context) throws {
        world = WatchWorld(
            context: context, request: request, directory: try ConfigDirectory(environment: context.environment))
        session = WatchSession(world)
    }

    package func run() async throws -> Ending {
        let end = try await frontEnd()
        await session.finish()
        switch end {
        case .failed(let error): throw error
        case .signal(let number): return .signal(number)
        case .over(.quit(interrupted: true)): return .code(128 + SignalNumber.interrupt)
        case .over: return .code(0)
        }
    }

    /// Full screen where a terminal can do it, lines where it cannot or where they are wanted; where nobody may be asked,
    /// what happens is printed.
    private func frontEnd() async throws -> WatchEnd {
        let context = world.context
        guard context.interactivity == .interactive else { return try await WatchPrinter(session).run() }
        guard !world.prefersLines, let terminal = try? Terminal(TerminalOptions(environment: context.environment))
        else {
            return try await WatchLines(session).run()
        }
        terminal.setAccent(world.accent)
        let events = ScreenEvents(terminal)
        let end = await WatchScreen(session, terminal, events).run()
        events.stop()
        terminal.release()
        guard case .over(.lines) = end else { return end }
        session.resume()
        return try await WatchLines(session).run()
    }
}
