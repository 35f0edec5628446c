// How a cell looks: one of a few colour roles over the terminal's own background, and three attributes.
// To add a role: a case here, its letters in `letters`, its colours in `Theme` (Tests/Screens/Pictures) and in Terminal's tables.

/// What a colour means; the terminal and the themes decide which colour it is. Nothing is said by colour alone.
public enum ColorRole: UInt8, Sendable, Hashable, CaseIterable {
    case plain, primary, success, error, warning, muted, dim
    /// Light on dark whatever the terminal's own colours: a picture that a machine reads (the QR code).
    case picture
}

/// The look of a cell.
public struct Style: Sendable, Hashable {
    public var role: ColorRole
    public var bold: Bool
    public var underline: Bool
    public var reverse: Bool

    public init(_ role: ColorRole = .plain, bold: Bool = false, underline: Bool = false, reverse: Bool = false) {
        self.role = role
        self.bold = bold
        self.underline = underline
        self.reverse = reverse
    }

    public static let plain = Style()
    public static let primary = Style(.primary)
    public static let success = Style(.success)
    public static let error = Style(.error)
    public static let warning = Style(.warning)
    public static let muted = Style(.muted)
    public static let dim = Style(.dim)
    public static let picture = Style(.picture)
    public static let bold = Style(bold: true)

    /// One ASCII character for each style, so that a screen's looks can be compared as text. Without attributes it is
    /// the role's first letter (plain: `.`), bold is the capital (plain: `B`); the others are in `letters`.
    public var letter: Character {
        let row = Self.letters[Int(role.rawValue)]
        return row[(bold ? 1 : 0) + (underline ? 2 : 0) + (reverse ? 4 : 0)]
    }

    /// For each role: none, bold, underlined, bold underlined; and the same four reversed.
    static let letters: [[Character]] = [
        ".BuUrRvV",  // plain
        "pPaA1!@#",  // primary
        "sScC2$%^",  // success
        "eEfF3&*(",  // error
        "wWoO4)_+",  // warning
        "mMnN5=[]",  // muted
        "dDiI6{}|",  // dim
        "qQkK7<>~",  // picture
    ].map(Array.init)
}
