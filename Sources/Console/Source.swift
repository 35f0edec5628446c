// Where answers come from: standard input, or a test's text.

import LocalState
import MeshAPI
package import Platform
import Text

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

    package static func descriptor(_ descriptor: Descriptor) -> Source {
        Source(
            isTerminal: descriptor.isTerminal,
            readAll: { limit in read(descriptor, limit, until: nil) },
            readLine: { limit in
                guard let line = read(descriptor, limit, until: UInt8(ascii: "\n")).text, !line.isEmpty else {
                    return nil
                }
                return String(line.prefix { !$0.isNewline })
            })
    }

    /// Reads up to the end of input, or up to `last`: byte by byte then, so that what follows stays for others.
    private static func read(_ descriptor: Descriptor, _ limit: Int, until last: UInt8?) -> Read {
        var bytes: [UInt8] = []
        while bytes.count <= limit {
            switch descriptor.read(last == nil ? 4096 : 1) {
            case .bytes(let chunk):
                bytes += chunk
                if let last, bytes.last == last { return .text(String(decoding: bytes, as: UTF8.self)) }
            case .end: return .text(GivenText.decode(bytes))
            case .nothing:
                // Left non-blocking by another program: waited for, not given up.
                _ = try? Descriptor.wait([descriptor])
            case .failed(let error): return .failed(error.code)
            }
        }
        return .tooMuch
    }
}
