// The texts of web pages: section `page` of assets/l10n.
// To add one: a case here and its key in en.json and es.json; a test holds the three together.

public enum PageText: String, TextKey {
    public static let section = "page"

    case approved
}
