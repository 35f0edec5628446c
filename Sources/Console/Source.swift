// Where answers come from: standard input, or a test's text.

import Glibc
import LocalState
import MeshAPI

/// A stream that gives text.
package struct Source: Sendable {
    /// What a read brought.
    package enum Read: Hashable, Sendable {
        case text(String)
        /// More than was asked for.
        case tooMuch
        /// The `errno` of the read that failed.
        case failed(Int32)

        package var text: String? { if case .text(let text) = self { text } else { nil } }
    }

    package var isTerminal: Bool
    /// Everything up to the end, at most `limit` bytes.
    package let readAll: @Sendable (_ limit: Int) -> Read
    /// The next line without its end, at most as long; nil at the end of input.
    let readLine: @Sendable (_ limit: Int) -> String?

    /// All of `text`, then its end.
    package static func text(_ text: String, isTerminal: Bool) -> Source {
        Source(
            isTerminal: isTerminal,
            readAll: { limit in text.utf8.count > limit ? .tooMuch : .text(text) },
            readLine: { _ in text.isEmpty ? nil : String(text.prefix { !$0.isNewline }) })
    }

    package static func descriptor(_ descriptor: Int32) -> Source {
        Source(
            isTerminal: isatty(descriptor) == 1,
            readAll: { limit in read(descriptor, limit, until: nil) },
            readLine: { limit in
                guard let line = read(descriptor, limit, until: UInt8(ascii: "\n")).text, !line.isEmpty else {
                    return nil
                }
                return String(line.prefix { !$0.isNewline })
            })
    }

    /// Reads up to the end of input, or up to `last`: byte by byte then, so that what follows stays for others.
    private static func read(_ descriptor: Int32, _ limit: Int, until last: UInt8?) -> Read {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: last == nil ? 4096 : 1)
        while bytes.count <= limit {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count > 0 {
                bytes += chunk[..<count]
                if let last, bytes.last == last { return .text(String(decoding: bytes, as: UTF8.self)) }
            } else if count == 0 {
                return .text(GivenText.decode(bytes))
            } else if errno == EAGAIN {
                // Left non-blocking by another program: waited for, not given up.
                var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
                _ = poll(&waiting, 1, -1)
            } else if errno != EINTR {
                return .failed(errno)
            }
        }
        return .tooMuch
    }
}
