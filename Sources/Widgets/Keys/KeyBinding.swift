// A line of a key table: the keys, what they do, how the bar and help say it.

public import Canvas

/// Where a selection goes.
public enum Move: Sendable, Hashable {
    case up, down, first, last, pageUp, pageDown
    /// Up and down, around the ends.
    case previous, next
}

/// Keys that belong together.
public struct KeyBinding: Sendable, Hashable {
    public enum Command: Sendable, Hashable {
        case perform(Action)
        /// The selected row's action.
        case choose
        case move(Move)
        /// The runtime's: repaint, suspend. Listed so that help names it.
        case runtime
    }

    public var commands: [Key: Command]
    /// Entries that a layout changes or leaves out.
    public enum Tag: Sendable, Hashable {
        /// One of several that become one in a narrow window: `m n r a change`.
        case change
        case copy, qr
    }

    /// Its entry in the bar; nil has none.
    public var bar: KeyBarEntry?
    public var tag: Tag?
    public var help: KeyHelp?

    public init(_ commands: [Key: Command], bar: KeyBarEntry? = nil, tag: Tag? = nil, help: KeyHelp? = nil) {
        self.commands = commands
        self.bar = bar
        self.tag = tag
        self.help = help
    }
}

/// The order in which entries leave a bar that is too narrow; those of Enter and Esc never do.
/// Source: design, "Keys". What it does not name goes before help, which names every key.
enum Drop {
    static let move = 1
    static let quit = 2
    static let plainText = 3
    static let typeToFilter = 4
    static let newCode = 5
    static let qr = 6
    static let copy = 7
    static let reveal = 8
    static let other = 9
    static let help = 10
}
