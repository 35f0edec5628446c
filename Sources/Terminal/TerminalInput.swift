// The reading side: one thread waits for the tty and for signals and turns both into events. Nothing here draws.
// To add a signal: its number in `signals`, and what it means in `receive(signal:)`.

import CPosix
import Canvas
import Dispatch
import Glibc
import Synchronization

/// Reads standard input and the signals on a thread of its own, from `start` to `stop`.
final class TerminalInput: Sendable {
    /// An event, and how many times pending input had been dropped when it was read.
    struct Item: Sendable {
        let event: TerminalEvent
        var epoch: Int
    }

    private enum Command {
        static let stop: UInt8 = 200
        static let drain: UInt8 = 201
    }

    private static let signals = [SIGINT, SIGTERM, SIGHUP, SIGTSTP, SIGCONT, SIGWINCH]

    /// What was read at once comes at once.
    let items: AsyncStream<[Item]>
    private let continuation: AsyncStream<[Item]>.Continuation
    private let queue = DispatchQueue(label: "claudemesh.terminal.input")
    private let readEnd: Int32
    private let writeEnd: Int32
    private let drained = DispatchSemaphore(value: 0)
    private let wantedEpoch = Atomic<Int>(0)
    private let isReflowed = Atomic<Bool>(false)
    private let isStopped = Atomic<Bool>(false)
    /// How long a terminal may keep us from ending as we were told to.
    private static let patience = DispatchTimeInterval.seconds(10)

    /// Nil when the system has no more descriptors.
    init?() {
        var ends: [Int32] = [-1, -1]
        guard cp_pipe(&ends) == 0 else { return nil }
        (readEnd, writeEnd) = (ends[0], ends[1])
        (items, continuation) = AsyncStream.makeStream()
    }

    deinit {
        close(readEnd)
        close(writeEnd)
    }

    /// Catches the signals from now on; `start` reads them.
    func watchSignals() -> Bool { cp_signals_watch(Self.signals, Self.signals.count, writeEnd) == 0 }

    /// Starts to read. `onScreenSignal` is called, on the reading thread, with SIGTSTP, SIGCONT and SIGWINCH.
    func start(_ decoder: KeyDecoder, onScreenSignal: @escaping @Sendable (Int32) -> Void) {
        isStopped.store(false, ordering: .relaxed)
        queue.async { [self] in
            var reader = Reader(input: self, decoder: decoder, onScreenSignal: onScreenSignal)
            reader.run()
        }
    }

    /// Returns when nothing is read any more.
    func stop() {
        isStopped.store(true, ordering: .relaxed)
        command(Command.stop)
        queue.sync {}
    }

    /// What was typed up to now and not yet taken from the stream will not come; what is typed from now on will.
    func drain() {
        wantedEpoch.add(1, ordering: .relaxed)
        command(Command.drain)
        // The reader answers at once; should it ever not, a key too many is lost rather than the program.
        _ = drained.wait(timeout: .now() + .milliseconds(200))
    }

    /// Whether the event is still wanted: input from before the last `drain` is not.
    func wants(_ item: Item) -> Bool {
        guard case .input(let input, _) = item.event else { return true }
        switch input {
        case .resize, .focus: return true
        default: break
        }
        return item.epoch >= wantedEpoch.load(ordering: .relaxed)
    }

    /// Whether the window was resized since this was last asked: even back to the same size, its rows have moved.
    func takeReflow() -> Bool { isReflowed.exchange(false, ordering: .relaxed) }

    /// Whoever draws for a terminal that takes no output is held in a write and hears nothing. What is to end us then does,
    /// though the screen cannot be given back: its modes are.
    private func seeTo(_ signal: Int32) {
        DispatchQueue.global().asyncAfter(deadline: .now() + Self.patience) { [self] in
            if !isStopped.load(ordering: .relaxed) { cp_guard_give_up(signal) }
        }
    }

    func yield(_ event: TerminalEvent, epoch: Int = .max) {
        continuation.yield([Item(event: event, epoch: epoch)])
    }

    /// Time since boot.
    static func now() -> Duration { .nanoseconds(cp_boot_nanoseconds()) }

    private func command(_ byte: UInt8) {
        withUnsafeBytes(of: byte) { _ = write(writeEnd, $0.baseAddress, 1) }
    }

    /// The state of the reading thread.
    private struct Reader {
        let input: TerminalInput
        var decoder: KeyDecoder
        let onScreenSignal: @Sendable (Int32) -> Void
        var epoch = 0
        /// The epoch in which the paste began that is under way: it is as old as its first byte.
        var pasteEpoch = 0
        var isHungUp = false
        var buffer = [UInt8](repeating: 0, count: 64 << 10)

        mutating func run() {
            epoch = input.wantedEpoch.load(ordering: .relaxed)
            while true {
                var sources = [
                    pollfd(fd: input.readEnd, events: Int16(POLLIN), revents: 0),
                    pollfd(fd: isHungUp ? -1 : STDIN_FILENO, events: Int16(POLLIN), revents: 0),
                ]
                let ready = poll(&sources, 2, timeout())
                if ready < 0 && errno != EINTR { return }
                if ready > 0 && sources[1].revents != 0 { readTerminal() }
                if ready > 0 && sources[0].revents != 0 && !readCommands() { return }
                deliver { $0.expire(at: TerminalInput.now()) }
            }
        }

        /// Milliseconds until the decoder wants to be asked again; -1 is never.
        private func timeout() -> Int32 {
            guard let deadline = decoder.deadline else { return -1 }
            let (seconds, attoseconds) = (deadline - TerminalInput.now()).components
            return Int32(clamping: max(0, seconds * 1000 + attoseconds / 1_000_000_000_000_000 + 1))
        }

        private mutating func readTerminal() {
            let count = read(STDIN_FILENO, &buffer, buffer.count)
            if count > 0 {
                deliver { [buffer] in $0.feed(buffer[..<count], at: TerminalInput.now()) }
            } else if count == 0 ? isGone() : errno != EINTR && errno != EAGAIN {
                isHungUp = true
                input.yield(.hangup)
            }
        }

        /// Nothing to read may mean that another process took it, or that the terminal went away.
        private func isGone() -> Bool {
            var source = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
            return poll(&source, 1, 0) > 0 && source.revents & Int16(POLLHUP | POLLERR | POLLNVAL) != 0
        }

        /// False when told to stop.
        private mutating func readCommands() -> Bool {
            var bytes = [UInt8](repeating: 0, count: 64)
            let count = read(input.readEnd, &bytes, bytes.count)
            for byte in bytes.prefix(max(0, count)) {
                switch byte {
                case Command.stop: return false
                case Command.drain: drain()
                default: receive(signal: Int32(byte))
                }
            }
            return true
        }

        private func receive(signal: Int32) {
            switch signal {
            case SIGWINCH:
                input.isReflowed.store(true, ordering: .relaxed)
                input.yield(.input(.resize(Terminal.currentSize()), at: TerminalInput.now()))
                onScreenSignal(signal)
            case SIGTSTP, SIGCONT: onScreenSignal(signal)
            default:
                input.yield(.signal(signal))
                input.seeTo(signal)
            }
        }

        /// What lies in the kernel's queue was typed before, too.
        private mutating func drain() {
            var source = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
            while !isHungUp, poll(&source, 1, 0) > 0 {
                let count = read(STDIN_FILENO, &buffer, buffer.count)
                guard count > 0 else { break }
                deliver { [buffer] in $0.feed(buffer[..<count], at: TerminalInput.now()) }
            }
            deliver { $0.settle() }
            epoch += 1
            input.drained.signal()
        }

        private mutating func deliver(_ decode: (inout KeyDecoder) -> [InputEvent]) {
            var isOldPaste = decoder.isInPaste
            let now = TerminalInput.now()
            let items = decode(&decoder).map { event in
                var item = Item(event: .input(event, at: now), epoch: epoch)
                if case .paste = event, isOldPaste {
                    isOldPaste = false
                    item.epoch = pasteEpoch
                }
                return item
            }
            if !items.isEmpty { input.continuation.yield(items) }
            if decoder.isInPaste && !isOldPaste { pasteEpoch = epoch }
        }
    }
}
