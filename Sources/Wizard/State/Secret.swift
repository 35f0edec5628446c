// A token or device code on its way through state and effects.

/// A text that never shows itself: printing, dumping or interpolating it gives dots.
public struct Secret: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The text itself, for the one place that sends or stores it.
    public let reveal: String

    public init(_ text: String) { reveal = text }

    public var description: String { "•••" }
    public var debugDescription: String { "•••" }
    public var customMirror: Mirror { Mirror(self, children: []) }
    /// What may be shown of it.
    public var last4: String { String(reveal.suffix(4)) }
}
