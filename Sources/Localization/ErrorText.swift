// The texts of errors and their remedies: section `error` of assets/l10n.
// To add one: a case here and its key in en.json and es.json; a test holds the three together.

public enum ErrorText: String, TextKey {
    public static let section = "error"

    case loginTimedOut, signInDenied, tokenLost, tokenLostRemedy, authenticationFailed
    case authenticationFailedRemedy, authFileCorrupted, authFileNewer, authFileWide, malformedToken
    case tokenRejected, tokenOnCommandLine, notSignedIn, becauseCI
}
