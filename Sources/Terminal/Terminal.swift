// The terminal at the rim: it draws a Frame, tells what happens, gives the terminal over and takes it back, and leaves
// it as it was found however we end. Drawing is in Terminal+draw.swift, reading in TerminalInput.swift.
// To set one more mode: in `enter` and `leave`, and in `TerminalCodes.reset` for the crash guard.

import CNcurses
import CPosix
public import Canvas
import Platform

/// The controlling terminal in full-screen mode. One at a time in a process: curses has one screen.
///
/// A run: `open`, then `draw` whenever something changed and `for await happened in events`; at the end `release`, or
/// `Terminal.die(of:)` after a signal. Stopping from outside and going on (`fg`) is seen to here; so is a crash. For Ctrl-Z
/// call `suspend`.
@MainActor public final class Terminal {
    /// Whether text is UTF-8 here. Where not, what is not ASCII is drawn as `?`: draw with ASCII signs.
    public let isUTF8: Bool

    let codes: TerminalCodes
    let takesLinks: Bool
    let palette: Palette
    /// Whether a role can have a colour of its own.
    public var hasColors: Bool { palette != .none }
    /// A picture is light on dark where the terminal's own colours are dark on light.
    let invertsPictures: Bool
    /// Curses' number for each role.
    private(set) var pairs: [Int32]
    private var accent = Accent.blue
    let input: TerminalInput
    /// The last frame drawn.
    var shown: Frame?
    var isCursorHidden = false
    /// What the screen shows is unknown: the next frame writes all of it.
    var isInvalid = true

    private let found: LineModes
    private let ours: LineModes
    private let decoder: KeyDecoder
    private(set) var isOpen = false
    private var hasMouse = false
    /// What the window is called while we are here; nil is left to the terminal.
    var title: String?
    /// Stopped from outside (SIGSTOP) and sent to the background: the terminal is the shell's.
    private var isAway = false

    /// Takes the terminal. Throws, having changed nothing, where there is no full screen to be had.
    public init(_ options: TerminalOptions = TerminalOptions()) throws(TerminalUnavailable) {
        guard Descriptor.output.isTerminal, let found = LineModes(of: .input), let input = TerminalInput() else {
            throw .notATerminal
        }
        // Before curses, which otherwise puts handlers of its own.
        guard input.watchSignals() else { throw .notATerminal }
        let name = Machine.variable("TERM") ?? ""
        var opened = cm_open(nil)
        if opened == CM_UNKNOWN_TERMINAL, let standIn = TerminalFamily.standIn(for: name) { opened = cm_open(standIn) }
        switch opened {
        case CM_OPENED: break
        case CM_NO_CURSOR_ADDRESSING:
            cp_signals_unwatch()
            throw .dumb(name)
        default:
            cp_signals_unwatch()
            throw .unknown(name)
        }
        self.found = found
        self.input = input
        ours = found.fullScreen
        isUTF8 = cm_is_utf8()
        codes = TerminalCodes(capability: Self.capability)
        takesLinks = isUTF8 && TerminalCodes.takesLinks(term: name)
        decoder = KeyDecoder(escapeDelay: options.escapeDelay, terminalKeys: Self.terminalKeys())
        palette = Palette(colors: Int(cm_colors()), isDirect: cm_is_direct_color(), noColor: options.noColor)
        invertsPictures = palette == .none && options.isLight
        pairs = Self.pairs(palette, accent)
        enter()
        startReading()
    }

    /// The size in cells now; 80×24 where the terminal does not say.
    public var size: Size { Self.currentSize() }

    nonisolated static func currentSize() -> Size {
        guard let window = Descriptor.output.window, window.rows > 0 else { return Size(width: 80, height: 24) }
        // No window is larger; a pseudo-terminal may claim to be.
        return Size(width: min(1000, window.columns), height: min(500, window.rows))
    }

    /// Mouse reports on or off. Off where there is something to copy with the mouse.
    public func setMouse(_ on: Bool) {
        guard on != hasMouse else { return }
        hasMouse = on
        if isOpen { send(on ? TerminalCodes.mouseOn : TerminalCodes.mouseOff) }
    }

    /// What is primary has this colour from the next frame on.
    public func setAccent(_ accent: Accent) {
        guard accent != self.accent else { return }
        self.accent = accent
        pairs = Self.pairs(palette, accent)
        isInvalid = true
        shown = nil
    }

    private static func pairs(_ palette: Palette, _ accent: Accent) -> [Int32] {
        ColorRole.allCases.map { role in
            palette.foreground(role, accent).map { cm_pair(Int32($0), Int32(palette.background(role) ?? -1)) } ?? 0
        }
    }

    /// Drops the keys, pastes and clicks that came before now and were not yet taken from `events`.
    public func drainPending() {
        if isOpen { input.drain() }
    }

    /// What Ctrl-Z is for: stops the whole job, the terminal clean meanwhile; returns when we go on, the last frame on the
    /// screen again. Nothing happens where we were started with that ignored, as by a shell without jobs.
    public func suspend() { suspend(wholeJob: true) }

    private func suspend(wholeJob: Bool) {
        guard isOpen, cp_can_stop() else { return }
        leave(dropInput: false)
        if wholeJob { cp_stop_others() }
        stayStopped()
        enter()
        haveResumed()
    }

    /// Gives the terminal back as it was found, its pending input dropped, all signals as they were. May be repeated.
    public func release() {
        guard isOpen else { return }
        input.stop()
        leave(dropInput: true)
        cp_signals_unwatch()
    }

    /// Ends the process by this signal, so that who waits for it sees that. `release` first.
    public nonisolated static func die(of signal: Int32) -> Never { cp_die_of(signal) }
}

extension Terminal {
    private func startReading() {
        input.start(decoder) { [weak self] signal in
            Task { @MainActor in
                switch signal {
                case SignalNumber.stop: self?.suspend(wholeJob: false)
                case SignalNumber.goOn: self?.goOn()
                default: self?.redrawReflowed()
                }
            }
        }
    }

    private func enter() {
        Descriptor.flushStreams()  // what others have printed belongs on the main screen
        arm()
        ours.apply(to: .input)
        cm_remember_modes()
        // Curses goes to its own screen with the next frame, unless it never knew that we had left it.
        send(
            (isAway ? codes.enterScreen : []) + TerminalCodes.pasteOn + TerminalCodes.focusOn
                + (hasMouse ? TerminalCodes.mouseOn : [])
                + (title.map { TerminalCodes.pushTitle + TerminalCodes.title($0) } ?? []))
        isAway = false
        isOpen = true
        isInvalid = true
    }

    /// What a crash puts right.
    func arm() {
        found.arm(.input, reset: (title == nil ? [] : TerminalCodes.popTitle) + codes.reset(lastLine: lastLine))
    }

    private func leave(dropInput: Bool) {
        if title != nil { send(TerminalCodes.popTitle) }
        send((hasMouse ? TerminalCodes.mouseOff : []) + TerminalCodes.focusOff + TerminalCodes.pasteOff)
        if isCursorHidden { send(codes.showCursor) }
        isCursorHidden = false
        send(codes.cleared(lastLine))
        cm_leave()
        found.apply(to: .input, droppingInput: dropInput)
        cp_guard_disarm()
        isOpen = false
    }

    /// SIGCONT came without `suspend`: after a SIGSTOP the shell has used the terminal.
    private func goOn() {
        guard isOpen else { return }
        if Self.isInForeground {
            cm_restore_modes()
            send(TerminalCodes.pasteOn + TerminalCodes.focusOn + (hasMouse ? TerminalCodes.mouseOn : []))
            if isCursorHidden { send(codes.hideCursor) }
        } else {
            // `bg`: the termios are the shell's already; the screen and the modes are put right.
            send(codes.reset(lastLine: lastLine))
            cp_guard_disarm()
            (isOpen, isAway, isCursorHidden) = (false, true, false)
            stayStopped()
            enter()
        }
        haveResumed()
    }

    /// Stops, and does so again while we are told to go on in the background, where there is nothing for us to do. Not
    /// for ever: where nobody could wake us, stopping has no effect.
    private func stayStopped() {
        for _ in 0..<64 {
            cp_stop_self()
            if Self.isInForeground { return }
        }
    }

    /// After a resize to and fro the frame is the same and the screen is not: whoever draws only what is new to them would
    /// not notice.
    private func redrawReflowed() {
        if isOpen, let shown, shown.size == size { draw(shown) }
    }

    private func haveResumed() {
        repaint()
        if let shown, shown.size != size { input.yield(.input(.resize(size), at: TerminalInput.now())) }
        input.yield(.resumed)
    }

    /// True too where that cannot be known.
    private static var isInForeground: Bool { Descriptor.input.isForeground ?? true }

    func send(_ bytes: [UInt8]) { _ = Descriptor.output.write(bytes, patience: 1000) }

    /// Places the cursor in the last row.
    private var lastLine: [UInt8] { Self.bytes(cm_place(Int32(size.height - 1), 0)) }

    static func bytes(_ text: UnsafePointer<CChar>?) -> [UInt8] {
        text.map { SystemText($0).bytes } ?? []
    }

    private static func capability(_ name: String) -> [UInt8]? { cm_capability(name).map(bytes) }

    /// What this terminal's entry says its keys send, where that begins with Escape.
    private static func terminalKeys() -> [(sequence: [UInt8], key: Key)] {
        let named: [(String, Key)] = [
            ("kcuu1", .up), ("kcud1", .down), ("kcub1", .left), ("kcuf1", .right), ("khome", .home), ("kend", .end),
            ("kpp", .pageUp), ("knp", .pageDown), ("kdch1", .delete), ("kcbt", .backTab), ("kent", .enter),
        ]
        let all = named + (1...12).map { ("kf\($0)", .function($0)) }
        return all.compactMap { name, key in
            guard let sequence = capability(name), sequence.first == 0x1B, sequence.count > 1 else { return nil }
            return (sequence, key)
        }
    }
}
