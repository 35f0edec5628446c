// Standard streams, a line at a time: for a program that speaks a protocol over them.

internal import Dispatch
internal import Glibc

public enum LineStreams {
    /// Lines of standard input, without their ends, read on a thread of its own; ends with the input.
    public static var input: AsyncStream<[UInt8]> {
        AsyncStream { continuation in
            DispatchQueue(label: "claudemesh.input").async {
                var rest: [UInt8] = []
                var buffer = [UInt8](repeating: 0, count: 64 << 10)
                while true {
                    let count = read(STDIN_FILENO, &buffer, buffer.count)
                    if count < 0 && errno == EINTR { continue }
                    guard count > 0 else { break }
                    rest += buffer[..<count]
                    while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                        if end > rest.startIndex { continuation.yield(Array(rest[..<end])) }
                        rest.removeSubrange(...end)
                    }
                }
                continuation.finish()
            }
        }
    }

    /// Writes a line to standard output, whole. One at a time: the caller sees to that.
    public static func write(_ line: String) {
        let bytes = Array((line + "\n").utf8)
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                Glibc.write(STDOUT_FILENO, buffer.baseAddress.map { $0 + sent }, bytes.count - sent)
            }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return }
            sent += count
        }
    }
}
