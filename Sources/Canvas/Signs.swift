// The signs the screens are drawn with, in Unicode and in ASCII.
// To add one: a property and its value in both sets.

/// A set of signs. All are one column wide but `ellipsis`, `arrow`, `up`, `down` and `upDown`.
public struct Signs: Sendable, Hashable {
    public let check: String
    public let cross: String
    public let warning: String
    /// Before the selected row, and in the row that is being answered.
    public let pointer: String
    /// A hidden character.
    public let bullet: String
    /// Between two things on a line, and in a row without an answer yet.
    public let dot: String
    /// Between the steps of the one-line status, and in a path through pages.
    public let chevron: String
    public let ellipsis: String
    /// The two cells before the title.
    public let block: String
    /// From whom to whom.
    public let arrow: String
    /// A piece of a line across.
    public let rule: String
    /// What a session does.
    public let asking: String
    public let working: String
    public let idle: String
    public let up: String
    public let down: String
    public let upDown: String
    /// What a sign of life shows in turn.
    public let turning: [String]

    public static let unicode = Signs(
        check: "✔", cross: "✘", warning: "⚠", pointer: "▸", bullet: "•", dot: "·", chevron: "›", ellipsis: "…",
        block: "█", arrow: "→", rule: "─", asking: "◆", working: "●", idle: "○", up: "↑", down: "↓", upDown: "↑↓",
        turning: ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"])

    public static let ascii = Signs(
        check: "+", cross: "x", warning: "!", pointer: ">", bullet: "*", dot: ".", chevron: ">", ellipsis: "...",
        block: "#", arrow: "->", rule: "-", asking: "?", working: "*", idle: "o", up: "Up", down: "Down",
        upDown: "Up/Down", turning: ["|", "/", "-", "\\"])
}
