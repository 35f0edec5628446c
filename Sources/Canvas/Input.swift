// What a person does at the terminal, as values: Terminal makes them, the wizard reads them.
// To add a key: a case of `Key`, its decoding in Terminal, its line in the key tables.

/// One thing that came in.
public enum InputEvent: Sendable, Hashable {
    case key(Key)
    /// Pasted text as it came: any bytes that were UTF-8, line ends and controls included.
    case paste(String)
    case mouse(MouseEvent)
    case resize(Size)
    /// The terminal gained the focus, or lost it.
    case focus(Bool)
}

/// A key press.
public enum Key: Sendable, Hashable {
    /// A printable character, Space included.
    case character(Character)
    case enter, escape, tab, backTab, backspace, delete
    case up, down, left, right, home, end, pageUp, pageDown
    /// F1 is 1.
    case function(Int)
    /// Ctrl and a lower-case letter.
    case control(Character)
    /// Alt (or Escape just before) and a character.
    case alt(Character)
}

/// A click of the first button, or a turn of the wheel, at a cell.
public struct MouseEvent: Sendable, Hashable {
    public enum Kind: Sendable, Hashable {
        case click, wheelUp, wheelDown
    }

    public var kind: Kind
    public var point: Point

    public init(_ kind: Kind, at point: Point) {
        self.kind = kind
        self.point = point
    }
}
