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

    /// What each key does. No dictionary: at the first one with keys of a type of ours the runtime looks through all types of the
    /// program for how those are hashed, and that is before the first frame.
    public struct Commands: Sendable, Hashable, ExpressibleByDictionaryLiteral {
        public struct Entry: Sendable, Hashable {
            public var key: Key
            public var command: Command
        }

        public let entries: [Entry]

        public init(dictionaryLiteral entries: (Key, Command)...) {
            self.entries = entries.map { Entry(key: $0, command: $1) }
        }

        /// Several keys that do one thing.
        public init(_ keys: [Key], _ command: Command) {
            entries = keys.map { Entry(key: $0, command: command) }
        }

        private init(_ entries: [Entry]) { self.entries = entries }

        public static func + (left: Commands, right: Commands) -> Commands { Commands(left.entries + right.entries) }

        public subscript(key: Key) -> Command? {
            for entry in entries where entry.key == key { return entry.command }
            return nil
        }

        /// What they all do; nil where that is not one thing.
        public var common: Command? {
            guard let first = entries.first?.command else { return nil }
            return entries.allSatisfy { $0.command == first } ? first : nil
        }
    }

    public var commands: Commands
    /// Its entry in the bar; nil has none.
    public var bar: KeyBarEntry?
    public var tag: KeyTag?
    public var help: KeyHelp?

    public init(_ commands: Commands, bar: KeyBarEntry? = nil, tag: KeyTag? = nil, help: KeyHelp? = nil) {
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
