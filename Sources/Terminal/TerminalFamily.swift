// Terminals that bring a terminfo entry of their own, which the machine at the other end of an SSH connection may not have.

/// What is known of a terminal by its name alone.
package enum TerminalFamily {
    /// Those that do all that xterm with 256 colours does, and say so.
    private static let likeXterm: Set<String> = [
        "alacritty", "alacritty-direct", "contour", "foot", "foot-direct", "foot-extra", "ghostty", "kitty", "mlterm",
        "rio", "st-256color", "vte", "vte-256color", "wezterm", "konsole-256color", "iterm2", "iTerm2.app",
        "rxvt-unicode-256color",
    ]

    /// An entry of terminfo that every system has and that `term` understands; nil where nothing is known of it.
    package static func standIn(for term: String) -> String? {
        if term.hasPrefix("xterm-") || likeXterm.contains(term) { return "xterm-256color" }
        if term.hasPrefix("tmux") || term.hasPrefix("screen") { return "screen" }
        return nil
    }
}
