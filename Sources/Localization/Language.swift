// Which language to speak. To add one: a case, its catalogue assets/l10n/CODE.json, and its rows in `Format`.

/// A language claudemesh speaks; the raw value is the catalogue's name and the ISO 639-1 code.
public enum Language: String, Sendable, CaseIterable, Hashable {
    case en, es

    /// From a tag or a POSIX locale: `es`, `es-MX`, `es_ES.UTF-8`, `C`, `en_US:en`. Nil where it is none of ours.
    public init?(tag: some StringProtocol) {
        let primary = tag.prefix { $0.isLetter }.lowercased()
        if primary == "c" || primary == "posix" {
            self = .en
        } else {
            self.init(rawValue: primary)
        }
    }

    /// The language in force, first wins: `--lang`, `CLAUDEMESH_LANG`, the config file, then the first of `LC_ALL`,
    /// `LC_MESSAGES`, `LANG` that is set. A locale we do not speak is English; an unknown value before it is passed over.
    public static func choose(flag: String?, environment: [String: String], config: String?) -> Language {
        for named in [flag, environment["CLAUDEMESH_LANG"], config] {
            if let named, let language = Language(tag: named) { return language }
        }
        for variable in ["LC_ALL", "LC_MESSAGES", "LANG"] {
            if let locale = environment[variable], !locale.isEmpty { return Language(tag: locale) ?? .en }
        }
        return .en
    }
}
