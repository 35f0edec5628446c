// A paste on a terminal that does not mark pastes: text faster than a person types. Pure; time is handed in.

import Canvas

/// Tells typed text from text that comes too fast to be typed: four or more printable characters within 20 ms are a
/// paste, with the line ends and tabs among them, and never commands; one character over and over is a key that is held
/// down. A control among them is left out. To know, each character is held for those 20 ms; from a terminal that once marked a paste itself only what comes
/// in one piece is taken for an unmarked one, and nothing is held.
struct BurstFilter {
    static let window: Duration = .milliseconds(20)
    static let pasteCount = 4
    /// A paste that comes in pieces may pause this long.
    static let silence: Duration = .milliseconds(50)

    private struct Held {
        var key: Key
        /// nil: a control, which no paste has.
        var text: Character?
        var time: Duration
    }

    private var held: [Held] = []
    private var paste = ""
    private var isPasting = false
    private var lastTime: Duration = .zero

    /// Set when the terminal marks its pastes.
    var isMarked = false

    /// When `expire` has something to say, unless more comes before.
    var deadline: Duration? {
        isPasting ? lastTime + Self.silence : held.first.map { $0.time + Self.window }
    }

    /// One key that came at `now`; `more` says that others came with it.
    mutating func take(_ key: Key, at now: Duration, more: Bool) -> [InputEvent] {
        var events = expire(at: now)
        guard let text = Self.text(of: key) else {
            // In the middle of a paste a control is none of a person's; what follows it is still pasted. One that ends or
            // stops us is none at its end either, for that may be the end of a piece.
            if isPasting, Self.isGrave(key) || (more && Self.isDropped(key)) { return events }
            if !isPasting, Self.isGrave(key), more || !held.isEmpty {
                held.append(Held(key: key, text: nil, time: now))
                return events
            }
            return events + flush() + [.key(key)]
        }
        if isPasting {
            // A line end that comes late and alone is a person's Enter behind text that a program typed for them.
            if !Self.isPrintable(key) && !more && now > lastTime + Self.window { return events + flush() + [.key(key)] }
            paste.append(text)
            lastTime = now
            return events
        }
        // Enter and Tab by themselves are keys at once; only in a crowd may they be part of a paste.
        guard Self.isPrintable(key) || more || !held.isEmpty else { return events + [.key(key)] }
        held.append(Held(key: key, text: text, time: now))
        let printable = held.filter { Self.isPrintable($0.key) }
        if printable.count >= Self.pasteCount, printable.contains(where: { $0.text != printable[0].text }) {
            isPasting = true
            paste = String(held.compactMap(\.text))
            lastTime = now
            held = []
        } else if printable.isEmpty && !more {
            events += flush()
        }
        return events
    }

    /// What 20 ms of waiting have settled.
    mutating func expire(at now: Duration) -> [InputEvent] {
        if isPasting {
            return now > lastTime + Self.silence ? flush() : []
        }
        let settled = held.prefix { now > $0.time + Self.window }
        held.removeFirst(settled.count)
        return settled.map { .key($0.key) }
    }

    /// What came in one piece is at its end.
    mutating func endOfPiece() -> [InputEvent] { isMarked ? settle() : [] }

    /// Gives out the keys that are held; a paste that has begun goes on.
    mutating func settle() -> [InputEvent] { isPasting ? [] : flush() }

    /// Gives out all that is held, in order.
    mutating func flush() -> [InputEvent] {
        defer {
            isPasting = false
            paste = ""
            held = []
        }
        return isPasting ? [.paste(paste)] : held.map { .key($0.key) }
    }

    private static func isPrintable(_ key: Key) -> Bool {
        if case .character = key { true } else { false }
    }

    private static func isDropped(_ key: Key) -> Bool {
        switch key {
        case .control, .alt, .escape: true
        default: false
        }
    }

    /// Leaves, stops, or would have been a signal: the rest of a paste would go to the shell.
    private static func isGrave(_ key: Key) -> Bool {
        switch key {
        case .control("c"), .control("z"), .control("\\"): true
        default: false
        }
    }

    private static func text(of key: Key) -> Character? {
        switch key {
        case .character(let character): character
        case .enter: "\n"
        case .tab: "\t"
        default: nil
        }
    }
}
