// Where nobody may be asked: what is said and who comes and goes is printed as it happens, with `--json` each event as it
// came, one a line. Nothing is made seen by that.

import Console
import Localization
import MeshAPI
import MeshClient
import Platform
import Watch

@MainActor
final class WatchPrinter {
    private let session: WatchSession
    private let output: Output
    private let changes: AsyncStream<Void>
    private let changed: AsyncStream<Void>.Continuation
    private var news: [Arrival] = []

    init(_ session: WatchSession) {
        self.session = session
        output = Output(session.world.context)
        (changes, changed) = AsyncStream.makeStream()
    }

    func run() async throws -> WatchEnd {
        session.onNews = { self.news.append($0) }
        session.onArrival = { [changed] in changed.yield() }
        defer { (session.onNews, session.onArrival) = ({ _ in }, {}) }
        session.start()
        for await _ in changes {
            if let failure = session.failure { return .failed(failure) }
            for arrival in news { try tell(arrival) }
            news = []
            if case .ended(let end) = session.state.link.phase {
                output.warning(LineWords(session.state, session.world.context.strings).ended(end))
                return .over(.quit(interrupted: false))
            }
        }
        return .signal(SignalNumber.hangUp)
    }

    private func tell(_ arrival: Arrival) throws {
        let words = LineWords(session.state, session.world.context.strings)
        switch arrival {
        case .event(let event):
            if session.world.context.options.json { return try output.json(event) }
            switch event {
            case .message(let message): for line in words.whole(message) { try output.line(line) }
            case .peer(_, let peer): if let line = words.change(of: peer) { try output.line(line) }
            default: break
            }
        case .interrupted, .connected: if session.state.link.offline != nil { output.hint(words.link) }
        default: break
        }
    }
}
