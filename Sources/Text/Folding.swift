// Letters without their marks, for slugs, for filtering and for terminals without UTF-8. The standard library compares
// strings by canonical decomposition but does not hand it out, hence Foundation, as seldom as possible: a list of
// 100,000 names is folded at once.

internal import Foundation

extension String {
    /// The canonical decomposition (NFD) without its marks: `é` becomes `e`, `ñ` becomes `n`. A Hangul syllable, which
    /// has no marks, stays whole.
    public func withoutMarks() -> String {
        if utf8.allSatisfy({ $0 < 0x80 }) { return self }
        // Scalar by scalar: to append several at once copies all there are before.
        var out = String.UnicodeScalarView()
        for scalar in unicodeScalars {
            switch scalar.value {
            case 0..<0xC0: out.append(scalar)
            case Self.european.range: if let base = Self.european.bases[Int(scalar.value - 0xC0)] { out.append(base) }
            case Self.kana.range: if let base = Self.kana.bases[Int(scalar.value - 0x3040)] { out.append(base) }
            case 0x2002...0x206F, 0x3400...0x9FFF, 0xAC00...0xD7A3, 0x1F000...0x1FAFF: out.append(scalar)
            default: for part in Self.decomposed(scalar) { out.append(part) }
            }
        }
        return String(out)
    }

    /// The one spelling (NFC) of a text that keyboards and systems spell in several: `é` is one scalar.
    public func composed() -> String {
        utf8.allSatisfy { $0 < 0x80 } ? self : precomposedStringWithCanonicalMapping
    }

    /// Lower case, without accents and other marks, compatibility forms as what they stand for, letters that have no mark to
    /// drop written out (`ł` as `l`, `ß` as `ss`): what filtering and slugs compare.
    public func folded() -> String {
        let lower = lowercased()
        if lower.utf8.allSatisfy({ $0 < 0x80 }) { return lower }
        var out = String.UnicodeScalarView()
        for scalar in lower.unicodeScalars {
            switch scalar.value {
            case 0..<0x80: out.append(scalar)
            case Self.folds.range: for part in Self.folds.letters[Int(scalar.value - 0x80)] { out.append(part) }
            case 0x3041...0x3096, 0x3400...0x9FFF, 0xAC00...0xD7A3, 0x1F300...0x1FAFF:
                for part in String(scalar).withoutMarks().unicodeScalars { out.append(part) }
            default: for part in Self.folded(scalar) { out.append(part) }
            }
        }
        return String(out)
    }

    /// Latin, Greek and Cyrillic, folded.
    private static let folds = Folds(0x80..<0x530)

    private struct Folds {
        let range: Range<UInt32>
        let letters: [[Unicode.Scalar]]

        init(_ range: Range<UInt32>) {
            self.range = range
            letters = range.map { value in Unicode.Scalar(value).map { folded($0) } ?? [] }
        }
    }

    private static let writtenOut: [Unicode.Scalar: String] = [
        "ł": "l", "ß": "ss", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i",
    ]

    /// Of a scalar that is no capital. What it stands for may be one: ℡ is TEL.
    private static func folded(_ scalar: Unicode.Scalar) -> [Unicode.Scalar] {
        if isMark(scalar) { return [] }
        let parts = String(scalar).decomposedStringWithCompatibilityMapping.lowercased().unicodeScalars
        return parts.filter { !isMark($0) }.flatMap { Array((writtenOut[$0] ?? String($0)).unicodeScalars) }
    }

    /// Latin, Greek and Cyrillic: no letter of them decomposes into more than one base and marks.
    private static let european = BaseLetters(0xC0..<0x530)
    private static let kana = BaseLetters(0x3040..<0x3100)

    /// Each scalar of a range without its marks; nil for a mark.
    private struct BaseLetters {
        let range: Range<UInt32>
        let bases: [Unicode.Scalar?]

        init(_ range: Range<UInt32>) {
            self.range = range
            bases = range.map { value in Unicode.Scalar(value).flatMap { decomposed($0).first } }
        }
    }

    private static func decomposed(_ scalar: Unicode.Scalar) -> [Unicode.Scalar] {
        if isMark(scalar) { return [] }
        return String(scalar).decomposedStringWithCanonicalMapping.unicodeScalars.filter { !isMark($0) }
    }

    private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark: true
        default: false
        }
    }
}
