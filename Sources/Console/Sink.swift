// Where text goes. A sink is a file descriptor, or a test's buffer; it knows whether a person is at its other end.

import FoundationEssentials
import Glibc

/// Why a stream took no more text.
package struct StreamFailure: Error, Hashable {
    /// `stdout`, `stderr`.
    package var stream: String
    /// The `errno` of the write that failed.
    package var code: Int32

    /// It was a terminal when we started.
    package var isTerminal = false

    /// The reader went away, and took us with it: the signal that whoever writes there dies of. A pipe's is SIGPIPE; a
    /// terminal's SIGHUP may come later than the write that fails.
    package var signal: Int32? {
        if code == EPIPE { return SIGPIPE }
        return isTerminal && code == EIO ? SIGHUP : nil
    }
}

/// A stream that takes text.
package struct Sink: Sendable {
    package var isTerminal: Bool
    /// Columns of the terminal behind it, nil where it is none or does not say.
    package var columns: @Sendable () -> Int?
    private let take: @Sendable (String) throws(StreamFailure) -> Void

    package init(
        isTerminal: Bool, columns: @escaping @Sendable () -> Int? = { nil },
        take: @escaping @Sendable (String) throws(StreamFailure) -> Void
    ) {
        self.isTerminal = isTerminal
        self.columns = columns
        self.take = take
    }

    package func write(_ text: String) throws(StreamFailure) { try take(text) }

    /// A file descriptor. `wasClosed` says that the program was started without it: every write then fails.
    package static func descriptor(_ descriptor: Int32, name: String, wasClosed: Bool) -> Sink {
        let isTerminal = !wasClosed && isatty(descriptor) == 1
        return Sink(isTerminal: isTerminal, columns: { Self.columns(of: descriptor) }) { (text) throws(StreamFailure) in
            if wasClosed { throw StreamFailure(stream: name, code: EBADF) }
            let code = Self.writeAll(Array(text.utf8), to: descriptor)
            if code != 0 { throw StreamFailure(stream: name, code: code, isTerminal: isTerminal) }
        }
    }

    private static func columns(of descriptor: Int32) -> Int? {
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return Int(size.ws_col)
    }

    /// Writes every byte; the `errno` of the write that failed, or 0. A descriptor that another program left non-blocking
    /// is waited for, not given up.
    private static func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Int32 {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count >= 0 {
                rest = rest.dropFirst(count)
            } else if errno == EAGAIN || errno == EWOULDBLOCK {
                var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                _ = poll(&waiting, 1, -1)
            } else if errno != EINTR {
                return errno
            }
        }
        return 0
    }
}
