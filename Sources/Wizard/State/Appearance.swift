// Which screen is up, and whether a key brought it there: what decides about keys typed ahead.

public import Canvas
public import FlowEngine

/// How the current screen came to be there.
public struct Appearance: Sendable, Hashable {
    /// How long Enter is ignored on a screen that came by itself.
    public static let guardTime: Milliseconds = 400

    public var screen: ScreenID?
    /// It came by itself (approval, reply, error, expiry): no key asked for it.
    public var isByItself = false
    /// What is typed goes on where it went before (a list arrived under its filter): only Enter is guarded.
    public var keepsTyping = false
    /// When it was first painted; nil while it was not.
    public var paintedAt: Milliseconds?
    /// A person went on from a screen before this one: what was to be said at the start was read.
    var hasGoneOn = false

    public init() {}

    /// Whether a key counts on this screen. `typedAt`: when it was read, on the boot clock.
    public func admits(_ key: Key, typedAt: Milliseconds) -> Bool {
        if key == .control("c") || !isByItself { return true }
        guard let paintedAt, typedAt >= paintedAt else { return keepsTyping && key != .enter }
        return key != .enter || typedAt >= paintedAt + Self.guardTime
    }

    /// Whether a line counts as the answer. Words that came after the question are no key that was on its way to another.
    public func admits(line: String, typedAt: Milliseconds) -> Bool {
        if !line.isEmpty, let paintedAt, typedAt >= paintedAt { return true }
        return admits(.enter, typedAt: typedAt)
    }
}
