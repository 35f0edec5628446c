// Lines from the person, signals, and the end of input, as one stream. Nothing is read before it is wanted, and nothing
// stays half read: the agent gets what is typed after the last answer.

import CPosix
import Dispatch
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
    private static let signals = [
        SignalNumber.interrupt, SignalNumber.terminate, SignalNumber.hangUp, SignalNumber.goOn,
    ]
    private static let stopByte: UInt8 = 200
    /// No honest line is longer; what is more is dropped.
    private static let longest = 64 << 10

    package let events: AsyncStream<LineEvent>
    private let continuation: AsyncStream<LineEvent>.Continuation
    private let queue = DispatchQueue(label: "claudemesh.lines")
    private let readEnd: Descriptor
    private let writeEnd: Descriptor

    /// nil where the system has no more descriptors.
    package init?() {
        guard let ends = Descriptor.pipe() else { return nil }
        (readEnd, writeEnd) = ends
        (events, continuation) = AsyncStream.makeStream()
        guard cp_signals_watch(Self.signals, Self.signals.count, writeEnd.number) == 0 else { return nil }
        queue.async { self.run() }
    }

    /// Reads no more; the signals are as they were.
    package func stop() {
        _ = writeEnd.write([Self.stopByte])
        queue.sync {}
        cp_signals_unwatch()
        readEnd.close()
        writeEnd.close()
    }

    /// Half a line that was typed here is not for the shell: it may be half a token.
    package func dropTyped() { Descriptor.input.dropInput() }

    private func run() {
        var pending: [UInt8] = []
        var isOver = false
        while true {
            guard let ready = try? Descriptor.wait([readEnd, isOver ? nil : .input]) else { return }
            if ready[0], !readSignals() { return }
            if ready[1], !readLines(&pending) {
                isOver = true
                // A terminal that went away is no answer, and its SIGHUP may come later than its last read.
                continuation.yield(Descriptor.input.isHungUp ? .signal(SignalNumber.hangUp) : .end)
            }
        }
    }

    /// False when told to stop.
    private func readSignals() -> Bool {
        guard case .bytes(let bytes) = readEnd.read(64) else { return true }
        for byte in bytes {
            if byte == Self.stopByte { return false }
            continuation.yield(.signal(Int32(byte)))
        }
        return true
    }

    /// False at the end of input.
    private func readLines(_ pending: inout [UInt8]) -> Bool {
        switch Descriptor.input.read(4096) {
        case .bytes(let chunk): pending += chunk
        case .nothing: return true
        case .end, .failed: return false
        }
        while let end = pending.firstIndex(of: UInt8(ascii: "\n")) {
            let line = String(decoding: pending[..<end].prefix(Self.longest), as: UTF8.self)
            pending.removeSubrange(...end)
            continuation.yield(.line(line, at: Self.now()))
        }
        if pending.count > Self.longest { pending.removeSubrange(Self.longest...) }
        return true
    }

    private static func now() -> Int { Int(BootClock.system.now() / .milliseconds(1)) }
}
