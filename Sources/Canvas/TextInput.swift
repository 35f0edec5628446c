// A line of text being typed: what it holds, where the cursor is, and what each key does to it. It draws nothing
// (`Frame+field.swift` does) and knows no rules: what is refused as it is typed, the caller decides.
// To add a key: a case in `handle`, a row in `TextInputTests` and in the key tables.

/// The text, the cursor between two of its grapheme clusters, and what was cleared last.
public struct TextInput: Sendable, Hashable {
    public private(set) var text = ""
    /// Grapheme clusters before the cursor.
    public private(set) var cursor = 0
    /// Whether Ctrl-Y brings back what was cleared; never for a secret.
    public let bringsBack: Bool
    private var cleared = ""

    /// Longer texts are cut, whatever the caller accepts.
    public static let maxScalars = 4096

    /// What a key or a paste did.
    public enum Outcome: Sendable, Hashable {
        /// Not a key of a text field.
        case ignored
        /// A key of a text field; the text is as it was.
        case unchanged
        case changed
        /// The caller did not accept the new text; the field is as it was.
        case refused
    }

    /// A field that holds `text`, the cursor at its end.
    public init(_ text: String = "", bringsBack: Bool = true) {
        self.bringsBack = bringsBack
        replace(with: text)
    }

    public var isEmpty: Bool { text.isEmpty }

    /// Takes a key. `accepts` judges the text that typing would make; what shortens the text is not judged.
    public mutating func handle(_ key: Key, accepts: (String) -> Bool = { _ in true }) -> Outcome {
        switch key {
        case .character(let character): return insert(Self.oneLine(String(character)), accepts)
        case .control("y"): return bringsBack ? insert(cleared, accepts) : .unchanged
        case .left: return move(to: cursor - 1)
        case .right: return move(to: cursor + 1)
        case .home, .control("a"): return move(to: 0)
        case .end, .control("e"): return move(to: text.count)
        case .alt("b"): return move(to: wordStart())
        case .alt("f"): return move(to: wordEnd())
        case .backspace: return remove(cursor - 1..<cursor)
        case .delete, .control("d"): return remove(cursor..<cursor + 1)
        case .control("k"): return cut(cursor..<text.count)
        case .control("u"): return cut(0..<text.count)
        case .control("w"): return cut(blankBefore()..<cursor)
        default: return .ignored
        }
    }

    /// Takes pasted text as one line: line ends and tabs become spaces (those at both ends go), other controls go,
    /// and of a very long text the beginning stays. Nothing in it is a command.
    public mutating func paste(_ pasted: String, accepts: (String) -> Bool = { _ in true }) -> Outcome {
        insert(Self.oneLine(pasted), accepts)
    }

    /// Puts another text in place of this one, the cursor at its end.
    public mutating func replace(with other: String) {
        text = String(Self.oneLine(other).unicodeScalars.prefix(Self.maxScalars))
        cursor = text.count
    }

    /// Puts the cursor before the cluster `offset`, or at the nearest end.
    @discardableResult
    public mutating func move(to offset: Int) -> Outcome {
        cursor = min(max(0, offset), text.count)
        return .unchanged
    }

    /// What pasted text becomes in a line.
    static func oneLine(_ pasted: String) -> String {
        var out = String.UnicodeScalarView()
        var count = 0
        var lineEnded = false
        for scalar in pasted.unicodeScalars where count < maxScalars {
            switch scalar.value {
            case 0x0A, 0x0D, 0x85, 0x2028, 0x2029: lineEnded = true
            case 0x00..<0x09, 0x0B...0x1F, 0x7F...0x9F: continue
            default:
                if lineEnded && count > 0 { out.append(" ") }
                lineEnded = false
                out.append(scalar == "\t" ? " " : scalar)
                count += 1
            }
        }
        return String(out)
    }

    /// Inserts at the cursor. New marks may join the cluster before them or the one behind: the cursor then stands
    /// behind the joined cluster.
    private mutating func insert(_ new: String, _ accepts: (String) -> Bool) -> Outcome {
        guard !new.isEmpty else { return .unchanged }
        let room = Self.maxScalars - text.unicodeScalars.count
        let head = text.prefix(cursor) + String(new.unicodeScalars.prefix(max(0, room)))
        let whole = String(head + text.dropFirst(cursor))
        guard room > 0, accepts(whole) else { return .refused }
        let end = whole.utf8.index(whole.startIndex, offsetBy: head.utf8.count)
        text = whole
        cursor = whole.indices.prefix { $0 < end }.count
        return .changed
    }

    private mutating func remove(_ range: Range<Int>) -> Outcome {
        let range = range.clamped(to: 0..<text.count)
        guard !range.isEmpty else { return .unchanged }
        let characters = Array(text)
        text = String(characters[..<range.lowerBound] + characters[range.upperBound...])
        cursor = min(range.lowerBound, text.count)
        return .changed
    }

    private mutating func cut(_ range: Range<Int>) -> Outcome {
        let taken = String(Array(text)[range])
        let outcome = remove(range)
        if outcome == .changed && bringsBack { cleared = taken }
        return outcome
    }

    private func wordStart() -> Int {
        let before = Array(text.prefix(cursor))
        let end = before.lastIndex { Self.isWord($0) } ?? 0
        return before[..<end].lastIndex { !Self.isWord($0) }.map { $0 + 1 } ?? 0
    }

    private func wordEnd() -> Int {
        let characters = Array(text)
        let start = characters[cursor...].firstIndex { Self.isWord($0) } ?? characters.count
        return characters[start...].firstIndex { !Self.isWord($0) } ?? characters.count
    }

    /// Where the run of anything but white space before the cursor begins, white space at its end included.
    private func blankBefore() -> Int {
        let before = Array(text.prefix(cursor))
        guard let end = before.lastIndex(where: { !$0.isWhitespace }) else { return 0 }
        return before[..<end].lastIndex { $0.isWhitespace }.map { $0 + 1 } ?? 0
    }

    private static func isWord(_ character: Character) -> Bool { character.isLetter || character.isNumber }
}
