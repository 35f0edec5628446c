// Standard streams, a line at a time: for a program that speaks a protocol over them.

internal import Dispatch

public enum LineStreams {
    /// Lines of standard input, without their ends, read on a thread of its own; ends with the input.
    public static var input: AsyncStream<[UInt8]> {
        AsyncStream { continuation in
            DispatchQueue(label: "claudemesh.input").async {
                var rest: [UInt8] = []
                reading: while true {
                    switch Descriptor.input.read(64 << 10) {
                    case .bytes(let bytes): rest += bytes
                    case .nothing: _ = try? Descriptor.wait([.input])
                    case .end, .failed: break reading
                    }
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
    public static func write(_ line: String) { _ = Descriptor.output.write((line + "\n").utf8) }
}
