// From a grapheme cluster to what is drawn of it: only what every terminal shows alike.
// To add a rule: a case in `pieces`, and a row in the table of `GlyphTests`.

/// What one cell, or two where `width` is 2, shows: a base character and at most four marks without width.
public struct Glyph: Sendable, Hashable {
    public var text: String
    /// In columns: 1 or 2; 0 for an ASCII control, which is not drawn.
    public var width: Int

    public init(text: String, width: Int) {
        self.text = text
        self.width = width
    }

    static let blank = Glyph(text: " ", width: 1)
    /// Stands for what some terminals have no shape for, or another width.
    static let unknown = Glyph(text: "\u{FFFD}", width: 1)

    /// Marks kept on a base: a terminal's cell holds five characters.
    static let maxMarks = 4
    /// Bases kept of one cluster, against clusters made to be endless; a line end's two escapes have ten.
    static let maxPieces = 16
    /// Scalars of one cluster that are looked at.
    static let maxScalars = 64

    /// The ASCII characters as they are drawn, by their number; nothing for controls.
    public static let ascii: [Glyph] = (0..<0x7F).map { value in
        Glyph(text: String(Unicode.Scalar(UInt8(value))), width: value < 0x20 ? 0 : 1)
    }

    /// Appends what is drawn of a character from anywhere and returns its width. A harmful one becomes its visible
    /// escape, which is one cluster like any other: nothing cuts it.
    @discardableResult
    public static func append(_ character: Character, to glyphs: inout [Glyph]) -> Int {
        let scalars = character.unicodeScalars
        let isSingle = scalars.index(after: scalars.startIndex) == scalars.endIndex
        if isSingle, let only = scalars.first, !InertText.isSuspect(only) {
            guard let glyph = single(only) else { return 0 }
            glyphs.append(glyph)
            return glyph.width
        }
        var pieces = Pieces()
        let text = String(scalars.prefix(maxScalars))
        for scalar in InertText.visible(text).unicodeScalars { pieces.add(scalar) }
        glyphs.append(contentsOf: pieces.glyphs)
        return pieces.glyphs.reduce(0) { $0 + $1.width }
    }

    private static func single(_ scalar: Unicode.Scalar) -> Glyph? {
        if scalar.value < 0x7F { return ascii[Int(scalar.value)] }
        switch ScalarKind(scalar) {
        case .narrow: return Glyph(text: String(scalar), width: 1)
        case .wide: return Glyph(text: String(scalar), width: 2)
        case .mark: return Glyph(text: " \(scalar)", width: 1)
        case .hyphen: return Glyph(text: "-", width: 1)
        case .regional(let letter): return Glyph(text: String(letter), width: 1)
        case .unknown, .conjoining, .modifier: return .unknown
        case .joiner, .ignored: return nil
        }
    }
}

/// What a scalar does to the drawing of its cluster.
private enum ScalarKind {
    case narrow, wide
    /// Takes no column of its own and stands on the base before it.
    case mark
    /// A vowel or a final of Hangul, which joins the consonant before it and is nothing without one.
    case conjoining
    case joiner
    case ignored
    /// A skin tone: dropped behind a base, and nothing without one.
    case modifier
    /// Half of a flag.
    case regional(Unicode.Scalar)
    /// The soft hyphen, which terminals show or swallow as they like.
    case hyphen
    case unknown

    init(_ scalar: Unicode.Scalar) {
        switch scalar.value {
        case 0x20..<0x7F: self = .narrow
        case 0xAD: self = .hyphen
        case 0x200D: self = .joiner
        case 0x1160...0x11FF: self = .conjoining
        case 0x3248...0x324F, 0x4DC0...0x4DFF, 0xD7B0...0xD7FB, 0x1171E:
            self = .unknown  // C libraries and terminals disagree about their width
        case 0xFE00...0xFE0F, 0x180B...0x180F, 0xE0100...0xE01EF: self = .ignored  // variation selectors
        case 0x1F3FB...0x1F3FF: self = .modifier
        case 0x1F1E6...0x1F1FF:
            self = .regional(Unicode.Scalar(UInt8(scalar.value - 0x1F1E6 + 0x41)))
        default: self.init(byProperty: scalar)
        }
    }

    private init(byProperty scalar: Unicode.Scalar) {
        let properties = scalar.properties
        switch properties.generalCategory {
        case .nonspacingMark, .enclosingMark: self = Self.isOld(properties) ? .mark : .ignored
        case .format, .control, .lineSeparator, .paragraphSeparator: self = .ignored
        case .unassigned, .surrogate: self = .unknown
        case .privateUse: self = .narrow
        default:
            self = !Self.isOld(properties) ? .unknown : WideCharacters.contains(scalar) ? .wide : .narrow
        }
    }

    /// In Unicode since 14.0 (2021): known to the terminals and C libraries in use, and of one width in all of them.
    private static func isOld(_ properties: Unicode.Scalar.Properties) -> Bool {
        guard let age = properties.age else { return false }
        return age.major <= 14
    }
}

/// Collects the glyphs of one cluster of several scalars.
private struct Pieces {
    var glyphs: [Glyph] = []
    private var marks = 0
    private var isJoined = false

    mutating func add(_ scalar: Unicode.Scalar) {
        switch ScalarKind(scalar) {
        case .narrow: addBase(String(scalar), width: 1, of: scalar)
        case .wide: addBase(String(scalar), width: 2, of: scalar)
        case .regional(let letter): addBase(String(letter), width: 1, of: scalar)
        case .hyphen: addBase("-", width: 1, of: scalar)
        case .unknown: addBase(Glyph.unknown.text, width: 1, of: scalar)
        case .mark: addMark(scalar)
        case .conjoining: addConjoining(scalar)
        case .joiner: isJoined = true
        case .modifier: if glyphs.isEmpty { glyphs.append(.unknown) }
        case .ignored: break
        }
    }

    /// A base; one that a joiner puts behind another picture is dropped with its marks. Between letters, in Indic
    /// scripts, a joiner only shapes them.
    private mutating func addBase(_ text: String, width: Int, of scalar: Unicode.Scalar) {
        let category = scalar.properties.generalCategory
        if isJoined && !glyphs.isEmpty && category != .otherLetter && category != .spacingMark {
            marks = Glyph.maxMarks
            return
        }
        isJoined = false
        guard glyphs.count < Glyph.maxPieces else { return }
        glyphs.append(Glyph(text: text, width: width))
        marks = 0
    }

    private mutating func addMark(_ scalar: Unicode.Scalar) {
        if glyphs.isEmpty { glyphs.append(.blank) }
        guard marks < Glyph.maxMarks else { return }
        glyphs[glyphs.count - 1].text.unicodeScalars.append(scalar)
        marks += 1
    }

    private mutating func addConjoining(_ scalar: Unicode.Scalar) {
        guard let last = glyphs.last else { return glyphs.append(.unknown) }
        if let syllable = HangulSyllable.compose(last.text, scalar) {
            glyphs[glyphs.count - 1].text = syllable
        } else if last.width == 2 {
            addMark(scalar)
        }
    }
}
