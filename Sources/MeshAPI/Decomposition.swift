// Letters without their marks, for slugs, for filtering and for terminals without UTF-8. The standard library compares
// strings by canonical decomposition but does not hand it out, hence Foundation.

internal import Foundation

extension String {
    /// The canonical decomposition (NFD) without its marks: `é` becomes `e`, `ñ` becomes `n`.
    public func withoutMarks() -> String {
        if utf8.allSatisfy({ $0 < 0x80 }) { return self }
        var out = String.UnicodeScalarView()
        for scalar in decomposedStringWithCanonicalMapping.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .nonspacingMark, .spacingMark, .enclosingMark: continue
            default: out.append(scalar)
            }
        }
        return String(out)
    }

    /// Lower case, without accents and other marks: what filtering and slugs compare.
    public func folded() -> String { lowercased().withoutMarks() }
}
