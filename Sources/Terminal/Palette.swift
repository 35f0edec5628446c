// Which colour a role has on a terminal of so many colours. Pure: tables and arithmetic.
// To add a role: its line in each table; the test holds the 256 colours to their contrast.

import Canvas

/// The colours of the six roles, over the terminal's own background, which is never painted but under a picture.
enum Palette: Sendable, Equatable {
    /// NO_COLOR, or a terminal without colours.
    case none
    /// 8 or 16 colours: the user's own, whose contrast is theirs to choose.
    case basic
    /// 256 colours.
    case indexed
    /// Colour numbers are RGB values (`xterm-direct`).
    case direct

    init(colors: Int, isDirect: Bool, noColor: Bool) {
        if noColor || colors < 8 {
            self = .none
        } else if isDirect && colors > 256 {
            self = .direct
        } else {
            self = colors >= 256 ? .indexed : .basic
        }
    }

    /// The terminal's number for the role's colour; nil is its own foreground.
    func foreground(_ role: ColorRole, _ accent: Accent = .blue) -> Int? {
        switch self {
        case .none: nil
        case .basic: Self.basicColor(role, accent)
        case .indexed: Self.indexedColor(role, accent)
        case .direct: Self.indexedColor(role, accent).map(Self.rgb(ofIndex:))
        }
    }

    /// The terminal's number for the background of the role; nil is the terminal's own, which all but a picture keep.
    func background(_ role: ColorRole) -> Int? {
        guard role == .picture else { return nil }
        return switch self {
        case .none: nil
        case .basic, .direct: 0
        case .indexed: 16
        }
    }

    /// Where there is no colour that says "less important" for sure, the terminal may show it fainter.
    func isFaint(_ role: ColorRole) -> Bool {
        (role == .muted || role == .dim) && (self == .basic || self == .none)
    }

    private static func basicColor(_ role: ColorRole, _ accent: Accent) -> Int? {
        switch role {
        case .plain, .muted, .dim: nil
        case .primary: accent == .blue || accent == .teal ? 6 : 5
        case .success: 2
        case .error: 1
        case .warning: 3
        case .picture: 7
        }
    }

    /// Chosen from the 23 of the 256 that hold 4:1 on black and on white alike. From 16 up the numbers mean the same
    /// colour everywhere; those below are the user's.
    static func indexedColor(_ role: ColorRole, _ accent: Accent = .blue) -> Int? {
        switch role {
        case .plain: nil
        case .primary:
            switch accent {
            case .blue: 31
            case .teal: 30
            case .violet: 98
            case .rose: 162
            }
        case .success: 28
        case .error: 161
        case .warning: 130
        case .muted, .dim: 243
        case .picture: 231
        }
    }

    /// `0xRRGGBB` of colour 16 to 255: a cube of six levels, then 24 greys.
    static func rgb(ofIndex index: Int) -> Int {
        if index >= 232 {
            return (8 + 10 * (index - 232)) * 0x010101
        }
        let levels = [0, 95, 135, 175, 215, 255]
        let cube = index - 16
        return levels[cube / 36] << 16 | levels[cube / 6 % 6] << 8 | levels[cube % 6]
    }
}
