// One who waits for what happens in a mesh: a held poll or a stream. Signals gather until they are taken, so that none is
// missed while the reader looks or writes.

package import FoundationEssentials
internal import MeshStore
internal import Synchronization

package final class MeshWatch: Sendable {
    package struct Signals: OptionSet, Sendable {
        package let rawValue: Int

        package init(rawValue: Int) { self.rawValue = rawValue }

        /// Something that may concern the reader changed, or their right to read.
        static let changed = Signals(rawValue: 1)
        /// The time that was waited for is there.
        package static let due = Signals(rawValue: 2)
        /// Too many wait with that credential or account, and this is the oldest.
        static let replaced = Signals(rawValue: 4)
        /// The server stops.
        static let stopped = Signals(rawValue: 8)
        /// The client went away.
        package static let left = Signals(rawValue: 16)
        /// Its session was disconnected.
        static let disconnected = Signals(rawValue: 32)

        /// After these nothing is waited for.
        package static let ends: Signals = [.replaced, .stopped, .left, .disconnected]
    }

    private struct State {
        var signals: Signals = []
        var due: Date?
        var waiter: CheckedContinuation<Void, Never>?
        /// Ticks since the write that is under way began; nil where there is none.
        var writing: Int?
    }

    package let viewer: Viewer
    /// Whether it is a stream, and no held poll.
    let isStream: Bool
    /// Looks whether too much waits behind a write that does not end.
    private let onStall: @Sendable () -> Void
    private let state = Mutex(State())

    package init(viewer: Viewer, isStream: Bool = false, onStall: @escaping @Sendable () -> Void = {}) {
        self.viewer = viewer
        self.isStream = isStream
        self.onStall = onStall
    }

    package func signal(_ signals: Signals) {
        state.withLock { state -> CheckedContinuation<Void, Never>? in
            state.signals.formUnion(signals)
            defer { state.waiter = nil }
            return state.waiter
        }?.resume()
    }

    /// What was signalled since the last time; waits for the first, or for `due`.
    package func wait(until due: Date) async -> Signals {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isThere = state.withLock { state in
                    guard state.signals.isEmpty else { return true }
                    (state.due, state.waiter) = (due, continuation)
                    return false
                }
                if isThere { continuation.resume() }
            }
        } onCancel: {
            signal(.left)
        }
        return state.withLock { state in
            let signals = state.signals
            // An end stays one.
            state.signals.formIntersection(.ends)
            state.due = nil
            return signals
        }
    }

    package func beginWriting() { state.withLock { $0.writing = 0 } }

    package func endWriting() { state.withLock { $0.writing = nil } }

    /// A second passed.
    func tick(at now: Date) {
        let isStalled = state.withLock { state -> Bool in
            state.writing = state.writing.map { $0 + 1 }
            return (state.writing ?? 0) >= 2
        }
        if isStalled { onStall() }
        if state.withLock({ $0.due.map { $0 <= now } ?? false }) { signal(.due) }
    }
}
