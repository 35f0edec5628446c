// Waiting for a state, never for a duration: looked at every millisecond, under a deadline.

import CPosix
import Glibc
import Synchronization

extension TerminalSession {
    /// Waits until `text` is on the screen, and the program at rest. Throws, with the screen as it is, after `seconds`.
    @discardableResult
    public func wait(for text: String, seconds: Double = 30) async throws -> Screen {
        try await wait(for: "\"\(text)\"", seconds: seconds) { $0.text.contains(text) }
    }

    /// Waits until the screen is as `isTrue` wants it, and the program at rest; `what` says that in a failure. A screen
    /// that another one follows at once counts as well.
    @discardableResult
    public func wait(
        for what: String, seconds: Double = 30, _ isTrue: @Sendable (Screen) -> Bool
    ) async throws -> Screen {
        let deadline = ContinuousClock.now + .seconds(seconds)
        var looked = -1
        while true {
            // A picture of the screen costs more than a millisecond of waiting: only where something was written.
            let written = state.withLock { $0.recorded.count }
            if written != looked {
                looked = written
                let seen = screen
                if isTrue(seen) {
                    try await waitForRest(until: deadline)
                    let whole = screen
                    return isTrue(whole) ? whole : seen
                }
            }
            guard ContinuousClock.now < deadline else {
                throw SessionFailure("waited \(seconds) s for \(what); the screen:\n\(screen.shown)")
            }
            try await Task.sleep(for: .milliseconds(1))
        }
    }

    /// Waits until `isTrue`, whatever it looks at.
    public func wait(until what: String, seconds: Double = 30, _ isTrue: () -> Bool) async throws {
        let deadline = ContinuousClock.now + .seconds(seconds)
        while !isTrue() {
            guard ContinuousClock.now < deadline else {
                throw SessionFailure("waited \(seconds) s until \(what); the screen:\n\(screen.shown)")
            }
            try await Task.sleep(for: .milliseconds(1))
        }
    }

    /// Waits for the end of the program, with all it wrote read. Throws, with the screen as it is, after `seconds`.
    public func waitForEnd(seconds: Double = 30) async throws -> ProcessEnd {
        let deadline = ContinuousClock.now + .seconds(seconds)
        while true {
            if let end = checkEnd() {
                // A child of the program's may keep the terminal; then this is all for now.
                let last = ContinuousClock.now + .seconds(2)
                while state.withLock({ !$0.isDrained && !$0.isClosed }), ContinuousClock.now < last {
                    try await Task.sleep(for: .milliseconds(1))
                }
                return end
            }
            guard ContinuousClock.now < deadline else {
                throw SessionFailure("waited \(seconds) s for the end; the screen:\n\(screen.shown)")
            }
            try await Task.sleep(for: .milliseconds(1))
        }
    }

    /// How the program ended; nil while it runs.
    public func checkEnd() -> ProcessEnd? {
        state.withLock { state in
            if let end = state.end { return end }
            var change = cp_change()
            guard cp_wait(pid, true, &change) == 1 else { return nil }
            switch change.kind {
            case CP_EXITED: state.end = .code(change.value)
            case CP_SIGNALED: state.end = .signal(change.value)
            default: break
            }
            return state.end
        }
    }

    /// The private modes (`ESC [ ? n h`) that are set now, by what the program wrote; an emulator may miss some. Without
    /// a word from the program lines wrap (7) and the cursor is visible (25).
    public var setModes: Set<String> {
        var modes: Set<String> = ["7", "25"]
        let text = String(decoding: recorded, as: UTF8.self)
        for sequence in text.split(separator: "\u{1B}[?", omittingEmptySubsequences: false).dropFirst() {
            let parameters = sequence.prefix { $0.isNumber || $0 == ";" }
            switch sequence.dropFirst(parameters.count).first {
            case "h": modes.formUnion(parameters.split(separator: ";").map(String.init))
            case "l": modes.subtract(parameters.split(separator: ";").map(String.init))
            default: break
            }
        }
        return modes
    }
}
