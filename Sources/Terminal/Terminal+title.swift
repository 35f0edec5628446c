// What stands around the screen: the window's name, and what draws an eye to it.

import Platform

extension Terminal {
    /// Draws a person's eye here from another window.
    public func callAttention(_ text: String) {
        func variable(_ name: String) -> String { Machine.variable(name) ?? "" }
        let plain = Self.withoutControls(text)
        if isOpen { send(TerminalCodes.attention(plain, program: variable("TERM_PROGRAM"), term: variable("TERM"))) }
    }

    /// Calls the window so while we are here, where the terminal is of those that take a name and give back their own.
    public func setTitle(_ text: String) {
        let plain = Self.withoutControls(text)
        guard takesLinks, plain != title else { return }
        let isFirst = title == nil
        title = plain
        guard isOpen else { return }
        send((isFirst ? TerminalCodes.pushTitle : []) + TerminalCodes.title(plain))
        if isFirst { arm() }
    }

    /// The window has its own name again.
    public func clearTitle() {
        guard title != nil else { return }
        title = nil
        guard isOpen else { return }
        send(TerminalCodes.popTitle)
        arm()
    }

    private static func withoutControls(_ text: String) -> String {
        String(text.unicodeScalars.filter { $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) }.map(Character.init))
    }
}
