// Which part of what was said is looked at: the filter, and where the window onto it stands.

public import Canvas
import MeshAPI
import Text

/// What is let through, of messages and of rows.
public struct Filter: Sendable, Equatable {
    public var input = TextInput()
    /// The keys go into it.
    public var isTyping = false
    /// Only what was said with one address, or in one topic.
    public var with: String?
    /// Indices into the log's messages; nil where all are let through.
    public internal(set) var matches: [Int]?

    public init() {}

    public var isActive: Bool { !input.isEmpty || with != nil }
    var text: String { input.text.folded() }
}

/// Where the window stands: at the newest, or at a message that stays in its first row whatever arrives.
public struct Viewport: Sendable, Hashable {
    /// The message in the first row, and how many of its rows are above the window; nil is the newest at the bottom.
    public var anchor: Anchor?
    /// Rows the log had when it was last painted.
    var rows = 10

    public struct Anchor: Sendable, Hashable {
        public var id: String
        public var line: Int

        public init(id: String, line: Int) { (self.id, self.line) = (id, line) }
    }

    public init() {}
}
