// The world of one run as a test supplies it: a home, what is typed, streams that are kept.

package import Console
package import Foundation
import Localization
import Synchronization

/// Text as it comes.
package final class Capture: Sendable {
    private let kept = Mutex("")

    package init() {}

    package var text: String { kept.withLock { $0 } }

    package func sink(isTerminal: Bool) -> Sink {
        Sink(isTerminal: isTerminal, columns: { isTerminal ? 80 : nil }) { (text) throws(StreamFailure) in
            self.kept.withLock { $0 += text }
        }
    }
}

extension Context {
    /// - Parameters:
    ///   - home: where the run begins, too.
    ///   - terminal: whether a person is at the other end of all three streams.
    package static func testing(
        _ environment: [String: String] = [:], home: String = "/home/val", out: Capture = Capture(),
        err: Capture = Capture(), input: String = "", terminal: Bool = false,
        now: @escaping @Sendable () -> Date = { Date() }
    ) -> Context {
        let language = Language.choose(flag: nil, environment: environment, config: nil)
        return Context(
            environment: environment, workingDirectory: home, home: home, loginName: "val", hostName: "vm",
            input: .text(input, isTerminal: terminal), output: out.sink(isTerminal: terminal),
            errors: err.sink(isTerminal: terminal), now: now, zoneOffset: { _ in 0 }, strings: Strings(language))
    }
}
