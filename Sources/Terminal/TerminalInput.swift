// The reading side: one thread waits for the tty and for signals and turns both into events. Nothing here draws.
// To add a signal: its number in `signals`, and what it means in `receive(signal:)`.

import CPosix
import Canvas
import Dispatch
import Platform
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

    private static let signals = [
        SignalNumber.interrupt, SignalNumber.terminate, SignalNumber.hangUp, SignalNumber.stop, SignalNumber.goOn,
        SignalNumber.windowChanged,
    ]

    /// What was read at once comes at once.
    let items: AsyncStream<[Item]>
    private let continuation: AsyncStream<[Item]>.Continuation
    private let queue = DispatchQueue(label: "claudemesh.terminal.input")
    private let readEnd: Descriptor
    private let writeEnd: Descriptor
    private let drained = DispatchSemaphore(value: 0)
    private let wantedEpoch = Atomic<Int>(0)
    private let isReflowed = Atomic<Bool>(false)
    private let isStopped = Atomic<Bool>(false)
    /// How long a terminal may keep us from ending as we were told to.
    private static let patience = DispatchTimeInterval.seconds(10)

    /// Nil when the system has no more descriptors.
    init?() {
        guard let ends = Descriptor.pipe() else { return nil }
        (readEnd, writeEnd) = ends
        (items, continuation) = AsyncStream.makeStream()
    }

    deinit {
        readEnd.close()
        writeEnd.close()
    }

    /// Catches the signals from now on; `start` reads them.
    func watchSignals() -> Bool { cp_signals_watch(Self.signals, Self.signals.count, writeEnd.number) == 0 }

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

    private func command(_ byte: UInt8) { _ = writeEnd.write([byte]) }

    /// The state of the reading thread.
    private struct Reader {
        let input: TerminalInput
        var decoder: KeyDecoder
        let onScreenSignal: @Sendable (Int32) -> Void
        var epoch = 0
        /// The epoch in which the paste began that is under way: it is as old as its first byte.
        var pasteEpoch = 0
        var isHungUp = false
        private static let most = 64 << 10

        mutating func run() {
            epoch = input.wantedEpoch.load(ordering: .relaxed)
            while true {
                let sources = [input.readEnd, isHungUp ? nil : Descriptor.input]
                guard let ready = try? Descriptor.wait(sources, milliseconds: timeout()) else { return }
                if ready[1] { readTerminal() }
                if ready[0] && !readCommands() { return }
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
            switch Descriptor.input.read(Self.most) {
            case .bytes(let bytes): deliver { $0.feed(bytes, at: TerminalInput.now()) }
            case .nothing: break
            // Nothing to read may mean that another process took it, or that the terminal went away.
            case .end where !Descriptor.input.isHungUp: break
            case .end, .failed:
                isHungUp = true
                input.yield(.hangup)
            }
        }

        /// False when told to stop.
        private mutating func readCommands() -> Bool {
            guard case .bytes(let bytes) = input.readEnd.read(64) else { return true }
            for byte in bytes {
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
            case SignalNumber.windowChanged:
                input.isReflowed.store(true, ordering: .relaxed)
                input.yield(.input(.resize(Terminal.currentSize()), at: TerminalInput.now()))
                onScreenSignal(signal)
            case SignalNumber.stop, SignalNumber.goOn: onScreenSignal(signal)
            default:
                input.yield(.signal(signal))
                input.seeTo(signal)
            }
        }

        /// What lies in the kernel's queue was typed before, too.
        private mutating func drain() {
            while !isHungUp, Descriptor.input.isReady, case .bytes(let bytes) = Descriptor.input.read(Self.most) {
                deliver { $0.feed(bytes, at: TerminalInput.now()) }
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
