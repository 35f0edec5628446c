// The colour of what is primary: the pointer, the title's mark, addresses. A person may have one of their own.
// To add one: a case here, its numbers in Terminal's `Palette`, its name in assets/l10n. The test holds it to its contrast.

/// Which colour `ColorRole.primary` has. The raw values are those of `config.json`.
public enum Accent: String, Sendable, Hashable, CaseIterable {
    /// Ours, on the pages too.
    case blue
    case teal, violet, rose
}
