// An open file, pipe or terminal by its number: reading, writing and waiting, each in one place.

internal import CPosix
internal import Glibc

public struct Descriptor: Sendable, Hashable {
    public let number: Int32

    public static let input = Descriptor(STDIN_FILENO)
    public static let output = Descriptor(STDOUT_FILENO)
    public static let errors = Descriptor(STDERR_FILENO)

    public init(_ number: Int32) { self.number = number }

    /// A file to read, whatever stands at `path`: a pipe is as good, and so is a link where those are followed.
    public init(reading path: String, followsLinks: Bool = true) throws(SystemError) {
        number = open(path, O_RDONLY | O_CLOEXEC | (followsLinks ? 0 : O_NOFOLLOW))
        guard number >= 0 else { throw .last }
    }

    /// A file to read and write, made where it is missing, for its owner alone.
    public init(making path: String) throws(SystemError) {
        number = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard number >= 0 else { throw .last }
    }

    /// A pipe for words to oneself: no child gets it, neither end ever waits. nil where the system has no more descriptors.
    public static func pipe() -> (reading: Descriptor, writing: Descriptor)? {
        var ends: [Int32] = [-1, -1]
        guard cp_pipe(&ends) == 0 else { return nil }
        return (Descriptor(ends[0]), Descriptor(ends[1]))
    }

    public func close() { Glibc.close(number) }

    // MARK: Reading and writing

    public enum Read: Sendable {
        case bytes([UInt8])
        case end
        /// Nothing yet: a signal came, or another program left it so that it does not wait.
        case nothing
        case failed(SystemError)
    }

    /// What there is, at most `most` bytes, once.
    public func read(_ most: Int) -> Read {
        var count = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: most) { buffer, filled in
            count = Glibc.read(number, buffer.baseAddress, most)
            filled = max(0, count)
        }
        if count > 0 { return .bytes(bytes) }
        if count == 0 { return .end }
        let error = SystemError.last
        return [EINTR, EAGAIN].contains(error.code) ? .nothing : .failed(error)
    }

    /// Writes every byte; nil, or why it could not. One that another program left so that it does not wait is waited for,
    /// at most `patience` milliseconds a time.
    public func write(_ bytes: some Sequence<UInt8>, patience: Int32 = -1) -> SystemError? {
        Array(bytes).withUnsafeBytes { write($0, patience: patience) }
    }

    func write(_ bytes: UnsafeRawBufferPointer, patience: Int32 = -1) -> SystemError? {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = Glibc.write(number, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
            if count > 0 {
                rest = rest.dropFirst(count)
                continue
            }
            // What a write that takes nothing does not say.
            if count == 0 { return .noSpace }
            let error = SystemError.last
            if error.code == EAGAIN {
                var waiting = pollfd(fd: number, events: Int16(POLLOUT), revents: 0)
                _ = poll(&waiting, 1, patience)
            } else if error.code != EINTR {
                return error
            }
        }
        return nil
    }

    /// Returns when the disk has what was written to the file. macOS: `fcntl` with F_FULLFSYNC, without which the disk may
    /// still hold it back.
    public func flush() throws(SystemError) {
        guard fdatasync(number) == 0 else { throw .last }
    }

    // MARK: Waiting

    /// Waits until one of `descriptors` has something to read, or has ended; which of them have. nil stands for one that is
    /// not asked. None have where the time was over or a signal came. Throws where it cannot be waited.
    public static func wait(_ descriptors: [Descriptor?], milliseconds: Int32 = -1) throws(SystemError) -> [Bool] {
        var sources = descriptors.map { pollfd(fd: $0?.number ?? -1, events: Int16(POLLIN), revents: 0) }
        guard poll(&sources, nfds_t(sources.count), milliseconds) < 0 else { return sources.map { $0.revents != 0 } }
        let error = SystemError.last
        guard error.code == EINTR else { throw error }
        return descriptors.map { _ in false }
    }

    /// Whether something can be read now, or its end.
    public var isReady: Bool { (try? Self.wait([self], milliseconds: 0))?.first ?? false }

    /// Whether the other side is gone.
    public var isHungUp: Bool {
        var source = pollfd(fd: number, events: Int16(POLLIN), revents: 0)
        return poll(&source, 1, 0) > 0 && source.revents & Int16(POLLHUP | POLLERR | POLLNVAL) != 0
    }

    // MARK: Terminals

    public var isTerminal: Bool { isatty(number) == 1 }

    /// Columns and rows of the terminal; nil where it is none or does not say.
    public var window: (columns: Int, rows: Int)? {
        var size = winsize()
        guard ioctl(number, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return (Int(size.ws_col), Int(size.ws_row))
    }

    /// Whether our job is the terminal's; nil where that cannot be known.
    public var isForeground: Bool? {
        let foreground = tcgetpgrp(number)
        return foreground < 0 ? nil : foreground == getpgrp()
    }

    /// Drops what was typed and not yet read.
    public func dropInput() { tcflush(number, TCIFLUSH) }

    /// Writes what the C library still holds of what was printed.
    public static func flushStreams() { fflush(nil) }
}
