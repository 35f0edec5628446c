// A look at a mesh from another screen of the program, which is there again afterwards.

package import Console
import FlowEngine
package import LocalState
import Platform
package import Terminal
import Watch

/// One look, on the terminal that the other screen has.
@MainActor
package final class WatchVisit {
    private let session: WatchSession

    /// How it ended.
    package enum End: Sendable {
        /// The person goes back.
        case back
        /// They want lines from now on: `goOnInLines`, once the terminal is given back.
        case lines
        /// The process is to die of this.
        case signal(Int32)
    }

    package init(_ request: WatchRequest, context: Context, directory: ConfigDirectory) {
        session = WatchSession(WatchWorld(context: context, request: request, directory: directory))
    }

    package func run(on terminal: Terminal, _ events: ScreenEvents) async -> End {
        await ended(by: await WatchScreen(session, terminal, events).run())
    }

    /// In lines: from the start, or from where the screen was left.
    package func runInLines() async throws -> End {
        session.resume()
        return await ended(by: try await WatchLines(session).run())
    }

    private func ended(by end: WatchEnd) async -> End {
        if case .over(.lines) = end { return .lines }
        await session.finish()
        if case .signal(let number) = end { return .signal(number) }
        return .back
    }
}
