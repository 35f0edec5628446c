// Where a server's log goes. Lines are written by a thread of their own: a reader that stalls (a pipe that is full, a
// terminal stopped by Ctrl-S) costs lines, never answers.

import Dispatch
import Platform
import Synchronization

final class LogSink: TextOutputStream, Sendable {
    private struct State {
        var waiting: [String] = []
        var bytes = 0
        var lost = 0
        var isWriting = false
    }

    /// How much may wait for the reader, in bytes.
    private static let most = 256 << 10
    /// How long the end of a server waits for the reader, in milliseconds.
    private static let patience = 500

    private let descriptor: Descriptor
    private let state = Mutex(State())
    private let queue = DispatchQueue(label: "claudemesh.log")

    init(descriptor: Descriptor) { self.descriptor = descriptor }

    /// Takes a line; one for which there is no room is counted.
    func write(_ line: String) {
        let isFirst = state.withLock { state in
            guard state.bytes + line.utf8.count <= Self.most else {
                state.lost += 1
                return false
            }
            state.waiting.append(line)
            state.bytes += line.utf8.count
            defer { state.isWriting = true }
            return !state.isWriting
        }
        if isFirst { queue.async { self.drain() } }
    }

    /// Waits until all is written, or the reader shows that it takes no more.
    func flush() {
        let done = DispatchSemaphore(value: 0)
        queue.async { done.signal() }
        _ = done.wait(timeout: .now() + .milliseconds(Self.patience))
    }

    private func drain() {
        while let (lines, lost) = next() {
            for line in lines { put(line) }
            if lost > 0 { put("claudemesh: \(lost) lines of this log are lost: nobody read it\n") }
        }
    }

    /// What waits, and how many lines were lost behind it; nil where there is nothing.
    private func next() -> ([String], lost: Int)? {
        state.withLock { state in
            guard !state.waiting.isEmpty else {
                state.isWriting = false
                return nil
            }
            defer { (state.waiting, state.bytes, state.lost) = ([], 0, 0) }
            return (state.waiting, state.lost)
        }
    }

    /// All of it, however long that takes; a reader that is gone gets none.
    private func put(_ line: String) { _ = descriptor.write(line.utf8) }
}
