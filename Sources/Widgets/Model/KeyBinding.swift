// A line of a key table: the keys, what they do, how the bar and help say it.

public import Canvas

/// Where a selection goes.
public enum Move: Sendable, Hashable {
    case up, down, first, last, pageUp, pageDown
    /// Up and down, around the ends.
    case previous, next
}

/// Entries of the bar that a layout changes or leaves out.
public enum KeyTag: Sendable, Hashable {
    /// One of several that become one in a narrow window: `m n r a change`.
    case change
    case copy, qr
}

/// Keys that belong together.
public struct KeyBinding<V: Vocabulary>: Sendable, Hashable {
    public enum Command: Sendable, Hashable {
        case perform(V.Action)
        /// The selected row's action.
        case choose
        case move(Move)
        /// The runtime's: repaint, suspend. Listed so that help names it.
        case runtime
    }

    public var commands: [Key: Command]
    /// Its entry in the bar; nil has none.
    public var bar: KeyBarEntry?
    public var tag: KeyTag?
    public var help: KeyHelp?

    public init(_ commands: [Key: Command], bar: KeyBarEntry? = nil, tag: KeyTag? = nil, help: KeyHelp? = nil) {
        self.commands = commands
        self.bar = bar
        self.tag = tag
        self.help = help
    }
}

/// The order in which entries leave a bar that is too narrow; those of Enter and Esc never do.
/// What has no number of its own goes before help, which names every key.
public enum Drop {
    public static let move = 1
    public static let quit = 2
    public static let plainText = 3
    public static let typeToFilter = 4
    public static let newCode = 5
    public static let qr = 6
    public static let copy = 7
    public static let reveal = 8
    public static let other = 9
    public static let help = 10
}
