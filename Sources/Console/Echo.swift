// The terminal's echo, off while a token is typed. Put back whatever happens: by us, or by the crash guard.

import CPosix
import Glibc

/// What was found of the terminal, so that it can be put back.
package struct Echo {
    private let found: termios?
    package private(set) var isOff = false

    package init() {
        var modes = termios()
        found = tcgetattr(STDIN_FILENO, &modes) == 0 ? modes : nil
        cp_guard_install()
    }

    /// Does nothing where there is no terminal.
    package mutating func set(off: Bool) {
        guard var modes = found else { return }
        if off {
            cp_guard_arm(STDIN_FILENO, &modes, "", 0)
            modes.c_lflag &= ~tcflag_t(ECHO)
        } else if isOff {
            cp_guard_disarm()
        }
        guard off || isOff else { return }
        tcsetattr(STDIN_FILENO, TCSADRAIN, &modes)
        isOff = off
    }
}
