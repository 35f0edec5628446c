// The terminal's modes while lines are typed into it. Put back whatever happens: by us, or by the crash guard.

import CPosix
import Glibc

/// What was found of the terminal, so that it can be put back. Does nothing where there is no terminal.
package struct TerminalModes {
    private let found: termios?
    package private(set) var isEchoOff = false
    private var areChanged = false

    /// Lines are whole, seen and ended by Enter from now on, whatever state a program left the terminal in.
    package init() {
        Self.awaitForeground()
        var modes = termios()
        found = tcgetattr(STDIN_FILENO, &modes) == 0 ? modes : nil
        cp_guard_install()
        set(echoOff: false)
    }

    /// In the background the job stops, before a word is written, until it is brought to the foreground.
    package static func awaitForeground() { cp_await_foreground(STDIN_FILENO) }

    package mutating func set(echoOff: Bool) {
        guard var modes = found else { return }
        let before = (modes.c_iflag, modes.c_lflag)
        modes.c_iflag = modes.c_iflag & ~tcflag_t(IGNCR | INLCR) | tcflag_t(ICRNL)
        modes.c_lflag |= tcflag_t(ICANON | ECHO)
        if echoOff { modes.c_lflag &= ~tcflag_t(ECHO) }
        let areOurs = before != (modes.c_iflag, modes.c_lflag)
        if areOurs { arm() }
        if areOurs || areChanged { tcsetattr(STDIN_FILENO, TCSADRAIN, &modes) }
        if !areOurs && areChanged { cp_guard_disarm() }
        (isEchoOff, areChanged) = (echoOff, areOurs)
    }

    /// After a stop the shell has put modes of its own.
    package mutating func setAgain() {
        guard areChanged else { return }
        set(echoOff: isEchoOff)
    }

    /// As it was found.
    package mutating func restore() {
        guard areChanged, var modes = found else { return }
        tcsetattr(STDIN_FILENO, TCSADRAIN, &modes)
        cp_guard_disarm()
        (isEchoOff, areChanged) = (false, false)
    }

    private func arm() {
        guard var modes = found else { return }
        cp_guard_arm(STDIN_FILENO, &modes, "", 0)
    }
}
