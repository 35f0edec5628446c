// The terminal's modes while lines are typed into it. Put back whatever happens: by us, or by the crash guard.

import CPosix
import Platform

/// What was found of the terminal, so that it can be put back. Does nothing where there is no terminal.
package struct TerminalModes {
    private let found: LineModes?
    package private(set) var isEchoOff = false
    private var areChanged = false

    /// Lines are whole, seen and ended by Enter from now on, whatever state a program left the terminal in.
    package init() {
        Self.awaitForeground()
        found = LineModes(of: .input)
        cp_guard_install()
        set(echoOff: false)
    }

    /// In the background the job stops, before a word is written, until it is brought to the foreground.
    package static func awaitForeground() { cp_await_foreground(Descriptor.input.number) }

    package mutating func set(echoOff: Bool) {
        guard let found else { return }
        let modes = found.wholeLines(echo: !echoOff)
        let areOurs = !modes.isLike(found)
        if areOurs { found.arm(.input) }
        if areOurs || areChanged { modes.apply(to: .input) }
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
        guard areChanged, let found else { return }
        found.apply(to: .input)
        cp_guard_disarm()
        (isEchoOff, areChanged) = (false, false)
    }
}
