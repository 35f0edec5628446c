// Lines from the person, signals, and the end of input, as one stream. Nothing is read before it is wanted, and nothing
// stays half read: the agent gets what is typed after the last answer.

import CPosix
import Dispatch
import Glibc
import Platform

/// One thing that came in.
package enum LineEvent: Sendable {
    /// A whole line, without its end, and when it was read, in milliseconds on the boot clock.
    case line(String, at: Int)
    /// Ctrl-D.
    case end
    case signal(Int32)
}

/// Reads standard input line by line, from `init` to `stop`.
package final class LineReader: Sendable {
    private static let signals = [SIGINT, SIGTERM, SIGHUP, SIGCONT]
    private static let stopByte: UInt8 = 200
    /// No honest line is longer; what is more is dropped.
    private static let longest = 64 << 10

    package let events: AsyncStream<LineEvent>
    private let continuation: AsyncStream<LineEvent>.Continuation
    private let queue = DispatchQueue(label: "claudemesh.lines")
    private let readEnd: Int32
    private let writeEnd: Int32

    /// nil where the system has no more descriptors.
    package init?() {
        var ends: [Int32] = [-1, -1]
        guard cp_pipe(&ends) == 0 else { return nil }
        (readEnd, writeEnd) = (ends[0], ends[1])
        (events, continuation) = AsyncStream.makeStream()
        guard cp_signals_watch(Self.signals, Self.signals.count, writeEnd) == 0 else { return nil }
        queue.async { self.run() }
    }

    /// Reads no more; the signals are as they were.
    package func stop() {
        withUnsafeBytes(of: Self.stopByte) { _ = write(writeEnd, $0.baseAddress, 1) }
        queue.sync {}
        cp_signals_unwatch()
        close(readEnd)
        close(writeEnd)
    }

    /// Half a line that was typed here is not for the shell: it may be half a token.
    package func dropTyped() { tcflush(STDIN_FILENO, TCIFLUSH) }

    private func run() {
        var pending: [UInt8] = []
        var isOver = false
        while true {
            var sources = [
                pollfd(fd: readEnd, events: Int16(POLLIN), revents: 0),
                pollfd(fd: isOver ? -1 : STDIN_FILENO, events: Int16(POLLIN), revents: 0),
            ]
            guard poll(&sources, 2, -1) > 0 || errno == EINTR else { return }
            if sources[0].revents != 0, !readSignals() { return }
            if sources[1].revents != 0, !readLines(&pending) {
                isOver = true
                continuation.yield(isGone() ? .signal(SIGHUP) : .end)
            }
        }
    }

    /// False when told to stop.
    private func readSignals() -> Bool {
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = read(readEnd, &bytes, bytes.count)
        for byte in bytes.prefix(max(0, count)) {
            if byte == Self.stopByte { return false }
            continuation.yield(.signal(Int32(byte)))
        }
        return true
    }

    /// False at the end of input.
    private func readLines(_ pending: inout [UInt8]) -> Bool {
        var chunk = [UInt8](repeating: 0, count: 4096)
        let count = read(STDIN_FILENO, &chunk, chunk.count)
        guard count > 0 else { return count < 0 && (errno == EINTR || errno == EAGAIN) }
        pending += chunk[..<count]
        while let end = pending.firstIndex(of: UInt8(ascii: "\n")) {
            let line = String(decoding: pending[..<end].prefix(Self.longest), as: UTF8.self)
            pending.removeSubrange(...end)
            continuation.yield(.line(line, at: Self.now()))
        }
        if pending.count > Self.longest { pending.removeSubrange(Self.longest...) }
        return true
    }

    /// Whether the terminal went away: its end is no answer, and its SIGHUP may come later than its last read.
    private func isGone() -> Bool {
        var source = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
        return poll(&source, 1, 0) > 0 && source.revents & Int16(POLLHUP | POLLERR | POLLNVAL) != 0
    }

    private static func now() -> Int { Int(BootClock.system.now() / .milliseconds(1)) }
}
