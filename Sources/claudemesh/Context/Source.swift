// Where answers come from: standard input, or a test's text.

import Glibc

/// A stream that gives text.
struct Source: Sendable {
    var isTerminal: Bool
    /// Everything up to the end, at most `limit` bytes; nil where there is more.
    let readAll: @Sendable (_ limit: Int) -> String?

    init(isTerminal: Bool, readAll: @escaping @Sendable (Int) -> String?) {
        self.isTerminal = isTerminal
        self.readAll = readAll
    }

    static func descriptor(_ descriptor: Int32) -> Source {
        Source(isTerminal: isatty(descriptor) == 1) { limit in
            var bytes: [UInt8] = []
            var chunk = [UInt8](repeating: 0, count: 4096)
            while bytes.count <= limit {
                let count = read(descriptor, &chunk, chunk.count)
                if count > 0 {
                    bytes += chunk[..<count]
                } else if count == 0 || errno != EINTR {
                    return String(decoding: bytes, as: UTF8.self)
                }
            }
            return nil
        }
    }
}
