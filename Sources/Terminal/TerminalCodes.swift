// The bytes that set and unset the modes curses knows nothing of, and those that put a terminal right in one stroke.
// To add a mode: its two strings here, and a line in `reset`, so that a crash undoes it too.

/// Byte strings of one terminal, from its terminfo entry.
struct TerminalCodes: Sendable, Equatable {
    static let pasteOn = Array("\u{1B}[?2004h".utf8)
    static let pasteOff = Array("\u{1B}[?2004l".utf8)
    /// Presses and the wheel, in the form without a last column.
    static let mouseOn = Array("\u{1B}[?1000h\u{1B}[?1006h".utf8)
    static let mouseOff = Array("\u{1B}[?1006l\u{1B}[?1000l".utf8)

    /// The terminal says when it gains and loses the focus.
    static let focusOn = Array("\u{1B}[?1004h".utf8)
    static let focusOff = Array("\u{1B}[?1004l".utf8)

    /// The window's name is kept on the terminal's own pile, and comes back from it.
    static let pushTitle = Array("\u{1B}[22;2t".utf8)
    static let popTitle = Array("\u{1B}[23;2t".utf8)

    /// What the window is called. `text` has no controls.
    static func title(_ text: String) -> [UInt8] { Array("\u{1B}]2;\(text)\u{1B}\\".utf8) }

    let hideCursor: [UInt8]
    let showCursor: [UInt8]
    let enterScreen: [UInt8]
    let leaveScreen: [UInt8]
    /// Attributes and colours as the terminal has them by itself.
    let plain: [UInt8]
    let clearLine: [UInt8]
    let bold: [UInt8]
    let underline: [UInt8]
    let reverse: [UInt8]

    /// `capability` answers a terminfo name with its string, nil where the terminal has none.
    init(capability: (String) -> [UInt8]?) {
        func bytes(_ name: String) -> [UInt8] { Self.withoutPadding(capability(name) ?? []) }
        let hidden = bytes("civis")
        hideCursor = hidden
        // xterm's cnorm also ends the blinking (?12l) that the user may have chosen: the plain counterpart does not.
        showCursor = hidden == Array("\u{1B}[?25l".utf8) ? Array("\u{1B}[?25h".utf8) : bytes("cnorm")
        enterScreen = bytes("smcup")
        leaveScreen = bytes("rmcup")
        plain = bytes("sgr0") + bytes("op")
        clearLine = bytes("el")
        bold = bytes("bold")
        underline = bytes("smul")
        reverse = bytes("rev")
    }

    /// What encloses the text of a link (OSC 8). The address is printable ASCII.
    static func link(_ address: String) -> (open: [UInt8], close: [UInt8]) {
        (Array("\u{1B}]8;;\(address)\u{1B}\\".utf8), Array("\u{1B}]8;;\u{1B}\\".utf8))
    }

    /// Whether a terminal of this name takes links, or at least swallows them whole. tmux passes them on since 3.4.
    static func takesLinks(term: String) -> Bool {
        let families = [
            "xterm", "tmux", "alacritty", "contour", "foot", "ghostty", "gnome", "iterm", "kitty", "konsole", "mintty",
            "mlterm", "rio", "vte", "wezterm",
        ]
        return families.contains { term == $0 || term.hasPrefix("\($0)-") }
    }

    /// What draws a person's eye from another window: a notification (OSC 9) where the terminal is known to show one, else
    /// the bell. `text` is one of ours, without controls.
    static func attention(_ text: String, program: String, term: String) -> [UInt8] {
        let shows =
            ["iTerm.app", "WezTerm", "ghostty"].contains(program)
            || ["xterm-kitty", "xterm-ghostty", "foot", "wezterm"].contains { term == $0 || term.hasPrefix("\($0)-") }
        return shows ? Array("\u{1B}]9;\(text)\u{7}".utf8) : [7]
    }

    /// Undoes all that we ever set. `lastLine` places the cursor in the last row.
    func reset(lastLine: [UInt8]) -> [UInt8] {
        Self.mouseOff + Self.focusOff + Self.pasteOff + plain + showCursor + cleared(lastLine) + leaveScreen
    }

    /// Clears the last row, where the prompt comes to stand if the terminal has no screen to go back to, or does not go
    /// back (GNU screen's way).
    func cleared(_ lastLine: [UInt8]) -> [UInt8] { Self.withoutPadding(lastLine) + clearLine }

    /// Terminfo marks where hardware of old needed a pause (`$<5>`); what we write is too short to need one.
    static func withoutPadding(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var rest = bytes[...]
        while let first = rest.first {
            if rest.starts(with: "$<".utf8), let end = rest.firstIndex(of: UInt8(ascii: ">")) {
                rest = rest[(end + 1)...]
            } else {
                result.append(first)
                rest = rest.dropFirst()
            }
        }
        return result
    }
}
