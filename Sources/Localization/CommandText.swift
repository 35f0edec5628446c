// The texts of the commands: section `command` of assets/l10n.
// To add one: a case here and its key in en.json and es.json; a test holds the three together.

public enum CommandText: String, TextKey {
    public static let section = "command"

    case replacingSession, authenticatedAs, authenticatedViaToken, tokenSaved, syncedMeshes
}
