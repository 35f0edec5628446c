// What a Terminal tells, what it is told at the start, and why it may refuse.

public import Canvas

/// One thing that happened at the terminal.
public enum TerminalEvent: Sendable, Hashable {
    /// Something typed, pasted or clicked, or a new size, and when it was read: time since boot, as `ContinuousClock` and
    /// CLOCK_BOOTTIME count it. Events may wait for their reader; what was typed before a moment stays before it.
    case input(InputEvent, at: Duration)
    /// SIGINT, SIGTERM or SIGHUP came from outside: release the terminal and end by it (`Terminal.die`).
    case signal(Int32)
    /// The terminal is gone; nothing more will come. Release, then end as by SIGHUP.
    case hangup
    /// We were stopped and go on; the last frame stands on the screen again. Time has passed.
    case resumed
}

/// Why there is no full screen here. The caller goes on in lines.
public enum TerminalUnavailable: Error, Sendable, Hashable {
    /// Standard input or output is not a terminal.
    case notATerminal
    /// terminfo does not know this `TERM`.
    case unknown(String)
    /// It is known, and cannot move its cursor.
    case dumb(String)
}

/// What a person has set about their terminal.
public struct TerminalOptions: Sendable, Hashable {
    /// How long after an Escape byte more bytes still belong to it.
    public var escapeDelay: Duration
    /// No colours, by the wish of `NO_COLOR`.
    public var noColor: Bool
    /// The terminal says that its background is light.
    public var isLight: Bool

    public init(escapeDelay: Duration = .milliseconds(25), noColor: Bool = false, isLight: Bool = false) {
        self.escapeDelay = escapeDelay
        self.noColor = noColor
        self.isLight = isLight
    }

    /// From `ESCDELAY` (milliseconds), `NO_COLOR` (anything but empty), and `COLORFGBG`, which rxvt, Konsole and others
    /// set to the numbers of their colours, the background's last.
    public init(environment: [String: String]) {
        let delay = environment["ESCDELAY"].flatMap { Int($0) }.flatMap { (0...30_000).contains($0) ? $0 : nil }
        let background = environment["COLORFGBG"]?.split(separator: ";").last
        self.init(
            escapeDelay: .milliseconds(delay ?? 25), noColor: environment["NO_COLOR"]?.isEmpty == false,
            isLight: background == "7" || background == "15")
    }
}
