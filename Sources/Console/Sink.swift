// Where text goes. A sink is a file descriptor, or a test's buffer; it knows whether a person is at its other end.

import FoundationEssentials
package import Platform

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
        switch SystemError(code: code) {
        case .brokenPipe: return SignalNumber.brokenPipe
        case .inputOutput: return isTerminal ? SignalNumber.hangUp : nil
        default: return nil
        }
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

    /// A file descriptor. Where the program was started without it every write fails.
    package static func descriptor(_ descriptor: Descriptor, name: String) -> Sink {
        let isTerminal = descriptor.isTerminal
        return Sink(isTerminal: isTerminal, columns: { descriptor.window?.columns }) { (text) throws(StreamFailure) in
            if let error = descriptor.write(text.utf8) {
                throw StreamFailure(stream: name, code: error.code, isTerminal: isTerminal)
            }
        }
    }
}
