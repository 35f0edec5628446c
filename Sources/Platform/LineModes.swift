// How a terminal treats what is typed, as it was found and as we want it; and the guard that puts it back after a crash.

internal import CPosix
internal import Glibc

public struct LineModes: Sendable {
    private var modes: termios

    /// Those in force; nil where there is no terminal.
    public init?(of descriptor: Descriptor) {
        modes = termios()
        guard tcgetattr(descriptor.number, &modes) == 0 else { return nil }
    }

    /// Puts them in force, when what was written is out.
    public func apply(to descriptor: Descriptor, droppingInput: Bool = false) {
        var modes = modes
        tcsetattr(descriptor.number, droppingInput ? TCSAFLUSH : TCSADRAIN, &modes)
    }

    /// Lines are whole and ended by Enter, seen or not.
    public func wholeLines(echo: Bool) -> LineModes {
        var out = self
        out.modes.c_iflag = modes.c_iflag & ~tcflag_t(IGNCR | INLCR) | tcflag_t(ICRNL)
        out.modes.c_lflag |= tcflag_t(ICANON | ECHO)
        if !echo { out.modes.c_lflag &= ~tcflag_t(ECHO) }
        return out
    }

    /// Every byte as it comes and without echo; no key is a signal, nor does one in a paste end or stop us. A read never
    /// waits: whoever reads has waited.
    public var fullScreen: LineModes {
        var out = self
        out.modes.c_iflag &= ~tcflag_t(IXON | ICRNL | INLCR | IGNCR | ISTRIP | BRKINT | PARMRK)
        out.modes.c_lflag &= ~tcflag_t(ICANON | ECHO | ECHONL | IEXTEN | ISIG)
        withUnsafeMutableBytes(of: &out.modes.c_cc) { controls in
            for index in [VMIN, VTIME] { controls[Int(index)] = 0 }
        }
        return out
    }

    /// Whether both treat lines alike.
    public func isLike(_ other: LineModes) -> Bool {
        (modes.c_iflag, modes.c_lflag) == (other.modes.c_iflag, other.modes.c_lflag)
    }

    /// From now on a crash writes `reset` to the terminal and puts these modes back; `cp_guard_disarm` ends that.
    public func arm(_ descriptor: Descriptor, reset: [UInt8] = []) {
        var modes = modes
        cp_guard_arm(descriptor.number, &modes, reset, reset.count)
    }
}
