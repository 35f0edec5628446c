// Which language a page speaks. The texts are the `page` section of the catalogues: `PageText` in Localization.

internal import HTTPTypes
internal import Hummingbird
internal import Localization

enum PageLanguage {
    static let cookie = "cm_lang"
    /// Behind a time of day: browsers do not say where they are. Alone on a line, as on a phone, it would say nothing.
    static let utc = "\u{A0}UTC"

    /// `?lang`, then the cookie, then `Accept-Language`, then English.
    static func of(_ request: Request) -> Language {
        if let asked = asked(request) { return asked }
        for name in [VisitorCookie.hostPrefix + cookie, cookie] {
            if let kept = request.cookies[name].flatMap({ Language(rawValue: $0.value) }) { return kept }
        }
        return accepted(request.headers[.acceptLanguage] ?? "") ?? .en
    }

    /// The one of `?lang`, which is kept in a cookie.
    static func asked(_ request: Request) -> Language? {
        request.uri.queryParameters.get("lang").flatMap(Language.init(rawValue:))
    }

    /// The best of an `Accept-Language` that we speak.
    static func accepted(_ header: String) -> Language? {
        let wishes = header.split(separator: ",").enumerated().compactMap { index, wish -> (Language, Double, Int)? in
            let parts = wish.split(separator: ";").map { $0.filter { !$0.isWhitespace }.lowercased() }
            guard let language = Language(rawValue: String((parts.first ?? "").prefix { $0 != "-" })) else {
                return nil
            }
            let weight = parts.dropFirst().first { $0.hasPrefix("q=") }.flatMap { Double($0.dropFirst(2)) } ?? 1
            return weight > 0 ? (language, weight, -index) : nil
        }
        return wishes.max { ($0.1, $0.2) < ($1.1, $1.2) }?.0
    }
}

extension Language {
    /// As the language calls itself.
    var ownName: String {
        switch self {
        case .en: "English"
        case .es: "Español"
        }
    }
}
