// Canonical decomposition without a dependency on full Foundation: the standard library compares strings by it but
// does not hand it out, so the letters with marks are found by Foundation's `decomposedStringWithCanonicalMapping`.

internal import Foundation

extension String {
    /// The scalars of the canonical decomposition (NFD).
    var decomposedScalars: String.UnicodeScalarView { decomposedStringWithCanonicalMapping.unicodeScalars }
}
