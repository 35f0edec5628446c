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
        /// A commit that may concern the reader changed nothing but what the tail has.
        package static let said = Signals(rawValue: 64)

        /// After these nothing is waited for.
        package static let ends: Signals = [.replaced, .stopped, .left, .disconnected]
    }

    private struct State {
        var signals: Signals = []
        var due: Date?
        /// Seconds from one sign of life to the next, where it is given at `due` without waking who waits.
        var pause: Double?
        var waiter: CheckedContinuation<Void, Never>?
        /// Ticks since the write that is under way began; nil where there is none.
        var writing: Int?
    }

    package let viewer: Viewer
    /// Nil for a held poll.
    private let stream: (any WatchedStream)?
    private let state = Mutex(State())

    package init(viewer: Viewer, stream: (any WatchedStream)? = nil) {
        self.viewer = viewer
        self.stream = stream
    }

    var isStream: Bool { stream != nil }

    package func signal(_ signals: Signals) {
        state.withLock { state -> CheckedContinuation<Void, Never>? in
            state.signals.formUnion(signals)
            defer { state.waiter = nil }
            return state.waiter
        }?.resume()
    }

    /// What was signalled since the last time; waits for the first, or for `due`.
    package func wait(until due: Date) async -> Signals {
        var due = due
        return await wait(until: &due, pause: nil)
    }

    /// As above. With a `pause` the stream gives a sign of life at `due`, and `due` moves on by so many seconds: of ten
    /// thousand that wait each would be woken for it.
    package func wait(until due: inout Date, pause: Double?) async -> Signals {
        await withTaskCancellationHandler {
            await withCheckedContinuation { [due] continuation in
                let isThere = state.withLock { state in
                    (state.due, state.pause) = (due, pause)
                    guard state.signals.isEmpty else { return true }
                    state.waiter = continuation
                    return false
                }
                if isThere { continuation.resume() }
            }
        } onCancel: {
            signal(.left)
        }
        let signals = state.withLock { state in
            let signals = state.signals
            // An end stays one.
            state.signals.formIntersection(.ends)
            due = state.due ?? due
            state.due = nil
            return signals
        }
        return signals
    }

    package func beginWriting() { state.withLock { $0.writing = 0 } }

    package func endWriting() { state.withLock { $0.writing = nil } }

    /// A second passed.
    func tick(at now: Date) {
        let (isStalled, isDue) = state.withLock { state -> (Bool, Bool) in
            state.writing = state.writing.map { $0 + 1 }
            let isStalled = (state.writing ?? 0) >= 2
            guard let due = state.due, due <= now else { return (isStalled, false) }
            guard let stream, let pause = state.pause, state.waiter != nil else { return (isStalled, true) }
            // Nobody is woken meanwhile: what is written next comes behind it.
            stream.giveSign()
            // From when it was due: a look comes a little later each time.
            state.due = max(due.addingTimeInterval(pause), now)
            return (isStalled, false)
        }
        if isStalled { stream?.look() }
        if isDue { signal(.due) }
    }
}

/// A stream, as its watch knows it.
package protocol WatchedStream: AnyObject, Sendable {
    /// Says that it is there. Only asks for it to be written, and waits for nothing: it is called under a lock.
    func giveSign()
    /// A write does not end: looks whether too much waits behind it.
    func look()
}
