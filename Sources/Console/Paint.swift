// The six colour roles as escape sequences, in the colours the full screen has (`Palette` in Terminal). Colour only ever repeats what a sign or a word says.

import Canvas

/// How much colour a stream takes.
enum Paint: Hashable {
    case none, eight, many

    /// - Parameter environment: `NO_COLOR` and `TERM=dumb` switch colour off; `TERM` says how many there are.
    package init(isTerminal: Bool, environment: [String: String]) {
        let term = environment["TERM"] ?? ""
        if !isTerminal || environment["NO_COLOR"].map({ !$0.isEmpty }) == true || term.isEmpty || term == "dumb"
            || term.hasSuffix("-mono") || term.hasPrefix("vt1") || term.hasPrefix("vt2")
        {
            self = .none
        } else {
            self = term.split(separator: "-").contains("256color") || term.hasSuffix("-direct") ? .many : .eight
        }
    }

    package func callAsFunction(_ text: String, _ role: ColorRole) -> String {
        guard let code = code(of: role), !text.isEmpty else { return text }
        return "\u{1b}[\(code)m\(text)\u{1b}[0m"
    }

    private func code(of role: ColorRole) -> String? {
        switch (self, role) {
        case (.none, _), (_, .plain), (_, .picture): nil
        case (.eight, .primary): "36"
        case (.many, .primary): "38;5;31"
        case (.eight, .success): "32"
        case (.eight, .error): "31"
        case (.eight, .warning): "33"
        case (.many, .success): "38;5;28"
        case (.many, .error): "38;5;161"
        case (.many, .warning): "38;5;130"
        case (.many, .muted), (.many, .dim): "38;5;243"
        case (.eight, .muted): nil
        case (.eight, .dim): "2"
        }
    }
}
